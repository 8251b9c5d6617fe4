namespace ExoConnect.Core.Catalog;

/// <summary>A catalog from the disk.</summary>
/// <param name="Catalog">The cmdlets.</param>
/// <param name="Host">The service's base address at the end of the session start, within the key's environment.</param>
/// <param name="Created">When the service sent it.</param>
public sealed record CachedCatalog(CmdletCatalog Catalog, Uri Host, DateTimeOffset Created);
