using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ExoConnect.LocalTenant.Faults;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.Cli.Tests.Commands;

public sealed class ConnectTests(TenantFixture fixture) : IClassFixture<TenantFixture>, IDisposable
{
    private readonly Sandbox _user = new();

    private LocalTenant.Hosting.Tenant Tenant => fixture.Tenant;

    public void Dispose() => _user.Dispose();

    [Fact]
    public async Task A_profile_says_how_to_sign_in_and_nothing_secret()
    {
        var password = _user.WriteFile("app.secret", Tenant.PfxPassword + "\r\n");
        var ran = (await ConnectAsync("--certificate", Tenant.PfxPath, "--password-file", password, "--profile", "prod")).Ended(0);
        Assert.Contains("Connected to Exchange Online of contoso.onmicrosoft.com", ran.Output, StringComparison.Ordinal);
        Assert.Contains("(Global Administrator)", ran.Output, StringComparison.Ordinal);
        Assert.Contains("846 cmdlets", ran.Output, StringComparison.Ordinal);
        Assert.Empty(ran.Error);

        var text = await File.ReadAllTextAsync(_user.ProfileFile("prod"));
        using var json = JsonDocument.Parse(text);
        var root = json.RootElement;
        Assert.Equal(1, root.GetProperty("version").GetInt32());
        Assert.Equal("exchange", root.GetProperty("service").GetString());
        Assert.Equal(Tenant.Organization, root.GetProperty("organization").GetString());
        Assert.Equal(Tenant.AppId.ToString(), root.GetProperty("appId").GetString());
        Assert.Equal(Tenant.EnvironmentFile, root.GetProperty("environment").GetString());
        var signIn = root.GetProperty("signIn");
        Assert.Equal("file", signIn.GetProperty("kind").GetString());
        Assert.Equal(Tenant.PfxPath, signIn.GetProperty("certificate").GetString());
        Assert.Equal("file", signIn.GetProperty("password").GetProperty("from").GetString());
        Assert.Equal(password, signIn.GetProperty("password").GetProperty("path").GetString());
        AssertNoSecret(ran, text);
        Assert.Equal(5, (await _user.RunAsync("run", "Get-Mailbox", "--ResultSize", "5", "-o", "ndjson")).Ended(0).Lines.Length);
    }

