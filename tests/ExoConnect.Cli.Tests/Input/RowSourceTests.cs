using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Input;

namespace ExoConnect.Cli.Tests.Input;

public sealed class RowSourceTests : IDisposable
{
    private readonly Sandbox _user = new();

    public void Dispose() => _user.Dispose();

    [Theory]
    [InlineData("Identity,Office\na,b\n", "line 2: Identity=a Office=b")]
    [InlineData("\uFEFFIdentity;Office\r\na;b,c\r\n\r\nd;\r\n", "line 2: Identity=a Office=b,c", "line 4: Identity=d")]
    [InlineData("#TYPE Selected.Object\n\"Identity\",\"Office\"\n\"a \"\"b\"\"\",\"c\nd\"\ne,f", "line 3: Identity=a \"b\" Office=c\nd",
        "line 5: Identity=e Office=f")]
    [InlineData("Identity\tOffice\na\t5\" disk\n", "line 2: Identity=a Office=5\" disk")]
    [InlineData(
        "Identity,Office\na,b,c\nd", "line 2: ! It has 3 values, and the first line names 2. Quote values that hold a ','.", "line 3: Identity=d")]
    [InlineData("Identity,Office\na,\"b\nc", "line 2: ! A quote is never closed. Quotes inside a quoted value are doubled.")]
    [InlineData("{\"Identity\":\"a\",\"Priority\":3}\n\n{\"Identity\":\"b\"}", "line 1: Identity:=a Priority:=3", "line 3: Identity:=b")]
    [InlineData("{\"Identity\":\n\"a\"}", "line 1: ! It is not JSON (at character 13). Each line is one object; or write one array.",
        "line 2: ! It is not JSON (at character 4). Each line is one object; or write one array.")]
    [InlineData("[\n{\"Identity\":\"a\"},\n7,\n]", "item 1: Identity:=a", "item 2: ! It is not a JSON object: {\"Identity\": \"adele\"}")]
    [InlineData("{\"Identity\":\"\\ud800\"}\n{\"Identity\":\"a\"}", "line 1: ! A text in it is invalid Unicode.", "line 2: Identity:=a")]
    [InlineData("[{\"Iden\\ud800\":\"a\"}]", "item 1: ! A text in it is invalid Unicode.")]
    [InlineData("Identity\n")]
    [InlineData("")]
    [InlineData(" \n[]")]
    public async Task Rows_are_read(string text, params string[] rows) => Assert.Equal(rows, await ReadAsync(text));

    [Theory]
    [InlineData("utf-8", null, "line 2: Identity=M\u00FCller")]
    [InlineData("utf-16", null, "line 2: Identity=M\u00FCller")]
    [InlineData("utf-16BE", null, "line 2: Identity=M\u00FCller")]
    [InlineData("utf-32", null, "line 2: Identity=M\u00FCller")]
    [InlineData("windows-1252", "windows-1252", "line 2: Identity=M\u00FCller")]
    [InlineData("windows-1252", null,
        "line 2: ! Column 2 is not UTF-8 (byte 0xFC). Save the file as UTF-8, or say what it is, as in --encoding windows-1252.")]
    public async Task Text_is_what_its_encoding_says_or_an_error(string written, string? said, string row)
    {
        System.Text.Encoding.RegisterProvider(System.Text.CodePagesEncodingProvider.Instance);
        var encoding = System.Text.Encoding.GetEncoding(written);
        var path = Path.Combine(_user.Folder, "rows.csv");
        await File.WriteAllBytesAsync(path, [.. encoding.GetPreamble(), .. encoding.GetBytes("Identity\r\nM\u00FCller\r\n")]);

        Assert.Equal([row], await ReadFileAsync(path, said));
    }

    [Fact]
    public void What_is_no_file_is_refused_and_not_opened()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs the devices of Linux.");
        var host = new CliHost { Output = new CliOutput(Stream.Null), Error = TextWriter.Null };

        var e = Assert.Throws<UsageException>(() => RowSource.Open("/dev/zero", host));
        Assert.Contains("It is a device, not a file", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_spreadsheets_first_line_says_what_separates_values() =>
        Assert.Equal(["line 3: Identity=a,b Office=c"], await ReadAsync("sep=;\r\nIdentity;Office\r\na,b;c\r\n"));

    [Fact]
    public async Task Bytes_that_are_no_text_spoil_only_their_own_line()
    {
        var path = Path.Combine(_user.Folder, "rows.csv");
        await File.WriteAllBytesAsync(path, [.. "Identity,Office\na,\"b"u8, 0xFF, .. "\nc\"\nd,e\n"u8]);

        var rows = await ReadFileAsync(path, null);

        Assert.StartsWith("line 2: ! Column 5 is not UTF-8 (byte 0xFF)", rows[0], StringComparison.Ordinal);
        Assert.Equal("line 4: Identity=d Office=e", rows[^1]);
    }

    [Fact]
    public void An_encoding_that_is_none_is_refused() =>
        Assert.Contains("'latin' is not an encoding", Assert.Throws<UsageException>(() => TextLines.Find("latin")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_column_may_hold_json()
    {
        Assert.Equal(
            ["line 2: Identity=a EmailAddresses:=System.Collections.Generic.Dictionary`2[System.String,System.Object]",
                "line 3: ! The value in the column EmailAddresses:= is not JSON."],
            await ReadAsync("Identity,EmailAddresses:=\na,\"{\"\"Add\"\":[\"\"x\"\"]}\"\nb,{Add}\n"));
    }

    [Theory]
    [InlineData("Display Name,Office\na,b", "'Display Name' in line 1 is not a valid parameter name")]
    [InlineData("a@contoso.com\nb@contoso.com", "The first line of a CSV file names the parameters")]
    [InlineData("Identity,\na,", "'' in line 1 is not a valid parameter name")]
    [InlineData("[{\"Identity\":", "begins like a JSON array")]
    public async Task What_makes_no_sense_as_a_whole_is_refused(string text, string says)
    {
        var refused = await Assert.ThrowsAsync<UsageException>(() => ReadAsync(text));
        Assert.Contains(says, refused.Message + refused.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_read_is_refused()
    {
        Assert.Throws<UsageException>(() => RowSource.Open(Path.Combine(_user.Folder, "none.csv"), Host()));
        _user.Typed = "";
        Assert.Contains("terminal", Assert.Throws<UsageException>(() => RowSource.Open("-", Host())).Message, StringComparison.Ordinal);
    }

    private Task<string[]> ReadAsync(string text) => ReadFileAsync(_user.WriteFile("rows", text), encoding: null);

    private async Task<string[]> ReadFileAsync(string path, string? encoding)
    {
        var rows = new List<string>();
        await foreach (var row in RowSource.Open(path, Host(), encoding).ReadAsync(default))
        {
            rows.Add(
                $"{row.Place}: {(row.Problem is { } problem ? "! " + problem : string.Join(' ', row.Words.Select(w => w.Json is { } json ? $"{w.Name}:={json.Value}" : $"{w.Name}={w.Text}")))}");
        }

        return [.. rows];
    }

    private ExoConnect.Cli.Hosting.CliHost Host() => _user.Host(Stream.Null, TextWriter.Null);
}
