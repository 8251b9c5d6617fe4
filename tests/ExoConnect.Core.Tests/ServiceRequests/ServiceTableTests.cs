using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.ServiceRequests;

namespace ExoConnect.Core.Tests.ServiceRequests;

public class ServiceTableTests
{
    private static readonly ServiceTable Worldwide = ServiceTable.For(CloudEnvironments.O365Default, "contoso.onmicrosoft.com");

    [Theory]
    [InlineData("O365Default", "contoso.onmicrosoft.com", "Exchange", "https://outlook.office365.com")]
    [InlineData("O365Default", "contoso.onmicrosoft.com", "compliance", "https://ps.compliance.protection.outlook.com")]
    [InlineData("O365Default", "contoso.onmicrosoft.com", "GRAPH", "https://graph.microsoft.com")]
    [InlineData("O365Default", "Contoso.onmicrosoft.com", "SharePoint", "https://contoso.sharepoint.com")]
    [InlineData("O365Default", "contoso.onmicrosoft.com", "ManagementApi", "https://manage.office.com")]
    [InlineData("O365Default", "contoso.onmicrosoft.com", "AzureManagement", "https://management.azure.com")]
    [InlineData("O365Default", "contoso.onmicrosoft.com", "AzureManagementClassic", "https://management.core.windows.net")]
    [InlineData("O365Default", "contoso.onmicrosoft.com", "Yammer", "https://api.yammer.com")]
    [InlineData("O365USGovGCCHigh", "contoso.onmicrosoft.us", "Graph", "https://graph.microsoft.us")]
    [InlineData("O365USGovGCCHigh", "contoso.onmicrosoft.us", "SharePoint", "https://contoso.sharepoint.us")]
    [InlineData("O365USGovGCCHigh", "contoso.onmicrosoft.us", "ManagementApi", "https://manage.office365.us")]
    [InlineData("O365USGovDoD", "contoso.onmicrosoft.us", "Graph", "https://dod-graph.microsoft.us")]
    [InlineData("O365USGovDoD", "contoso.onmicrosoft.us", "ManagementApi", "https://manage.protection.apps.mil")]
    [InlineData("O365USGovDoD", "contoso.onmicrosoft.us", "AzureManagement", "https://management.usgovcloudapi.net")]
    [InlineData("O365China", "contoso.partner.onmschina.cn", "SharePoint", "https://contoso.sharepoint.cn")]
    [InlineData("O365China", "contoso.partner.onmschina.cn", "Graph", "https://microsoftgraph.chinacloudapi.cn")]
    [InlineData("O365China", "contoso.partner.onmschina.cn", "AzureManagement", "https://management.chinacloudapi.cn")]
    public void A_name_stands_for_the_clouds_own_resource(string cloud, string organization, string name, string resource) =>
        Assert.Equal(resource, ServiceTable.For(CloudEnvironments.Find(cloud)!, organization).ResolveResource(name).Resource);

    [Theory]
    [InlineData("https://graph.microsoft.com/", "https://graph.microsoft.com")]
    [InlineData("https://graph.microsoft.com/.default", "https://graph.microsoft.com")]
    [InlineData("HTTPS://GRAPH.MICROSOFT.COM:443", "https://graph.microsoft.com")]
    [InlineData("00000003-0000-0000-c000-000000000000", "https://graph.microsoft.com")]
    [InlineData("https://contoso-my.sharepoint.com", "https://contoso-my.sharepoint.com")]
    [InlineData("https://vault.azure.net/", "https://vault.azure.net")]
    [InlineData("api://6dc2c1a4-8d4e-4a6c-9ba2-1f5b3a9f2f10", "api://6dc2c1a4-8d4e-4a6c-9ba2-1f5b3a9f2f10")]
    public void An_identifier_is_recognized_however_it_is_written(string given, string resource) =>
        Assert.Equal(resource, Worldwide.ResolveResource(given).Resource);

