namespace ExoConnect.Core.Authentication.Methods;

/// <summary>Whether a user's sign-in outlives the process. An application's never does.</summary>
public enum SignInPersistence
{
    /// <summary>It stays in memory.</summary>
    None,

    /// <summary>
    /// It stays in the platform's store for secrets: DPAPI on Windows, the Keychain on macOS, the Secret Service on Linux. Without one, connecting
    /// fails.
    /// </summary>
    Protected,

    /// <summary>The same; without such a store, in a file that only its owner may read.</summary>
    PlaintextAllowed,
}
