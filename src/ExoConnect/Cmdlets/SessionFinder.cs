using ExoConnect.Core;
using ExoConnect.Core.Sessions;

namespace ExoConnect.Cmdlets;

/// <summary>Finds the session a cmdlet is to use.</summary>
internal static class SessionFinder
{
    /// <summary>Finds a session.</summary>
    /// <param name="nameOrId">What the user called it; null for the latest.</param>
    /// <returns>The session.</returns>
    /// <exception cref="ExoException">There is none.</exception>
    public static ExoSession Find(string? nameOrId)
    {
        var registry = SessionRegistry.Shared;
        if (nameOrId is null)
        {
            return registry.Latest() ?? throw new ExoException("There is no session in this process.")
            {
                ErrorId = "NotConnected",
                Category = ExoErrorCategory.InvalidOperation,
                Remedy = "Connect first: Connect-ExchangeOnline or Connect-IPPSSession. Sessions live in their process: Start-Job and remoting start "
                    + "another, where the script has to connect for itself; ForEach-Object -Parallel and Start-ThreadJob share this one's.",
            };
        }

        return registry.Find(nameOrId) ?? throw new ExoException($"No session is called '{nameOrId}'.")
        {
            ErrorId = "SessionNotFound",
            Category = ExoErrorCategory.ObjectNotFound,
            ParameterName = "Connection",
            Target = nameOrId,
            Remedy = registry.Sessions.Count == 0
                ? "There is none in this process; connect first."
                : "The sessions are: " + string.Join(", ", registry.Sessions.Select(s => s.Description.Name)) + ".",
        };
    }
}
