using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Security;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.AdminApi.Parameters;

/// <summary>
/// Writes the <c>Parameters</c> of an InvokeCommand (protocol.md section 4) from CLR values. Safe to use from many threads.
/// </summary>
/// <remarks>
/// <list type="table">
/// <item><term>null, bool, text</term><description>as JSON has them</description></item>
/// <item><term>numbers</term><description>JSON numbers; NaN and infinity are errors</description></item>
/// <item><term>enums</term><description>their names</description></item>
/// <item><term>Guid, Uri, Version, CultureInfo, TimeSpan</term>
/// <description>their invariant text, a culture by its name, a duration as <c>d.hh:mm:ss</c></description></item>
/// <item><term>DateTime, DateTimeOffset</term>
/// <description>ISO 8601 to the tick; UTC with Z, local time with its offset, unspecified without</description></item>
/// <item><term>byte[]</term><description><c>{"@odata.type":"#Exchange.ByteArrayType","Data":"base64"}</c></description></item>
/// <item><term>lists</term><description>arrays</description></item>
/// <item><term>tables</term><description>objects that begin with <c>"@odata.type":"#Exchange.GenericHashTable"</c>; a list in one gets
/// <c>"Name@odata.type":"#Collection(String)"</c> in front and its values as text, since a collection has one type</description></item>
/// <item><term>SecureString</term>
/// <description>base64 of its UTF-8 text encrypted with the service's key; an empty one stays empty</description></item>
/// <item><term>CredentialValue</term><description>a table of <c>UserName</c> and the encrypted <c>Password</c></description></item>
/// <item><term>anything else</term>
/// <description>its identity if the host knows it, else its own text; a type that has none is an error</description></item>
/// </list>
/// Errors are <see cref="ExoException"/> with the parameter's name; a value never shows in one.
/// </remarks>
/// <param name="options">Key, hooks and limits.</param>
public sealed class ParameterSerializer(ParameterSerializerOptions options)
{
    private const int UnwrapLimit = 8;

    /// <summary>Writes all parameters of a call as one JSON object.</summary>
    /// <param name="writer">Where to write; at a place where a value may stand.</param>
    /// <param name="parameters">Names without dashes, and values.</param>
    /// <exception cref="ExoException">
    /// <c>ParameterNameInvalid</c>, <c>ParameterDuplicate</c>, <c>ParameterNotSerializable</c>, <c>ParameterTooDeep</c>, <c>ParameterTooLarge</c>,
    /// <c>ServiceKeyMissing</c>, <c>SecretTooLong</c>. What was written by then is to be thrown away.
    /// </exception>
    public void Write(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, object?>> parameters)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(parameters);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var call = new Call(options);
        writer.WriteStartObject();
        foreach (var (name, value) in parameters)
        {
            if (!IsName(name))
            {
                throw Error("ParameterNameInvalid", "A parameter's name is made of letters, digits, '-' and '_'.", null);
            }

            if (!names.Add(name))
            {
                throw Error("ParameterDuplicate", $"The parameter '{name}' is given twice.", name);
            }

            call.Begin(name);
            writer.WritePropertyName(name);
            call.Write(writer, IsFilter(name) && Unwrapped(options, value) is string filter ? FilterText.Translate(filter) : value, depth: 0);
        }

