using System.Net;
using System.Text;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Tests.Certificates;
using FsCheck;
using FsCheck.Fluent;

namespace ExoConnect.Core.Tests.Environments;

public sealed class EnvironmentFileTests : IDisposable
{
    private const string Hosts = """
        "name": "Mine", "signIn": "https://login.test.localhost:8443", "exchange": "https://outlook.test.localhost:8443",
        "compliance": "https://ps.compliance.protection.test.localhost:8443", "graph": "https://graph.test.localhost:8443"
        """;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static ExoEnvironment Parse(string json) => EnvironmentFile.Parse(Encoding.UTF8.GetBytes(json), Path.GetFullPath("/x/env.json"));

    [Fact]
    public void Hosts_alone_are_enough()
    {
        var environment = Parse("{" + Hosts + "}");
        Assert.Equal("Mine", environment.Name);
        Assert.Equal("https://login.test.localhost:8443/", environment.SignIn.AbsoluteUri);
        Assert.Equal("https://outlook.office365.com", environment.ExchangeResource);
        Assert.Equal("https://ps.compliance.protection.outlook.com", environment.ComplianceResource);
        Assert.Equal("https://graph.microsoft.com", environment.GraphResource);
        Assert.Empty(environment.TrustedSuffixes);
        Assert.Null(environment.Address);
        Assert.Null(environment.CertificateAuthorities);
        Assert.False(environment.IsKnownCloud);
        Assert.True(environment.Owns(new Uri("https://outlook.test.localhost:8443/x")));
        Assert.False(environment.Owns(new Uri("https://other.test.localhost:8443/x")));
    }

