using System.Collections;
using System.Text;
using System.Text.Json;
using ExoConnect.Core.AdminApi.Responses;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Http.Transport;
using ExoConnect.Core.Objects;
using FsCheck;
using FsCheck.Fluent;

namespace ExoConnect.Core.Tests.AdminApi.Responses;

public class ResponseParserTests
{
    private static readonly RequestOrigin Origin = new(200, "Get-Thing", "x", "outlook.example", "client", "server");

    [Fact]
    public void Reads_objects_with_their_types()
    {
        var thing = Single("""
            {"@odata.context":"x","value":[{
              "Identity":"Alice","ExchangeGuid@data.type":"System.Guid","ExchangeGuid@odata.type":"#Guid","ExchangeGuid":"2be9f8a0-0000-4000-8000-000000000001",
              "WhenCreated@data.type":"System.DateTime","WhenCreated":"2024-02-29T12:34:56Z",
              "Count@data.type":"System.Int64","Count":7,"Small@odata.type":"#Int16","Small":3,"Plain":5,"Big":5000000000,"Ratio":1.5,
              "Rule@data.type":"System.UInt64","Rule@odata.type":"#Decimal","Rule":15394007230974001153,"Huge":15394007230974001153,
              "Key@data.type":"System.UInt16","Key@odata.type":"#Decimal","Key":2048,"Money@odata.type":"#Decimal","Money":7,
              "Text64@data.type":"System.Int64","Text64":"12","Span@data.type":"System.TimeSpan","Span":"14.00:00:00",
              "Yes":true,"No":false,"Nothing":null,"Escaped":"a\"b\u00e4","Quota":"99 GB (106,300,440,576 bytes)","Unlimited":"Unlimited"}]}
            """);

        Assert.Equal("Alice", Value(thing, "identity"));
        Assert.Equal(Guid.Parse("2be9f8a0-0000-4000-8000-000000000001"), Value(thing, "ExchangeGuid"));
        Assert.Equal(new DateTime(2024, 2, 29, 12, 34, 56, DateTimeKind.Utc), Value(thing, "WhenCreated"));
        Assert.Equal(DateTimeKind.Utc, ((DateTime)Value(thing, "WhenCreated")!).Kind);
        Assert.Equal(7L, Value(thing, "Count"));
        Assert.Equal((short)3, Value(thing, "Small"));
        Assert.Equal(5, Value(thing, "Plain"));
        Assert.Equal(5_000_000_000L, Value(thing, "Big"));
        Assert.Equal(1.5, Value(thing, "Ratio"));
        Assert.Equal(15_394_007_230_974_001_153UL, Value(thing, "Rule"));
        Assert.Equal(15_394_007_230_974_001_153UL, Value(thing, "Huge"));
        Assert.Equal((ushort)2048, Value(thing, "Key"));
        Assert.Equal(7m, Value(thing, "Money"));
        Assert.Equal(12L, Value(thing, "Text64"));
        Assert.Equal(TimeSpan.FromDays(14), Value(thing, "Span"));
        Assert.Equal(true, Value(thing, "Yes"));
        Assert.Equal(false, Value(thing, "No"));
        Assert.Null(Value(thing, "Nothing"));
        Assert.Equal("a\"bä", Value(thing, "Escaped"));
        Assert.Equal(106_300_440_576UL, Assert.IsType<ByteQuantifiedSize>(Value(thing, "Quota")).ToBytes());
        Assert.Equal("Unlimited", Value(thing, "Unlimited")!.ToString());
        Assert.Equal("Alice", thing.ToString());
    }

    [Theory]
    [InlineData("""{"D@data.type":"System.Byte[]","D":"AQL6"}""")]
    [InlineData("""{"D@data.type":"System.Byte[]","D":[1,2,250]}""")]
    [InlineData("""{"D@odata.type":"#Collection(Byte)","D":[1, 2, 250]}""")]
    [InlineData("""{"D@odata.type":"#Exchange.ByteArrayType","D":{"Data":[1,2,250]}}""")]
    [InlineData("""{"D":{"@odata.type":"#Exchange.ByteArrayType","Data":[1,2,250]}}""")]
    [InlineData("""{"D":{"@odata.type":"#Exchange.ByteArrayType","Data":"AQL6"}}""")]
    public void Bytes_are_bytes_as_numbers_and_as_base64(string json)
    {
        using var parser = new ResponseParser("Thing", Origin);
        Feed(parser, Encoding.UTF8.GetBytes($$"""{"value":[{{json}}]}"""), 7);

        Assert.Equal<byte>([1, 2, 250], Assert.IsType<byte[]>(Value(Assert.IsAssignableFrom<ExoObject>(Assert.Single(parser.Take()!.Objects)), "D")));
    }

