namespace ExoConnect.Core.Authentication.Methods;

/// <summary>How a provider works, whatever it signs in with.</summary>
public sealed record SignInOptions
{
    /// <summary>
    /// Whether to send the certificate with every request (<c>x5c</c>), for applications that trust any certificate with a certain subject and
    /// issuer. Off by default: an application that trusts the certificate itself needs only its thumbprint. Other ways ignore it.
    /// </summary>
    public bool SendCertificate { get; init; }

    /// <summary>
    /// The delegated permissions to ask a person for, as the service names them; none for those that were consented to before. They are asked
    /// for of every service that a token is got for, so this is for sign-ins to one.
    /// </summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Where a relative path of a certificate starts; null for the current directory.</summary>
    public string? BaseDirectory { get; init; }

    /// <summary>How long one request may take.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a sign-in that needs nobody may take with all its retries.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether a user's sign-in outlives the process; ways that ask nobody ignore it.</summary>
    public SignInPersistence Persistence { get; init; }

    /// <summary>Where files of such sign-ins are; null for beside the kept lists of cmdlets.</summary>
    internal string? StoreFolder { get; init; }

    /// <summary>How long somebody may take to sign in who was asked to.</summary>
    public TimeSpan InteractiveTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The clock that assertions and tokens are measured by.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