        writer.WriteEndObject();
    }

    private static bool IsName(string name)
    {
        if (name is not { Length: > 0 and <= 128 } || name[0] == '-')
        {
            return false;
        }

        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsFilter(string name) =>
        name.Equals("Filter", StringComparison.OrdinalIgnoreCase)
        || name.Equals("RecipientFilter", StringComparison.OrdinalIgnoreCase)
        || name.Equals("RecipientPreviewFilter", StringComparison.OrdinalIgnoreCase);

    private static ExoException Error(string id, string message, string? parameter, string? remedy = null) => new(message)
    {
        ErrorId = id,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = parameter,
        Remedy = remedy,
    };

    private static object? Unwrapped(ParameterSerializerOptions options, object? value)
    {
        if (options.Unwrap is not { } unwrap)
        {
            return value;
        }

        for (var i = 0; value is not null && i < UnwrapLimit; i++)
        {
            var inner = unwrap(value);
            if (ReferenceEquals(inner, value) || (inner is ValueType && Equals(inner, value)))
            {
                break;
            }

            value = inner;
        }

        return value;
    }

    // The state of one call: which parameter, how many values so far, and which lists and tables we are inside of.
    private sealed class Call(ParameterSerializerOptions options)
    {
        private readonly List<object> _within = [];
        private string _name = "";
        private int _values;

        public void Begin(string name)
        {
            _name = name;
            _within.Clear();
        }

        public void Write(Utf8JsonWriter writer, object? value, int depth)
        {
            if (++_values > options.MaximumValues)
            {
                throw Error(
                    "ParameterTooLarge",
                    $"The call has more than {options.MaximumValues:N0} values; the parameter '{_name}' is where they ended.",
                    _name,
                    "Send them in several calls.");
            }

            value = Unwrapped(options, value);
            if (value is null || WriteScalar(writer, value))
            {
                if (value is null)
                {
                    writer.WriteNullValue();
                }

                return;
            }

            if (WriteText(value) is { } text)
            {
                writer.WriteStringValue(text);
                return;
            }

            switch (value)
            {
                case byte[] bytes:
                    WriteBytes(writer, bytes);
                    break;
                case ReadOnlyMemory<byte> bytes:
                    WriteBytes(writer, bytes.Span);
                    break;
                case Memory<byte> bytes:
                    WriteBytes(writer, bytes.Span);
                    break;
                case SecureString secret:
                    WriteSecret(writer, secret);
                    break;
                case CredentialValue credential:
                    writer.WriteStartObject();
                    writer.WriteString("@odata.type"u8, "#Exchange.GenericHashTable"u8);
                    writer.WriteString("UserName"u8, credential.UserName);
                    writer.WritePropertyName("Password"u8);
                    WriteSecret(writer, credential.Password);
                    writer.WriteEndObject();
                    break;
                case JsonElement element:
                    WriteJson(writer, element.WriteTo, element.ValueKind != JsonValueKind.Undefined);
                    break;
                case JsonNode node:
                    WriteJson(writer, target => node.WriteTo(target), true);
                    break;
                case JsonDocument document:
                    WriteJson(writer, document.WriteTo, true);
                    break;
                case IDictionary table:
                    Enter(table, depth);
                    WriteTable(writer, Entries(table), depth);
                    Leave();
                    break;
                case IEnumerable<KeyValuePair<string, object?>> table:
                    Enter(table, depth);
                    WriteTable(writer, table.Select(entry => ((object)entry.Key, entry.Value)), depth);
                    Leave();
                    break;
                default:
                    WriteObject(writer, value, depth);
                    break;
            }
        }

        private static bool WriteScalar(Utf8JsonWriter writer, object value)
        {
            switch (value)
            {
                case bool flag:
                    writer.WriteBooleanValue(flag);
                    break;
                case Enum:
                    // Before the numbers, since an enum is one of them to Convert.
                    writer.WriteStringValue(value.ToString());
                    break;
                case int number:
                    writer.WriteNumberValue(number);
                    break;
                case long number:
                    writer.WriteNumberValue(number);
                    break;
                case uint number:
                    writer.WriteNumberValue(number);
                    break;
                case ulong number:
                    writer.WriteNumberValue(number);
                    break;
                case short or sbyte or byte or ushort:
                    writer.WriteNumberValue(Convert.ToInt32(value, CultureInfo.InvariantCulture));
                    break;
                case decimal number:
                    writer.WriteNumberValue(number);
                    break;
                case double number when double.IsFinite(number):
                    writer.WriteNumberValue(number);
                    break;
                case float number when float.IsFinite(number):
                    writer.WriteNumberValue(number);
                    break;
                case Half number when Half.IsFinite(number):
                    writer.WriteNumberValue((float)number);
                    break;
                case BigInteger or Int128 or UInt128 or nint or nuint:
                    writer.WriteRawValue(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
                    break;
                default:
                    return false;
            }

            return true;
        }

        // What travels as text; null for what doesn't.
        private static string? WriteText(object value) => value switch
        {
            string text => text,
            char letter => letter.ToString(),
            Guid guid => guid.ToString("D"),
            DateTime date => date.ToString("O", CultureInfo.InvariantCulture),
            DateTimeOffset date => date.Offset == TimeSpan.Zero
                ? date.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)
                : date.ToString("O", CultureInfo.InvariantCulture),
            DateOnly date => date.ToString("O", CultureInfo.InvariantCulture),
            TimeOnly time => time.ToString("O", CultureInfo.InvariantCulture),
            TimeSpan duration => duration.ToString("c", CultureInfo.InvariantCulture),
            Uri address => address.OriginalString,
            Version version => version.ToString(),
            CultureInfo culture => culture.Name,
            System.Net.Mail.MailAddress address => address.Address,
            System.Net.IPAddress address => address.ToString(),
            System.Text.StringBuilder builder => builder.ToString(),
            System.Xml.XmlNode node => node.OuterXml,
            _ => null,
        };

        private static void WriteBytes(Utf8JsonWriter writer, ReadOnlySpan<byte> bytes)
        {
            writer.WriteStartObject();
            writer.WriteString("@odata.type"u8, "#Exchange.ByteArrayType"u8);
            writer.WriteBase64String("Data"u8, bytes);
            writer.WriteEndObject();
        }

        // By the table's own enumerator: that of a generic one gives entries of another type otherwise.
        private static IEnumerable<(object Key, object? Value)> Entries(IDictionary table)
        {
            var entries = table.GetEnumerator();
            while (entries.MoveNext())
            {
                yield return (entries.Key, entries.Value);
            }
        }

        private static bool IsTable(object? value) => value is IDictionary or IEnumerable<KeyValuePair<string, object?>>;

        private static bool IsList(object? value) =>
            value is IEnumerable and not string and not byte[] and not JsonNode && !IsTable(value) && value is not System.Xml.XmlNode;

        private void WriteObject(Utf8JsonWriter writer, object value, int depth)
        {
            // Before it is taken for a list or a text: an object of an earlier answer may well be either to .NET.
            if (options.Identify?.Invoke(_name, value) is { } identity && !ReferenceEquals(identity, value))
            {
                Enter(value, depth);
                Write(writer, identity, depth + 1);
                Leave();
                return;
            }

            if (value is IEnumerable list)
            {
                Enter(value, depth);
                writer.WriteStartArray();
                foreach (var item in list)
                {
                    Write(writer, item, depth + 1);
                }

                writer.WriteEndArray();
                Leave();
                return;
            }

            writer.WriteStringValue(OwnText(value));
        }

        private void WriteTable(Utf8JsonWriter writer, IEnumerable<(object Key, object? Value)> entries, int depth)
        {
            var members = new Dictionary<string, object?>(StringComparer.Ordinal);
            var order = new List<string>();
            foreach (var (key, value) in entries)
            {
                var name = Convert.ToString(Unwrapped(options, key), CultureInfo.InvariantCulture) ?? "";
                if (name.Length == 0)
                {
                    throw Error("ParameterNotSerializable", $"A table given for the parameter '{_name}' has an empty key.", _name);
                }

                if (!members.TryAdd(name, Unwrapped(options, value)))
                {
                    throw Error("ParameterDuplicate", $"A table given for the parameter '{_name}' has the same key twice.", _name);
                }

                order.Add(name);
                if (order.Count > options.MaximumValues)
                {
                    throw Error("ParameterTooLarge", $"A table given for the parameter '{_name}' has too many entries.", _name);
                }
            }

            writer.WriteStartObject();
            writer.WritePropertyName("@odata.type"u8);
            writer.WriteStringValue(members.Remove("@odata.type", out var type) && type is string given ? given : "#Exchange.GenericHashTable");
            foreach (var name in order)
            {
                if (!members.TryGetValue(name, out var value))
                {
                    continue;
                }

                if (!IsList(value) || (value is not null && options.Identify?.Invoke(_name, value) is not null))
                {
                    writer.WritePropertyName(name);
                    Write(writer, value, depth + 1);
                    continue;
                }

                WriteMemberList(writer, name, (IEnumerable)value!, members.ContainsKey(name + "@odata.type"), depth + 1);
            }

            writer.WriteEndObject();
        }

        private void WriteMemberList(Utf8JsonWriter writer, string name, IEnumerable list, bool annotated, int depth)
        {
            Enter(list, depth);
            var items = new List<object?>();
            foreach (var item in list)
            {
                items.Add(Unwrapped(options, item));
                if (items.Count > options.MaximumValues)
                {
                    throw Error("ParameterTooLarge", $"A list given for the parameter '{_name}' has too many values.", _name);
                }
            }

            var simple = !items.Exists(item => IsTable(item) || IsList(item) || item is byte[] or JsonElement or JsonNode or CredentialValue);
            if (simple && !annotated)
            {
                writer.WriteString(name + "@odata.type", "#Collection(String)");
            }

            writer.WritePropertyName(name);
            writer.WriteStartArray();
            foreach (var item in items)
            {
                if (simple && !annotated && item is IFormattable formattable and not Enum && WriteText(item) is null)
                {
                    _values++;
                    writer.WriteStringValue(formattable.ToString(null, CultureInfo.InvariantCulture));
                }
                else if (simple && !annotated && item is bool flag)
                {
                    _values++;
                    writer.WriteStringValue(flag ? "True" : "False");
                }
                else
                {
                    Write(writer, item, depth + 1);
                }
            }

            writer.WriteEndArray();
            Leave();
        }

        private void WriteSecret(Utf8JsonWriter writer, SecureString secret)
        {
            int length;
            try
            {
                length = secret.Length;
            }
            catch (ObjectDisposedException)
            {
                throw Error("ParameterNotSerializable", $"The password given for the parameter '{_name}' has been disposed.", _name);
            }

            if (length == 0)
            {
                writer.WriteStringValue(""u8);
                return;
            }

            if (options.Key is not { } key)
            {
                throw Error(
                    "ServiceKeyMissing",
                    $"The parameter '{_name}' is a password, and the session has no key to encrypt it with, so it is not sent.",
                    _name,
                    "Connect again with -RefreshCache; the service sends its key at the start of a session.");
            }

            var cipher = SecretEncryption.Encrypt(secret, key) ?? throw Error(
                "SecretTooLong",
                $"The password given for the parameter '{_name}' is too long or is no valid text: "
                    + $"the service's key takes at most {key.MaximumLength} bytes of UTF-8.",
                _name);
            writer.WriteBase64StringValue(cipher);
        }

        private void WriteJson(Utf8JsonWriter writer, Action<Utf8JsonWriter> write, bool defined)
        {
            if (!defined)
            {
                throw NotSerializable(typeof(JsonElement));
            }

            write(writer);
        }

        private string OwnText(object value)
        {
            if (value is Delegate or Stream or Type or Task or Exception)
            {
                throw NotSerializable(value.GetType());
            }

            // A double that is no number ends here too: it has a text, but not one that the service would take for a number.
            if (value is double or float or Half)
            {
                throw Error("ParameterNotSerializable", $"The value given for the parameter '{_name}' is not a finite number.", _name);
            }

            if (value is IFormattable formattable)
            {
                return formattable.ToString(null, CultureInfo.InvariantCulture);
            }

            var declares = value.GetType().GetMethod(nameof(ToString), Type.EmptyTypes)?.DeclaringType;
            return declares is null || declares == typeof(object) || declares == typeof(ValueType)
                ? throw NotSerializable(value.GetType())
                : value.ToString() ?? "";
        }

        private ExoException NotSerializable(Type type) => Error(
            "ParameterNotSerializable",
            $"The parameter '{_name}' was given an object of type {type.Name}, which can't be sent to the service.",
            _name,
            "Give its identity or another property of it.");

        private void Enter(object container, int depth)
        {
            if (depth >= options.MaximumDepth)
            {
                throw Error(
                    "ParameterTooDeep",
                    $"The value given for the parameter '{_name}' nests deeper than {options.MaximumDepth} levels.",
                    _name);
            }

            if (_within.Exists(outer => ReferenceEquals(outer, container)))
            {
                throw Error("ParameterTooDeep", $"The value given for the parameter '{_name}' contains itself.", _name);
            }

            _within.Add(container);
        }

        private void Leave() => _within.RemoveAt(_within.Count - 1);
    }
}
