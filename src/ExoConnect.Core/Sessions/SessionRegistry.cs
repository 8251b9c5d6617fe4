using System.Collections.Immutable;
using ExoConnect.Core.Environments;

namespace ExoConnect.Core.Sessions;

/// <summary>The sessions of a process, oldest first. Safe for many threads; readers see one consistent list.</summary>
public sealed class SessionRegistry
{
    private ImmutableList<ExoSession> _sessions = [];
    private int _lastId;
    private int _lastExchange;
    private int _lastCompliance;

    /// <summary>The registry that all runspaces of the process share.</summary>
    public static SessionRegistry Shared { get; } = new();

    /// <summary>The sessions that are not disconnected.</summary>
    public IReadOnlyList<ExoSession> Sessions => _sessions;

    /// <summary>The session a request goes to when none is named: the latest of the service, or of all.</summary>
    /// <param name="service">The service; null for any.</param>
    /// <returns>The session; null where there is none.</returns>
    public ExoSession? Latest(ExoService? service = null) => _sessions.FindLast(s => service is null || s.Description.Service == service);

    /// <summary>Finds a session by what a user may call it.</summary>
    /// <param name="nameOrId">Its name, connection id or number.</param>
    /// <returns>The session; null where there is none.</returns>
    public ExoSession? Find(string nameOrId) => _sessions.Find(s =>
        string.Equals(s.Description.Name, nameOrId, StringComparison.OrdinalIgnoreCase)
        || string.Equals(s.Description.ConnectionId.ToString(), nameOrId, StringComparison.OrdinalIgnoreCase)
        || string.Equals(s.Description.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), nameOrId, StringComparison.Ordinal));

    /// <summary>Ends a session and forgets it.</summary>
    /// <param name="session">The session; one that has ended already is left alone.</param>
    public void Disconnect(ExoSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        ImmutableInterlocked.Update(ref _sessions, static (list, s) => list.Remove(s), session);
        session.Dispose();
    }

    internal void Add(ExoSession session) => ImmutableInterlocked.Update(ref _sessions, static (list, s) => list.Add(s), session);

    internal (int Id, string Name) NextName(ExoService service) => (Interlocked.Increment(ref _lastId), service == ExoService.ExchangeOnline
        ? $"ExchangeOnline_{Interlocked.Increment(ref _lastExchange)}"
        : $"ExchangeOnlineProtection_{Interlocked.Increment(ref _lastCompliance)}");
}
