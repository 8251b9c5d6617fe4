using System.Text;
using ExoConnect.Cli.CommandLine;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Input;
using ExoConnect.Cli.Profiles;
using ExoConnect.Tests.Fuzzing;

namespace ExoConnect.Cli.Tests.Fuzzing;

/// <summary>What the command line reads, spoiled, as the engine's tests of the same name do it.</summary>
public sealed class FuzzTests(ITestOutputHelper output) : IDisposable
{
    private const string Rows = "{\"Identity\":\"adele\",\"Priority\":3,\"EmailAddresses\":{\"Add\":[\"a@b\"]},\"When\":null,\"Size\":1.5e3}\n";

    private const string SignIn = "{\"kind\":\"file\",\"certificate\":\"/c/app.pfx\",\"password\":{\"kind\":\"environment\",\"name\":\"PFX\"}}";

    private const string ProfileText = $$"""
        {"version":1,"service":"exchange","organization":"contoso.onmicrosoft.com","appId":"11111111-1111-1111-1111-111111111111",
        "environment":"O365Default","signIn":{{SignIn}},"culture":"de-AT"}
        """;

    private readonly Sandbox _user = new();

    public static TheoryData<string> Names => ["rows of a file", "profile", "settings", "words of the command line"];

    public void Dispose() => _user.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Spoiled_input_gives_a_result_or_an_error_of_ours(string name)
    {
        HostileInput[] inputs =
        [
            new("rows of a file",
                ["Identity,Office\na,b\n\"c \"\"d\"\"\",\"e\nf\"\n", "sep=;\r\nIdentity;X:=\r\na;\"{\"\"Add\"\":[1]}\"\r\n", Rows + Rows,
                    $"[\n{Rows},{Rows}]", "#TYPE X\nIdentity\na"],
                "Identity , ; \" \"\" := sep=; #TYPE \\ud800 { } [ ]", ReadRows)
                { Share = 60, Binaries = [[.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("Identity\na\n")]] },
            new("profile", [ProfileText, ProfileText.Replace(SignIn, "{\"kind\":\"managedIdentity\"}", StringComparison.Ordinal)],
                "kind version signIn service file clientSecret managedIdentity defaultCredential environment", ReadProfile) { Share = 40 },
            new("settings",
                ["{\"defaultProfile\":\"fuzz\"}", "{\"defaultProfile\":7}", "{\"defaultProfile\":\"a\",\"defaultProfile\":\"b\"}"],
                "defaultProfile", ReadSettings) { Share = 20 },
            new("words of the command line",
                ["--Identity=adele --EmailAddresses:={\"Add\":[\"a\"]} -Archive --Filter=Alias -eq 'a' --",
                    "Get-Mailbox --X:=\"true\" --Y:=1e999"],
                "-- --X= --X:= - = : @{ @( \\ud800", ReadWords) { Share = 80 },
        ];
        (inputs.Single(i => i.Name == name) with { Allows = static e => e is UsageException { Remedy.Length: > 0 } }).Run(output.WriteLine);
    }

    private void ReadRows(byte[] bytes, Random random)
    {
        var path = Path.Combine(_user.Folder, "rows");
        File.WriteAllBytes(path, bytes);
        var encoding = random.Next(4) switch { 0 => "windows-1252", 1 => "utf-16", _ => null };
        ReadAsync().GetAwaiter().GetResult();

        async Task ReadAsync()
        {
            await foreach (var row in RowSource.Open(path, _user.Host(Stream.Null, TextWriter.Null), encoding).ReadAsync(default))
            {
                Assert.True(row.Problem is null || row.Words.Count == 0);
                _ = string.Concat(row.Words.Select(static w => $"{w.Name}{w.Text}{w.Json?.Value}"));
            }
        }
    }

    private void ReadProfile(byte[] bytes, Random random)
    {
        var store = new ProfileStore(_user.ConfigFolder);
        Directory.CreateDirectory(Path.GetDirectoryName(_user.ProfileFile("fuzz"))!);
        File.WriteAllBytes(_user.ProfileFile("fuzz"), bytes);
        var profile = store.Find("fuzz");
        Assert.NotEmpty(profile.SignIn.ToString()!);
        Assert.NotEmpty($"{profile.Organization} {profile.Service.Full()} {profile.Environment}");
    }

    private void ReadSettings(byte[] bytes, Random random)
    {
        Directory.CreateDirectory(_user.ConfigFolder);
        File.WriteAllBytes(Path.Combine(_user.ConfigFolder, "settings.json"), bytes);
        _ = new ProfileStore(_user.ConfigFolder).DefaultName();
    }

    private static void ReadWords(byte[] bytes, Random random)
    {
        var words = Encoding.UTF8.GetString(bytes).Split(' ');
        var (_, cmdlet) = CmdletArguments.Split(["Get-Mailbox", .. words], []);
        _ = CmdletArguments.Read(cmdlet).Select(static w => $"{w.Name}{w.Text}{w.Json?.Value}").Count();
    }
}
