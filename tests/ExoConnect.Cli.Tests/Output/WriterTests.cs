using System.Collections;
using System.Globalization;
using System.Text;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Output;

namespace ExoConnect.Cli.Tests.Output;

public class WriterTests
{
    [Fact]
    public void Values_are_the_same_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Assert.Equal("1.5", ValueText.Cell(1.5, ";"));
            Assert.Equal("-3", ValueText.Cell(-3, ";"));
            Assert.Equal("2024-02-01T03:04:05Z", ValueText.Cell(new DateTime(2024, 2, 1, 3, 4, 5, DateTimeKind.Utc), ";"));
            Assert.Equal("2024-02-01T03:04:05.25", ValueText.Cell(new DateTime(2024, 2, 1, 3, 4, 5, 250, DateTimeKind.Unspecified), ";"));
            Assert.Equal("2024-02-01T01:04:05Z", ValueText.Cell(new DateTimeOffset(2024, 2, 1, 3, 4, 5, TimeSpan.FromHours(2)), ";"));
            Assert.Equal("1.02:03:04", ValueText.Cell(new TimeSpan(1, 2, 3, 4), ";"));
            Assert.Equal("a;True;", ValueText.Cell(new ArrayList { "a", true, null }, ";"));
            Assert.Equal("AQI=", ValueText.Cell(new byte[] { 1, 2 }, ";"));
            Assert.Equal("{\"a\":1.5,\"b\":[\"é\"]}", ValueText.Cell(new Hashtable { ["b"] = new ArrayList { "é" }, ["a"] = 1.5 }, ";"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_local_time_is_shown_as_utc()
    {
        var time = new DateTime(2024, 6, 1, 12, 0, 0, DateTimeKind.Utc);
        Assert.Equal("2024-06-01T12:00:00Z", ValueText.Cell(time.ToLocalTime(), ";"));
    }

    [Fact]
    public void Json_is_an_array_and_not_closed_when_it_broke_off()
    {
        Assert.Equal("[]\n", Json([], complete: true));
        Assert.Equal("", Json([], complete: false));
        Assert.Equal("[\n1,\n\"a\\n\\u001B\"\n]\n", Json([1, "a\n\e"], complete: true));
        Assert.Equal("[\n1\n", Json([1], complete: false));
    }

    [Fact]
    public void Csv_quotes_what_needs_it()
    {
        var text = Written(o => new CsvObjectWriter(o, [], _ => { }), ["plain", "a,b", "say \"x\"", "two\nlines", " blank", "ünïcode", 5],
            complete: true);
        Assert.Equal("Value\nplain\n\"a,b\"\n\"say \"\"x\"\"\"\n\"two\nlines\"\n\" blank\"\nünïcode\n5\n", text);
    }

    [Fact]
    public void Csv_of_nothing_has_the_header_that_was_asked_for()
    {
        Assert.Equal("A,B\n", Written(o => new CsvObjectWriter(o, ["A", "B"], _ => { }), [], complete: true));
        Assert.Equal("", Written(o => new CsvObjectWriter(o, [], _ => { }), [], complete: true));
    }

    [Fact]
    public void A_table_cannot_move_the_cursor()
    {
        var text = Written(o => new TableObjectWriter(o, [], 80, h => h), ["a\e[2Jb\rc\nd\u202Ee"], complete: true);
        Assert.Equal("Value\n-----------\na\uFFFD[2Jbc d\uFFFDe\n", text);
    }

    [Fact]
    public void A_table_fits_the_terminal_and_is_whole_elsewhere()
    {
        string[][] rows = [[new string('x', 30), "short"], ["漢字漢字漢字漢字漢字漢字", "b"]];
        var narrow = new TextTable(["First", "Second"], rows, 20);
        Assert.All([narrow.Header().Names, narrow.Header().Rule, narrow.Row(rows[0])], line => Assert.True(line.Length <= 20, line));
        Assert.Equal("xxxxxxxxxxx…  short", narrow.Row(rows[0]));
        Assert.Equal("漢字漢字漢…   b", narrow.Row(rows[1]));
        Assert.Contains(new string('x', 30) + "  short", new TextTable(["First", "Second"], rows, null).Row(rows[0]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_is_laid_out_by_its_first_rows_and_then_flows()
    {
        using var stream = new MemoryStream();
        using var output = new CliOutput(stream);
        var table = new TableObjectWriter(output, [], null, h => h);
        for (var i = 0; i < 49; i++)
        {
            table.Write("row");
        }

        table.Pause();
        Assert.Equal(0, output.Pending);
        table.Write("row");
        var held = output.Pending;
        Assert.True(held > 50 * 4);
        table.Write("a much longer row");
        Assert.True(output.Pending > held);
    }

    [Fact]
    public void Text_survives_being_written_in_pieces()
    {
        using var stream = new MemoryStream();
        using var output = new CliOutput(stream);
        foreach (var c in "a😀é")
        {
            output.Write(c);
        }

        output.Flush();
        Assert.Equal("a😀é", Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Theory]
    [InlineData("Check -AppId and -Organization.", "Check --app-id and --organization.")]
    [InlineData("Connect again with Connect-ExchangeOnline, or name it with -Connection; x-Organization stays.",
        "Connect again with exoconnect connect, or name it with --profile; x-Organization stays.")]
    [InlineData("Get-Mailbox -Identity", "Get-Mailbox -Identity")]
    public void The_engines_words_become_the_command_lines(string engine, string ours) => Assert.Equal(ours, CommandLineTerms.Translate(engine));

    private static string Json(object[] items, bool complete) => Written(o => new JsonObjectWriter(o, [], lines: false), items, complete);

    private static string Written(Func<CliOutput, IObjectWriter> create, object[] items, bool complete)
    {
        using var stream = new MemoryStream();
        using var output = new CliOutput(stream);
        var writer = create(output);
        foreach (var item in items)
        {
            writer.Write(item);
        }

        writer.End(complete);
        output.Flush();
        (writer as IDisposable)?.Dispose();
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
