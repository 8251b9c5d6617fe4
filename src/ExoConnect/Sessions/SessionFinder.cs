using ExoConnect.Core.Catalog;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Sessions;

namespace ExoConnect.Sessions;

/// <summary>Finds the session that a cmdlet uses.</summary>
internal static class SessionFinder
{
    /// <summary>The cmdlet of a command's name: that of the preferred session that has it, since its command is the one that runs.</summary>
    /// <param name="command">The command, with the session's prefix.</param>
    /// <returns>The session and its cmdlet; null if no session has it.</returns>
    public static (ExoSession Session, CmdletDefinition Cmdlet)? Command(string command)
    {
        foreach (var session in DefaultSession.Order().Reverse())
        {
            var prefix = session.Description.Prefix;
            var noun = command.IndexOf('-', StringComparison.Ordinal) + 1;
            if (command.AsSpan(noun).StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
                && session.Catalog.TryGet(command.Remove(noun, prefix.Length), out var definition))
            {
                return (session, definition);
            }
        }

        return null;
    }

    /// <summary>Finds the session whose entities to read; only Exchange Online has entities.</summary>
    /// <param name="nameOrId">The user's name for it; null for the default of Exchange Online.</param>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <returns>The session.</returns>
    /// <exception cref="ExoException">There is no such session, or it belongs to Security &amp; Compliance.</exception>
    public static ExoSession FindExchange(string? nameOrId, string cmdlet)
    {
        var session = (nameOrId is null ? DefaultSession.Get(ExoService.ExchangeOnline) : null) ?? Find(nameOrId, cmdlet);
        session.RequireExchange(cmdlet);
        return session;
    }

    /// <summary>Finds the session to run a cmdlet in.</summary>
    /// <param name="nameOrId">The user's name for it; null for the default among those that have the cmdlet, or else the default.</param>
    /// <param name="cmdlet">The cmdlet; null for any session.</param>
    /// <returns>The session.</returns>
    /// <exception cref="ExoException">There is no such session.</exception>
    public static ExoSession Find(string? nameOrId, string? cmdlet = null)
    {
        var registry = SessionRegistry.Shared;
        if (nameOrId is null)
        {
            var order = DefaultSession.Order();
            return (cmdlet is null ? null : order.LastOrDefault(s => s.Catalog.Contains(cmdlet)))
                ?? (order.Count > 0 ? order[^1] : null)
                ?? throw new ExoException("There is no session in this process.")
                {
                    ErrorId = ErrorIds.NotConnected,
                    Category = ExoErrorCategory.InvalidOperation,
                    Remedy = HidingFunctions.Owner() is { Length: > 0 } other
                        ? $"Connect-ExchangeOnline belongs to {other}, which was imported after ExoConnect. Import ExoConnect last, with -Force if "
                        + "it is loaded already, and connect with that; or connect with ExoConnect\\Connect-ExchangeOnline."
                        : "Connect first: Connect-ExchangeOnline or Connect-IPPSSession. Sessions live in their process: Start-Job and remoting "
                        + "start another, where the script has to connect for itself; ForEach-Object -Parallel and Start-ThreadJob share this one's.",
                };
        }

        return registry.Find(nameOrId) ?? throw new ExoException($"No session is called '{nameOrId}'.")
        {
            ErrorId = ErrorIds.SessionNotFound,
            Category = ExoErrorCategory.ObjectNotFound,
            ParameterName = "Connection",
            Target = nameOrId,
            Remedy = registry.Sessions.Count == 0
                ? "There is none in this process; connect first."
                : "The sessions are: " + string.Join(", ", registry.Sessions.Select(s => s.Description.Name)) + ".",
        };
    }
}
