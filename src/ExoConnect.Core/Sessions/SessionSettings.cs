using ExoConnect.Core.Environments;

namespace ExoConnect.Core.Sessions;

/// <summary>What is asked of a session and then stays true of it. Immutable.</summary>
public abstract record SessionSettings
{
    private protected SessionSettings()
    {
    }

    /// <summary>Which service.</summary>
    public required ExoService Service { get; init; }

    /// <summary>Which cloud.</summary>
    public required ExoEnvironment Environment { get; init; }

    /// <summary>The customer organization to administer instead of the own one; null for the own.</summary>
    public string? DelegatedOrganization { get; init; }

    /// <summary>
    /// True for a session that runs the compliance searches, which the service refuses to others: its tokens are for another resource (protocol.md
    /// section 2). Only for Security &amp; Compliance.
    /// </summary>
    public bool IsSearchOnly { get; init; }

    /// <summary>The resource that the session's tokens are for.</summary>
    internal string Resource => IsSearchOnly && Service == ExoService.SecurityCompliance ? Environment.SearchResource : Environment.Resource(Service);

    /// <summary>What stands before the nouns of the session's commands; empty for nothing.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Names and wildcards to cut the session's commands to; empty for all.</summary>
    public IReadOnlyList<string> CommandNames { get; init; } = [];

    /// <summary>Objects a page, 1 to 1,000.</summary>
    public int PageSize { get; init; } = 1000;

    /// <summary>True to send no routing hint made from a cmdlet's parameters.</summary>
    public bool BypassMailboxAnchoring { get; init; }

    /// <summary>Whether calls in the session show how far they are, where they aren't told otherwise.</summary>
    public bool ShowProgress { get; init; } = true;
}
