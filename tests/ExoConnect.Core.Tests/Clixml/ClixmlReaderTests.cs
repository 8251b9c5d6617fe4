using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ExoConnect.Core.AdminApi.Responses;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.Tests.Clixml;

public class ClixmlReaderTests(ITestOutputHelper output)
{
    private const string Objs = "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">";

    private const string Mailbox = """
        <Obj RefId="1"><TN RefId="1"><T>Microsoft.Exchange.Data.Mailbox</T><T>System.Object</T></TN><ToString>adele</ToString><Props>
        <S N="Name">Ad_x00E8_le &amp; _x005F_x0041_ _xD83D__xDE00_</S><B N="IsShared">true</B><I32 N="Items">24011</I32><I64 N="Bytes">5</I64><Db N="Ratio">1.5</Db>
        <G N="Guid">0d2f9c3f-0000-4000-8000-000000000001</G><BA N="Data">AQL6</BA><Nil N="Nothing" /><DT N="WhenUtc">2023-10-04T14:16:04.0000000Z</DT>
        <DT N="When">2023-10-04T14:16:04.0000000+00:00</DT><TS N="Span">P1DT2H</TS><S N="Blank"></S>
        <Obj N="Addresses" RefId="2"><TN RefId="2"><T>Microsoft.Exchange.Data.ProxyAddressCollection</T></TN><LST><S>SMTP:a@b</S><S>smtp:c@d</S></LST></Obj>
        <Obj N="Holds" RefId="3"><TNRef RefId="2" /><LST /></Obj><Ref N="Same" RefId="2" />
        <Obj N="Type" RefId="4"><TN RefId="3"><T>Microsoft.Exchange.Kind</T><T>System.Enum</T><T>System.ValueType</T></TN><ToString>UserMailbox</ToString><I32>1</I32></Obj>
        <Obj N="Quota" RefId="5"><TN RefId="4"><T>Microsoft.Exchange.Data.Unlimited`1[[Microsoft.Exchange.Data.ByteQuantifiedSize, X]]</T><T>System.ValueType</T></TN>
        <ToString>99 GB (106,300,440,576 bytes)</ToString><Props><B N="IsUnlimited">false</B></Props></Obj>
        <Obj N="Limit" RefId="6"><TNRef RefId="4" /><ToString>Unlimited</ToString><Props><B N="IsUnlimited">true</B></Props></Obj>
        <Obj N="Table" RefId="7"><DCT><En><S N="Key">k</S><I32 N="Value">7</I32></En></DCT></Obj></Props></Obj>
        """;

