namespace ExoConnect.LocalTenant;

/// <summary>How a local tenant is to be: what it holds, how it misbehaves. Immutable.</summary>
public sealed record TenantOptions
{
    /// <summary>The loopback port to listen on; 0 picks a free one.</summary>
    public int Port { get; init; }

    /// <summary>How many mailboxes the directory starts with; they are computed when read, so a million costs no memory.</summary>
    public int Mailboxes { get; init; } = 100;

    /// <summary>Added to every response of the services (not of sign-in), as a network far away would.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>How long access tokens are good for.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>
    /// Whether the tenant begins with a registered app that has a certificate, the permission and the roles. Without, nobody can connect until an
    /// application is registered over Graph.
    /// </summary>
    public bool HasApplication { get; init; } = true;

    /// <summary>
    /// How long it takes until what was made over Graph is known to its next request and to sign-in, as in a directory with many copies.
    /// </summary>
    public TimeSpan ReplicationDelay { get; init; }

    /// <summary>Verified domains beside <see cref="Organization"/>.</summary>
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

    /// <summary>Where the CA, certificates and the environment file are written; null for a folder that goes when the tenant stops.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>
    /// A folder of RSA keys for tenants to take turns with, as <c>EXOCONNECT_TENANT_KEYS</c> says; null to make every key anew, which is most of the
    /// time a start takes. Meant for test suites that start many tenants. The app's key in a <see cref="StateDirectory"/> stays that folder's own.
    /// </summary>
    public string? KeyDirectory { get; init; } =
        Environment.GetEnvironmentVariable("EXOCONNECT_TENANT_KEYS") is { Length: > 0 } directory ? directory : null;

    /// <summary>A JSON file of cmdlets to offer instead of the built-in catalog; null for the built-in one.</summary>
    public string? CatalogFile { get; init; }

    /// <summary>A PowerShell module's text to send to sessions instead of the tenant's own, as it is; null for its own.</summary>
    public string? ModuleFile { get; init; }

    /// <summary>A JSON file of faults to make; null for none.</summary>
    public string? FaultsFile { get; init; }

    /// <summary>Whether responses are compressed for clients that accept it; benchmarks over loopback do without.</summary>
    public bool Compress { get; init; } = true;

    /// <summary>The user that signs in for every device code at once; null to wait for somebody at the page <c>/device</c>.</summary>
    public string? ApproveDeviceCodesAs { get; init; }

    /// <summary>
    /// Where the agent of Azure Arc leaves the files that prove who asks: <c>/var/opt/azcmagent/tokens</c> on Linux; null for no agent.
    /// </summary>
    public string? ArcTokenDirectory { get; init; }

    /// <summary>How long a device code is good for.</summary>
    public TimeSpan DeviceCodeLifetime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How often a device may ask whether its user has signed in; whole seconds.</summary>
    public TimeSpan DeviceCodeInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock that tokens and certificates are judged by.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
