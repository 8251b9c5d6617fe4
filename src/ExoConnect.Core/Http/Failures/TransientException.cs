namespace ExoConnect.Core.Http.Failures;

/// <summary>A transient exception of the service's servers. EXO retries after each of them, whatever the status.</summary>
/// <param name="Name">The short name of the service's exception.</param>
/// <param name="NothingWasDone">
/// True if a server refused to begin: another server, or the same one later, carries the cmdlet out. A mailbox store can fail in the middle of a
/// change, so after its exception the outcome is unknown.
/// </param>
internal sealed record TransientException(string Name, bool NothingWasDone)
{
    private static readonly TransientException[] All =
    [
        new("DCOverloadedException", NothingWasDone: true),
        new("SuitabilityDirectoryException", NothingWasDone: true),
        new("ServerInMMException", NothingWasDone: true),
        new("ADServerSettingsChangedException", NothingWasDone: true),
        new("StorageTransientException", NothingWasDone: false),
    ];

    /// <summary>Finds the exception that a text of the service names.</summary>
    /// <param name="text">The detail of an error: hash, type and text; null for none.</param>
    /// <returns>The exception; null if it names none.</returns>
    public static TransientException? Find(string? text) =>
        text is null ? null : Array.Find(All, exception => text.Contains(exception.Name, StringComparison.Ordinal));
}
