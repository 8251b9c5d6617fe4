using ExoConnect.Core.Authentication.Methods;

namespace ExoConnect.Core.Tests.Authentication;

public sealed class SignInDefaultsTests
{
    private static readonly Dictionary<string, string> Variables = new()
    {
        ["EXOCONNECT_APPID"] = "ours", ["EXOCONNECT_TENANT"] = "ours.onmicrosoft.com", ["AZURE_CLIENT_ID"] = "platform",
        ["AZURE_TENANT_ID"] = "platform.onmicrosoft.com",
    };

    [Theory]
    [InlineData(" given ", "configured", "given")]
    [InlineData(" ", "configured", "configured")]
    [InlineData(null, "", "ours")]
    public void What_is_given_comes_before_what_is_configured_and_that_before_the_variable(string? given, string? configured, string expected) =>
        Assert.Equal(expected, SignInDefaults.AppId(given, configured, Variables.GetValueOrDefault));

    [Fact]
    public void A_user_who_is_named_tells_the_organization_better_than_a_variable()
    {
        Assert.Null(SignInDefaults.Organization(null, userPrincipalName: "adele@fabrikam.com", variable: Variables.GetValueOrDefault));
        Assert.Equal("configured", SignInDefaults.Organization(null, "configured", "adele@fabrikam.com", Variables.GetValueOrDefault));
        Assert.Equal("ours.onmicrosoft.com", SignInDefaults.Organization(null, variable: Variables.GetValueOrDefault));
    }

    [Fact]
    public void A_workload_goes_by_its_platform_first()
    {
        Assert.Equal("given", SignInDefaults.WorkloadAppId("given", Variables.GetValueOrDefault));
        Assert.Equal("platform", SignInDefaults.WorkloadAppId(null, Variables.GetValueOrDefault));
        Assert.Equal("platform.onmicrosoft.com", SignInDefaults.WorkloadOrganization("", Variables.GetValueOrDefault));
        Assert.Equal("ours", SignInDefaults.WorkloadAppId(null, name => name.StartsWith("AZURE", StringComparison.Ordinal) ? null : Variables[name]));
    }
}
