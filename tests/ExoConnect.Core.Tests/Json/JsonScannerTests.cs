using System.Text;
using System.Text.Json;
using ExoConnect.Core.Json;
using FsCheck;
using FsCheck.Fluent;

namespace ExoConnect.Core.Tests.Json;

/// <summary>The scanner against the framework's reader: both have to take and refuse the same bytes, and see the same values in them.</summary>
public class JsonScannerTests
{
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = JsonScanner.MaxDepth };

    [Fact]
    public void Takes_and_refuses_what_the_framework_does()
    {
        var fragments = new[]
        {
            "{", "}", "[", "]", ":", ",", " ", "\n", "\t", "\r", "\f", "\"", "\"a\"", "\"a\":", "\"\"", "\\", "\\n", "\\u00e9", "\\u12", "\\x",
                "\"\\u0041\"", "\"\\uD800\"",
            "\"\u0001\"", "é", "true", "tru", "false", "null", "nul", "0", "-0", "01", "12", "-", "-1", "1.", "1.5", ".5", "1e5", "1E+5", "1e",
            "1e-", "1.5e-7x",
            "\0", "/", "//", "[[[", "]]]", "{\"a\":{\"b\":[", "]}}", "[1,2,\"three\"]", "{\"x\":null,\"y\":[]}",
            "\"sixteen bytes and more, so that whole vectors are compared\"",
        };
        var json = Gen.Elements(fragments).ListOf().Select(l => Encoding.UTF8.GetBytes(string.Concat(l)));
        var noise = ArbMap.Default.GeneratorFor<byte[]>();

        Prop.ForAll(Arb.From(Gen.Frequency((8, json), (4, Documents()), (4, Damaged()), (1, noise))), bytes =>
        {
            var expected = Framework(bytes);
            var actual = Scan(bytes);
            return (expected == actual).Label($"{Encoding.UTF8.GetString(bytes)}: {actual} instead of {expected}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    [Fact]
    public void Where_bytes_end_too_early_it_asks_for_more_and_never_calls_them_wrong()
    {
        Prop.ForAll(Arb.From(Documents()), bytes => Enumerable.Range(0, bytes.Length).All(length =>
        {
            var scanner = new JsonScanner(bytes.AsSpan(0, length), isFinal: false);

            // Numbers end with what follows them, and nothing does here; all else that is complete is complete in the whole too.
            return !scanner.TryValue() || bytes[length..].All(b => b is (byte)' ' or (byte)'\n');
        })).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void Finds_the_end_of_a_string_wherever_it_is()
    {
        foreach (var special in (string[])["\"", "\\\"x\"", "\\u0041\"", "\u001F", "\n"])
        {
            for (var before = 0; before < 70; before++)
            {
                for (var behind = 0; behind < 20; behind += 3)
                {
                    var bytes = Encoding.UTF8.GetBytes(
                        $"\"{new string('é', before / 2)}{new string('~', before % 2)}{special}{new string('x', behind)}");
                    Assert.Equal(FirstValue(bytes), ScanFirst(bytes));
                }
            }
        }
    }

    [Theory]
    [InlineData(JsonScanner.MaxDepth, true)]
    [InlineData(JsonScanner.MaxDepth + 1, false)]
    public void Is_as_deep_as_it_says(int depth, bool isTaken)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("[", depth)) + string.Concat(Enumerable.Repeat("]", depth)));

        Assert.Equal(isTaken, Scan(bytes) is not null);
        Assert.Equal(Framework(bytes), Scan(bytes));
    }

    [Fact]
    public void A_name_stays_when_its_value_was_read()
    {
        var scanner = new JsonScanner("""{"outer":{"inner":1}}"""u8, isFinal: true);
        Assert.True(scanner.TryOpen((byte)'{'));
        Assert.Equal(JsonItem.Found, scanner.Next((byte)'}', isFirst: true));
        Assert.True(scanner.TryName());
        Assert.True(scanner.TryValue());

        Assert.Equal("outer", scanner.NameText);
        Assert.Equal("""{"inner":1}"""u8, scanner.Value);
        Assert.Equal(JsonItem.End, scanner.Next((byte)'}', isFirst: false));
    }

    private static Gen<byte[]> Documents()
    {
        var text = Gen.Elements(
            "", "a", "Ünïcode", "a\"quote", "back\\slash", "line\nbreak", "long enough to be more than one vector of sixteen bytes", "\u0001");
        var scalar = Gen.OneOf(
            text.Select(t => JsonSerializer.Serialize(t)), Gen.Elements("null", "true", "false"), ArbMap.Default.GeneratorFor<int>().Select(
                n => $"{n}"),
            Gen.Elements("-0.5", "1e10", "2.25E-3"));
        return Gen.Sized(size => Value(Math.Min(size, 12))).Select(Encoding.UTF8.GetBytes);

        Gen<string> Value(int size) => size < 2 ? scalar : Gen.Frequency(
            (2, scalar),
            (1, Value(size / 2).ListOf().Select(items => $"[{string.Join(", ", items)}]")),
            (1, Gen.Zip(text, Value(size / 2)).ListOf().Select(
                m => $"{{ {string.Join(",", m.Select(p => $"{JsonSerializer.Serialize(p.Item1)}:\n{p.Item2}"))} }}")));
    }

    private static Gen<byte[]> Damaged() =>
        from document in Documents()
        from place in ArbMap.Default.GeneratorFor<PositiveInt>()
        from other in ArbMap.Default.GeneratorFor<byte>()
        select (byte[])[.. document[..(place.Get % document.Length)], other, .. document[((place.Get % document.Length) + 1)..]];

    /// <summary>What the framework sees in a whole document; null if it refuses it.</summary>
    private static string? Framework(byte[] bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes, Strict);
            var first = First(ref reader, bytes);
            while (reader.Read())
            {
            }

            return first;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? FirstValue(byte[] bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes, isFinalBlock: false, new JsonReaderState(Strict));
            return First(ref reader, bytes);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? First(ref Utf8JsonReader reader, byte[] bytes)
    {
        if (!reader.Read())
        {
            return "incomplete";
        }

        var start = (int)reader.TokenStartIndex;
        var (kind, value) = (reader.TokenType, Encoding.UTF8.GetString(reader.ValueSpan));
        var escaped = reader.ValueIsEscaped;
        reader.TrySkip();
        return kind switch
        {
            JsonTokenType.StartArray or JsonTokenType.StartObject => $"{kind} {Encoding.UTF8.GetString(bytes[start..(int)reader.BytesConsumed])}",
            JsonTokenType.Null or JsonTokenType.True or JsonTokenType.False => $"{kind} ",
            _ => $"{kind}{(escaped ? " escaped" : "")} {value}",
        };
    }

    private static string? Scan(byte[] bytes)
    {
        try
        {
            var scanner = new JsonScanner(bytes, isFinal: true);
            scanner.TryValue();
            return bytes.AsSpan(scanner.Position).IndexOfAnyExcept(" \n\r\t"u8) < 0 ? Show(scanner) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? ScanFirst(byte[] bytes)
    {
        try
        {
            var scanner = new JsonScanner(bytes, isFinal: false);
            return scanner.TryValue() ? Show(scanner) : "incomplete";
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Show(in JsonScanner scanner)
    {
        var kind = scanner.Kind switch
        {
            ValueKind.Array => "StartArray",
            ValueKind.Object => "StartObject",
            ValueKind.EscapedString => "String escaped",
            _ => scanner.Kind.ToString(),
        };
        return $"{kind} {Encoding.UTF8.GetString(scanner.Value)}";
    }
}