    private static readonly RequestOrigin Origin = new(200, "Get-Thing", null, "outlook.example", null, null);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_kind_of_value_is_read_as_PowerShell_reads_it(bool isInList)
    {
        var document = isInList ? $"{Objs}<Obj RefId=\"0\"><TN RefId=\"0\"><T>Collection</T></TN><LST>{Mailbox}</LST></Obj></Objs>"
            : $"{Objs}{Mailbox}</Objs>";
        var mailbox = Assert.IsAssignableFrom<ExoObject>(Assert.Single(Read(document)));

        Assert.Equal("Adèle & _x0041_ 😀", Value("Name"));
        Assert.Equal(true, Value("IsShared"));
        Assert.Equal(24011, Value("Items"));
        Assert.Equal(5L, Value("Bytes"));
        Assert.Equal(1.5, Value("Ratio"));
        Assert.Equal(Guid.Parse("0d2f9c3f-0000-4000-8000-000000000001"), Value("Guid"));
        Assert.Equal(new byte[] { 1, 2, 250 }, Value("Data"));
        Assert.Null(Value("Nothing"));
        Assert.Equal("", Value("Blank"));
        Assert.Equal(new TimeSpan(26, 0, 0), Value("Span"));
        Assert.Equal(DateTimeKind.Utc, Assert.IsType<DateTime>(Value("WhenUtc")).Kind);
        var local = Assert.IsType<DateTime>(Value("When"));
        Assert.Equal(DateTimeKind.Local, local.Kind);
        Assert.Equal(Value("WhenUtc"), local.ToUniversalTime());
        Assert.Equal("SMTP:a@b smtp:c@d", Assert.IsType<MultiValuedProperty>(Value("Addresses")).ToString());
        Assert.Equal("", Assert.IsType<MultiValuedProperty>(Value("Holds")).ToString());
        Assert.Equal("SMTP:a@b smtp:c@d", Value("Same")!.ToString());
        Assert.Equal("UserMailbox", Value("Type")!.ToString());
        Assert.Equal(106_300_440_576UL, Assert.IsType<ByteQuantifiedSize>(Value("Quota")).ToBytes());
        Assert.True(Assert.IsType<ByteQuantifiedSize>(Value("Limit")).IsUnlimited);
        Assert.Equal(7, Assert.IsType<Hashtable>(Value("Table"))["k"]);
        Assert.Equal(["Deserialized.Microsoft.Exchange.Data.Mailbox", "Deserialized.System.Object"], ExoRecord.Shape(mailbox).TypeNames);
        Assert.Equal("Deserialized.Microsoft.Exchange.Data.Mailbox", mailbox.GetType().FullName);

        object? Value(string name) => ExoRecord.Value(mailbox, name);
    }

    [Fact]
    public void Numbers_without_a_sign_and_versions_keep_their_types()
    {
        var rule = Assert.IsAssignableFrom<ExoObject>(Assert.Single(Read(
            Objs + "<Obj RefId=\"0\"><Props><U64 N=\"Rule\">15394007230974001153</U64><U16 N=\"Key\">2048</U16><U32 N=\"Count\">4000000000</U32>"
            + "<Version N=\"Version\">14.0.0.0</Version></Props></Obj></Objs>")));

        Assert.Equal(15_394_007_230_974_001_153UL, ExoRecord.Value(rule, "Rule"));
        Assert.Equal((ushort)2048, ExoRecord.Value(rule, "Key"));
        Assert.Equal(4_000_000_000L, ExoRecord.Value(rule, "Count"));
        Assert.Equal(new Version(14, 0, 0, 0), ExoRecord.Value(rule, "Version"));
    }

    [Theory]
    [InlineData("<LST />")]
    [InlineData("<LST></LST>")]
    public void An_empty_list_is_nothing(string list) =>
        Assert.Empty(Read($"{Objs}<Obj RefId=\"0\"><TN RefId=\"0\"><T>Collection</T></TN>{list}</Obj></Objs>"));

    [Fact]
    public void An_empty_root_is_nothing() => Assert.Empty(Read(Objs[..^1] + " />"));

    [Fact]
    public void It_does_not_matter_where_the_bytes_are_cut()
    {
        var response = Response($"{Objs}{Mailbox}{Mailbox}</Objs>");
        for (var piece = 1; piece < 40; piece++)
        {
            Assert.Equal(2, Parse(response, piece).Count);
        }
    }

    [Fact]
    public void A_reference_reaches_an_earlier_object_and_none_that_is_not_complete()
    {
        var objects = Read($"""
            {Objs}<Obj RefId="0"><Props><Obj N="Id" RefId="9"><ToString>contoso/adele</ToString><Props><S N="Name">adele</S></Props></Obj></Props></Obj>
            <Obj RefId="1"><Props><Ref N="Id" RefId="9" /></Props></Obj><Obj RefId="2"><Props><Obj N="Id" RefId="3"><LST><Ref RefId="3" /><S>x</S></LST></Obj></Props></Obj></Objs>
            """);

        Assert.Equal("contoso/adele", ExoRecord.Value((ExoObject)objects[1], "Id"));
        Assert.Equal([null, "x"], Assert.IsType<MultiValuedProperty>(ExoRecord.Value((ExoObject)objects[2], "Id")).ToArray());
    }

