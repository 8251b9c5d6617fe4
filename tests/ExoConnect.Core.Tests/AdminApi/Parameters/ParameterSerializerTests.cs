using System.Collections;
using System.Globalization;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExoConnect.Core.AdminApi.Parameters;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Tests.Certificates;
using FsCheck;
using FsCheck.Fluent;

namespace ExoConnect.Core.Tests.AdminApi.Parameters;

public sealed class ParameterSerializerTests
{
    public static TheoryData<object?, string> Scalars => new()
    {
        { null, "null" },
        { "a \"b\" ü\n", "\"a \\u0022b\\u0022 \\u00FC\\n\"" },
        { 'c', "\"c\"" },
        { true, "true" },
        { (sbyte)-1, "-1" },
        { (byte)255, "255" },
        { (short)-3, "-3" },
        { (ushort)3, "3" },
        { int.MinValue, "-2147483648" },
        { uint.MaxValue, "4294967295" },
        { long.MaxValue, "9223372036854775807" },
        { ulong.MaxValue, "18446744073709551615" },
        { 1.5m, "1.5" },
        { 0.1, "0.1" },
        { 0.5f, "0.5" },
        { (Half)2, "2" },
        { System.Numerics.BigInteger.Pow(10, 30), "1" + new string('0', 30) },
        { DayOfWeek.Friday, "5" },
        { AttributeTargets.Class | AttributeTargets.Enum, "20" },
        { new Guid("2be9cb7a-1d4b-4e0e-9d6e-4ec9a9a1e111"), "\"2be9cb7a-1d4b-4e0e-9d6e-4ec9a9a1e111\"" },
        { new DateTime(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc), "\"2026-01-02T03:04:05\"" },
        { new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)), "\"2026-01-02T01:04:05\"" },
        { new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), "\"2026-01-02T03:04:05\"" },
        { new DateOnly(2026, 1, 2), "\"2026-01-02\"" },
        { new TimeSpan(1, 2, 3, 4), "\"1.02:03:04\"" },
        { new Uri("https://contoso.com/ä b"), "\"https://contoso.com/\\u00E4 b\"" },
        { new Version(1, 2, 3), "\"1.2.3\"" },
        { CultureInfo.GetCultureInfo("de-DE"), "\"de-DE\"" },
        { System.Net.IPAddress.Loopback, "\"127.0.0.1\"" },
        { new byte[] { 1, 2, 3 }, "{\"@odata.type\":\"#Exchange.ByteArrayType\",\"Data\":[1,2,3]}" },
        { new StringBuilder("text"), "\"text\"" },
        { new Printable(), "\"prints\"" },
        { JsonDocument.Parse("{\"a\":[1]}").RootElement, "{\"a\":[1]}" },
        { new JsonArray(1, "b"), "[1,\"b\"]" },
        { new object?[] { "a", 1, null, false, DayOfWeek.Friday, 1.5m }, "[\"a\",\"1\",\"\",\"False\",\"Friday\",\"1.5\"]" },
        { new object?[] { 1, "a", null, false }, "[1,\"a\",null,false]" },
        { new ArrayList { "a", new List<int> { 1, 2 } }, "[\"a\",[1,2]]" },
        { new[] { CultureInfo.GetCultureInfo("de-DE"), CultureInfo.GetCultureInfo("en-US") }, "[\"de-DE\",\"en-US\"]" },
        { Enumerable.Range(0, 3).Where(i => i > 0), "[1,2]" },
        { new List<Guid>(), "[]" },
    };

    [Theory]
    [MemberData(nameof(Scalars))]
    public void Writes_each_kind_of_value(object? value, string expected)
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            // A culture with other separators and another calendar must not reach the wire.
            CultureInfo.CurrentCulture = new CultureInfo("ar-SA");
            Assert.Equal("{\"P\":" + expected + "}", Serialize(new() { ["P"] = value }));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Any_date_goes_as_the_second_it_is_in_UTC() =>
        Prop.ForAll(ArbMap.Default.ArbFor<DateTimeOffset>(), date =>
        {
            var text = JsonNode.Parse(Serialize(new() { ["P"] = date }))!["P"]!.GetValue<string>();
            var second = new DateTimeOffset(date.UtcTicks - (date.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
            Assert.Equal(
                second, DateTimeOffset.ParseExact(text, "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
        }).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void A_table_says_its_type_first_and_keeps_what_is_in_it_as_it_is()
    {
        var table = new Hashtable { ["Add"] = new object[] { "a", 1, true, null!, Guid.Empty } };

        Assert.Equal(
            "{\"EmailAddresses\":{\"@odata.type\":\"#Exchange.GenericHashTable\",\"Add\":[\"a\",1,true,null,\"00000000-0000-0000-0000-000000000000\"]}}",
            Serialize(new() { ["EmailAddresses"] = table }));
        Assert.Equal(
            "{\"P\":{\"@odata.type\":\"#Exchange.GenericHashTable\",\"Remove\":\"x\"}}",
            Serialize(new() { ["P"] = new Dictionary<string, string> { ["Remove"] = "x" } }));
        Assert.Equal(
            "{\"P\":{\"@odata.type\":\"#Exchange.GenericHashTable\",\"1\":{\"@odata.type\":\"#Exchange.GenericHashTable\",\"a\":null}}}",
            Serialize(new() { ["P"] = new Hashtable { [1] = new Hashtable { ["a"] = null } } }));
        Assert.Equal(
            "{\"P\":{\"@odata.type\":\"#Exchange.GenericHashTable\",\"Add\":[1,2]}}",
            Serialize(new() { ["P"] = new Hashtable { ["Add"] = new byte[] { 1, 2 } } }));
    }

    [Fact]
    public void A_list_of_tables_or_bytes_has_its_type_in_front_and_its_elements_have_none()
    {
        Assert.Equal(
            "{\"P@odata.type\":\"#Collection(Exchange.GenericHashTable)\",\"P\":[{\"a\":{\"b\":1}}]}",
            Serialize(new() { ["P"] = new[] { new Hashtable { ["a"] = new Hashtable { ["b"] = 1 } } } }));
        Assert.Equal(
            "{\"P\":{\"@odata.type\":\"#Exchange.GenericHashTable\",\"L@odata.type\":\"#Collection(Exchange.GenericHashTable)\",\"L\":[{\"a\":1}]}}",
            Serialize(new() { ["P"] = new Hashtable { ["L"] = new[] { new Hashtable { ["a"] = 1 } } } }));
        Assert.Equal(
            "{\"P@odata.type\":\"#Collection(Exchange.ByteArrayType)\",\"P\":[{\"Data\":[0,255]},{\"Data\":[]}]}",
            Serialize(new() { ["P"] = new ArrayList { new byte[] { 0, 255 }, Array.Empty<byte>() } }));
    }

    [Fact]
    public void Bytes_of_any_length_are_their_numbers()
    {
        var options = new ParameterSerializerOptions { MaximumValues = 10 };
        var bytes = new byte[1_000_000];
        Random.Shared.NextBytes(bytes);

        var json = JsonNode.Parse(Serialize(new() { ["P"] = bytes }, options))!["P"]!;

        Assert.Equal(bytes, json["Data"]!.AsArray().Select(static n => n!.GetValue<byte>()));
    }

    public static TheoryData<string, object?, string> Shapes => new()
    {
        { "[System.Object[]]", "a", "[\"a\"]" },
        { "[System.Object[]]", new Hashtable { ["a"] = 1 }, "[{\"a\":1}]" },
        { "[System.Object[]]", 1, "[1]" },
        { "[System.Object[]]", Array.Empty<object>(), "[]" },
        { "[System.Object[]]", null, "null" },
        { "[string[]]", 1, "[\"1\"]" },
        { "[string[]]", new object[] { 1, true }, "[\"1\",\"True\"]" },
        { "[System.Collections.Generic.List[string]]", "a", "[\"a\"]" },
        { "[string]", 42, "\"42\"" },
        { "[string]", null, "\"\"" },
        { "[int]", null, "null" },
        { "[hashtable[]]", new Hashtable { ["a"] = 1 }, "[{\"a\":1}]" },
        { "[hashtable[]]", new Bag(("name", "x"), ("list", new object?[] { new Bag(("n", 1)) })),
            "[{\"name\":\"x\",\"list@odata.type\":\"#Collection(Exchange.GenericHashTable)\",\"list\":[{\"n\":1}]}]" },
        { "[hashtable]", new Bag(("name", "x")), "{\"@odata.type\":\"#Exchange.GenericHashTable\",\"name\":\"x\"}" },
        { "", new Bag(("Add", "x"), ("remove", null)), "{\"@odata.type\":\"#Exchange.GenericHashTable\",\"Add\":\"x\",\"remove\":null}" },
        { "", new Bag(("name", "x")), "\"bag\"" },
        { "[datetime]", "2024-07-01T08:30:00+02:00", "\"2024-07-01T06:30:00\"" },
        { "[datetime]", "never", "\"never\"" },
        { "", "2024-07-01T08:30:00+02:00", "\"2024-07-01T08:30:00\\u002B02:00\"" },
        { "[byte[]]", new byte[] { 1 }, "{\"@odata.type\":\"#Exchange.ByteArrayType\",\"Data\":[1]}" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_value_becomes_what_the_module_file_says_its_parameter_takes(string type, object? value, string expected)
    {
        var catalog = CmdletCatalog.Parse($"function script:Get-It {{ param( {type} ${{P}} ) }}", ExoService.ExchangeOnline);
        var options = new ParameterSerializerOptions
        {
            Entries = static o => (o as Bag)?.Members,
            Identify = static (_, o) => o is Bag ? "bag" : null,
        };
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            new ParameterSerializer(options).Write(writer, [KeyValuePair.Create("P", value)], catalog.Cmdlets[0]);
        }

        using var json = JsonDocument.Parse(stream.ToArray());
        Assert.Equal(expected, json.RootElement.GetProperty("P").GetRawText());
        Assert.Equal(expected.StartsWith("[{", StringComparison.Ordinal), json.RootElement.TryGetProperty("P@odata.type", out _));
    }

    [Fact]
    public void A_table_that_brings_its_own_type_keeps_it()
    {
        var table = new System.Collections.Specialized.OrderedDictionary
        {
            ["Add"] = new[] { 1 },
            ["Add@odata.type"] = "#Collection(Int32)",
            ["@odata.type"] = "#Exchange.StringFieldDeltaUpdateData",
        };

        Assert.Equal(
            "{\"P\":{\"@odata.type\":\"#Exchange.StringFieldDeltaUpdateData\",\"Add\":[1],\"Add@odata.type\":\"#Collection(Int32)\"}}",
            Serialize(new() { ["P"] = table }));
    }

    [Fact]
    public void Random_values_give_JSON_that_reads_back_equal() =>
        Prop.ForAll(Values(3).ToArbitrary(), value =>
        {
            using var document = JsonDocument.Parse(Serialize(new() { ["Value"] = value }));
            AssertSame(value, document.RootElement.GetProperty("Value"), Where.Parameter);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(20));

    [Fact]
    public void A_secret_is_encrypted_with_the_services_key_and_shows_nowhere()
    {
        const string Password = "Pässword \ud83d\ude00 1";
        using var secret = Secure(Password);
        var options = new ParameterSerializerOptions { Key = Key() };

        var json = JsonNode.Parse(
            Serialize(new() { ["Password"] = secret, ["Credential"] = new CredentialValue("joe \"a\\b\u0001", secret) }, options))!;

        Assert.Equal(Password, Decrypt(json["Password"]!));
        Assert.Equal(
            $"{{\"UserName\":\"joe \\\"a\\\\b\\u0001\",\"Password\":\"{Password}\"}}", Decrypt(json["Credential"]!));
        Assert.Equal("joe \"a\\b\u0001", JsonNode.Parse(Decrypt(json["Credential"]!))!["UserName"]!.GetValue<string>());
        Assert.Equal("\"\"", JsonNode.Parse(Serialize(new() { ["P"] = Secure("") }))!["P"]!.ToJsonString());
        Assert.DoesNotContain("ssword", new CredentialValue("joe", secret).ToString(), StringComparison.Ordinal);

        string Decrypt(JsonNode node) =>
            Encoding.UTF8.GetString(TestCertificates.Key.Decrypt(Convert.FromBase64String(node.GetValue<string>()), RSAEncryptionPadding.Pkcs1));
    }

    [Fact]
    public void A_secret_that_cannot_be_encrypted_is_an_error_without_the_secret()
    {
        var options = new ParameterSerializerOptions { Key = Key() };

        AssertError("ServiceKeyMissing", Secure("geheim"), null);
        AssertError("SecretTooLong", Secure("geheim" + new string('x', 240)), options);
        AssertError("SecretTooLong", Secure("geheim" + new string('ü', 121)), options);
        AssertError("SecretTooLong", Secure("geheim\ud800"), options);
        var disposed = Secure("geheim");
        disposed.Dispose();
        AssertError("ParameterNotSerializable", disposed, options);
        Assert.Contains("Password", Serialize(new() { ["Password"] = Secure(new string('x', 245)) }, options), StringComparison.Ordinal);

        void AssertError(string id, SecureString secret, ParameterSerializerOptions? with)
        {
            var error = Assert.Throws<ExoException>(() => Serialize(new() { ["Password"] = secret }, with));
            Assert.Equal(id, error.ErrorId);
            Assert.Equal("Password", error.ParameterName);
            Assert.DoesNotContain("geheim", error.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_host_unwraps_its_own_types_anywhere()
    {
        var options = new ParameterSerializerOptions
        {
            Unwrap = value => value is Wrapper wrapper ? wrapper.Value : value,
        };
        var table = new Hashtable { ["Add"] = new Wrapper(new[] { new Wrapper("a") }) };
        var wrapped = new Wrapper(new object?[] { new Wrapper(new Wrapper(true)), table, new Wrapper(null) });

        Assert.Equal(
            "{\"P\":[true,{\"@odata.type\":\"#Exchange.GenericHashTable\",\"Add\":[\"a\"]},null]}",
            Serialize(new() { ["P"] = wrapped }, options));
    }

    [Fact]
    public void An_object_of_an_earlier_response_becomes_its_identity()
    {
        var options = new ParameterSerializerOptions
        {
            Identify = (name, value) => value is Mailbox mailbox && name == "Identity" ? mailbox.Guid : null,
        };

        Assert.Equal(
            "{\"Identity\":\"00000000-0000-0000-0000-000000000000\"}", Serialize(new() { ["Identity"] = new Mailbox() }, options));
        Assert.Equal(
            "{\"Identity\":[\"00000000-0000-0000-0000-000000000000\"]}", Serialize(new() { ["Identity"] = new[] { new Mailbox() } }, options));
        Assert.Equal(
            "{\"Identity\":{\"@odata.type\":\"#Exchange.GenericHashTable\",\"Add\":\"00000000-0000-0000-0000-000000000000\"}}",
            Serialize(new() { ["Identity"] = new Hashtable { ["Add"] = new Mailbox() } }, options));
        Assert.Equal("ParameterNotSerializable", Error(new() { ["Other"] = new Mailbox() }, options).ErrorId);
    }

    [Fact]
    public void What_cannot_be_sent_is_an_error_that_names_the_parameter()
    {
        object[] values =
            [new object(), new Mailbox(), () => 1, new MemoryStream(), typeof(string), double.NaN, float.PositiveInfinity, default(JsonElement)];
        foreach (var value in values)
        {
            var error = Error(new() { ["Member"] = new object[] { value } });
            Assert.Equal(("ParameterNotSerializable", "Member"), (error.ErrorId, error.ParameterName));
            Assert.Equal(ExoErrorCategory.InvalidArgument, error.Category);
        }
    }

    [Fact]
    public void What_never_ends_is_an_error()
    {
        var list = new ArrayList();
        list.Add(list);
        var table = new Hashtable();
        table["Add"] = new object[] { table };
        object deep = "x";
        object wide = "x";
        for (var i = 0; i < 17; i++)
        {
            deep = new[] { deep };
        }

        for (var i = 0; i < 14; i++)
        {
            wide = new[] { wide, wide, wide };
        }

        Assert.Equal("ParameterTooDeep", Error(new() { ["P"] = list }).ErrorId);
        Assert.Equal("ParameterTooDeep", Error(new() { ["P"] = table }).ErrorId);
        Assert.Equal("ParameterTooDeep", Error(new() { ["P"] = deep }).ErrorId);
        Assert.Equal("ParameterTooLarge", Error(new() { ["P"] = wide }, new() { MaximumValues = 1000 }).ErrorId);
        Assert.Equal("ParameterTooLarge", Error(new() { ["P"] = Endless() }, new() { MaximumValues = 1000 }).ErrorId);
        Assert.Equal("ParameterTooLarge", Error(new() { ["P"] = new Hashtable { ["Add"] = Endless() } }, new() { MaximumValues = 1000 }).ErrorId);
        var shared = new[] { "twice" };
        Assert.Equal("{\"P\":[[\"twice\"],[\"twice\"]]}", Serialize(new() { ["P"] = new[] { shared, shared } }));

        static IEnumerable<int> Endless()
        {
            for (var i = 0; ; i = unchecked(i + 1))
            {
                yield return i;
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("-Identity")]
    [InlineData("A\":1,\"B")]
    [InlineData("Näme")]
    public void A_name_that_is_no_name_is_an_error(string name) =>
        Assert.Equal("ParameterNameInvalid", Error(new() { [name] = 1 }).ErrorId);

    [Fact]
    public void Nothing_is_given_twice()
    {
        Assert.Equal("ParameterDuplicate", Error(new() { ["Name"] = 1, ["name"] = 2 }).ErrorId);
        Assert.Equal("ParameterNotSerializable", Error(new() { ["P"] = new Hashtable { [""] = 1 } }).ErrorId);
        Assert.Equal("ParameterDuplicate", Error(new() { ["P"] = new Hashtable { ["1"] = 1, [1] = 2 } }).ErrorId);
    }

    [Theory]
    [InlineData("HiddenFromAddressListsEnabled -eq $true", "HiddenFromAddressListsEnabled -eq 'True'")]
    [InlineData("($FALSE -eq A) -and B -eq $trueish", "('False' -eq A) -and B -eq $trueish")]
    [InlineData("Name -eq 'costs $true' -and A -eq $False", "Name -eq 'costs $true' -and A -eq 'False'")]
    [InlineData("Name -eq \"$true\"", "Name -eq \"$true\"")]
    [InlineData("Name -eq '$true", "Name -eq '$true")]
    [InlineData("$null -ne A", "$null -ne A")]
    [InlineData("$", "$")]
    public void Filters_lose_PowerShells_truth_values(string filter, string expected)
    {
        Assert.Equal(expected, JsonNode.Parse(Serialize(new() { ["filter"] = filter }))!["filter"]!.GetValue<string>());
        Assert.Equal(filter, JsonNode.Parse(Serialize(new() { ["Name"] = filter }))!["Name"]!.GetValue<string>());
    }

    private static string Serialize(Dictionary<string, object?> parameters, ParameterSerializerOptions? options = null)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            new ParameterSerializer(options ?? new ParameterSerializerOptions()).Write(writer, parameters);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static ExoException Error(Dictionary<string, object?> parameters, ParameterSerializerOptions? options = null) =>
        Assert.Throws<ExoException>(() => Serialize(parameters, options));

    private static Gen<object?> Values(int depth)
    {
        var scalar = Gen.OneOf<object?>(
            Gen.Constant<object?>(null),
            ArbMap.Default.GeneratorFor<string>().Select(text => (object?)text),
            ArbMap.Default.GeneratorFor<int>().Select(number => (object?)number),
            ArbMap.Default.GeneratorFor<long>().Select(number => (object?)number),
            ArbMap.Default.GeneratorFor<decimal>().Select(number => (object?)number),
            ArbMap.Default.GeneratorFor<bool>().Select(flag => (object?)flag),
            ArbMap.Default.GeneratorFor<Guid>().Select(guid => (object?)guid),
            ArbMap.Default.GeneratorFor<DateTime>().Select(date => (object?)DateTime.SpecifyKind(date, DateTimeKind.Utc)),
            ArbMap.Default.GeneratorFor<TimeSpan>().Select(duration => (object?)duration),
            ArbMap.Default.GeneratorFor<byte[]>().Select(bytes => (object?)bytes),
            Gen.Elements<object?>(DayOfWeek.Monday, new Version(1, 0), new Uri("x", UriKind.Relative)));
        return depth == 0
            ? scalar
            : Gen.OneOf(
                scalar,
                Values(depth - 1).ListOf().Select(list => (object?)list.ToArray()),
                from keys in Gen.Elements("Add", "Remove", "ä", "a.b", "@x").ListOf()
                from values in Values(depth - 1).ListOf()
                let pairs = keys.Zip(values).DistinctBy(pair => pair.First)
                select (object?)new Hashtable(pairs.ToDictionary(pair => (object)pair.First, pair => pair.Second)));
    }

    private enum Where
    {
        Parameter,
        Text,
        Table,
        Element,
    }

    private static void AssertSame(object? value, JsonElement json, Where where, bool isNamed = true)
    {
        switch (value)
        {
            case null:
                Assert.True(where == Where.Text ? json.GetString() == "" : json.ValueKind == JsonValueKind.Null);
                break;
            case byte[] bytes:
                var numbers = json.ValueKind == JsonValueKind.Array && where is Where.Table ? json : json.GetProperty("Data");
                Assert.Equal(bytes, numbers.EnumerateArray().Select(static n => n.GetByte()));
                Assert.Equal(where == Where.Parameter, json.ValueKind == JsonValueKind.Object && json.TryGetProperty("@odata.type", out _));
                break;
            case object?[] list:
                Assert.Equal(list.Length, json.GetArrayLength());
                var elements = list.Length > 0 && list.All(static i => i is Hashtable) && isNamed ? Where.Element
                    : list.Length > 0 && list.All(static i => i is byte[]) && isNamed && where == Where.Parameter ? Where.Element
                    : where == Where.Parameter && list is [string, ..] ? Where.Text
                    : where;
                foreach (var (item, element) in list.Zip(json.EnumerateArray()))
                {
                    AssertSame(item, element, elements == Where.Text && item is IEnumerable and not string ? Where.Parameter
                        : elements == Where.Element && item is byte[] && where != Where.Parameter ? Where.Table
                        : elements, isNamed: false);
                }

                break;
            case Hashtable table:
                Assert.Equal(where != Where.Element, json.TryGetProperty("@odata.type", out var type)
                    && type.GetString() == "#Exchange.GenericHashTable");
                foreach (DictionaryEntry entry in table)
                {
                    AssertSame(entry.Value, json.GetProperty((string)entry.Key), where == Where.Element && entry.Value is Hashtable ? Where.Element
                        : Where.Table);
                }

                break;
            case string text:
                Assert.Equal(Valid(text), json.GetString());
                break;
            case bool flag:
                Assert.Equal(flag.ToString(), where == Where.Text ? json.GetString() : json.GetBoolean().ToString());
                break;
            case DateTime date:
                Assert.Equal(date.ToString("s", CultureInfo.InvariantCulture), json.GetString());
                break;
            case TimeSpan duration:
                Assert.Equal(duration, TimeSpan.Parse(json.GetString()!, CultureInfo.InvariantCulture));
                break;
            case int or long or decimal:
                Assert.Equal(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture), where == Where.Text ? json.GetString()
                    : json.GetRawText());
                break;
            case Enum member:
                Assert.Equal(where == Where.Text ? member.ToString() : member.ToString("D"), where == Where.Text ? json.GetString()
                    : json.GetRawText());
                break;
            default:
                Assert.Equal(value.ToString(), json.GetString());
                break;
        }
    }

    // JSON can't carry half of a surrogate pair.
    private static string Valid(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static SecureString Secure(string text)
    {
        var secret = new SecureString();
        foreach (var c in text)
        {
            secret.AppendChar(c);
        }

        return secret;
    }

    private static ServiceKey Key() =>
        CmdletCatalog.Parse($"$k = '{TestCertificates.Key.ToXmlString(false)}'", ExoService.ExchangeOnline).Key!;

    private sealed record Wrapper(object? Value);

    private sealed class Bag(params (string Name, object? Value)[] members)
    {
        public IEnumerable<KeyValuePair<string, object?>> Members => members.Select(static m => KeyValuePair.Create(m.Name, m.Value));
    }

    private sealed class Mailbox
    {
        public Guid Guid { get; }
    }

    private sealed class Printable
    {
        public override string ToString() => "prints";
    }
}
