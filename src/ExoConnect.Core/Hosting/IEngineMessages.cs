namespace ExoConnect.Core.Hosting;

/// <summary>Receives the engine's messages for people while it works. Implementations are called from any thread.</summary>
public interface IEngineMessages
{
    /// <summary>Something works but will not for long, or not as the caller expects.</summary>
    /// <param name="message">One or two sentences with the remedy.</param>
    void Warning(string message);

    /// <summary>A finished step, with its request id and duration; never a secret.</summary>
    /// <param name="message">One line.</param>
    void Verbose(string message);
}

/// <summary>Drops every message.</summary>
public sealed class NullMessages : IEngineMessages
{
    /// <summary>The one instance.</summary>
    public static NullMessages Instance { get; } = new();

    private NullMessages()
    {
    }

    /// <inheritdoc/>
    public void Warning(string message)
    {
    }

    /// <inheritdoc/>
    public void Verbose(string message)
    {
    }
}
