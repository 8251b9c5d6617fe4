using System.Security.Cryptography;
using System.Text;

namespace ExoConnect.LocalTenant.Entra;

/// <summary>An application permission that an administrator consented to.</summary>
/// <param name="ResourceAppId">The application id of the permission's service.</param>
/// <param name="Value">Its value, for example <c>Exchange.ManageAsApp</c>; tokens carry it in <c>roles</c>.</param>
public sealed record AppPermission(Guid ResourceAppId, string Value)
{
    /// <summary>Reads a permission.</summary>
    /// <param name="text">
    /// Values that begin with <c>Exchange.</c> belong to Office 365 Exchange Online, all others to Microsoft Graph;
    /// <c>{resource app id}/{value}</c> names its service.
    /// </param>
    /// <returns>The permission.</returns>
    public static AppPermission Parse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0 && Guid.TryParse(text.AsSpan(0, slash), out var resource))
        {
            return new AppPermission(resource, text[(slash + 1)..]);
        }

        var isExchange = text.StartsWith("Exchange.", StringComparison.OrdinalIgnoreCase);
        return new AppPermission(isExchange ? KnownResource.Exchange.AppId : KnownResource.Graph.AppId, text);
    }

    /// <summary>The permission of an id; an unknown permission has the id as its value.</summary>
    internal static AppPermission Of(Guid resourceAppId, Guid id) => new(
        resourceAppId,
        KnownResource.Roles.FirstOrDefault(role => role.ResourceAppId == resourceAppId && role.Id == id)?.Value ?? id.ToString());

    /// <summary>The id of the application permission, as Graph names it.</summary>
    internal Guid Id => Guid.TryParse(Value, out var id) ? id
        : KnownResource.Roles.FirstOrDefault(role => role.ResourceAppId == ResourceAppId && role.Value == Value)?.Id
        ?? new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{ResourceAppId}/{Value}")).AsSpan(0, 16));

    /// <summary>Whether a token for a resource carries this permission.</summary>
    /// <param name="resource">The token's resource.</param>
    /// <returns>True for the permission's own resource; Exchange Online's permissions are valid for Security &amp; Compliance too.</returns>
    internal bool AppliesTo(KnownResource resource) =>
        ResourceAppId == resource.AppId || (resource == KnownResource.Compliance && ResourceAppId == KnownResource.Exchange.AppId);
}
