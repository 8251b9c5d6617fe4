using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using ExoConnect.Cli.Tests.Processes;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.Cli.Tests.Examples;

/// <summary>
/// Runs every example of the command line in every page, in a copy of what the reader has. It changes the folder that the process works in, so
/// no other test runs beside it.
/// </summary>
[CollectionDefinition(nameof(ShellExampleTests), DisableParallelization = true)]
[Collection(nameof(ShellExampleTests))]
public sealed partial class ShellExampleTests : IDisposable
{
    private const string Administrator = "admin@contoso.onmicrosoft.com";
    private const int MostNotRun = 10;

    private static readonly string Root =
        typeof(ShellExampleTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(m => m.Key == "RepositoryRoot").Value!;

    private readonly Sandbox _user = new() { IsOutputFile = true };

    private readonly Dictionary<string, string> _registered = [];

    public void Dispose() => _user.Dispose();

    [Fact]
    public async Task Every_example_runs()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using var tenant = await Tenant.StartAsync(new TenantOptions
        {
            Permissions = ["Organization.Read.All", "Application.ReadWrite.All"],
            ApproveDeviceCodesAs = Administrator,
            DeviceCodeInterval = TimeSpan.FromSeconds(1),
        });
        using var store = new X509Store(StoreName.My, StoreLocation.CurrentUser, OpenFlags.ReadWrite);
        using var certificate = X509CertificateLoader.LoadPkcs12FromFile(tenant.PfxPath, tenant.PfxPassword, X509KeyStorageFlags.PersistKeySet);
        store.Add(certificate);
        var kept = store.Certificates.Select(c => c.Thumbprint).ToHashSet();
        var prepared = await PrepareAsync(tenant);
        try
        {
            await using var server = new CallServer(_user) { Adapt = args => Adapt(tenant, args), Seen = (args, ran) => Remember(tenant, args, ran) };
            var examples = ShellExample.All(Root);
            Assert.InRange(examples.Count, 20, int.MaxValue);
            Assert.InRange(examples.Count(e => e.Marks.ContainsKey("not run")), 0, MostNotRun);
            List<string> failures = [];
            foreach (var example in examples.Where(e => !e.Marks.ContainsKey("not run")))
            {
                var ran = await RunAsync(server, tenant, prepared, example);
                if (example.Marks.TryGetValue("error", out var error) ? !ran.Error.Contains(error, StringComparison.Ordinal) : ran.Code != 0)
                {
                    failures.Add($"{example.Page}:{example.Line} ended with {ran.Code}\n{example.Code}\n{ran.Output}{ran.Error}");
                }
            }

            Assert.True(failures.Count == 0, string.Join("\n\n", failures));
        }
        finally
        {
            foreach (var added in store.Certificates.Where(c => c.Thumbprint == tenant.Thumbprint || (IsMade(c) && !kept.Contains(c.Thumbprint))))
            {
                store.Remove(added);
            }
        }

        static bool IsMade(X509Certificate2 certificate) => certificate.Subject is "CN=nightly" or "CN=reports";
    }

    /// <summary>The folder of the reader's profiles, to be copied for each example, so that none builds on another's changes.</summary>
    private async Task<string> PrepareAsync(Tenant tenant)
    {
        foreach (var name in new[] { "default", "nightly", "contoso", "fabrikam", "contoso-prod" })
        {
            (await _user.RunAsync(TenantFixture.ConnectLine(tenant, "--certificate", tenant.PemPath, "--profile", name))).Ended(0);
        }

        var prepared = Path.Combine(_user.Folder, "prepared");
        Directory.Move(_user.ConfigFolder, prepared);
        return prepared;
    }

