using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Tests.Certificates;

namespace ExoConnect.Core.Tests.Authentication;

public sealed class TokenProviderPoolTests
{
    private const string Organization = "contoso.onmicrosoft.com";
    private static readonly string AppId = Guid.NewGuid().ToString();

    private readonly TokenProviderPool _providers = new();
    private readonly byte[] _pfx = TestCertificates.Rsa().Pfx();

    private ClientCertificate Open() => new CertificateSource.Bytes(_pfx).Open();

    private TokenProviderLease Rent(
        ClientCertificate certificate, ExoEnvironment? environment = null, string organization = Organization, string? appId = null,
        SignInOptions? options = null) =>
        _providers.Rent(environment ?? CloudEnvironments.O365Default, organization, appId ?? AppId, certificate, options);

    private static bool IsAlive(ClientCertificate certificate)
    {
        try
        {
            return certificate.Sign([1]).Length > 0;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    [Fact]
    public void The_same_identity_shares_a_provider_until_the_last_lease_ends()
    {
        var (one, two) = (Open(), Open());
        var first = Rent(one);
        var second = Rent(two, organization: Organization.ToUpperInvariant(), appId: AppId.ToUpperInvariant());

        Assert.Same(first.Provider, second.Provider);
        Assert.Same(one, second.Certificate);
        Assert.Equal(1, _providers.Count);
        Assert.False(IsAlive(two));

        first.Dispose();
        first.Dispose();
        Assert.True(IsAlive(one));
        second.Dispose();
        Assert.False(IsAlive(one));
        Assert.Equal(0, _providers.Count);

        var three = Open();
        using var third = Rent(three);
        Assert.NotSame(first.Provider, third.Provider);
    }

    [Fact]
    public void The_same_certificate_rented_twice_lives_on()
    {
        var certificate = Open();
        using var first = Rent(certificate);
        using (Rent(certificate))
        {
        }

        Assert.True(IsAlive(certificate));
    }

    [Fact]
    public void Different_identities_share_nothing()
    {
        using var other = TestCertificates.Rsa(TestCertificates.OtherKey);
        using var ca = TestCertificates.Rsa(TestCertificates.OtherKey, subject: "CN=CA");
        var custom = CloudEnvironments.O365Default with { Address = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 1) };
        TokenProviderLease[] leases =
        [
            Rent(Open()), Rent(Open(), CloudEnvironments.O365China), Rent(Open(), organization: "fabrikam.onmicrosoft.com"),
            Rent(Open(), appId: Guid.NewGuid().ToString()), Rent(new CertificateSource.Instance(other).Open()), Rent(Open(), custom),
            Rent(Open(), custom with { CertificateAuthorities = [ca] }), Rent(Open(), options: new SignInOptions { SendCertificate = true }),
        ];
        Assert.Equal(leases.Length, leases.Select(lease => lease.Provider).Distinct().Count());
        Assert.Equal(leases.Length, _providers.Count);
        Array.ForEach(leases, lease => lease.Dispose());
        Assert.Equal(0, _providers.Count);
    }

    [Fact]
    public void A_service_host_of_ones_own_does_not_make_another_identity()
    {
        using var one = Rent(Open());
        using var two = Rent(Open(), CloudEnvironments.O365Default with { Exchange = new Uri("https://eur05.outlook.office365.com/") });
        Assert.Same(one.Provider, two.Provider);
    }

    [Fact]
    public void What_cannot_be_rented_is_released()
    {
        var certificate = Open();
        Assert.Throws<ExoException>(() => Rent(certificate, organization: "common"));
        Assert.False(IsAlive(certificate));
        Assert.Equal(0, _providers.Count);
    }

    [Fact]
    public void Many_threads_rent_and_return()
    {
        Parallel.For(0, 60, i =>
        {
            using var lease = Rent(Open(), organization: $"contoso{i % 3}.onmicrosoft.com");
            Assert.True(IsAlive(lease.Certificate!));
        });
        Assert.Equal(0, _providers.Count);
    }
}