    [Fact]
    public void A_value_that_is_not_what_its_annotation_says_stays_text()
    {
        var thing = Single("""
            {"value":[{"G@data.type":"System.Guid","G":"no guid","D@data.type":"System.DateTime","D":"soon","T@data.type":"System.TimeSpan","T":"Unlimited"}]}
            """);

        Assert.Equal("no guid", Value(thing, "G"));
        Assert.Equal("soon", Value(thing, "D"));
        Assert.Equal("Unlimited", Value(thing, "T")!.ToString());
    }

    [Fact]
    public void An_annotation_belongs_to_the_property_of_its_name_only()
    {
        var thing = Single("""{"value":[{"A@data.type":"System.Int64","B":1,"A":1}]}""");

        Assert.IsType<int>(Value(thing, "B"));
        Assert.IsType<int>(Value(thing, "A"));
    }

    [Fact]
    public void Collections_hash_tables_and_nested_objects_keep_their_identity()
    {
        var thing = Single("""
            {"value":[{"Mails@odata.type":"#Collection(String)","Mails":["a","b"],
              "Table@odata.type":"#Exchange.GenericHashTable","Table":{"@odata.type":"#Exchange.GenericHashTable","Add@odata.type":"#Collection(String)","Add":["x"]},
              "Nested":{"Name":"inner","Size@data.type":"System.Int64","Size":4,"Deep":{"Name":"deeper"}}}]}
            """);

        var mails = Assert.IsAssignableFrom<ArrayList>(Value(thing, "Mails"));
        Assert.Equal(["a", "b"], mails.Cast<string>());
        mails.Add("c");
        Assert.Equal(3, ((ArrayList)Value(thing, "Mails")!).Count);
        var table = Assert.IsType<Hashtable>(Value(thing, "Table"));
        Assert.Equal(["Add"], table.Keys.Cast<string>());
        var nested = Assert.IsAssignableFrom<ExoObject>(Value(thing, "Nested"));
        Assert.Same(nested, Value(thing, "Nested"));
        Assert.Equal(4L, Value(nested, "Size"));
        Assert.Equal("deeper", Value(nested, "Deep")!.ToString());
    }

    [Fact]
    public void Each_shape_has_a_dotnet_type_with_its_properties_and_a_common_base()
    {
        var objects = Parse("""{"value":[{"Name":"a","X":1},{"Name":"b","X":2},{"Name":"c","Y":3},{"Name":"d","X":4}]}""").Objects;
        var types = objects.Select(o => o.GetType()).ToList();

        Assert.Same(types[0], types[1]);
        Assert.Same(types[0], types[3]);
        Assert.NotSame(types[0], types[2]);
        Assert.Equal("ExoConnect.Thing", types[0].BaseType!.FullName);
        Assert.Same(types[0].BaseType, types[2].BaseType);
        Assert.Equal(["Name", "X"], types[0].GetProperties().Select(p => p.Name));
        Assert.Equal(4, types[0].GetProperty("X")!.GetValue(objects[3]));

        types[0].GetProperty("X")!.SetValue(objects[3], "changed");
        Assert.Equal("changed", types[0].GetProperty("X")!.GetValue(objects[3]));
        Assert.Equal(2, types[0].GetProperty("X")!.GetValue(objects[1]));
    }

    [Theory]
    [InlineData("""{"Name":"a","name":"b"}""")]
    [InlineData("""{"ToString":"a"}""")]
    [InlineData("""{"GetType":1}""")]
    [InlineData("""{"":1}""")]
    [InlineData("""{"Name":"a","Name":"b"}""")]
    public void Names_no_type_can_have_make_an_untyped_object(string json)
    {
        var thing = Single($$"""{"value":[{{json}}]}""");

        Assert.False(ExoRecord.IsTyped(thing));
        Assert.NotEmpty(ExoRecord.Shape(thing).Names);
    }

    [Theory]
    [InlineData("{}", """{"":1}""", 1)]
    [InlineData("""{"a\nb":1}""", """{"a":1,"b":2}""", 2)]
    [InlineData("""{"a\nb":1,"c":2}""", """{"a":1,"b\nc":2}""", 2)]
    public void Names_that_look_alike_when_they_are_joined_make_two_shapes(string first, string second, int names)
    {
        var before = ExoRecord.Shape(Single($$"""{"value":[{{first}}]}"""));
        var after = ExoRecord.Shape(Single($$"""{"value":[{{second}}]}"""));

        Assert.NotSame(before, after);
        Assert.Equal(names, after.Names.Count);
    }

