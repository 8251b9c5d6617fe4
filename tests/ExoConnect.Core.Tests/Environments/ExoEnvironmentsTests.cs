using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;

namespace ExoConnect.Core.Tests.Environments;

public sealed class ExoEnvironmentsTests
{
    private readonly Messages _messages = new();

    private ExoEnvironment Resolve(
        string? name, string? connectionUri = null, string? authorization = null, ExoService service = ExoService.ExchangeOnline) =>
        ExoEnvironments.Resolve(name, connectionUri, authorization, service, null, _messages);

    private static ExoException Fails(string errorId, string parameter, Func<ExoEnvironment> resolve)
    {
        var e = Assert.Throws<ExoException>(resolve);
        Assert.Equal(errorId, e.ErrorId);
        Assert.Equal(parameter, e.ParameterName);
        Assert.False(string.IsNullOrWhiteSpace(e.Remedy));
        return e;
    }

    [Theory]
    [InlineData("O365Default", "login.microsoftonline.com", "outlook.office365.com", "ps.compliance.protection.outlook.com", "graph.microsoft.com")]
    [InlineData(
        "o365usgovgcchigh", "login.microsoftonline.us", "outlook.office365.us", "ps.compliance.protection.office365.us", "graph.microsoft.us")]
    [InlineData(
        "O365UsGovDod", "login.microsoftonline.us", "outlook-dod.office365.us", "ps.compliance.protection.office365.us", "dod-graph.microsoft.us")]
    [InlineData("O365China", "login.chinacloudapi.cn", "partner.outlook.cn", "ps.compliance.protection.partner.outlook.cn",
        "microsoftgraph.chinacloudapi.cn")]
    [InlineData("O365GermanyCloud", "login.microsoftonline.de", "outlook.office.de", "ps.compliance.protection.outlook.de", "graph.microsoft.de")]
    public void Clouds_are_those_of_the_table(string name, string signIn, string exchange, string compliance, string graph)
    {
        var environment = Resolve(name);
        Assert.Equal(signIn, environment.SignIn.Host);
        Assert.Equal(exchange, environment.Exchange.Host);
        Assert.Equal(compliance, environment.Compliance.Host);
        Assert.Equal(graph, environment.Graph.Host);
        Assert.Equal($"https://{exchange}", environment.ExchangeResource);
        Assert.Equal($"https://{compliance}", environment.ComplianceResource);
        Assert.True(environment.IsKnownCloud);
        Assert.Equal(name == "O365GermanyCloud" ? 1 : 0, _messages.Warnings.Count);
    }

