using ExoConnect.Cli.CommandLine;

namespace ExoConnect.Cli.Tests.CommandLine;

public class UsageTests
{
    [Theory]
    [InlineData("run Get-EXOMailbox adele", "Get-EXOMailbox is a cmdlet of the PowerShell module", "Get-Mailbox")]
    [InlineData("foo", "exoconnect has no command 'foo'", "--help")]
    [InlineData("conect", "exoconnect has no command 'conect'", "Did you mean connect?")]
    [InlineData("status --chekc", "exoconnect status has no option --chekc", "Did you mean --check?")]
    [InlineData("status extra", "'extra' is one word too many for exoconnect status", "exoconnect status --help")]
    [InlineData("tenant", "exoconnect tenant is not enough", "start")]
    [InlineData("connect", "--app-id is missing", "application (client) id")]
    [InlineData("connect --app-id 1", "--organization is missing", "onmicrosoft.com")]
    [InlineData("connect --app-id", "--app-id wants a value: --app-id ID", "")]
    [InlineData("connect --app-id 1 --app-id 2 --organization x", "--app-id is given more than once", "once")]
    [InlineData("connect --app-id 1 --organization x", "No certificate is named", "--thumbprint")]
    [InlineData("connect --app-id 1 --organization x --thumbprint a --certificate b", "--thumbprint and --certificate exclude each other", "")]
    [InlineData(
        "connect --app-id 1 --organization x --certificate a --managed-identity", "--certificate and --managed-identity exclude each other", "")]
    [InlineData("connect --app-id 1 --organization x --client-secret-env a --key b", "--key goes with a certificate file", "--certificate")]
    [InlineData("connect --app-id 1 --organization x --thumbprint a --identity-id b", "--identity-id goes with --managed-identity", "")]
    [InlineData("connect --client-secret-env a", "--app-id is missing", "application (client) id")]
    [InlineData("connect --app-id 1 --organization x --thumbprint a --key b", "--key goes with a certificate file", "--certificate")]
    [InlineData("connect --app-id 1 --organization x --certificate a --password-file b --password-env c", "exclude each other", "")]
    [InlineData("connect --app-id 1 --organization x --certificate a --profile ../x", "--profile: '../x' cannot name a profile", "letters")]
    [InlineData("connect --app-id 1 --organization x --certificate a --profile nul.x", "cannot name a profile", "letters")]
    [InlineData("connect --app-id 1 --organization x --certificate a --service mail", "--service: 'mail' is not known", "")]
    [InlineData("connect --app-id 1 --organization x --certificate a --environment O365Moon", "--environment: 'O365Moon' is neither", "O365Default")]
    [InlineData("run", "the cmdlet is missing", "Get-Mailbox")]
    [InlineData("run Mailbox", "'Mailbox' is not a valid cmdlet name", "Get-Mailbox")]
    [InlineData("run Get-Mailbox --page-size 1001", "--page-size: '1001' is not a whole number from 1 to 1000", "")]
    [InlineData("run Get-Mailbox --output xml", "--output: 'xml' is not known. Use one of table, json, csv, ndjson", "")]
    [InlineData("run --Identity x Get-Mailbox", "exoconnect run has no option --Identity", "")]
    [InlineData("run Get-Mailbox", "You are not connected", "exoconnect connect")]
    [InlineData("run Get-Mailbox --profile x", "There is no profile 'x'", "exoconnect connect")]
    [InlineData("disconnect", "There is no profile to remove", "")]
    [InlineData("disconnect --all --profile x", "--profile and --all exclude each other", "")]
    [InlineData("tenant start --port 65536", "--port: '65536' is not a whole number from 0 to 65535", "")]
    [InlineData("tenant start --token-lifetime soon", "--token-lifetime: 'soon' is not a length of time", "")]
    [InlineData("tenant start --role Janitor", "Janitor", "")]
    [InlineData("tenant start --faults /nowhere/x.json", "/nowhere/x.json", "")]
    public async Task A_mistake_is_named_with_its_remedy_and_ends_with_2(string line, string message, string remedy)
    {
        using var user = new Sandbox();
        var ran = (await user.RunAsync(line.Split(' '))).Ended(2);
        Assert.Empty(ran.Output);
        Assert.StartsWith("error: ", ran.Error, StringComparison.Ordinal);
        Assert.Contains(message, ran.Error, StringComparison.Ordinal);
        Assert.Contains(remedy, ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--help")]
    [InlineData("demo --help")]
    [InlineData("tenant --help")]
    [InlineData("tenant start -h")]
    [InlineData("connect --help")]
    [InlineData("run --help")]
    [InlineData("run Get-Mailbox --Identity x --help")]
    [InlineData("status --help")]
    [InlineData("disconnect --nonsense --help")]
    public async Task Every_command_has_a_help_that_fits_a_page(string line)
    {
        using var user = new Sandbox();
        var ran = (await user.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Ended(0);
        Assert.Empty(ran.Error);
        Assert.Contains("Usage: exoconnect", ran.Output, StringComparison.Ordinal);
        Assert.InRange(ran.Lines.Length, 5, 110);
    }

    [Fact]
    public async Task The_help_of_every_command_fits_into_eighty_columns()
    {
        using var user = new Sandbox();
        var pages = new Queue<string[]>([[]]);
        var read = 0;
        for (; pages.TryDequeue(out var command); read++)
        {
            var ran = (await user.RunAsync([.. command, "--help"])).Ended(0);
            Assert.All(ran.Lines, line => Assert.InRange(line.Length, 0, 79));
            var names = ran.Lines.SkipWhile(l => l != "Commands:").Skip(1).TakeWhile(l => l.Length > 0).Where(l => l[2] != ' ');
            foreach (var name in names)
            {
                pages.Enqueue([.. command, name.Trim().Split(' ', ',')[0]]);
            }
        }

        Assert.InRange(read, 20, 100);
    }

    [Fact]
    public async Task The_version_is_told()
    {
        using var user = new Sandbox();
        Assert.Matches(@"^exoconnect \d+\.\d+\.\d+-[a-z]+\d+\n$", (await user.RunAsync("--version")).Ended(0).Output);
    }

    [Theory]
    [InlineData("90", 90)]
    [InlineData("1.5h", 5400)]
    [InlineData("250MS", 0.25)]
    [InlineData("2d", 172800)]
    public void Lengths_of_time_have_units(string text, double seconds) => Assert.Equal(
        TimeSpan.FromSeconds(seconds), OptionTypes.ParseDuration(text));

    [Theory]
    [InlineData("")]
    [InlineData("h")]
    [InlineData("-1s")]
    [InlineData("1w")]
    [InlineData("1,5h")]
    [InlineData("4000d")]
    [InlineData("1e9d")]
    public void Anything_else_is_none(string text) => Assert.Null(OptionTypes.ParseDuration(text));
}