    [Fact]
    public void Warnings_errors_confirmation_and_the_next_page_come_out()
    {
        var chunk = Parse("""
            {"adminapi.warnings@odata.type":"#Collection(String)","@adminapi.warnings":["w1","w2"],
             "@adminapi.errors":["Ex1|Microsoft.Exchange.Some.FooException|It broke.","plain"],
             "@adminapi.confirmationmessage":"Really?","@odata.nextLink":"https://x/y?$skiptoken=1","value":["just text",5,null,true]}
            """, out var parser);

        Assert.Equal(["w1", "w2"], chunk.Warnings);
        Assert.Equal(["It broke.", "plain"], chunk.Errors.Select(e => e.Message));
        Assert.Equal("FooException", chunk.Errors[0].ErrorId);
        Assert.Equal("Get-Thing", chunk.Errors[0].CmdletName);
        Assert.Equal("Really?", chunk.ConfirmationMessage);
        Assert.Equal("https://x/y?$skiptoken=1", parser.NextLink);
        Assert.Equal(new object[] { "just text", 5, true }, chunk.Objects);
    }

    [Fact]
    public void A_response_without_value_is_one_object()
    {
        var thing = Single("""{"@odata.context":"x","Id@odata.type":"#Guid","Id":"2be9f8a0-0000-4000-8000-000000000001","DisplayName":"Alice"}""");

        Assert.Equal("Alice", Value(thing, "DisplayName"));
        Assert.IsType<Guid>(Value(thing, "Id"));
    }

