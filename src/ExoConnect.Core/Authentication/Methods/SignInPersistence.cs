namespace ExoConnect.Core.Authentication.Methods;

/// <summary>Whether a user's sign-in outlives the process. An application's never does.</summary>
public enum SignInPersistence
{
    /// <summary>It is kept in memory.</summary>
    None,

    /// <summary>
    /// It is kept where the platform keeps secrets: DPAPI on Windows, the Keychain on macOS, the Secret Service on Linux. Without one, connecting
    /// fails.
    /// </summary>
    Protected,

    /// <summary>The same; where the platform has nothing of the kind, in a file that only its owner may read.</summary>
    PlaintextAllowed,
}