    [Theory]
    [InlineData("<Obj RefId=\"0\"><LST><Obj RefId=\"5\"><LST><S>a</S></LST></Obj></LST></Obj><Obj RefId=\"1\"><Props><Ref N=\"Id\" RefId=\"5\" "
        + "/></Props></Obj>")]
    [InlineData("<Obj RefId=\"0\"><Props><Obj N=\"A\" RefId=\"1\"><MS><Obj N=\"B\" RefId=\"5\"><LST><S>a</S></LST></Obj></MS><LST /></Obj>"
        + "<Ref N=\"Id\" RefId=\"5\" /></Props></Obj>")]
    [InlineData("<Obj RefId=\"0\"><Props><Obj N=\"A\" RefId=\"1\"><TN "
        + "RefId=\"0\"><T>Microsoft.Exchange.Data.ByteQuantifiedSize</T></TN><ToString>1</ToString><Props><Obj N=\"B\" "
        + "RefId=\"5\"><LST><S>a</S></LST></Obj></Props></Obj><Ref N=\"Id\" RefId=\"5\" /></Props></Obj>")]
    public void A_reference_to_what_is_kept_nowhere_is_nothing(string objects)
    {
        var row = Read($"{Objs}<Obj RefId=\"99\"><LST>{objects}</LST></Obj></Objs>").OfType<ExoObject>().Last();

        Assert.Null(ExoRecord.Value(row, "Id"));
    }

    [Fact]
    public void A_member_without_a_name_is_not_taken_for_an_object_without_type_names()
    {
        const string Nameless =
            "<Obj N=\"A\" RefId=\"1\"><TN RefId=\"1\"></TN><ToString>text</ToString><Props><S>a</S><S N=\"B\">b</S></Props></Obj>";

        Assert.Equal("text", ExoRecord.Value((ExoObject)Read($"{Objs}<Obj RefId=\"0\"><Props>{Nameless}</Props></Obj></Objs>")[0], "A"));
    }