    [Fact]
    public void An_element_larger_than_the_buffer_is_read()
    {
        var text = new string('x', 3_000_000);
        var thing = Single($$"""{"value":[{"Name":"big","Text":"{{text}}","List":["{{text}}"]}]}""");

        Assert.Equal(text, Value(thing, "Text"));
        Assert.Equal(text, ((ArrayList)Value(thing, "List")!)[0]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("[]")]
    [InlineData("<html></html>")]
    [InlineData("{\"value\":[{\"a\":1}")]
    [InlineData("{\"value\":[{\"a\":1},")]
    [InlineData("{\"value\"")]
    [InlineData("{\"value\":[}")]
    [InlineData("\0\0\0\0")]
    public void What_is_no_response_is_an_error(string text) => Assert.ThrowsAny<JsonException>(() => Parse(text));

    [Fact]
    public void Any_bytes_give_a_response_or_an_error()
    {
        var fragments = new[]
        {
            "{", "}", "[", "]", "\"value\":", "\"@odata.nextLink\":", "\"a@data.type\":\"System.Guid\",", "\"x\":", "\"y\"", ",", "null", "1",
                "1e999", "\\u00", "\"\\ud800\"",
            "\"@adminapi.errors\":", "\"@adminapi.warnings\":", "\"error\":", " ", "\0", "true", "é",
            "\"@odata.type\":\"#Exchange.GenericHashTable\"",
        };
        var json = Gen.Elements(fragments).ListOf().Select(l => Encoding.UTF8.GetBytes(string.Concat(l)));
        var responses = json.Select(b => (byte[])[.. "{\"value\":["u8, .. b]);
        var noise = ArbMap.Default.GeneratorFor<byte[]>();

        Prop.ForAll(Arb.From(Gen.OneOf(json, responses, noise)), bytes =>
        {
            try
            {
                using var parser = new ResponseParser("Thing", Origin);
                Feed(parser, bytes, 7);
                foreach (var item in parser.Take().Objects.OfType<ExoObject>())
                {
                    ReadAll(item);
                }
            }
            catch (JsonException)
            {
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    [Fact]
    public void Where_the_bytes_are_cut_makes_no_difference()
    {
        const string Json = """
            {"@odata.context":"c","@adminapi.warnings":["w"],"value":[{"Name":"a","G@data.type":"System.Guid","G":"2be9f8a0-0000-4000-8000-000000000001","L":[1,[2]]},
            {"Name":"b\u0041","G":null,"L":[]},{"Other":{"x":1}}],"@odata.nextLink":"https://x/y"}
            """;
        var expected = Describe(Json, int.MaxValue);

        Prop.ForAll(ArbMap.Default.ArbFor<PositiveInt>(), size => Describe(Json, size.Get) == expected).QuickCheckThrowOnFailure();
    }

    /// <summary>Rows are read by what the rows before them were like; what they were like must make no difference to what is read.</summary>
    [Fact]
    public void What_other_rows_were_like_makes_no_difference()
    {
        string[] properties =
        [
            "'G':null", "'G@data.type':'System.Guid','G':'2be9f8a0-0000-4000-8000-000000000001'", "'G': 'none'", "'G@odata.type':'#Int64','G':5",
            "'N@odata.type':'#Int64','N':5", "'N@odata.type':'#Int16','N':5", "'N':5", "'M@odata.type':'#Int64','N':5", "'\\u004e':'escaped'",
            "'T':'text'", "'T' : 'te\\'xt'", "'L':[1,[2]]", "'L':[]", "'O':{'x':1}", "'@odata.id':'Things(1)'", "'B':true", "'B':false",
        ];
        var property = Gen.Elements(properties.Select(p => p.Replace('\'', '"')));

        // Two names that differ in case: no .NET types are made of these many shapes.
        var row = property.ListOf(5).Select(chosen => $$"""{"z":0,"Z":0,{{string.Join(",", chosen.DistinctBy(p => p[..3]))}}}""");
        var alone = 0;

        Prop.ForAll(Arb.From(row.ListOf()), rows =>
        {
            using var together = new ResponseParser("Together", Origin);
            Feed(together, Encoding.UTF8.GetBytes($$"""{"value":[{{string.Join(",", rows)}}]}"""), 50);
            var read = together.Take().Objects.Cast<ExoObject>().Select(ReadAll);
            var expected = rows.Select(r =>
            {
                using var parser = new ResponseParser($"Alone{alone++}", Origin);
                Feed(parser, Encoding.UTF8.GetBytes($$"""{"value":[{{r}}]}"""), 1000);
                return ReadAll((ExoObject)parser.Take().Objects.Single());
            });
            return read.SequenceEqual(expected).Label(string.Join("\n", rows));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void A_piece_taken_does_not_change_when_more_arrives()
    {
        using var parser = new ResponseParser("Thing", Origin);
        Feed(parser, "{\"@adminapi.warnings\":[\"w\"],\"value\":["u8, 1000, complete: false);
        var first = parser.Take();
        Feed(parser, "{\"Name\":\"a\"}]}"u8, 1000);

        Assert.Empty(first.Objects);
        Assert.Single(parser.Take().Objects);
    }

    private static string Describe(string json, int step)
    {
        using var parser = new ResponseParser("Thing", Origin);
        Feed(parser, Encoding.UTF8.GetBytes(json), step);
        var chunk = parser.Take();
        return string.Join('|', chunk.Objects.Cast<ExoObject>().Select(ReadAll)) + parser.NextLink + string.Join(',', chunk.Warnings);
    }

    private static string ReadAll(ExoObject item)
    {
        var text = new StringBuilder();
        for (var i = 0; i < ExoRecord.Shape(item).Names.Count; i++)
        {
            text.Append(ExoRecord.Shape(item).Names[i]).Append('=').Append(Show(ExoRecord.Value(item, i))).Append(';');
        }

        return text.ToString();

        static string Show(object? value) => value switch
        {
            ExoObject nested => "{" + ReadAll(nested) + "}",
            ArrayList list => "[" + string.Join(',', list.Cast<object?>().Select(Show)) + "]",
            _ => value is null ? "null" : $"{value} {value.GetType().Name}",
        };
    }

    [Fact]
    public void An_object_that_is_too_large_is_no_passing_fault_and_costs_little_more_than_itself()
    {
        const int Limit = 32 * 1024 * 1024;
        using var parser = new ResponseParser("Thing", Origin, maxElement: Limit);
        var bytes = new byte[1024 * 1024];
        bytes.AsSpan().Fill((byte)'x');
        Feed(parser, """{"@odata.context":"c","value":[{"Name":"""u8, 1000, complete: false);
        Feed(parser, "\""u8, 1000, complete: false);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Record.Exception(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                Feed(parser, bytes, bytes.Length, complete: false);
            }
        });

        Assert.IsType<ResponseTooLargeException>(error);
        Assert.False(LostResponse.Is(error));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 3L * Limit);
    }

    private static void Feed(ResponseParser parser, ReadOnlySpan<byte> bytes, int step, bool complete = true)
    {
        while (complete ? !parser.IsDone : bytes.Length > 0)
        {
            var memory = parser.GetMemory();
            var count = Math.Min(Math.Min(step, memory.Length), bytes.Length);
            bytes[..count].CopyTo(memory.Span);
            bytes = bytes[count..];
            parser.Advance(count);
        }
    }

    private static ResponseChunk Parse(string json) => Parse(json, out _);

    private static ResponseChunk Parse(string json, out ResponseParser parser)
    {
        parser = new ResponseParser("Thing", Origin);
        Feed(parser, Encoding.UTF8.GetBytes(json), 1000);
        return parser.Take();
    }

    private static ExoObject Single(string json) => Assert.IsAssignableFrom<ExoObject>(Assert.Single(Parse(json).Objects));

    private static object? Value(object item, string name) => ExoRecord.Value((ExoObject)item, name);
}
