using ExoConnect.Core.Environments;

namespace ExoConnect.Core.Sessions;

/// <summary>The settings of a session, which never change. Immutable.</summary>
public abstract record SessionSettings
{
    private protected SessionSettings()
    {
    }

    /// <summary>The service.</summary>
    public required ExoService Service { get; init; }

    /// <summary>The cloud.</summary>
    public required ExoEnvironment Environment { get; init; }

    /// <summary>The customer organization to administer; null for the own one.</summary>
    public string? DelegatedOrganization { get; init; }

    /// <summary>
    /// True for a session that runs the compliance searches, which the service refuses to other sessions: its tokens are for another resource
    /// (protocol.md section 2). Only for Security &amp; Compliance.
    /// </summary>
    public bool IsSearchOnly { get; init; }

    /// <summary>The resource that the session's tokens are for.</summary>
    internal string Resource => IsSearchOnly && Service == ExoService.SecurityCompliance ? Environment.SearchResource : Environment.Resource(Service);

    /// <summary>The prefix of the nouns of the session's commands; empty for none.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Names and wildcards that limit the session's commands; empty for all.</summary>
    public IReadOnlyList<string> CommandNames { get; init; } = [];

    /// <summary>Objects per page, 1 to 1,000.</summary>
    public int PageSize { get; init; } = 1000;

    /// <summary>True to send no routing hint made from a cmdlet's parameters.</summary>
    public bool BypassMailboxAnchoring { get; init; }

    /// <summary>Whether calls in the session show progress by default.</summary>
    public bool ShowProgress { get; init; } = true;
}
