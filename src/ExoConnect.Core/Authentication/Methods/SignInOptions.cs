namespace ExoConnect.Core.Authentication.Methods;

/// <summary>The settings of a provider, for every way to sign in.</summary>
public sealed record SignInOptions
{
    /// <summary>
    /// Whether to send the certificate with every request (<c>x5c</c>), for applications that trust any certificate with a certain subject and
    /// issuer. Off by default: an application that trusts the certificate itself needs only its thumbprint. Other ways ignore it.
    /// </summary>
    public bool SendCertificate { get; init; }

    /// <summary>
    /// The delegated permissions to ask a person for, by the service's names; none for those that were consented to before. The provider requests
    /// them of every service that it gets a token for, so this is for sign-ins to one service.
    /// </summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Where a relative path of a certificate starts; null for the current directory.</summary>
    public string? BaseDirectory { get; init; }

    /// <summary>How long one request may take.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a non-interactive sign-in may take with all its retries.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether a user's sign-in outlives the process; non-interactive ways ignore it.</summary>
    public SignInPersistence Persistence { get; init; }

    /// <summary>The folder of files with such sign-ins; null for beside the cached lists of cmdlets.</summary>
    internal string? StoreFolder { get; init; }

    /// <summary>How long a person may take to sign in.</summary>
    public TimeSpan InteractiveTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The clock that assertions and tokens are measured by.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
