using ExoConnect.Core.AdminApi.Parameters;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.Sessions;

/// <summary>
/// A session's list of cmdlets, what follows from it, and when to ask for it anew. Safe for many threads.
/// </summary>
/// <param name="first">The list that the session began with.</param>
/// <param name="store">Gets the list again.</param>
internal sealed class SessionCatalog(CmdletCatalog first, CatalogStore store)
{
    private readonly HashSet<string> _refused = new(StringComparer.OrdinalIgnoreCase);
    private volatile CmdletCatalog _current = first;
    private volatile ParameterSerializer _serializer = CreateSerializer(first);
    private int _isOutdated;

    /// <summary>The list, as the service gave it last.</summary>
    public CmdletCatalog Current => _current;

    /// <summary>Writes parameters, passwords among them with the key that came with the list.</summary>
    public ParameterSerializer Serializer => _serializer;

    /// <summary>True if the service has refused a cmdlet that it listed, so that it is worth asking again.</summary>
    public bool IsOutdated => Volatile.Read(ref _isOutdated) == 1;

    /// <summary>Learns that the roles don't allow a cmdlet.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    public void NoteRefusal(string cmdlet)
    {
        if (!Current.Contains(cmdlet))
        {
            return;
        }

        // The list says that the roles allow it: they have changed since.
        store.Forget();
        lock (_refused)
        {
            if (_refused.Add(cmdlet))
            {
                Volatile.Write(ref _isOutdated, 1);
            }
        }
    }

    /// <summary>
    /// Asks for the list again, if <see cref="IsOutdated"/>. That a cmdlet was refused is a reason once: where the new list has it too, its next
    /// refusal is none.
    /// </summary>
    /// <param name="messages">Receives steps.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>True if the list has changed; false also where it cannot be had, which is no reason to fail.</returns>
    public async Task<bool> RenewAsync(IEngineMessages messages, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isOutdated, 0) == 0)
        {
            return false;
        }

        try
        {
            var next = await store.FetchAsync(messages, cancellationToken).ConfigureAwait(false);
            var before = _current.Cmdlets.Select(static c => c.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
            (_current, _serializer) = (next, CreateSerializer(next));
            return !before.SetEquals(next.Cmdlets.Select(static c => c.Name));
        }
        catch (ExoException e)
        {
            messages.Verbose($"The list of cmdlets can't be renewed: {e.Message}");
            return false;
        }
    }

    private static ParameterSerializer CreateSerializer(CmdletCatalog catalog) => new(new ParameterSerializerOptions
    {
        Key = catalog.Key,
        Unwrap = static value => HostTypes.Unwrap(value),
        Identify = ObjectNames.Identify,
        Entries = static value => HostTypes.Entries(value),
    });
}