    [Theory]
    [InlineData("https://login.microsoftonline.com", "https://outlook.office365.com", null, "")]
    [InlineData("https://login.here.test", "https://outlook.elsewhere.test", null, "")]
    [InlineData("https://login.microsoftonline.com", "https://outlook.office365.com", "127.0.0.1:8443", "")]
    [InlineData("https://login.microsoftonline.com", "https://outlook.elsewhere.test", null, "outlook.elsewhere.test")]
    [InlineData("https://login.microsoftonline.us", "https://outlook.office365.com", null, "outlook.office365.com")]
    [InlineData("https://login.microsoftonline.com", "https://outlook.office365.com", "192.0.2.7:443", "192.0.2.7:443")]
    public void A_file_that_takes_a_real_clouds_tokens_elsewhere_is_told(string signIn, string exchange, string? address, string foreign)
    {
        var cloud = CloudEnvironments.All.FirstOrDefault(c => c.SignIn.Host == new Uri(signIn).Host) ?? CloudEnvironments.O365Default;
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.json");
        var content = new Dictionary<string, string>
        {
            ["name"] = "Mine",
            ["signIn"] = signIn,
            ["exchange"] = exchange,
            ["compliance"] = cloud.Compliance.ToString(),
            ["graph"] = cloud.Graph.ToString(),
        };
        if (address is not null)
        {
            content["address"] = address;
        }

        File.WriteAllText(file, System.Text.Json.JsonSerializer.Serialize(content));
        try
        {
            Resolve(file);
        }
        finally
        {
            File.Delete(file);
        }

        Assert.Equal(foreign.Length > 0 ? 1 : 0, _messages.Warnings.Count);
        Assert.All(_messages.Warnings, warning => Assert.Contains(foreign, warning, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void Nothing_means_the_worldwide_cloud(string? name) => Assert.Same(CloudEnvironments.O365Default, Resolve(name));

    [Fact]
    public void Unknown_name_lists_the_known_ones()
    {
        var e = Fails("EnvironmentUnknown", "ExchangeEnvironmentName", () => Resolve("O365Mars"));
        Assert.Contains("O365USGovGCCHigh", e.Remedy, StringComparison.Ordinal);
        Fails("EnvironmentFileNotFound", "ExchangeEnvironmentName", () => Resolve("no/such.json"));
    }

    [Theory]
    [InlineData("https://outlook.office365.com/powershell-liveid/", "https://outlook.office365.com/")]
    [InlineData("https://EUR05.outlook.office365.com/", "https://eur05.outlook.office365.com/")]
    [InlineData("https://outlook.office365.com:8443/x?y=z#w", "https://outlook.office365.com:8443/")]
    public void Only_the_host_of_a_connection_uri_counts(string uri, string expected)
    {
        var environment = Resolve("O365Default", uri);
        Assert.Equal(expected, environment.Exchange.AbsoluteUri);
        Assert.Equal(CloudEnvironments.O365Default.TrustedSuffixes, environment.TrustedSuffixes);
        Assert.Equal(CloudEnvironments.O365Default.Compliance, environment.Compliance);
        Assert.Empty(_messages.Warnings);
    }

    // The ConnectionUris that Microsoft documents for the national clouds.
    [Theory]
    [InlineData("https://outlook.office365.us/powershell-liveID", ExoService.ExchangeOnline, "O365USGovGCCHigh")]
    [InlineData("https://webmail.apps.mil/powershell-liveID", ExoService.ExchangeOnline, "O365USGovDoD")]
    [InlineData("https://partner.outlook.cn/PowerShell", ExoService.ExchangeOnline, "O365China")]
    [InlineData("https://ps.compliance.protection.office365.us/powershell-liveid/", ExoService.SecurityCompliance, "O365USGovGCCHigh")]
    [InlineData("https://l5.ps.compliance.protection.office365.us/powershell-liveid/", ExoService.SecurityCompliance, "O365USGovGCCHigh")]
    [InlineData("https://compliance.dod.microsoft.com/powershell-liveid", ExoService.SecurityCompliance, "O365USGovDoD")]
    [InlineData("https://ps.compliance.protection.partner.outlook.cn/powershell-liveid", ExoService.SecurityCompliance, "O365China")]
    public void A_connection_uri_alone_chooses_its_cloud(string uri, ExoService service, string cloud)
    {
        var environment = Resolve(null, uri, null, service);
        Assert.Equal(cloud, environment.Name);
        Assert.Equal(new Uri(uri).Host, environment.BaseAddress(service).Host);
        Assert.Empty(_messages.Warnings);
    }

    [Fact]
    public void The_documented_dod_addresses_fit_its_name()
    {
        Assert.Equal("webmail.apps.mil", Resolve("O365USGovDoD", "https://webmail.apps.mil/powershell-liveID").Exchange.Host);
        var environment = Resolve(
            "O365USGovDoD", "https://l5.ps.compliance.protection.office365.us/powershell-liveid/", null, ExoService.SecurityCompliance);
        Assert.Equal("l5.ps.compliance.protection.office365.us", environment.Compliance.Host);
        Assert.Empty(_messages.Warnings);
    }

    [Fact]
    public void A_host_of_another_cloud_is_refused()
    {
        var e = Fails("ConnectionUriMismatch", "ConnectionUri", () => Resolve("O365Default", "https://outlook.office365.us/"));
        Assert.Contains("O365USGovGCCHigh", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_host_gets_no_token()
    {
        var e = Fails("ConnectionUriUnknown", "ConnectionUri", () => Resolve("O365Default", "https://outlook.office365.com.example.org/"));
        Assert.Contains("outlook.office365.com.example.org", e.Message, StringComparison.Ordinal);
        Assert.Contains("environment file", e.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("outlook.office365.com", true)]
    [InlineData("eur05.outlook.office365.com", true)]
    [InlineData("ps.compliance.protection.outlook.com", true)]
    [InlineData("login.microsoftonline.com", false)]
    [InlineData("graph.microsoft.com", false)]
    [InlineData("example.org", false)]
    public void Only_hosts_that_run_cmdlets_are_a_services(string host, bool expected) =>
        Assert.Equal(expected, CloudEnvironments.O365Default.OwnsService(new Uri($"https://{host}/")));

    [Theory]
    [InlineData("http://outlook.office365.com/")]
    [InlineData("outlook.office365.com")]
    [InlineData("https://")]
    [InlineData("ftp://outlook.office365.com/")]
    [InlineData("https://user:secret@outlook.office365.com/")]
    [InlineData("https://login.microsoftonline.com/")]
    [InlineData("https://graph.microsoft.com/")]
    public void Bad_connection_uris_are_refused(string uri)
    {
        var e = Fails("ConnectionUriInvalid", "ConnectionUri", () => Resolve(null, uri));
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://login.microsoftonline.us/organizations", 0)]
    [InlineData("https://login.microsoftonline.us/common/", 0)]
    [InlineData("https://login.microsoftonline.us", 0)]
    [InlineData("https://login.microsoftonline.us/contoso.onmicrosoft.com", 1)]
    public void Authorization_endpoint_gives_its_host(string uri, int warnings)
    {
        var environment = Resolve("O365USGovGCCHigh", null, uri);
        Assert.Equal("https://login.microsoftonline.us/", environment.SignIn.AbsoluteUri);
        Assert.Equal(warnings, _messages.Warnings.Count);
        Assert.True(environment.IsKnownCloud);
    }

    [Fact]
    public void Unknown_authorization_endpoint_is_warned_of()
    {
        var environment = Resolve(null, null, "https://login.example.org/organizations");
        Assert.Equal("login.example.org", environment.SignIn.Host);
        Assert.False(environment.IsKnownCloud);
        Assert.Single(_messages.Warnings);
        Fails("AuthorizationEndpointUriInvalid", "AzureADAuthorizationEndpointUri", () =>
            Resolve(null, null, "http://login.microsoftonline.com/common"));
    }

    [Fact]
    public void Tokens_stay_with_the_cloud()
    {
        var environment = CloudEnvironments.O365Default;
        Assert.True(environment.Owns(new Uri("https://nam12b.ps.compliance.protection.outlook.com/")));
        Assert.True(environment.Owns(new Uri("https://nam12b.admin.protection.outlook.com:446/")));
        Assert.True(environment.Owns(new Uri("https://am0pr05.outlook.office365.com/")));
        Assert.False(environment.Owns(new Uri("https://outlook.office365.com.example.org/")));
        Assert.False(environment.Owns(new Uri("https://evil-outlook.office365.com/")));
        Assert.False(environment.Owns(new Uri("https://outlook.office365.us/")));
        Assert.False(environment.Owns(new Uri("http://outlook.office365.com/")));
        foreach (var cloud in CloudEnvironments.All)
        {
            Assert.True(cloud.Owns(cloud.Exchange) && cloud.Owns(cloud.Compliance) && cloud.Owns(cloud.SignIn) && cloud.Owns(cloud.Graph));
        }
    }

    [Fact]
    public void Equal_input_gives_equal_environments()
    {
        var first = Resolve("O365Default", "https://eur05.outlook.office365.com/");
        var second = Resolve("o365default", "https://eur05.outlook.office365.com/powershell");
        Assert.Equal(first, second);
        Assert.Equal(first.GetHashCode(), second.GetHashCode());
        Assert.NotEqual(first, CloudEnvironments.O365Default);
    }

    private sealed class Messages : IEngineMessages
    {
        public List<string> Warnings { get; } = [];

        public void Warning(string message) => Warnings.Add(message);

        public void Verbose(string message)
        {
        }
    }
}
