using System.Text.Json;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.Cli.Tests.Commands;

/// <summary>The ways of signing in beside certificates: what is remembered, and that it holds no secret.</summary>
public sealed class SignInTests(TenantFixture fixture) : IClassFixture<TenantFixture>, IDisposable
{
    private readonly Sandbox _user = new();

    private Tenant Tenant => fixture.Tenant;

    private string Secret => Tenant.Describe().ClientSecret!;

    public void Dispose() => _user.Dispose();

    [Fact]
    public async Task A_client_secret_comes_from_a_variable_or_a_file()
    {
        _user.Variables["APP_SECRET"] = Secret;
        (await _user.RunAsync(Line("--profile", "a", "--client-secret-env", "APP_SECRET"))).Ended(0);
        (await _user.RunAsync(Line("--profile", "b", "--client-secret-file", _user.WriteFile("secret", Secret + "\n")))).Ended(0);
        foreach (var profile in new[] { "a", "b" })
        {
            Assert.DoesNotContain(Secret, await File.ReadAllTextAsync(_user.ProfileFile(profile)), StringComparison.Ordinal);
            Assert.Equal(3, (await _user.RunAsync("run", "Get-Mailbox", "--ResultSize", "3", "-o", "ndjson", "--profile", profile)).Ended(
                0).Lines.Length);
            Assert.StartsWith("eyJ", (await _user.RunAsync("token", "-r", "Graph", "--profile", profile)).Ended(0).Output, StringComparison.Ordinal);
        }

        using var status = JsonDocument.Parse((await _user.RunAsync("status", "--check", "-o", "json")).Ended(0).Output);
        Assert.Equal("client secret from the variable APP_SECRET", status.RootElement[0].GetProperty("credential").GetString());

        _user.Variables.Remove("APP_SECRET");
        Assert.Contains("APP_SECRET, which is not set", (await _user.RunAsync("token", "--profile", "a")).Ended(2).Error, StringComparison.Ordinal);
        _user.Variables["APP_SECRET"] = "wrong";
        var wrong = (await _user.RunAsync("token", "--profile", "a")).Ended(3).Error;
        Assert.Contains("AADSTS7000215", wrong, StringComparison.Ordinal);
        Assert.DoesNotContain("-ClientSecret", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_handed_in_is_good_for_its_service()
    {
        (await _user.RunAsync(Line("--certificate", Tenant.PemPath))).Ended(0);
        _user.Variables["TOKEN"] = (await _user.RunAsync("token")).Ended(0).Output.Trim();
        (await _user.RunAsync("login", "--access-token-env", "TOKEN", "--environment", Tenant.EnvironmentFile, "--profile", "handed")).Ended(0);

        var profile = await File.ReadAllTextAsync(_user.ProfileFile("handed"));
        Assert.DoesNotContain("eyJ", profile, StringComparison.Ordinal);
        Assert.Contains(Tenant.TenantId.ToString(), profile, StringComparison.Ordinal);
        Assert.Single((await _user.RunAsync("run", "Get-Mailbox", "--ResultSize", "1", "-o", "ndjson", "--profile", "handed")).Ended(0).Lines);
        Assert.Contains("AccessTokenForAnotherService", (await _user.RunAsync("token", "-r", "Graph", "--profile", "handed")).Error,
            StringComparison.Ordinal);
    }

    private string[] Line(params string[] more) => TenantFixture.ConnectLine(Tenant, more);
}
