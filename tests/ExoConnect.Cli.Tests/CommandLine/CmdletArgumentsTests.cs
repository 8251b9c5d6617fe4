using System.CommandLine;
using ExoConnect.Cli.CommandLine;
using ExoConnect.Cli.Hosting;

namespace ExoConnect.Cli.Tests.CommandLine;

public class CmdletArgumentsTests
{
    private static readonly Option[] Own = [Aliased(OptionTypes.Text("--output", "F", "")), OptionTypes.Switch("--verbose", "")];

    [Fact]
    public void Own_options_leave_and_the_rest_stays_in_order()
    {
        var (own, cmdlet) = CmdletArguments.Split(["Get-X", "--A", "1", "--output", "json", "-B", "--verbose", "c", "-o=csv", "--Output", "d"], Own);
        Assert.Equal(["Get-X", "--output", "json", "--verbose", "-o=csv"], own);
        Assert.Equal(["--A", "1", "-B", "c", "--Output", "d"], cmdlet);
    }

    [Fact]
    public void An_own_option_keeps_its_value_even_before_the_cmdlet()
    {
        var (own, cmdlet) = CmdletArguments.Split(["--output", "json", "Get-X", "--Y"], Own);
        Assert.Equal(["--output", "json", "Get-X"], own);
        Assert.Equal(["--Y"], cmdlet);
    }

    [Fact]
    public void An_unknown_option_before_the_cmdlet_is_refused() =>
        Assert.Contains("--Nope", Assert.Throws<UsageException>(() => CmdletArguments.Split(["--Nope", "Get-X"], Own)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Behind_two_dashes_everything_is_the_cmdlets()
    {
        var (own, cmdlet) = CmdletArguments.Split(["Get-X", "--output", "json", "--", "--output", "y", "--", "--verbose"], Own);
        Assert.Equal(["Get-X", "--output", "json"], own);
        Assert.Equal(["--output", "y", "--", "--verbose"], cmdlet);
    }

    [Theory]
    [InlineData("--Identity", "Identity", null)]
    [InlineData("-Identity", "Identity", null)]
    [InlineData("--Identity=a=b:c", "Identity", "a=b:c")]
    [InlineData("-Confirm:$false", "Confirm", "$false")]
    [InlineData("--Name=", "Name", "")]
    [InlineData("value", null, "value")]
    [InlineData("-5", null, "-5")]
    [InlineData("-", null, "-")]
    [InlineData("", null, "")]
    [InlineData("@contoso.com", null, "@contoso.com")]
    public void A_word_is_a_name_or_a_value(string word, string? name, string? text) =>
        Assert.Equal([new CmdletWord(name, text)], CmdletArguments.Read([word]));

    [Fact]
    public void Json_becomes_values()
    {
        var word = Assert.Single(CmdletArguments.Read(["--X:={\"Add\": [\"a\", 1, 2.5, null, true], \"n\": {\"m\": \"\"},}"]));
        Assert.Equal("X", word.Name);
        Assert.Null(word.Text);
        var table = Assert.IsType<Dictionary<string, object?>>(word.Json!.Value);
        Assert.Equal(["a", 1L, 2.5m, null, true], Assert.IsType<List<object?>>(table["Add"]));
        Assert.Equal("", Assert.IsType<Dictionary<string, object?>>(table["n"])["m"]);
        Assert.Null(CmdletArguments.Read(["--X:=null"])[0].Json!.Value);
    }

    [Theory]
    [InlineData("--X:={Add: a}", "--X:= is followed by something that is not JSON")]
    [InlineData("--X:=", "--X:= is followed by something that is not JSON")]
    [InlineData("--X=@{Add='a'}", "is a PowerShell expression")]
    [InlineData("@('a','b')", "is a PowerShell expression")]
    [InlineData("--1x", "is not a valid parameter name")]
    [InlineData("-not (Alias -eq 'x')", "is not a valid parameter name")]
    [InlineData("--", "is not a valid parameter name")]
    public void What_cannot_be_meant_is_refused_with_what_to_write(string word, string message)
    {
        var error = Assert.Throws<UsageException>(() => CmdletArguments.Read([word]));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains("--", error.Remedy, StringComparison.Ordinal);
    }

    private static Option<string> Aliased(Option<string> option)
    {
        option.Aliases.Add("-o");
        return option;
    }
}