    [Fact]
    public async Task A_password_from_the_usual_variable_needs_no_mention()
    {
        _user.Variables["EXOCONNECT_CERTIFICATE_PASSWORD"] = Tenant.PfxPassword;
        var ran = (await ConnectAsync("--certificate", Tenant.PfxPath)).Ended(0);
        AssertNoSecret(ran, await File.ReadAllTextAsync(_user.ProfileFile("default")));
        Assert.Contains("EXOCONNECT_CERTIFICATE_PASSWORD", await File.ReadAllTextAsync(_user.ProfileFile("default")), StringComparison.Ordinal);
        (await _user.RunAsync("run", "Get-Mailbox", "--ResultSize", "1")).Ended(0);

        _user.Variables.Remove("EXOCONNECT_CERTIFICATE_PASSWORD");
        var without = (await _user.RunAsync("run", "Get-Mailbox", "--ResultSize", "1")).Ended(3);
        Assert.Contains("EXOCONNECT_CERTIFICATE_PASSWORD, which is not set", without.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_may_come_from_a_variable_of_another_name()
    {
        _user.Variables["MINE"] = Tenant.PfxPassword;
        AssertNoSecret((await ConnectAsync("--certificate", Tenant.PfxPath, "--password-env", "MINE")).Ended(0), "");
        (await ConnectAsync("--certificate", Tenant.PfxPath, "--password-env", "OTHER")).Ended(3);
    }

    [Fact]
    public async Task Somebody_at_a_terminal_is_asked_each_time_and_nobody_else_is()
    {
        _user.Typed = Tenant.PfxPassword;
        var ran = (await ConnectAsync("--certificate", Tenant.PfxPath)).Ended(0);
        Assert.Equal(["Password of app.pfx: "], _user.Prompts);
        AssertNoSecret(ran, await File.ReadAllTextAsync(_user.ProfileFile("default")));
        (await _user.RunAsync("status", "--check")).Ended(0);
        Assert.Equal(2, _user.Prompts.Count);

        _user.Typed = null;
        var alone = (await _user.RunAsync("run", "Get-Mailbox")).Ended(3);
        Assert.Contains("no terminal to ask", alone.Error, StringComparison.Ordinal);
        Assert.Contains("--password-file", alone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_asked_for_a_password_that_is_not_needed()
    {
        _user.Typed = "x";
        (await ConnectAsync("--certificate", Tenant.PemPath)).Ended(0);
        Assert.Empty(_user.Prompts);
        Assert.DoesNotContain("password", await File.ReadAllTextAsync(_user.ProfileFile("default")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_password_is_explained_in_the_words_of_the_command_line()
    {
        var ran = (await ConnectAsync("--certificate", Tenant.PfxPath)).Ended(3);
        Assert.Contains("--password-file", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("-CertificatePassword", ran.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_user.ProfileFile("default")));
    }

    [Fact]
    public async Task A_password_is_not_looked_for_in_a_device()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs the devices of Linux.");
        var ran = (await ConnectAsync("--certificate", Tenant.PfxPath, "--password-file", "/dev/full")).Ended(3);

        Assert.Contains("It is a device, not a file", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_saves_nothing()
    {
        var ran = (await ConnectAsync("--certificate", Tenant.PfxPath, "--password-file", _user.WriteFile("p", "wrong"))).Ended(3);
        Assert.Contains("CertificatePasswordIncorrect", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong\n", ran.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_user.ConfigFolder));
    }

    [Fact]
    public async Task A_password_file_that_others_may_read_is_worth_a_warning()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var file = _user.WriteFile("p", Tenant.PfxPassword);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Contains("chmod 600", (await ConnectAsync("--certificate", Tenant.PfxPath, "--password-file", file)).Ended(0).Error,
            StringComparison.Ordinal);
        Assert.Contains("cannot be read", (await ConnectAsync("--certificate", Tenant.PfxPath, "--password-file", file + "x")).Ended(3).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_thumbprint_as_it_is_pasted()
    {
        using var certificate = X509CertificateLoader.LoadPkcs12FromFile(Tenant.PfxPath, Tenant.PfxPassword, X509KeyStorageFlags.Exportable);
        using var store = new X509Store(StoreName.My, StoreLocation.CurrentUser, OpenFlags.ReadWrite);
        store.Add(certificate);
        try
        {
            (await ConnectAsync("--thumbprint", "\u200E"
                + string.Join(' ', certificate.Thumbprint.ToLowerInvariant().Chunk(2).Select(c => new string(c))))).Ended(0);
            (await _user.RunAsync("run", "Get-Mailbox", "--ResultSize", "1")).Ended(0);
        }
        finally
        {
            store.Remove(certificate);
        }

        Assert.Contains("CertificateNotFound", (await _user.RunAsync("run", "Get-Mailbox")).Ended(3).Error, StringComparison.Ordinal);
        Assert.Contains("CertificateThumbprintInvalid", (await ConnectAsync("--thumbprint", "xyz")).Ended(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_sign_in_host_refuses_ends_with_3_and_its_ids()
    {
        var ran = (await _user.RunAsync(
            "connect", "--app-id", Guid.NewGuid().ToString(), "--organization", Tenant.Organization, "--environment", Tenant.EnvironmentFile,
            "--certificate", Tenant.PemPath)).Ended(3);
        Assert.Contains("AADSTS700016", ran.Error, StringComparison.Ordinal);
        Assert.Contains("--app-id", ran.Error, StringComparison.Ordinal);
        Assert.Contains("correlation id ", ran.Error, StringComparison.Ordinal);
        Assert.Contains("trace id ", ran.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_user.ConfigFolder));
    }

    [Theory]
    [InlineData("no-guid", "contoso.onmicrosoft.com", "--app-id", 2)]
    [InlineData("00000000-0000-0000-0000-000000000001", "common", "--organization", 2)]
    public async Task An_id_that_cannot_be_one_is_wrong_usage(string app, string organization, string option, int code)
    {
        var ran = (await _user.RunAsync(
            "connect", "--app-id", app, "--organization", organization, "--environment", Tenant.EnvironmentFile, "--certificate", Tenant.PemPath))
                .Ended(code);
        Assert.Contains(option[2..].Replace("app-id", "application id", StringComparison.Ordinal), ran.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_certificate_file_that_is_not_there_ends_with_3() =>
        Assert.Contains("CertificateFileNotFound", (await ConnectAsync("--certificate", "nowhere.pem")).Ended(3).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Relative_paths_are_remembered_whole()
    {
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), Tenant.PemPath);
        (await ConnectAsync("--certificate", relative, "--key", relative)).Ended(0);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(_user.ProfileFile("default")));
        Assert.Equal(Tenant.PemPath, json.RootElement.GetProperty("signIn").GetProperty("certificate").GetString());
        Assert.Equal(Tenant.PemPath, json.RootElement.GetProperty("signIn").GetProperty("key").GetString());
    }

    [Fact]
    public async Task A_profile_can_be_for_compliance_searches_and_in_another_language()
    {
        (await ConnectAsync("--certificate", Tenant.PemPath, "--service", "compliance")).Ended(0);
        Assert.Contains("-EnableSearchOnlySession", (await _user.RunAsync("run", "Get-ComplianceSearch")).Ended(1).Error, StringComparison.Ordinal);

        (await ConnectAsync(
            "--certificate", Tenant.PemPath, "--service", "compliance", "--enable-search-only-session", "--culture", "de-DE")).Ended(0);
        (await _user.RunAsync("run", "Get-ComplianceSearch")).Ended(0);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(_user.ProfileFile("default")));
        Assert.Equal("de-DE", json.RootElement.GetProperty("culture").GetString());

        var refused = (await ConnectAsync("--certificate", Tenant.PemPath, "--culture", "de DE")).Ended(2);
        Assert.Contains("InvalidCulture", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unreachable_service_ends_with_4()
    {
        var stopped = await LocalTenant.Hosting.Tenant.StartAsync(
            new LocalTenant.TenantOptions { StateDirectory = Path.Combine(_user.Folder, "tenant") });
        await stopped.DisposeAsync();
        var ran = (await _user.RunAsync(TenantFixture.ConnectLine(stopped, "--certificate", stopped.PemPath))).Ended(4);
        Assert.Contains("could not be reached", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_the_service_does_not_take_ends_with_3()
    {
        await using var tenant = await LocalTenant.Hosting.Tenant.StartAsync(new LocalTenant.TenantOptions { Roles = [] });
        var ran = (await _user.RunAsync(TenantFixture.ConnectLine(tenant, "--certificate", tenant.PemPath))).Ended(3);
        Assert.Contains("has no directory role", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_on_the_way_in_have_their_code()
    {
        await using var tenant = await LocalTenant.Hosting.Tenant.StartAsync(new LocalTenant.TenantOptions());
        tenant.Faults.Add(new FaultRule { Path = "EXOModuleFile", Status = 200, Body = FaultBody.Html });
        var ran = (await _user.RunAsync(TenantFixture.ConnectLine(tenant, "--certificate", tenant.PemPath))).Ended(4);
        Assert.Contains("error: ", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_later_profile_becomes_the_default_one_only_when_asked_to_or_unnamed()
    {
        (await ConnectAsync("--certificate", Tenant.PemPath, "--profile", "one")).Ended(0);
        Assert.DoesNotContain(
            "default", (await ConnectAsync("--certificate", Tenant.PemPath, "--profile", "two")).Ended(0).Output, StringComparison.Ordinal);
        Assert.Contains("default", (await ConnectAsync("--certificate", Tenant.PemPath, "--profile", "two", "--set-default")).Ended(0).Output,
            StringComparison.Ordinal);
        Assert.Contains("'default' is saved and is the default one", (await ConnectAsync("--certificate", Tenant.PemPath)).Ended(0).Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_that_is_told_step_by_step_is_secret()
    {
        var password = _user.WriteFile("p", Tenant.PfxPassword);
        var ran = (await ConnectAsync("--certificate", Tenant.PfxPath, "--password-file", password, "--verbose")).Ended(0);
        Assert.Contains("verbose: ", ran.Error, StringComparison.Ordinal);
        AssertNoSecret(ran, "");
    }

    private Task<Ran> ConnectAsync(params string[] more) => _user.RunAsync(TenantFixture.ConnectLine(Tenant, more));

    private void AssertNoSecret(Ran ran, string file)
    {
        var all = ran.Output + ran.Error + file;
        Assert.DoesNotContain(Tenant.PfxPassword, all, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", all, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", all, StringComparison.Ordinal);
    }
}