    [Fact]
    public void References_that_multiply_reach_a_bound()
    {
        var xml = new StringBuilder(Objs).Append("<Obj RefId=\"99\"><Props><Obj N=\"A\" RefId=\"0\"><LST>");
        xml.Insert(xml.Length, "<S>lol</S>", 1000).Append("</LST></Obj>");
        for (var i = 1; i < 12; i++)
        {
            xml.Append(CultureInfo.InvariantCulture, $"<Obj N=\"A{i}\" RefId=\"{i}\"><LST>").Insert(
                xml.Length, $"<Ref RefId=\"{i - 1}\" />", 10).Append("</LST></Obj>");
        }

        Assert.Contains("64 MB", Assert.Throws<JsonException>(() => Read(xml.Append("</Props></Obj></Objs>").ToString())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void References_that_stack_up_reach_the_bound_of_depth()
    {
        var (open, close) = (string.Concat(Enumerable.Repeat("<Obj><LST>", 40)), string.Concat(Enumerable.Repeat("</LST></Obj>", 40)));
        var xml = new StringBuilder(Objs).Append("<Obj RefId=\"9999\"><Props><Obj N=\"A0\" RefId=\"0\"><LST><S>x</S></LST></Obj>");
        for (var i = 1; i < 500; i++)
        {
            xml.Append(CultureInfo.InvariantCulture, $"<Obj N=\"A{i}\" RefId=\"{i}\"><LST>{open}<Ref RefId=\"{i - 1}\" />{close}</LST></Obj>");
        }

        var error = Assert.Throws<JsonException>(() => ExoRecord.Value((ExoObject)Read(xml.Append("</Props></Obj></Objs>").ToString())[0], "A499"));
        Assert.Contains("deep", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<!DOCTYPE a [<!ENTITY b \"c\">]><Objs><S>&b;</S></Objs>")]
    [InlineData("<Objs><S>&b;</S></Objs>")]
    [InlineData("<Objs><S>a<S>b</S></S></Objs>")]
    [InlineData("<Objs><S>a</Objs>")]
    [InlineData("<Objs><S>a")]
    [InlineData("<Objs>text</Objs>")]
    [InlineData("<Other />")]
    [InlineData("<Objs><Obj RefId=\"x\" /></Objs>")]
    [InlineData("")]
    public void What_PowerShell_never_writes_is_an_error(string document) => Assert.Throws<JsonException>(() => Read(document));

    [Fact]
    public void Depth_has_a_bound()
    {
        var xml = string.Concat(Enumerable.Repeat("<Obj><LST>", 100_000));
        Assert.Contains("deep", Assert.Throws<JsonException>(() => Read($"{Objs}<Obj><Props>{xml}")).Message, StringComparison.Ordinal);
        Assert.Contains("deep", Assert.Throws<JsonException>(() => Read($"{Objs}<Obj><LST>{xml}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_no_type_can_have_and_rows_of_a_hundred_thousand_are_read_too()
    {
        var odd = (ExoObject)Read($"{Objs}<Obj><Props><S N=\"PSObject\">a</S><S N=\"psbase\">b</S></Props></Obj></Objs>")[0];
        Assert.False(ExoRecord.IsTyped(odd));
        Assert.Equal("b", ExoRecord.Value(odd, "psbase"));

        var many = string.Concat(Enumerable.Range(0, 100_000).Select(static i => $"<I32 N=\"P{i}\">{i}</I32>"));
        var wide = (ExoObject)Read($"{Objs}<Obj><Props>{many}</Props></Obj></Objs>")[0];
        Assert.False(ExoRecord.IsTyped(wide));
        Assert.Equal(99_999, ExoRecord.Value(wide, "P99999"));
    }

    /// <summary>EXOCONNECT_FUZZ says how many inputs, EXOCONNECT_FUZZ_SEED which; the output of the test says both.</summary>
    [Fact]
    public void Mutated_documents_give_objects_or_an_error_and_never_a_type_of_their_choice()
    {
        var (count, random) = Fuzz(usual: 10_000);
        var typed = Encoding.UTF8.GetBytes(
            $"{Objs}<Obj RefId=\"0\"><TN RefId=\"0\"><T>System.Diagnostics.Process</T></TN><LST>{Mailbox}{Mailbox}</LST></Obj></Objs>");
        // Nine of ten have a property that no .NET type can have: a process has room for 512 types, and other tests want theirs.
        var untyped = Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(typed).Replace("<S N=\"Name\">", "<S N=\"psbase\">b</S><S N=\"Name\">", StringComparison.Ordinal));
        string[] pieces = ["<Obj RefId=\"1\">", "</Obj>", "<LST>", "</LST>", "<Ref RefId=\"2\" />", "<Props>", "</Props>", "&", "_x", "\"",
            "<", ">", "/", "<DCT>", "<TNRef RefId=\"3\" />", "\0"];
        var taken = 0;
        for (var i = 0; i < count; i++)
        {
            var bytes = (i % 10 == 0 ? typed : untyped).ToList();
            for (var edit = random.Next(1, 6); edit > 0; edit--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(4))
                {
                    case 0:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes.RemoveRange(at, Math.Min(random.Next(1, 60), bytes.Count - at - 1));
                        break;
                    case 2:
                        bytes.InsertRange(at, Encoding.UTF8.GetBytes(pieces[random.Next(pieces.Length)]));
                        break;
                    default:
                        bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count / 2), random.Next(1, 200)));
                        break;
                }
            }

            try
            {
                foreach (var item in Parse(Response(Encoding.UTF8.GetString([.. bytes])), random.Next(1, 9000)).OfType<ExoObject>())
                {
                    taken++;
                    for (var p = 0; p < ExoRecord.Shape(item).Names.Count; p++)
                    {
                        _ = ExoRecord.Value(item, p)?.ToString();
                    }

                    Assert.True(item.GetType().Assembly.IsDynamic || !ExoRecord.IsTyped(item));
                }
            }
            catch (JsonException)
            {
                // Refused, as most are.
            }
        }

        Assert.NotEqual(0, taken);
    }

    /// <summary>
    /// The reader remembers how each property was written the last time. A row among others gives the same values as the row alone, of a type that
    /// the reader has never seen. EXOCONNECT_FUZZ says how many rows, EXOCONNECT_FUZZ_SEED which.
    /// </summary>
    [Fact]
    public void A_row_reads_the_same_among_others_and_alone()
    {
        var (count, random) = Fuzz(usual: 1_000);
        for (var done = 0; done < count;)
        {
            var rows = Enumerable.Range(0, random.Next(2, 40)).Select(_ => RandomRow(random)).ToList();
            var type = $"Thing{Guid.NewGuid():N}";
            var list = string.Concat(rows.Select((row, i) => Written(row, i, type)));
            var response = Response($"{Objs}<Obj RefId=\"0\"><TN RefId=\"0\"><T>Collection</T></TN><LST>{list}</LST></Obj></Objs>");
            var together = Parse(response, random.Next(1, 4000));
            Assert.Equal(rows.Count, together.Count);
            for (var i = 0; i < rows.Count; i++, done++)
            {
                var alone = Read($"{Objs}{Written(rows[i], 0, $"Thing{Guid.NewGuid():N}")}</Objs>")[0];
                Assert.Equal(Shown(alone), Shown(together[i]));
            }
        }
    }

    /// <summary>How many inputs to make, and what makes them: the same ones each time, unless there are to be more, or others.</summary>
    private (int Count, Random Random) Fuzz(int usual)
    {
        var isMore = int.TryParse(Environment.GetEnvironmentVariable("EXOCONNECT_FUZZ"), out var count);
        if (!int.TryParse(Environment.GetEnvironmentVariable("EXOCONNECT_FUZZ_SEED"), out var seed))
        {
            seed = isMore ? Random.Shared.Next() : 20261129;
        }

        count = isMore ? count : usual;
        output.WriteLine($"EXOCONNECT_FUZZ={count} EXOCONNECT_FUZZ_SEED={seed}");
        return (count, new Random(seed));
    }

    /// <summary>A row's properties: elements with a <c>{0}</c> where the number of an object goes that is the row's own.</summary>
    private static List<string> RandomRow(Random random)
    {
        // As above: no .NET type can have this property.
        var row = new List<string> { "<S N=\"psbase\">b</S>" };
        for (var i = 0; i < 14; i++)
        {
            if (random.Next(12) > 0)
            {
                row.Add(RandomProperty(random, i % 7 == random.Next(7) ? random.Next(9) : i % 9, $"P{i}"));
            }
        }

        if (random.Next(9) == 0)
        {
            row.Reverse();
        }

        return row;
    }

    private static string RandomProperty(Random random, int kind, string name)
    {
        var text = random.Next(6) switch
        {
            0 => "",
            1 => "a",
            2 => "_x0041__x000A_",
            3 => "&lt;b&gt; \"q\" \\ é😀",
            4 => new string('x', random.Next(300)),
            _ => $"value {random.Next(3)}",
        };
        var owner = name[1] % 2 == 0 ? "A" : "B";
        return kind switch
        {
            0 => $"<S N=\"{name}\">{text}</S>",
            1 => $"<I32 N=\"{name}\">{random.Next(-5, 500)}</I32>",
            2 => random.Next(2) == 0 ? $"<B N=\"{name}\">true</B>" : $"<B N=\"{name}\">false</B>",
            3 => $"<Nil N=\"{name}\" />",
            4 => $"<Obj N=\"{name}\" RefId=\"{{{name[1..]}}}\"><TN RefId=\"{{5{name[1..]}}}\"><T>List{owner}</T></TN><LST>"
                + string.Concat(Enumerable.Range(0, random.Next(4)).Select(i => $"<S>{text}{i}</S>")) + "</LST></Obj>",
            5 => $"<Obj N=\"{name}\" RefId=\"{{{name[1..]}}}\"><TN RefId=\"{{5{name[1..]}}}\"><T>Kind{owner}</T><T>System.Enum</T></TN>"
                + $"<ToString>{text}</ToString><I32>{random.Next(3)}</I32></Obj>",
            6 => $"<Obj N=\"{name}\" RefId=\"{{{name[1..]}}}\"><TN RefId=\"{{5{name[1..]}}}\"><T>Address{owner}</T></TN>"
                + $"<ToString>{text}@b</ToString><Props><S N=\"Local\">{text}</S>"
                + $"<B N=\"IsPrimary\">{(random.Next(2) == 0 ? "true" : "false")}</B></Props></Obj>",
            7 => $"<DT N=\"{name}\">2023-10-04T14:16:{random.Next(10, 60)}.0000000{(random.Next(2) == 0 ? "Z" : "+00:00")}</DT>",
            _ => $"<Obj N=\"{name}\" RefId=\"{{{name[1..]}}}\"><DCT><En><S N=\"Key\">k</S><S N=\"Value\">{text}</S></En></DCT></Obj>",
        };
    }

    /// <summary>The row as PowerShell writes it behind others: its objects' numbers go on, and a type's list of names stands only once.</summary>
    private static string Written(List<string> row, int place, string type)
    {
        var properties = string.Concat(row);
        for (var i = 0; i < 14; i++)
        {
            var number = (place * 100) + i + 1;
            properties = properties.Replace($"{{{i}}}", $"{number}", StringComparison.Ordinal)
                .Replace($"{{5{i}}}", $"{number + 50}", StringComparison.Ordinal);
        }

        var names = place == 0 ? $"<TN RefId=\"99\"><T>{type}</T></TN>" : "<TNRef RefId=\"99\" />";
        return $"<Obj RefId=\"{(place * 100) + 99}\">{names}<ToString>row</ToString><Props>{properties}</Props></Obj>";
    }

    /// <summary>A value with all that is in it, as text.</summary>
    private static string Shown(object? value) => value switch
    {
        null => "null",
        ExoObject row => "{" + string.Join(";", ExoRecord.Shape(row).Names.Select((name, i) => $"{name}={Shown(ExoRecord.Value(row, i))}")) + "}",
        string text => $"'{text}'",
        IDictionary table => "@{" + string.Join(";", table.Keys.Cast<object>().Select(key => $"{key}={Shown(table[key])}").Order()) + "}",
        DateTime date => $"{date:O}{date.Kind}",
        IEnumerable list => $"{value.GetType().Name}[{string.Join(",", list.Cast<object>().Select(Shown))}]",
        _ => $"{value.GetType().Name}:{Convert.ToString(value, CultureInfo.InvariantCulture)}",
    };

    private static List<object> Read(string document) => Parse(Response(document), int.MaxValue);

    private static byte[] Response(string document) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, object> { ["value"] = new[] { new Dictionary<string, string> { ["_cliXml"] = document } } });

    private static List<object> Parse(byte[] response, int piece)
    {
        using var parser = new ResponseParser("Thing", Origin);
        var objects = new List<object>();
        for (var read = 0; !parser.IsDone;)
        {
            var memory = parser.GetMemory();
            var count = Math.Min(Math.Min(memory.Length, piece), response.Length - read);
            response.AsMemory(read, count).CopyTo(memory);
            parser.Advance(count);
            read += count;
            objects.AddRange(parser.Take().Objects);
        }

        return objects;
    }
}
