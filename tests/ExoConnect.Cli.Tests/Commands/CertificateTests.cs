using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace ExoConnect.Cli.Tests.Commands;

public sealed class CertificateTests(TenantFixture fixture) : IClassFixture<TenantFixture>, IDisposable
{
    private readonly Sandbox _user = new();

    private string Keys => Directory.CreateDirectory(Path.Combine(_user.Folder, "keys")).FullName;

    public void Dispose() => _user.Dispose();

    private Task<Ran> NewAsync(params string[] more) => _user.RunAsync(["certificate", "new", "--common-name", "nightly", "--path", Keys, .. more]);

    private string[] Files() => [.. Directory.GetFileSystemEntries(Keys).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task A_password_file_that_is_no_text_is_refused_and_shows_nothing()
    {
        var password = Path.Combine(_user.Folder, "nightly.secret");
        await File.WriteAllBytesAsync(password, [.. "geheim"u8, 0xFC, (byte)'\n']);

        var ran = (await NewAsync("--password-file", password)).Ended(2);

        Assert.Contains("neither UTF-8 nor UTF-16", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("FC", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", ran.Error, StringComparison.Ordinal);
        Assert.Empty(Files());
    }

    [Fact]
    public async Task What_is_made_connects_at_once()
    {
        var password = _user.WriteFile("nightly.secret", "a secret\n");
        var ran = (await NewAsync("--password-file", password, "--output", "json", "--dns-name", "a.contoso.com", "--not-after", "2100-06-01")).Ended(
            0);
        Assert.Empty(ran.Error);
        Assert.DoesNotContain("a secret", ran.Output, StringComparison.Ordinal);

        using var json = JsonDocument.Parse(ran.Output);
        var root = json.RootElement;
        using var cer = X509CertificateLoader.LoadCertificateFromFile(root.GetProperty("cerPath").GetString()!);
        Assert.Equal(cer.Thumbprint, root.GetProperty("thumbprint").GetString());
        Assert.Equal("CN=nightly", root.GetProperty("subject").GetString());
        Assert.Equal("2100-06-01T00:00:00Z", root.GetProperty("notAfter").GetString());
        Assert.Equal("a.contoso.com", root.GetProperty("dnsNames")[0].GetString());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("pemPath").ValueKind);

        var application = fixture.Tenant.AddApplication("nightly", cer, ["Exchange.ManageAsApp"], ["Exchange Administrator"]);
        (await _user.RunAsync(
            "connect", "--app-id", application.AppId.ToString(), "--organization", fixture.Tenant.Organization, "--environment",
            fixture.Tenant.EnvironmentFile, "--certificate", root.GetProperty("pfxPath").GetString()!, "--password-file", password)).Ended(0);
    }

    [Fact]
    public async Task Words_name_the_files()
    {
        var ran = (await NewAsync("--no-password", "--format", "pem,cer")).Ended(0);

        Assert.Equal(["nightly.cer", "nightly.pem"], Files());
        Assert.Contains(Path.Combine(Keys, "nightly.pem"), ran.Output, StringComparison.Ordinal);
        Assert.Contains("RSA 2048, SHA256", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_gives_the_password_twice_and_a_script_is_told_how()
    {
        var alone = (await NewAsync()).Ended(2);
        Assert.Contains("--password-file or --password-env", alone.Error, StringComparison.Ordinal);
        Assert.Contains("--no-password", alone.Error, StringComparison.Ordinal);

        _user.Typed = "typed";
        (await NewAsync()).Ended(0);
        Assert.Equal(["Password of nightly.pfx: ", "Password of nightly.pfx, again: "], _user.Prompts);
        using var made = X509CertificateLoader.LoadPkcs12FromFile(Path.Combine(Keys, "nightly.pfx"), "typed");
        Assert.True(made.HasPrivateKey);
    }

    [Fact]
    public async Task The_usual_variable_holds_the_password()
    {
        _user.Variables["EXOCONNECT_CERTIFICATE_PASSWORD"] = "known";
        (await NewAsync("--legacy-encryption", "--key-provider", "csp")).Ended(0);
        using var made = X509CertificateLoader.LoadPkcs12FromFile(Path.Combine(Keys, "nightly.pfx"), "known");
        Assert.True(made.HasPrivateKey);

        var missing = (await NewAsync("--force", "--password-env", "MISSING")).Ended(2);
        Assert.Contains("MISSING, which is not set", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_overwritten_without_force()
    {
        (await NewAsync("--no-password")).Ended(0);
        var before = await File.ReadAllBytesAsync(Path.Combine(Keys, "nightly.pfx"));

        var ran = (await NewAsync("--no-password")).Ended(1);
        Assert.Contains("--force replaces them", ran.Error, StringComparison.Ordinal);
        Assert.Contains("NewCertificateFileExists", ran.Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Path.Combine(Keys, "nightly.pfx")));

        (await NewAsync("--no-password", "--force")).Ended(0);
        Assert.NotEqual(before, await File.ReadAllBytesAsync(Path.Combine(Keys, "nightly.pfx")));
    }

    [Theory]
    [InlineData("SHA-1 is refused", "--hash-algorithm", "sha1")]
    [InlineData("'1024' is not possible", "--key-length", "1024")]
    [InlineData("'tomorrow' is not a date", "--not-after", "tomorrow")]
    [InlineData("'p7b' is not known", "--format", "p7b")]
    [InlineData("--valid-years and --not-after exclude", "--valid-years", "2", "--not-after", "2100-01-01")]
    [InlineData("The private key would be lost", "--format", "cer")]
    public async Task What_cannot_work_is_said_in_the_words_of_the_command_line(string said, params string[] more)
    {
        var ran = (await NewAsync(["--no-password", .. more])).Ended(2);

        Assert.Contains(said, ran.Error, StringComparison.Ordinal);
        Assert.Empty(Files());
    }
}
