namespace ExoConnect.Core.Sessions;

/// <summary>The states of a session.</summary>
public enum SessionState
{
    /// <summary>The last request got a response.</summary>
    Connected,

    /// <summary>The last request had no valid token; the next one tries to get one.</summary>
    TokenExpired,

    /// <summary>The last request could not reach the service; the next one tries again.</summary>
    Broken,

    /// <summary>It has ended, and can't be connected again.</summary>
    Disconnected,
}
