using System.Management.Automation;
using System.Text.Json;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.ServiceRequests;

namespace ExoConnect.Output;

/// <summary>The content of a token, without its signature. Decoded, not verified: the service decides whether it is valid.</summary>
public sealed class TokenInformation
{
    /// <summary>Its resource.</summary>
    public string Resource { get; private init; } = "";

    /// <summary>Its audience: <c>aud</c>.</summary>
    public string? Audience { get; private init; }

    /// <summary>The tenant: <c>tid</c>.</summary>
    public string? TenantId { get; private init; }

    /// <summary>The application: <c>appid</c> or <c>azp</c>.</summary>
    public string? AppId { get; private init; }

    /// <summary>The service principal or user: <c>oid</c>.</summary>
    public string? ObjectId { get; private init; }

    /// <summary>The user; empty for an application's own token.</summary>
    public string? UserPrincipalName { get; private init; }

    /// <summary>True for an application's own token.</summary>
    public bool IsAppOnly { get; private init; }

    /// <summary>When it expires (UTC).</summary>
    public DateTime ExpiryTimeUTC { get; private init; }

    /// <summary>Application permissions: <c>roles</c>.</summary>
    public string[] Permissions { get; private init; } = [];

    /// <summary>Delegated permissions: <c>scp</c>.</summary>
    public string[] Scopes { get; private init; } = [];

    /// <summary>Directory roles, by name if it is known: <c>wids</c>.</summary>
    public string[] Roles { get; private init; } = [];

    /// <summary>The header; null for a token that isn't a JWT.</summary>
    public object? Header { get; private init; }

    /// <summary>All claims; null for a token that isn't a JWT.</summary>
    public object? Claims { get; private init; }

    /// <inheritdoc/>
    public override string ToString() => $"Token for {Resource}";

    internal static TokenInformation Of(AccessToken token)
    {
        var decoded = DecodedToken.Of(token);
        var claims = decoded.Claims;
        return new TokenInformation
        {
            Resource = token.Resource,
            Audience = claims.Audience,
            TenantId = claims.TenantId,
            AppId = claims.AppId,
            ObjectId = claims.ObjectId,
            UserPrincipalName = claims.UserPrincipalName,
            IsAppOnly = claims.IsAppOnly,
            ExpiryTimeUTC = token.ExpiresOn.UtcDateTime,
            Permissions = [.. claims.Permissions],
            Scopes = [.. claims.Scopes],
            Roles = [.. DirectoryRoles.Of(claims).Select(r => r.Name)],
            Header = Bag(decoded.Header),
            Claims = Bag(decoded.Payload),
        };
    }

    /// <summary>A property bag, not a packed row: each issuer and tenant has claims of its own, and types of rows do not unload.</summary>
    private static PSObject? Bag(JsonElement? json)
    {
        if (json is not { ValueKind: JsonValueKind.Object } members)
        {
            return null;
        }

        var bag = new PSObject();
        foreach (var member in members.EnumerateObject())
        {
            if (bag.Properties[member.Name] is null && member.Name.Length > 0)
            {
                bag.Properties.Add(new PSNoteProperty(member.Name, ServiceObjects.ReadValue(member.Value, "Claim")));
            }
        }

        return bag;
    }
}
