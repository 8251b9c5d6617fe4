using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Sessions;

namespace ExoConnect.Sessions;

/// <summary>
/// The session of a cmdlet that names none. A runspace keeps the session that it connected or chose itself, whatever others do, so that two
/// parallel scripts never change each other's tenant. A runspace that has done neither uses what the process did last.
/// </summary>
internal static class DefaultSession
{
    private static readonly ConditionalWeakTable<Runspace, List<WeakReference<ExoSession>>> Choices = [];

    /// <summary>Makes a session the default of this runspace, and of later ones.</summary>
    /// <param name="session">The session.</param>
    public static void Choose(ExoSession session)
    {
        SessionRegistry.Shared.Use(session);
        if (Runspace.DefaultRunspace is { } runspace)
        {
            var own = Choices.GetOrCreateValue(runspace);
            lock (own)
            {
                own.RemoveAll(c => !c.TryGetTarget(out var s) || s == session || s.State == SessionState.Disconnected);
                own.Add(new WeakReference<ExoSession>(session));
            }
        }
    }

    /// <summary>The sessions as this runspace prefers them, the default one last.</summary>
    public static IReadOnlyList<ExoSession> Order()
    {
        var all = SessionRegistry.Shared.ByPreference;
        if (Runspace.DefaultRunspace is not { } runspace || !Choices.TryGetValue(runspace, out var own))
        {
            return all;
        }

        List<ExoSession> chosen = [];
        lock (own)
        {
            foreach (var choice in own)
            {
                if (choice.TryGetTarget(out var session) && all.Contains(session))
                {
                    chosen.Add(session);
                }
            }
        }

        return [.. all.Except(chosen), .. chosen];
    }

    /// <summary>The default session.</summary>
    /// <param name="service">The service; null for any.</param>
    /// <returns>The session; null if there is none.</returns>
    public static ExoSession? Get(ExoService? service = null) => Order().LastOrDefault(s => service is null || s.Description.Service == service);
}
