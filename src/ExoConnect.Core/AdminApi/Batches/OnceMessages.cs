using System.Collections.Concurrent;
using ExoConnect.Core.Hosting;

namespace ExoConnect.Core.AdminApi.Batches;

/// <summary>Passes each warning on once, however many requests cause it.</summary>
/// <param name="messages">Receives the messages.</param>
internal sealed class OnceMessages(IEngineMessages messages) : IEngineMessages
{
    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);

    public void Warning(string message)
    {
        if (_told.TryAdd(message, true))
        {
            messages.Warning(message);
        }
    }

    public void Verbose(string message) => messages.Verbose(message);
}
