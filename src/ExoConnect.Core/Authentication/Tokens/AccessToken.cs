namespace ExoConnect.Core.Authentication.Tokens;

/// <summary>A bearer token for one resource. Printing it shows what it is for, never what it is.</summary>
/// <param name="resource">The resource it was asked for.</param>
/// <param name="value">The token itself.</param>
/// <param name="expiresOn">When it stops being accepted.</param>
/// <param name="claims">What it says of itself, decoded but not verified.</param>
public sealed class AccessToken(string resource, string value, DateTimeOffset expiresOn, TokenClaims claims)
{
    /// <summary>The resource it was asked for, for example <c>https://outlook.office365.com</c>.</summary>
    public string Resource { get; } = resource;

    /// <summary>The token itself: a secret.</summary>
    public string Value { get; } = value;

    /// <summary>When it stops being accepted.</summary>
    public DateTimeOffset ExpiresOn { get; } = expiresOn;

    /// <summary>What it says of itself, decoded but not verified: the service decides, we only explain.</summary>
    public TokenClaims Claims { get; } = claims;

    /// <inheritdoc/>
    public override string ToString() => $"AccessToken({Resource}, expires {ExpiresOn:u})";
}
