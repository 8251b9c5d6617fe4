namespace ExoConnect.Core.Sessions;

/// <summary>How a session is.</summary>
public enum SessionState
{
    /// <summary>The last request was answered.</summary>
    Connected,

    /// <summary>The last request failed for want of a token; the next one tries to get one.</summary>
    TokenExpired,

    /// <summary>The last request could not reach the service; the next one tries again.</summary>
    Broken,

    /// <summary>Ended. It does not come back.</summary>
    Disconnected,
}
