using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Sessions;
using ExoConnect.Core.Tests.Sessions;
using ExoConnect.LocalTenant;

namespace ExoConnect.Core.Tests.Authentication;

/// <summary>The pages in a real browser: what a person sees, clicks, and where the response goes.</summary>
public sealed class BrowserSignInTests
{
    private static readonly TenantOptions Options = new() { Mailboxes = 5, DeviceCodeInterval = TimeSpan.FromSeconds(1) };

    private static ConnectOptions With(ConnectedTenant connected, SignInMethod method, Chromium browser) =>
        connected.Options() with { SignIn = method, Interaction = browser, InteractiveTimeout = TimeSpan.FromSeconds(40) };

    [ChromiumFact]
    public async Task A_person_signs_in_with_a_second_factor_and_is_told_to_go_back()
    {
        await using var connected = await ConnectedTenant.StartAsync(Options);
        var tenant = connected.Tenant;
        tenant.Registry.FindUser(tenant.AdministratorName)!.RequiresMfa = true;
        await using var browser = Chromium.Start(async page =>
        {
            await page.SeeAsync("to let ExoConnect act for you");
            Assert.Equal(tenant.AdministratorName, await page.ReadAsync("document.querySelector('[name=username]').value"));

            // The first try is wrong, and the page says so.
            await page.FillAsync("password", "wrong");
            await page.ClickAsync("[value=signin]");
            await page.SeeAsync("AADSTS50126");
            await page.FillAsync("password", tenant.AdministratorPassword);
            await page.ClickAsync("[value=signin]");
            await page.ClickAsync("[value=approve]");
            await page.SeeAsync("You can close this page");
            Assert.StartsWith("http://localhost:", await page.ReadAsync("location.href"), StringComparison.Ordinal);
            Assert.DoesNotContain("code=", await page.ReadAsync("location.href"), StringComparison.Ordinal);
        });

        var session = await connected.ConnectAsync(With(connected, new SignInMethod.Browser(tenant.AdministratorName), browser));
        await browser.Visit;
        Assert.Equal(tenant.AdministratorName, session.Description.Claims.UserPrincipalName);
        Assert.NotEmpty(await connected.RunAsync(session, "Get-Mailbox", ("ResultSize", 1)));
    }

    [ChromiumFact]
    public async Task A_person_who_cancels_sees_it_there_and_here()
    {
        await using var connected = await ConnectedTenant.StartAsync(Options);
        await using var browser = Chromium.Start(async page =>
        {
            await page.ClickAsync("[value=cancel]");
            await page.SeeAsync("Not signed in");
        });

        var e = await Assert.ThrowsAsync<SignInException>(() => connected.ConnectAsync(With(connected, new SignInMethod.Browser(), browser)));
        Assert.Equal("ConsentDeclined", e.ErrorId);
        await browser.Visit;
    }

    [ChromiumFact]
    public async Task A_person_enters_the_code_of_a_device()
    {
        await using var connected = await ConnectedTenant.StartAsync(Options);
        var tenant = connected.Tenant;
        var shown = new TaskCompletionSource<DeviceCodePrompt>();
        await using var browser = Chromium.Start(async page =>
        {
            await page.FillAsync("code", (await shown.Task).UserCode);
            await page.FillAsync("username", tenant.AdministratorName);
            await page.FillAsync("password", tenant.AdministratorPassword);
            await page.ClickAsync("[value=signin]");
            await page.SeeAsync("You have signed in");
        });
        var options = With(connected, new SignInMethod.DeviceCode(), browser) with { Interaction = new Reader(browser, shown) };
        Assert.Equal(tenant.AdministratorName, (await connected.ConnectAsync(options)).Description.Claims.UserPrincipalName);
        await browser.Visit;
    }

    /// <summary>Reads the code off the screen, and goes to the browser with it.</summary>
    private sealed class Reader(Chromium browser, TaskCompletionSource<DeviceCodePrompt> shown) : ISignInInteraction
    {
        public void ShowDeviceCode(DeviceCodePrompt prompt)
        {
            shown.SetResult(prompt);
            browser.ShowDeviceCode(prompt);
        }

        public Task OpenBrowserAsync(Uri address, CancellationToken cancellationToken) => browser.OpenBrowserAsync(address, cancellationToken);
    }
}
