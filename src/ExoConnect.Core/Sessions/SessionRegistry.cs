using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Sessions;

/// <summary>The sessions of a process, oldest first. Safe for many threads; readers see one consistent list.</summary>
public sealed class SessionRegistry
{
    private readonly object _changing = new();

    // Replaced as a whole, never changed.
    private volatile ExoSession[] _sessions = [];
    private volatile ExoSession[] _order = [];
    private int _lastId;
    private int _lastExchange;
    private int _lastCompliance;

    /// <summary>The registry that all runspaces of the process share.</summary>
    public static SessionRegistry Shared { get; } = new();

    /// <summary>The sessions that are not disconnected.</summary>
    public IReadOnlyList<ExoSession> Sessions => _sessions;

    /// <summary>The same sessions in ascending order of preference: the default one last.</summary>
    public IReadOnlyList<ExoSession> ByPreference => _order;

    /// <summary>The session of a request that names none: the one connected or chosen last, of the service or of all.</summary>
    /// <param name="service">The service; null for any.</param>
    /// <returns>The session; null if there is none.</returns>
    public ExoSession? Latest(ExoService? service = null) => Array.FindLast(_order, s => service is null || s.Description.Service == service);

    /// <summary>Makes a session the default.</summary>
    /// <param name="session">The session; ignored if it has ended.</param>
    public void Use(ExoSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        lock (_changing)
        {
            if (_order.Contains(session))
            {
                _order = [.. Without(_order, session), session];
            }
        }
    }

    /// <summary>Finds a session by any of its names.</summary>
    /// <param name="nameOrId">Its name, connection id or number.</param>
    /// <returns>The session; null if there is none.</returns>
    public ExoSession? Find(string nameOrId) => Array.Find(_sessions, s =>
        string.Equals(s.Description.Name, nameOrId, StringComparison.OrdinalIgnoreCase)
        || string.Equals(s.Description.ConnectionId.ToString(), nameOrId, StringComparison.OrdinalIgnoreCase)
        || string.Equals(s.Description.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), nameOrId, StringComparison.Ordinal));

    /// <summary>Ends a session and removes it, and its user's stored sign-in too.</summary>
    /// <param name="session">The session; ignored if it has ended.</param>
    /// <exception cref="ExoException"><c>SignInNotForgotten</c>: the session has ended nevertheless.</exception>
    public void Disconnect(ExoSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        lock (_changing)
        {
            _sessions = Without(_sessions, session);
            _order = Without(_order, session);
        }

        try
        {
            session.ForgetSignIn();
        }
        finally
        {
            session.Dispose();
        }
    }

    /// <summary>Adds a session, and makes it the default.</summary>
    /// <exception cref="ExoException"><c>ConnectionNameInUse</c>: another took the name while this one connected.</exception>
    internal void Add(ExoSession session)
    {
        lock (_changing)
        {
            if (IsTaken(_sessions, session.Description.Name))
            {
                throw NameInUse(session.Description.Name);
            }

            _sessions = [.. _sessions, session];
            _order = [.. _order, session];
        }
    }

    /// <summary>Numbers a session, and names it if the caller doesn't.</summary>
    /// <param name="service">Its service.</param>
    /// <param name="wanted">Its name; null for the service's name and a number.</param>
    /// <exception cref="ExoException"><c>InvalidConnectionName</c> or <c>ConnectionNameInUse</c>.</exception>
    internal (int Id, string Name) NextName(ExoService service, string? wanted = null)
    {
        if (wanted is not null)
        {
            CheckFree(wanted);
            return (Interlocked.Increment(ref _lastId), wanted);
        }

        string name;
        do
        {
            name = service == ExoService.ExchangeOnline
                ? $"ExchangeOnline_{Interlocked.Increment(ref _lastExchange)}"
                : $"ExchangeOnlineProtection_{Interlocked.Increment(ref _lastCompliance)}";
        }
        while (IsTaken(_sessions, name));

        return (Interlocked.Increment(ref _lastId), name);
    }

    /// <summary>Checks a connection's name: nobody may mistake it for a number, an id or a pattern.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ExoException"><c>InvalidConnectionName</c>.</exception>
    private static void CheckName(string name)
    {
        if (name.Length is 0 or > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') || !name.Any(char.IsAsciiLetter)
            || Guid.TryParse(name, out _))
        {
            throw new ExoException($"'{(name.Length > 80 ? name[..80] : name)}' can't be a connection's name.")
            {
                ErrorId = ErrorIds.InvalidConnectionName,
                Category = ExoErrorCategory.InvalidArgument,
                ParameterName = "Name",
                Target = name,
                Remedy = "Give up to 64 letters, digits, dots, dashes and underscores, one letter at least, such as contoso-audit.",
            };
        }
    }

    /// <summary>Checks that a name can be given to a new session.</summary>
    /// <exception cref="ExoException"><c>InvalidConnectionName</c> or <c>ConnectionNameInUse</c>.</exception>
    internal void CheckFree(string name)
    {
        CheckName(name);
        if (IsTaken(_sessions, name))
        {
            throw NameInUse(name);
        }
    }

    private static ExoSession[] Without(ExoSession[] sessions, ExoSession session) => Array.FindAll(sessions, s => s != session);

    private static bool IsTaken(ExoSession[] sessions, string name) =>
        Array.Exists(sessions, s => string.Equals(s.Description.Name, name, StringComparison.OrdinalIgnoreCase));

    private static ExoException NameInUse(string name) => new($"There is a connection called '{name}' already.")
    {
        ErrorId = ErrorIds.ConnectionNameInUse,
        Category = ExoErrorCategory.ResourceExists,
        ParameterName = "Name",
        Target = name,
        Remedy = "Give another name, disconnect that one first, or add -Ensure to use it if it is the same.",
    };
}