    private async Task<Ran> RunAsync(CallServer server, Tenant tenant, string prepared, ShellExample example)
    {
        _registered.Clear();

        // A folder with a space in its name, as readers have them.
        var label = $"{example.Line} {Path.GetFileNameWithoutExtension(example.Page)}";
        var folder = Directory.CreateDirectory(Path.Combine(_user.Folder, label)).FullName;
        _user.Variables["EXOCONNECT_CONFIG"] = Path.Combine(folder, "config");
        _user.Variables["EXOCONNECT_CERTIFICATE_PASSWORD"] = tenant.PfxPassword;
        Copy(prepared, _user.ConfigFolder);
        foreach (var name in new[] { "app", "nightly", "new" })
        {
            if (!Regex.IsMatch(example.Code, $"(new --common-name|--display-name) {name}"))
            {
                File.Copy(tenant.PfxPath, Path.Combine(folder, name + ".pfx"));
                File.Copy(tenant.PemPath, Path.Combine(folder, name + ".pem"));
            }

            await WriteAsync(name + ".secret", tenant.PfxPassword);
        }

        var anton = $"anton.marino@{tenant.Organization}";
        await WriteAsync("changes.csv", $"Identity,CustomAttribute1\n{anton},x\n");
        await WriteAsync("users.json", $$"""{"upn": "{{anton}}"}""");
        await WriteAsync("customers.txt", "contoso\nfabrikam\n");
        foreach (var made in new[] { ".config/fish/completions", "keys", "opt/modules/ExoConnect" })
        {
            Directory.CreateDirectory(Path.Combine(folder, made));
        }

        File.Copy(Path.Combine(Root, "ExoConnect.psd1"), Path.Combine(folder, "opt/modules/ExoConnect/ExoConnect.psd1"));
        var script = await WriteAsync("example.sh", $$"""
            set -eo pipefail
            exoconnect-process() { {{CliProcess.CommandLine}} "$@"; }
            {{server.Functions}}
            fpath=(here "$PWD")
            cd "$HOME"
            {{Name(tenant, folder, example.Marks.GetValueOrDefault("before", ""))}}
            {{Name(tenant, folder, example.Code)}}
            """);
        var stop = example.Code.Contains("tenant start", StringComparison.Ordinal) ? $"{CliProcess.CommandLine} tenant stop > stopped.txt" : "true";
        using var shell = CliProcess.Shell(folder, $"bash '{script}'; code=$?; {stop}; exit $code", ("EXOCONNECT_CONFIG", _user.ConfigFolder));
        return await shell.EndAsync();

        async Task<string> WriteAsync(string name, string text)
        {
            var path = Path.Combine(folder, name);
            await File.WriteAllTextAsync(path, text);
            return path;
        }
    }

    /// <summary>The names of this tenant in place of the page's.</summary>
    private static string Name(Tenant tenant, string folder, string code)
    {
        code = code.Replace("/opt/", $"'{folder}'/opt/", StringComparison.Ordinal).Replace("/var/log/", $"'{folder}'/", StringComparison.Ordinal);
        code = code.Replace("tenant start\n", "tenant start --duration 1s\n", StringComparison.Ordinal);
        code = ApplicationIds().Replace(code, tenant.AppId.ToString());
        code = Thumbprints().Replace(code, tenant.Thumbprint);
        return People().Replace(code, $"adele.vance@{tenant.Organization}").Replace("admin@contoso.com", Administrator, StringComparison.Ordinal);
    }

    /// <summary>
    /// What a page leaves out since the reader's cloud is the usual one, the reader has a place for secrets and sits before a browser; and after
    /// <c>app register</c> its application in place of the tenant's.
    /// </summary>
    private string[] Adapt(Tenant tenant, string[] args)
    {
        var signsIn = args is ["connect" or "login" or "app", ..] && !args.Contains("--environment");
        List<string> more = signsIn ? ["--environment", tenant.EnvironmentFile] : [];
        var isUser = args.Contains("--user") || args.Contains("--device");
        if (args is ["connect" or "login", ..] && isUser)
        {
            more.Add("--allow-plaintext-cache");
        }

        if (!args.Contains("--device") && (args.Contains("--user") || args is ["app", not "test", ..]))
        {
            more.Add("--device");
        }

        return [.. args.Select(a => _registered.GetValueOrDefault(a, a)), .. more];
    }

    /// <summary>Remembers the application that <c>app register</c> has made, by the line it prints to sign in with.</summary>
    private void Remember(Tenant tenant, string[] args, Ran ran)
    {
        if (args is ["app", "register", ..] && SignInLine().Match(ran.Output) is { Success: true } line)
        {
            _registered[tenant.AppId.ToString()] = line.Groups[1].Value;
            _registered[tenant.Thumbprint] = line.Groups[2].Success ? line.Groups[2].Value : tenant.Thumbprint;
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    [GeneratedRegex("6f2a9c1e-0d3b-4a57-9d0e-5c1b2a3f4e5d|6f2a…")]
    private static partial Regex ApplicationIds();

    [GeneratedRegex(@"--app-id (\S+) .*?(?:--thumbprint (\S+)|$)", RegexOptions.Multiline)]
    private static partial Regex SignInLine();

    [GeneratedRegex(@"\b5BE1855098B7488E2E26D59A87627B551F263FE5|3FA1…")]
    private static partial Regex Thumbprints();

    [GeneratedRegex(@"\badele(@contoso\.com)?(?![\w.])")]
    private static partial Regex People();
}
