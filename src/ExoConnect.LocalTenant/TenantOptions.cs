namespace ExoConnect.LocalTenant;

/// <summary>The options of a local tenant: its data and its faults. Immutable.</summary>
public sealed record TenantOptions
{
    /// <summary>The loopback port to listen on; 0 picks a free one.</summary>
    public int Port { get; init; }

    /// <summary>How many mailboxes the directory starts with; they are computed when read, so a million costs no memory.</summary>
    public int Mailboxes { get; init; } = 100;

    /// <summary>The latency of every response of the services (not of sign-in).</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>The lifetime of access tokens.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>
    /// Whether the tenant begins with a registered app that has a certificate, the permission and the roles. Without, nobody can connect until an
    /// application is registered over Graph.
    /// </summary>
    public bool HasApplication { get; init; } = true;

    /// <summary>
    /// The delay until sign-in and the next Graph request know an object that was created over Graph, as in a replicated directory.
    /// </summary>
    public TimeSpan ReplicationDelay { get; init; }

    /// <summary>Verified domains in addition to <see cref="Organization"/>.</summary>
    public IReadOnlyList<string> OtherDomains { get; init; } = [];

    /// <summary>Requests that one app may send in a second before it gets 429; 0 for no limit.</summary>
    public int RequestsPerSecond { get; init; }

    /// <summary>The initial domain of the organization.</summary>
    public string Organization { get; init; } = "contoso.onmicrosoft.com";

    /// <summary>Names of the directory roles of the registered app.</summary>
    public IReadOnlyList<string> Roles { get; init; } = ["Global Administrator"];

    /// <summary>
    /// Application permissions of the registered app beside <c>Exchange.ManageAsApp</c>, for example <c>Directory.Read.All</c> of Graph.
    /// </summary>
    public IReadOnlyList<string> Permissions { get; init; } = [];

    /// <summary>DNS names that the server certificate has beside its own, for clients with fixed host names.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The folder of the CA, certificates and the environment file; null for a folder that is deleted when the tenant stops.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>
    /// A folder of RSA keys for tenants to take turns with, as in <c>EXOCONNECT_TENANT_KEYS</c>; null to create every key, which is most of the
    /// time of a start. Meant for test suites that start many tenants. The app's key in a <see cref="StateDirectory"/> stays that folder's own.
    /// </summary>
    public string? KeyDirectory { get; init; } =
        Environment.GetEnvironmentVariable("EXOCONNECT_TENANT_KEYS") is { Length: > 0 } directory ? directory : null;

    /// <summary>A JSON file of cmdlets to offer instead of the built-in catalog; null for the built-in one.</summary>
    public string? CatalogFile { get; init; }

    /// <summary>A PowerShell module's text to send to sessions unchanged instead of the tenant's own; null for its own.</summary>
    public string? ModuleFile { get; init; }

    /// <summary>A JSON file of faults to make; null for none.</summary>
    public string? FaultsFile { get; init; }

    /// <summary>Whether responses are compressed for clients that accept it; benchmarks over loopback do without.</summary>
    public bool Compress { get; init; } = true;

    /// <summary>The user that signs in for every device code at once; null to wait for a user at the page <c>/device</c>.</summary>
    public string? ApproveDeviceCodesAs { get; init; }

    /// <summary>
    /// The folder where the agent of Azure Arc writes the files that prove the caller: <c>/var/opt/azcmagent/tokens</c> on Linux; null for no agent.
    /// </summary>
    public string? ArcTokenDirectory { get; init; }

    /// <summary>The lifetime of a device code.</summary>
    public TimeSpan DeviceCodeLifetime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The shortest interval between a device's polls for the sign-in of its user; whole seconds.</summary>
    public TimeSpan DeviceCodeInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock for tokens and certificates.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
