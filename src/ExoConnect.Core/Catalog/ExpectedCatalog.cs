namespace ExoConnect.Core.Catalog;

/// <summary>
/// The catalog that the last sign-in of the same kind led to. It is read before the token comes, and counts only if the token's tenant and roles
/// lead to the same catalog.
/// </summary>
/// <param name="Hash">The hash of the catalog's key.</param>
/// <param name="Cached">The catalog.</param>
public sealed record ExpectedCatalog(string Hash, CachedCatalog Cached);
