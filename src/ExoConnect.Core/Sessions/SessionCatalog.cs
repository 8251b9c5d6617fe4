using ExoConnect.Core.AdminApi.Parameters;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.Sessions;

/// <summary>
/// A session's list of cmdlets, and when to request it again. Safe for many threads.
/// </summary>
/// <param name="first">The session's first list.</param>
/// <param name="store">Gets the list again.</param>
internal sealed class SessionCatalog(CmdletCatalog first, CatalogStore store)
{
    private readonly HashSet<string> _refused = new(StringComparer.OrdinalIgnoreCase);
    private volatile CmdletCatalog _current = first;
    private volatile ParameterSerializer _serializer = CreateSerializer(first);
    private int _isOutdated;

    /// <summary>The last list.</summary>
    public CmdletCatalog Current => _current;

    /// <summary>Writes parameters, including passwords with the key from the list.</summary>
    public ParameterSerializer Serializer => _serializer;

    /// <summary>True if the service has refused a cmdlet that it listed, so that the list should be requested again.</summary>
    public bool IsOutdated => Volatile.Read(ref _isOutdated) == 1;

    /// <summary>Notes that the roles don't allow a cmdlet.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    public void NoteRefusal(string cmdlet)
    {
        if (!Current.Contains(cmdlet))
        {
            return;
        }

        // By the list the roles allow it: they have changed since.
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
    /// Requests the list again, if <see cref="IsOutdated"/>. A refused cmdlet is a reason only once: if the new list has it too, its next refusal
    /// is none.
    /// </summary>
    /// <param name="messages">Receives steps.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>True if the list has changed; false also if it can't be had, which is no error.</returns>
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
