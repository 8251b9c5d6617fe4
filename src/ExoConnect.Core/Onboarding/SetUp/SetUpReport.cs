using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Certificates.Making;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Onboarding.SetUp;

/// <summary>The steps of setting up an application, in their order.</summary>
public enum SetUpStep
{
    /// <summary>There is a certificate with its key.</summary>
    Certificate,

    /// <summary>The application is registered.</summary>
    Application,

    /// <summary>The registration requests the permission to manage Exchange.</summary>
    Permission,

    /// <summary>The registration has the certificate.</summary>
    Attachment,

    /// <summary>The application has a service principal, which may sign in.</summary>
    ServicePrincipal,

    /// <summary>An administrator has consented to the permission.</summary>
    Consent,

    /// <summary>The service principal has a directory role.</summary>
    Role,

    /// <summary>The service principal is a member of a role group.</summary>
    RoleGroup,

    /// <summary>The application connects.</summary>
    Connection,
}

/// <summary>The result of a step.</summary>
public enum SetUpOutcome
{
    /// <summary>It was already done.</summary>
    Present,

    /// <summary>It was done now.</summary>
    Done,

    /// <summary>The user declined it, or it needs a declined step.</summary>
    Skipped,

    /// <summary>It failed.</summary>
    Failed,
}

/// <summary>A planned step.</summary>
/// <param name="Step">The step.</param>
/// <param name="Action">The action, for example <c>Grant admin consent to Exchange.ManageAsApp</c>.</param>
/// <param name="Target">Its target.</param>
/// <param name="IsNeeded">False if it is already done.</param>
public sealed record SetUpAction(SetUpStep Step, string Action, string Target, bool IsNeeded);

/// <summary>The result of a step.</summary>
/// <param name="Step">The step.</param>
/// <param name="Action">The action.</param>
/// <param name="Outcome">Its result.</param>
public sealed record SetUpStepResult(SetUpStep Step, string Action, SetUpOutcome Outcome);

/// <summary>The result of setting up an application.</summary>
public sealed record SetUpReport
{
    /// <summary>Its name.</summary>
    public required string DisplayName { get; init; }

    /// <summary>Its application (client) id; empty if it was not registered.</summary>
    public required string AppId { get; init; }

    /// <summary>The id of the registration.</summary>
    public string? ObjectId { get; init; }

    /// <summary>The id of the service principal.</summary>
    public string? ServicePrincipalId { get; init; }

    /// <summary>The tenant id; null if it isn't known.</summary>
    public string? TenantId { get; init; }

    /// <summary>The organization, by the name to connect with.</summary>
    public required string Organization { get; init; }

    /// <summary>The thumbprint of its certificate.</summary>
    public string? CertificateThumbprint { get; init; }

    /// <summary>When its certificate ends (UTC).</summary>
    public DateTimeOffset? CertificateNotAfter { get; init; }

    /// <summary>The certificate, if it was made now.</summary>
    public NewCertificate? Made { get; init; }

    /// <summary>The services it should connect to.</summary>
    public required IReadOnlyList<ExoService> Services { get; init; }

    /// <summary>The requested directory roles.</summary>
    public required IReadOnlyList<DirectoryRole> Roles { get; init; }

    /// <summary>The requested role groups.</summary>
    public required IReadOnlyList<string> RoleGroups { get; init; }

    /// <summary>The steps.</summary>
    public required IReadOnlyList<SetUpStepResult> Steps { get; init; }

    /// <summary>The lines for the script, one for each service.</summary>
    public required IReadOnlyList<SuggestedCommand> Commands { get; init; }

    /// <summary>Why it doesn't connect; empty if it does.</summary>
    public IReadOnlyList<ExoException> Failures { get; init; } = [];
}
