namespace ExoConnect.Core.Catalog;

/// <summary>A catalog that came from the disk.</summary>
/// <param name="Catalog">The cmdlets.</param>
/// <param name="Host">The service's base address that the session start ended at, within the key's environment.</param>
/// <param name="Created">When the service sent it.</param>
public sealed record CachedCatalog(CmdletCatalog Catalog, Uri Host, DateTimeOffset Created);
