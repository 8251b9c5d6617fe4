namespace ExoConnect.Core.Authentication.Tokens;

/// <summary>A bearer token for one resource. Printing it shows its resource, never its value.</summary>
/// <param name="resource">Its resource.</param>
/// <param name="value">Its value.</param>
/// <param name="expiresOn">When it expires.</param>
/// <param name="claims">Its claims, decoded but not verified.</param>
public sealed class AccessToken(string resource, string value, DateTimeOffset expiresOn, TokenClaims claims)
{
    /// <summary>Its resource, for example <c>https://outlook.office365.com</c>.</summary>
    public string Resource { get; } = resource;

    /// <summary>Its value: a secret.</summary>
    public string Value { get; } = value;

    /// <summary>When it expires.</summary>
    public DateTimeOffset ExpiresOn { get; } = expiresOn;

    /// <summary>Its claims, decoded but not verified: the service decides, we only explain.</summary>
    public TokenClaims Claims { get; } = claims;

    /// <inheritdoc/>
    public override string ToString() => $"AccessToken({Resource}, expires {ExpiresOn:u})";
}
