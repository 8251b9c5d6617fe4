using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using ExoConnect.Cli.Tests.Processes;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.Cli.Tests.Commands;

/// <summary>Users who sign in once, and commands that go on with it; and identities that platforms vouch for, in processes of their own.</summary>
public sealed partial class UserSignInTests : IAsyncLifetime
{
    private readonly Sandbox _user = new() { Answer = true };
    private readonly List<Task<string>> _visits = [];
    private Tenant _tenant = null!;

    private int Visits => _visits.Count;

    private Task<string> LastVisit => _visits[^1];

    private static string StoreFolder => Path.Combine(Environment.GetEnvironmentVariable("EXOCONNECT_CACHE")!, "sign-ins");

    public async ValueTask InitializeAsync() => _tenant = await Tenant.StartAsync(new TenantOptions { Mailboxes = 5 });

    public async ValueTask DisposeAsync()
    {
        await _tenant.DisposeAsync();
        _user.Dispose();
    }

    [LinuxWithoutSecretsFact]
    public async Task A_device_code_signs_in_once_and_later_commands_ask_nobody()
    {
        EnterCodes();
        var refused = (await LoginAsync("--device")).Ended(3);
        Assert.Contains("SignInStoreMissing", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--allow-plaintext-cache", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("PersistSignIn", refused.Error, StringComparison.Ordinal);
        Assert.Empty(_visits);
        Assert.Empty(Kept());

        _user.Variables["EXOCONNECT_APPID"] = _tenant.AppId.ToString();
        var ran = (await _user.RunAsync("login", "--device", "--allow-plaintext-cache", "--environment", _tenant.EnvironmentFile)).Ended(0);
        Assert.Contains("You have signed in", await LastVisit, StringComparison.Ordinal);
        Assert.Contains($"as {_tenant.AdministratorName} (Global Administrator)", ran.Output, StringComparison.Ordinal);
        var file = Assert.Single(Kept());
        Assert.Contains(file, Unwrapped(ran.Error), StringComparison.Ordinal);

        var text = await File.ReadAllTextAsync(_user.ProfileFile("default"));
        Assert.DoesNotContain("eyJ", text, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(text);
        Assert.Equal("deviceCode", json.RootElement.GetProperty("signIn").GetProperty("kind").GetString());
        Assert.Equal(_tenant.AdministratorName, json.RootElement.GetProperty("signIn").GetProperty("user").GetString());
        Assert.Equal(_tenant.TenantId.ToString(), json.RootElement.GetProperty("organization").GetString());

        // Nobody is there any more, and the variable isn't needed.
        _user.Answer = null;
        _user.Variables.Remove("EXOCONNECT_APPID");
        var mailboxes = (await _user.RunAsync("run", "Get-Mailbox", "--ResultSize", "2", "-o", "ndjson")).Ended(0);
        Assert.Equal(2, mailboxes.Lines.Length);
        Assert.DoesNotContain("not encrypted", mailboxes.Error, StringComparison.Ordinal);
        Assert.Contains($"\"upn\": \"{_tenant.AdministratorName}\"", (await _user.RunAsync("token", "-r", "Graph", "--decode")).Ended(0).Output,
            StringComparison.Ordinal);
        (await _user.RunAsync("request", "/v1.0/organization")).Ended(0);
        Assert.Contains("ok (Global Administrator)", (await _user.RunAsync("status", "--check")).Ended(0).Output, StringComparison.Ordinal);
        _tenant.RevokeTokens();
        (await _user.RunAsync("run", "Get-Mailbox", "--ResultSize", "1")).Ended(0);
        Assert.Equal(1, Visits);

        (await _user.RunAsync("logout")).Ended(0);
        Assert.Empty(Kept());
        Assert.False(File.Exists(_user.ProfileFile("default")));
    }

    [LinuxWithoutSecretsFact]
    public async Task A_sign_in_that_is_gone_is_said_with_the_command_that_renews_it()
    {
        EnterCodes();
        (await LoginAsync("--device", "--allow-plaintext-cache", "--profile", "nightly")).Ended(0);
        File.Delete(Assert.Single(Kept()));
        foreach (var line in new[] { "run Get-Mailbox", "token -r Graph", "request /v1.0/organization", "status --check" })
        {
            var ran = (await _user.RunAsync([.. line.Split(' '), "--profile", "nightly"])).Ended(3);
            Assert.Contains("exoconnect login --profile nightly", Unwrapped(ran.Error), StringComparison.Ordinal);
            Assert.Contains("InteractionRequired", ran.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("-NonInteractive", ran.Error, StringComparison.Ordinal);
        }

        Assert.Equal(1, Visits);
        (await _user.RunAsync("login", "--profile", "nightly")).Ended(0);
        Assert.Equal(2, Visits);
        (await _user.RunAsync("token", "--profile", "nightly")).Ended(0);
        (await _user.RunAsync("logout", "--all")).Ended(0);
    }

    [LinuxWithoutSecretsFact]
    public async Task The_browser_signs_in_and_two_profiles_share_what_is_kept_until_the_last_goes()
    {
        _user.Browser = page => _visits.Add(Task.Run(() => SignInAsync(page)));
        (await LoginAsync("--user", _tenant.AdministratorName, "--allow-plaintext-cache", "--profile", "a")).Ended(0);
        Assert.Contains("Signed in", await LastVisit, StringComparison.Ordinal);
        Assert.Contains("\"browser\"", await File.ReadAllTextAsync(_user.ProfileFile("a")), StringComparison.Ordinal);

        (await LoginAsync("--browser", "--user", _tenant.AdministratorName, "--allow-plaintext-cache", "--profile", "b", "--service",
            "compliance")).Ended(0);
        Assert.Equal(1, Visits);
        (await _user.RunAsync("logout", "--profile", "a")).Ended(0);
        Assert.Single(Kept());
        (await _user.RunAsync("run", "Get-Label", "--profile", "b")).Ended(0);

        // An application in its place needs it no more.
        (await _user.RunAsync(TenantFixture.ConnectLine(_tenant, "--certificate", _tenant.PemPath, "--profile", "b"))).Ended(0);
        Assert.Empty(Kept());
    }

    [LinuxWithoutSecretsFact]
    public async Task Nobody_is_asked_without_a_terminal_or_in_ci_unless_somebody_is_said_to_be_there()
    {
        EnterCodes();
        _user.Variables["CI"] = "true";
        foreach (var way in new[] { "--device", "--browser" })
        {
            var ran = (await LoginAsync(way, "--allow-plaintext-cache")).Ended(3);
            Assert.Contains("InteractionRequired", ran.Error, StringComparison.Ordinal);
            Assert.Contains("--interactive", ran.Error, StringComparison.Ordinal);
        }

        _user.Variables.Remove("CI");
        _user.Answer = null;
        (await LoginAsync("--device", "--allow-plaintext-cache")).Ended(3);
        Assert.Empty(_visits);
        Assert.Empty(Kept());
        (await LoginAsync("--device", "--allow-plaintext-cache", "--interactive")).Ended(0);
        Assert.Equal(1, Visits);
        (await _user.RunAsync("logout")).Ended(0);
    }

    [LinuxWithoutSecretsFact]
    public async Task What_is_kept_goes_when_the_service_takes_no_session()
    {
        EnterCodes();
        _tenant.Faults.Add(new LocalTenant.Faults.FaultRule { Path = "EXOModuleFile", Status = 403, Body = LocalTenant.Faults.FaultBody.Html });
        Assert.NotEqual(0, (await LoginAsync("--device", "--allow-plaintext-cache")).Code);
        Assert.Equal(1, Visits);
        Assert.Empty(Kept());
        Assert.False(File.Exists(_user.ProfileFile("default")));
    }

    [Theory]
    [InlineData("--device", "No application is given")]
    [InlineData("--device --browser", "exclude each other")]
    [InlineData("--device --certificate x.pem", "exclude each other")]
    [InlineData("--certificate x.pem --user a@b.com", "--user is for users")]
    [InlineData("--interactive", "--interactive is for users")]
    [InlineData("--device --key x.pem", "--key is for applications")]
    public async Task Options_that_make_no_sense_together_are_refused(string options, string because) =>
        Assert.Contains(because, (await _user.RunAsync(["login", .. options.Split(' ')])).Ended(2).Error, StringComparison.Ordinal);

    [LinuxWithoutSecretsFact]
    public async Task Codes_that_are_approved_by_themselves_sign_in_from_one_process_to_the_next()
    {
        await using var tenant = await Tenant.StartAsync(new TenantOptions { Mailboxes = 3, ApproveDeviceCodesAs = "admin@contoso.onmicrosoft.com" });
        using var shell = CliProcess.Shell(
            _user.Folder,
            $$"""
            set -e
            cli() { {{CliProcess.CommandLine}} "$@"; }
            cli login --device --interactive --allow-plaintext-cache --app-id {{tenant.AppId}} --environment '{{tenant.EnvironmentFile}}' >&2
            cli run Get-Mailbox --ResultSize 1 --select Name -o ndjson </dev/null
            ls cache/sign-ins
            cli logout
            ls cache/sign-ins | wc -l
            """,
            ("EXOCONNECT_CACHE", Path.Combine(_user.Folder, "cache")), ("DBUS_SESSION_BUS_ADDRESS", ""));
        var ran = (await shell.EndAsync()).Ended(0);
        Assert.Contains("adele.vance", ran.Lines[0], StringComparison.Ordinal);
        Assert.Contains(".plain", ran.Output, StringComparison.Ordinal);
        Assert.Equal("0", ran.Lines[^1].Trim());
    }

    [Fact]
    public async Task Platforms_vouch_for_managed_and_workload_identities()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var platform = _tenant.Describe().Platform;
        using var shell = CliProcess.Shell(
            _user.Folder,
            $$"""
            set -e
            cli() { {{CliProcess.CommandLine}} "$@"; }
            cli login --managed-identity --environment '{{_tenant.EnvironmentFile}}' --profile machine
            cli run Get-Mailbox --ResultSize 1 --select Name -o ndjson --profile machine
            cli login --workload-identity --environment '{{_tenant.EnvironmentFile}}' --profile job
            cli run Get-Mailbox --ResultSize 1 --select Name -o ndjson --profile job
            ! grep -r eyJ config
            """,
            ("IDENTITY_ENDPOINT", platform.IdentityEndpoint.AbsoluteUri), ("IDENTITY_HEADER", platform.IdentityHeader),
            ("ACTIONS_ID_TOKEN_REQUEST_URL", platform.FederationEndpoint.AbsoluteUri), (
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN", platform.FederationRequestToken),
            ("AZURE_CLIENT_ID", _tenant.AppId.ToString()), ("AZURE_TENANT_ID", _tenant.Organization));
        var ran = (await shell.EndAsync()).Ended(0);
        Assert.Equal(2, ran.Lines.Count(l => l.Contains("adele.vance", StringComparison.Ordinal)));
        Assert.Contains("\"managedIdentity\"", await File.ReadAllTextAsync(_user.ProfileFile("machine")), StringComparison.Ordinal);
        Assert.Contains("\"workloadIdentity\"", await File.ReadAllTextAsync(_user.ProfileFile("job")), StringComparison.Ordinal);
    }

    private Task<Ran> LoginAsync(params string[] more) =>
        _user.RunAsync(["login", "--app-id", _tenant.AppId.ToString(), "--environment", _tenant.EnvironmentFile, .. more]);

    /// <summary>Of this tenant alone: the folder is shared by all tests of the process.</summary>
    private string[] Kept() => Directory.Exists(StoreFolder) ? Directory.GetFiles(StoreFolder, $"*{_tenant.AppId}*.plain") : [];

    private static string Unwrapped(string text) => Space().Replace(text, " ");

    /// <summary>Somebody who reads a code at the terminal and enters it at the page.</summary>
    private void EnterCodes()
    {
        var seen = new HashSet<string>();
        _user.Reader = text =>
        {
            if (Code().Match(text) is { Success: true } code && seen.Add(code.Groups[1].Value))
            {
                _visits.Add(Task.Run(() => PostAsync(new Uri($"https://127.0.0.1:{_tenant.Port}/device"), Fields(("code", code.Groups[1].Value)))));
            }
        };
    }

    private IEnumerable<KeyValuePair<string, string>> Fields(params (string Name, string Value)[] more) =>
        more.Concat([("username", _tenant.AdministratorName), ("password", _tenant.AdministratorPassword), ("action", "signin")])
            .Select(f => KeyValuePair.Create(f.Item1, f.Item2));

    private static async Task<string> PostAsync(Uri page, IEnumerable<KeyValuePair<string, string>> fields)
    {
        using var client = Client();
        using var form = new FormUrlEncodedContent(fields);
        using var response = await client.PostAsync(page, form);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>What a browser does: the page of the tenant, then the response to the program that waits on loopback.</summary>
    private async Task<string> SignInAsync(Uri address)
    {
        using var client = Client();
        var page = new UriBuilder(address) { Host = "127.0.0.1" }.Uri;
        var response = await PostAsync(page, [.. Hidden(await client.GetStringAsync(page)), .. Fields()]);
        var program = new Uri(System.Net.WebUtility.HtmlDecode(Target().Match(response).Groups[1].Value));
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await PostAsync(program, Hidden(response));
            }
            catch (HttpRequestException) when (attempt < 200)
            {
                await Task.Delay(20);
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Hidden(string page) =>
        Field().Matches(page).Select(m => KeyValuePair.Create(m.Groups[1].Value, System.Net.WebUtility.HtmlDecode(m.Groups[2].Value)));

    [SuppressMessage("Security", "CA5359", Justification = "A tenant on loopback, whose authority is its own.")]
    private static HttpClient Client() => new(new SocketsHttpHandler
    {
        SslOptions = new() { RemoteCertificateValidationCallback = (_, _, _, _) => true },
    });

    [GeneratedRegex(@"code\s+([A-Z0-9]{9})\b")]
    private static partial Regex Code();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\">")]
    private static partial Regex Field();

    [GeneratedRegex("<form method=\"post\" action=\"([^\"]+)\">")]
    private static partial Regex Target();

    private sealed class LinuxWithoutSecretsFactAttribute : FactAttribute
    {
        public LinuxWithoutSecretsFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
            : base(file, line)
        {
            if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS") is { Length: > 0 })
            {
                Skip = "Needs Linux without a session bus, where no Secret Service responds.";
            }
        }
    }
}