    [Theory]
    [InlineData("Nothing", "ResourceInvalid")]
    [InlineData("", "ResourceInvalid")]
    [InlineData("https://graph.microsoft.us", "ResourceOfAnotherCloud")]
    [InlineData("https://contoso.sharepoint.cn", "ResourceOfAnotherCloud")]
    public void Some_resources_are_refused(string given, string errorId) =>
        Assert.Equal(errorId, Assert.Throws<ExoException>(() => Worldwide.ResolveResource(given)).ErrorId);

    [Theory]
    [InlineData("contoso.com")]
    [InlineData("11111111-1111-1111-1111-111111111111")]
    public void SharePoint_by_name_needs_the_initial_domain(string organization)
    {
        var table = ServiceTable.For(CloudEnvironments.O365Default, organization);

        Assert.Equal("SharePointHostUnknown", Assert.Throws<ExoException>(() => table.ResolveResource("SharePoint")).ErrorId);
        Assert.Equal("https://contoso.sharepoint.com", table.ResolveResource("https://contoso.sharepoint.com").Resource);
        Assert.Equal("https://contoso.sharepoint.com", table.Resolve("https://contoso.sharepoint.com/_api/web").Resource);
    }

    [Theory]
    [InlineData("https://example.com/x", null, "ResourceRequired")]
    [InlineData("https://graph.microsoft.com:8443/v1.0/me", null, "ResourceRequired")]
    [InlineData("https://graph.microsoft.com.example.com/v1.0", null, "ResourceRequired")]
    [InlineData("https://sharepoint.com/", null, "ResourceRequired")]
    [InlineData("https://evilsharepoint.com/", null, "ResourceRequired")]
    [InlineData("https://graph.microsoft.us/v1.0/me", null, "ResourceOfAnotherCloud")]
    [InlineData("https://outlook.office365.us/adminapi", null, "ResourceOfAnotherCloud")]
    [InlineData("https://login.microsoftonline.com/common", null, "ResourceMismatch")]
    [InlineData("https://login.microsoftonline.com/common", "https://vault.azure.net", "ResourceMismatch")]
    [InlineData("https://graph.microsoft.us/v1.0/me", "https://vault.azure.net", "ResourceOfAnotherCloud")]
    [InlineData("https://example.com/x", "Graph", "ResourceMismatch")]
    [InlineData("https://example.com/x", "https://GRAPH.microsoft.com/", "ResourceMismatch")]
    [InlineData("https://example.com/x", "00000003-0000-0000-c000-000000000000", "ResourceMismatch")]
    [InlineData("https://example.com/x", "api://00000003-0000-0000-c000-000000000000", "ResourceMismatch")]
    [InlineData("https://example.com/x", "https://contoso.sharepoint.com", "ResourceMismatch")]
    [InlineData("https://graph.microsoft.com/v1.0/me", "Exchange", "ResourceMismatch")]
    [InlineData("https://graph.microsoft.com/v1.0/me", "https://vault.azure.net", "ResourceMismatch")]
    [InlineData("https://contoso.sharepoint.com/x", "https://fabrikam.sharepoint.com", "ResourceMismatch")]
    [InlineData("http://graph.microsoft.com/v1.0/me", null, "RequestUriInvalid")]
    [InlineData("https://user:pw@graph.microsoft.com/v1.0/me", null, "RequestUriInvalid")]
    [InlineData("//example.com/v1.0/me", null, "RequestUriInvalid")]
    [InlineData("v1.0/me", null, "RequestUriInvalid")]
    [InlineData("", null, "RequestUriInvalid")]
    [InlineData("file:///etc/passwd", null, "RequestUriInvalid")]
    [InlineData("/\\example.com/v1.0/me", null, "RequestUriInvalid")]
    public void No_token_leaves_for_a_host_that_it_is_not_for(string uri, string? resource, string errorId)
    {
        var error = Assert.Throws<ExoException>(() => Worldwide.Resolve(uri, resource));

        Assert.Equal(errorId, error.ErrorId);
        Assert.False(string.IsNullOrWhiteSpace(error.Remedy));
        Assert.DoesNotContain("pw", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://contoso-admin.sharepoint.com/x", "SharePoint", "https://contoso-admin.sharepoint.com")]
    [InlineData("https://manage-gcc.office.com/api", null, "https://manage-gcc.office.com")]
    [InlineData("https://nam12b.ps.compliance.protection.outlook.com/adminapi", null, "https://ps.compliance.protection.outlook.com")]
    [InlineData("https://eur01.outlook.office365.com/adminapi", null, "https://outlook.office365.com")]
    [InlineData("/subscriptions?api-version=2022-12-01", "AzureManagement", "https://management.azure.com")]
    [InlineData("https://example.com/x", "https://vault.azure.net", "https://vault.azure.net")]
    [InlineData("https://graph.microsoft.com/v1.0/me", "https://graph.microsoft.com/", "https://graph.microsoft.com")]
    public void The_host_or_the_name_says_which_token(string uri, string? resource, string expected) =>
        Assert.Equal(expected, Worldwide.Resolve(uri, resource).Resource);

    [Fact]
    public void A_custom_environment_has_the_services_that_its_file_places()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, """
                {
                  "name": "Mine", "signIn": "https://login.here.test", "exchange": "https://outlook.here.test", "compliance": "https://ps.compliance.here.test",
                  "graph": "https://graph.here.test:8443", "trustedSuffixes": ["here.test"],
                  "services": { "managementApi": "https://manage.here.test:8443", "sharePoint": "https://contoso.sites.here.test:8443" },
                  "resources": { "sharePoint": "https://contoso.sharepoint.com" }
                }
                """);
            var environment = EnvironmentFile.Load(file);
            var table = ServiceTable.For(environment, "contoso.onmicrosoft.com");

            Assert.Equal(environment, EnvironmentFile.Load(file));
            Assert.NotEqual(environment, environment with { OtherServices = ExoEnvironment.NoServices });
            Assert.Equal("https://graph.microsoft.com", table.Resolve("https://graph.here.test:8443/v1.0/me").Resource);
            Assert.Equal("https://graph.here.test:8443/v1.0/me", table.Resolve("/v1.0/me").Address.AbsoluteUri);
            Assert.Equal("https://manage.office.com", table.Resolve("https://manage.here.test:8443/api").Resource);
            Assert.Equal("https://contoso.sharepoint.com", table.Resolve("https://contoso.sites.here.test:8443/_api").Resource);
            Assert.Equal("https://management.azure.com", table.ResolveResource("AzureManagement").Resource);
            Assert.Equal("https://graph.microsoft.com", table.ResolveResource("https://graph.microsoft.com").Resource);

            Assert.Equal("https://contoso-admin.sharepoint.com", table.ResolveResource("https://contoso-admin.sharepoint.com").Resource);
            Assert.Equal("ResourceOfAnotherCloud", Assert.Throws<ExoException>(() => table.ResolveResource("https://graph.microsoft.us")).ErrorId);
            Assert.Equal(
                "ResourceMismatch", Assert.Throws<ExoException>(
                    () => table.Resolve("https://other.here.test/x", "https://contoso-admin.sharepoint.com")).ErrorId);

            // The real hosts are another cloud's, and a trusted suffix is for redirects of the session's own service.
            Assert.Equal("ResourceOfAnotherCloud", Assert.Throws<ExoException>(() => table.Resolve("https://graph.microsoft.com/v1.0/me")).ErrorId);
            Assert.Equal("ResourceOfAnotherCloud", Assert.Throws<ExoException>(() => table.Resolve("https://management.azure.com/x")).ErrorId);
            Assert.Equal("ResourceRequired", Assert.Throws<ExoException>(() => table.Resolve("https://other.here.test/x")).ErrorId);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