    [Fact]
    public void Everything_is_read()
    {
        using var authority = TestCertificates.Rsa(subject: "CN=Private authority");
        _folder.Write("ca.pem", authority.ExportCertificatePem());
        var path = _folder.Write(
            "env.json",
            "\uFEFF// mine\n{" + Hosts + """
            , "resources": { "exchange": "https://exo.example.org", "Compliance": "https://scc.example.org/", "graph": "https://graph.example.org" },
              "trustedSuffixes": ["test.localhost", ".example.org"], "address": "127.0.0.1:8443", "certificateAuthority": "ca.pem", "future": {"a":[1]}, }
            """);

        var environment = EnvironmentFile.Load("env.json", _folder.Path);

        Assert.Equal("https://exo.example.org", environment.ExchangeResource);
        Assert.Equal("https://scc.example.org", environment.ComplianceResource);
        Assert.Equal(["test.localhost", "example.org"], environment.TrustedSuffixes);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 8443), environment.Address);
        Assert.Equal(authority.Thumbprint, Assert.Single(environment.CertificateAuthorities!).Thumbprint);
        Assert.True(environment.Owns(new Uri("https://nam12b.ps.compliance.protection.test.localhost:446/")));
        Assert.Equal(environment, EnvironmentFile.Load(path));
        Assert.Equal(environment, ExoEnvironments.Resolve("env.json", null, null, ExoService.ExchangeOnline, _folder.Path));

        _folder.Write("ca.pem", authority.RawData);
        Assert.Equal(environment, EnvironmentFile.Load(path));
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("{\n\"name\": \"x\",\n nonsense }", "line 3")]
    [InlineData("[]", "line 1")]
    [InlineData("{\"name\":\"x\"}", "'signIn'")]
    [InlineData("{\n" + Hosts + ",\n\"name\": \"again\"}", "line 4, 'name'")]
    [InlineData("{" + Hosts + ",\n\"address\": \"localhost\"}", "line 3, 'address'")]
    [InlineData("{" + Hosts + ",\n\"address\": \"127.0.0.1\"}", "line 3, 'address'")]
    [InlineData("{" + Hosts + ",\n\"address\": 5}", "line 3, 'address'")]
    [InlineData("{" + Hosts + ",\n\"trustedSuffixes\": \"a.b\"}", "line 3, 'trustedSuffixes'")]
    [InlineData("{" + Hosts + ",\n\"trustedSuffixes\": [\"com\"]}", "line 3, 'trustedSuffixes'")]
    [InlineData("{" + Hosts + ",\n\"trustedSuffixes\": [\"*.example.org\"]}", "line 3, 'trustedSuffixes'")]
    [InlineData("{" + Hosts + ",\n\"trustedSuffixes\": [[\"a.b\"]]}", "line 3, 'trustedSuffixes'")]
    [InlineData("{" + Hosts + ",\n\"resources\": {\n\"exchange\": \"exo\"}}", "line 4, 'resources.exchange'")]
    [InlineData("{" + Hosts + ",\n\"certificateAuthority\": \"\"}", "line 3, 'certificateAuthority'")]
    [InlineData("{" + Hosts + ",\n\"certificateAuthority\": null}", "line 3, 'certificateAuthority'")]
    [InlineData("{" + Hosts + ",\n\"Address\": \"\\ud800\"}", "line 3")]
    public void Errors_name_the_line_and_the_property(string json, string where)
    {
        var e = Assert.Throws<ExoException>(() => Parse(json));
        Assert.Equal("EnvironmentFileInvalid", e.ErrorId);
        Assert.Equal("ExchangeEnvironmentName", e.ParameterName);
        Assert.Contains(where + ":", e.Message, StringComparison.Ordinal);
        Assert.False(string.IsNullOrWhiteSpace(e.Remedy));
    }

    [Theory]
    [InlineData("http://login.test.localhost")]
    [InlineData("https://login.test.localhost/tenant")]
    [InlineData("https://u:p@login.test.localhost/")]
    [InlineData("login.test.localhost")]
    [InlineData("")]
    public void Hosts_must_be_bare_https_addresses(string address)
    {
        var e = Assert.Throws<ExoException>(
            () => Parse("{" + Hosts.Replace("https://login.test.localhost:8443", address, StringComparison.Ordinal) + "}"));
        Assert.Contains("'signIn'", e.Message, StringComparison.Ordinal);
    }

    [SpecialFileTheory]
    [MemberData(nameof(SpecialFiles.Paths), MemberType = typeof(SpecialFiles))]
    public void A_pipe_or_device_is_refused_and_not_opened(string path) => Assert.Equal(
        "EnvironmentFileUnreadable",
        Assert.Throws<ExoException>(() => ExoEnvironments.Resolve(SpecialFiles.Make(path, _folder), null, null, ExoService.ExchangeOnline)).ErrorId);

    [Fact]
    public void Files_that_cannot_be_read_are_told_apart()
    {
        Assert.Equal("EnvironmentFileNotFound", Assert.Throws<ExoException>(() => EnvironmentFile.Load("none.json", _folder.Path)).ErrorId);
        Assert.Equal("EnvironmentFileUnreadable", Assert.Throws<ExoException>(() => EnvironmentFile.Load(_folder.Path)).ErrorId);
        var large = _folder.Write("large.json", new byte[300 * 1024]);
        Assert.Equal("EnvironmentFileUnreadable", Assert.Throws<ExoException>(() => EnvironmentFile.Load(large)).ErrorId);

        var path = _folder.Write("env.json", "{" + Hosts + ", \"certificateAuthority\": \"ca.pem\"}");
        var e = Assert.Throws<ExoException>(() => EnvironmentFile.Load(path));
        Assert.Equal("EnvironmentFileNotFound", e.ErrorId);
        Assert.Contains("ca.pem", e.Message, StringComparison.Ordinal);
        foreach (var content in new[] { "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", string.Empty })
        {
            _folder.Write("ca.pem", content);
            Assert.Equal("EnvironmentFileInvalid", Assert.Throws<ExoException>(() => EnvironmentFile.Load(path)).ErrorId);
        }
    }

    [Fact]
    public void Any_bytes_give_an_environment_or_an_error() =>
        Prop.ForAll<byte[]>(bytes => GivesEnvironmentOrError(bytes ?? [])).QuickCheckThrowOnFailure();

    [Fact]
    public void A_good_file_with_any_change_gives_an_environment_or_an_error()
    {
        var good = Encoding.UTF8.GetBytes(
            "{" + Hosts + ", \"trustedSuffixes\": [\"a.b\"], \"address\": \"127.0.0.1:1\", \"resources\": {\"graph\": \"https://g.h\"}}");
        var change = from at in Gen.Choose(0, good.Length - 1)
                     from with in Gen.Choose(0, 255)
                     from cut in Gen.Choose(0, 3)
                     select (At: at, With: (byte)with, Cut: cut);
        Prop.ForAll(change.ToArbitrary(), c =>
        {
            var bytes = good.ToArray();
            bytes[c.At] = c.With;
            return GivesEnvironmentOrError(c.Cut == 0 ? bytes[..c.At] : bytes);
        }).QuickCheckThrowOnFailure();
    }

    private static bool GivesEnvironmentOrError(byte[] bytes)
    {
        try
        {
            return EnvironmentFile.Parse(bytes, Path.GetFullPath("/x/env.json")).Name.Length > 0;
        }
        catch (ExoException e)
        {
            return e.ErrorId is "EnvironmentFileInvalid";
        }
    }
}
