using Microsoft.Identity.Client;

namespace ExoConnect.LocalTenant.Tests;

/// <summary>MSAL.NET as it is signs in at the local tenant.</summary>
public sealed class MsalSignInTests(TenantFixture fixture) : IClassFixture<TenantFixture>, IDisposable
{
    private readonly TenantClient _client = new(fixture.Tenant);

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("login.exoconnect.localhost", true, true)]
    [InlineData("login.exoconnect.localhost", true, false)]
    [InlineData("login.exoconnect.localhost", false, true)]
    [InlineData("login.exoconnect.localhost", false, false)]
    [InlineData("login.microsoftonline.com", true, true)]
    [InlineData("login.microsoftonline.com", false, false)]
    public async Task Signs_in_by_certificate(string host, bool discovery, bool byDomain)
    {
        using var certificate = _client.LoadApp();
        var port = host.EndsWith("microsoftonline.com", StringComparison.Ordinal) ? string.Empty : $":{fixture.Tenant.Port}";
        var tenant = byDomain ? fixture.Tenant.Organization : fixture.Tenant.TenantId.ToString();
        var app = ConfidentialClientApplicationBuilder.Create(fixture.Tenant.AppId.ToString())
            .WithAuthority($"https://{host}{port}/{tenant}")
            .WithInstanceDiscovery(discovery)
            .WithHttpClientFactory(_client)
            .WithCertificate(certificate)
            .Build();

        var result = await app.AcquireTokenForClient([TenantClient.ExchangeScope]).ExecuteAsync();

        Assert.Equal(TokenSource.IdentityProvider, result.AuthenticationResultMetadata.TokenSource);
        Assert.InRange(result.ExpiresOn, DateTimeOffset.UtcNow.AddMinutes(58), DateTimeOffset.UtcNow.AddMinutes(61));
        var again = await app.AcquireTokenForClient([TenantClient.ExchangeScope]).ExecuteAsync();
        Assert.Equal(TokenSource.Cache, again.AuthenticationResultMetadata.TokenSource);
    }
}
