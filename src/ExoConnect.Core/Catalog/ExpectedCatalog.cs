namespace ExoConnect.Core.Catalog;

/// <summary>
/// The catalog that the last sign-in of the same kind led to. It is there before the token is, and counts only if the token's tenant and roles
/// lead to the same one.
/// </summary>
/// <param name="Hash">What the catalog is kept under.</param>
/// <param name="Cached">The catalog.</param>
public sealed record ExpectedCatalog(string Hash, CachedCatalog Cached);
