using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Environments;

namespace ExoConnect.Core.Tests.Authentication;

public sealed class SignInAdviceTests
{
    private static readonly string GlobalReader = DirectoryRoles.Find("Global Reader")!.TemplateId;
    private static readonly string ExchangeAdministrator = DirectoryRoles.Find("exchange administrator")!.TemplateId;

    private static TokenClaims App(string[] permissions, params string[] roles) =>
        new() { AppId = "app", IsAppOnly = true, Permissions = permissions, DirectoryRoleIds = roles };

    [Theory]
    [InlineData("Exchange.ManageAsApp")]
    [InlineData("Exchange.ManageAsAppV2")]
    public void A_good_set_up_has_no_warning(string permission)
    {
        var claims = App([permission], GlobalReader);
        Assert.Empty(SignInAdvice.For(claims, "contoso.onmicrosoft.com", ExoService.ExchangeOnline, CloudEnvironments.O365Default));
        Assert.Empty(SignInAdvice.For(claims, "contoso.onmicrosoft.com", ExoService.SecurityCompliance, CloudEnvironments.O365Default));
    }

    [Fact]
    public void Missing_permission_names_the_step()
    {
        var warnings = SignInAdvice.For(
            App(["Mail.Read"], GlobalReader), "contoso.onmicrosoft.com", ExoService.ExchangeOnline, CloudEnvironments.O365Default);
        Assert.Contains("Office 365 Exchange Online", Assert.Single(warnings), StringComparison.Ordinal);
        var national = SignInAdvice.ForPermissions(App([]), ExoService.SecurityCompliance, CloudEnvironments.O365China);
        Assert.Contains("Microsoft Exchange Online Protection", national, StringComparison.Ordinal);
    }

    [Fact]
    public void A_role_of_the_other_service_is_no_role()
    {
        var claims = App(["Exchange.ManageAsApp"], ExchangeAdministrator);
        Assert.Null(SignInAdvice.ForRoles(claims, ExoService.ExchangeOnline));
        var warning = SignInAdvice.ForRoles(claims, ExoService.SecurityCompliance)!;
        Assert.Contains("has only Exchange Administrator", warning, StringComparison.Ordinal);
        Assert.Contains("Compliance Administrator, Global Administrator", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("Helpdesk", warning, StringComparison.Ordinal);
        Assert.Contains("has no directory role", SignInAdvice.ForRoles(App([], "unknown"), ExoService.ExchangeOnline), StringComparison.Ordinal);
    }

    [Fact]
    public void A_users_token_is_not_judged_by_these()
    {
        var claims = new TokenClaims { UserPrincipalName = "meg@contoso.com", Scopes = ["Exchange.Manage"] };
        Assert.Empty(SignInAdvice.For(claims, "contoso.onmicrosoft.com", ExoService.ExchangeOnline, CloudEnvironments.O365Default));
    }

    [Theory]
    [InlineData("contoso.onmicrosoft.com", true)]
    [InlineData("CONTOSO.ONMICROSOFT.COM", true)]
    [InlineData("contoso.onmicrosoft.us", true)]
    [InlineData("contoso.partner.onmschina.cn", true)]
    [InlineData("c0ffee00-0000-4000-8000-000000000000", true)]
    [InlineData("contoso.com", false)]
    [InlineData("onmicrosoft.com.example.org", false)]
    public void Organization_is_an_initial_domain_or_a_tenant_id(string organization, bool fine) =>
        Assert.Equal(fine, SignInAdvice.ForOrganization(organization) is null);

    [Fact]
    public void The_table_of_roles_is_the_services()
    {
        Assert.Equal(8, DirectoryRoles.All.Count);
        Assert.All(DirectoryRoles.All, role =>
        {
            Assert.True(Guid.TryParseExact(role.TemplateId, "D", out _));
            Assert.True(role.IsAcceptedBy(ExoService.ExchangeOnline));
            Assert.Same(role, DirectoryRoles.Find(role.TemplateId.ToUpperInvariant()));
        });
        Assert.Equal(5, DirectoryRoles.All.Count(role => role.IsAcceptedBy(ExoService.SecurityCompliance)));
        Assert.Null(DirectoryRoles.Find(null));
        Assert.Null(DirectoryRoles.Find("Janitor"));
    }
}
