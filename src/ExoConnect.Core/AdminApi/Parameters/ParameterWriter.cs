using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Security;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.AdminApi.Parameters;

/// <summary>
/// Writes the values of one call. The state is the parameter, the number of values so far, and the lists and tables around the current value.
/// </summary>
internal sealed class ParameterWriter(ParameterSerializerOptions options)
{
    private const string TypeName = "@odata.type";
    private const string TableType = "#Exchange.GenericHashTable";

    private readonly List<object> _within = [];
    private string _name = "";
    private int _values;

    public void Write(Utf8JsonWriter writer, string name, object? value)
    {
        _name = name;
        _within.Clear();
        if (FilterText.Takes(name) && value is not null && !ParameterValue.IsList(value) && !ParameterValue.IsTable(value)
            && ParameterValue.Text(value) is { } filter)
        {
            writer.WriteString(name, FilterText.Translate(filter));
        }
        else if (ParameterValue.IsList(value))
        {
            WriteList(writer, name, (IEnumerable)value!, Container.Parameter, depth: 0);
        }
        else
        {
            writer.WritePropertyName(name);
            WriteValue(writer, value, Container.Parameter, depth: 0);
        }
    }

    private void WriteValue(Utf8JsonWriter writer, object? value, Container container, int depth)
    {
        if (++_values > options.MaximumValues)
        {
            throw Invalid(
                ErrorIds.ParameterTooLarge,
                $"The call has more than {options.MaximumValues:N0} values; the limit was reached at the parameter '{_name}'.",
                "Send them in several calls.");
        }

        value = ParameterValue.Unwrap(value, options);
        if (value is null)
        {
            writer.WriteNullValue();
            return;
        }

        if (WriteScalar(writer, value))
        {
            return;
        }

        switch (value)
        {
            case byte[] bytes:
                WriteBytes(writer, bytes, container);
                break;
            case ReadOnlyMemory<byte> bytes:
                WriteBytes(writer, bytes.Span, container);
                break;
            case Memory<byte> bytes:
                WriteBytes(writer, bytes.Span, container);
                break;
            case SecureString secret:
                WriteSecret(writer, secret);
                break;
            case CredentialValue credential:
                writer.WriteBase64StringValue(Encrypt(key => SecretEncryption.Encrypt(credential.UserName, credential.Password, key)));
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
            default:
                WriteObject(writer, value, container, depth);
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
                writer.WriteRawValue(((Enum)value).ToString("D"));
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
                if (ParameterValue.Text(value) is not { } text)
                {
                    return false;
                }

                writer.WriteStringValue(text);
                break;
        }

        return true;
    }

    // Written straight from the array: a file of 20 MB is 20 million numbers.
    private static void WriteBytes(Utf8JsonWriter writer, ReadOnlySpan<byte> bytes, Container container)
    {
        if (container != Container.Table)
        {
            writer.WriteStartObject();
            if (container == Container.Parameter)
            {
                writer.WriteString("@odata.type"u8, "#Exchange.ByteArrayType"u8);
            }

            writer.WritePropertyName("Data"u8);
        }

        writer.WriteStartArray();
        foreach (var value in bytes)
        {
            writer.WriteNumberValue((uint)value);
        }

        writer.WriteEndArray();
        if (container != Container.Table)
        {
            writer.WriteEndObject();
        }
    }

    private void WriteObject(Utf8JsonWriter writer, object value, Container container, int depth)
    {
        // Comes before lists and text: to .NET an object that a cmdlet returned may well be either.
        if (ParameterValue.Entries(value) is { } table)
        {
            Enter(value, depth);
            WriteTable(writer, table, container, depth);
            Exit();
        }
        else if (Identity(value) is { } identity)
        {
            Enter(value, depth);
            WriteValue(writer, identity, container, depth + 1);
            Exit();
        }
        else if (value is IEnumerable list)
        {
            WriteList(writer, name: null, list, container, depth);
        }
        else
        {
            writer.WriteStringValue(OwnText(value));
        }
    }

    private object? Identity(object value) =>
        options.Identify?.Invoke(_name, value) is { } identity && !ReferenceEquals(identity, value) ? identity : null;

    /// <summary>Writes a list; with its name, and its elements' type before it, if it has one.</summary>
    private void WriteList(Utf8JsonWriter writer, string? name, IEnumerable list, Container container, int depth, bool isAnnotated = false)
    {
        Enter(list, depth);
        var items = new List<object?>();
        foreach (var item in list)
        {
            items.Add(ParameterValue.Unwrap(item, options));
            if (items.Count > options.MaximumValues)
            {
                throw Invalid(ErrorIds.ParameterTooLarge, $"A list given for the parameter '{_name}' has too many values.");
            }
        }

        var elements = items.Count == 0 || name is null ? null
            : items.TrueForAll(static item => ParameterValue.IsTable(item)) ? TableType
            : container == Container.Parameter && items.TrueForAll(static item => item is byte[] or ReadOnlyMemory<byte> or Memory<byte>)
                ? "#Exchange.ByteArrayType"
            : null;
        if (name is not null)
        {
            if (elements is not null && !isAnnotated)
            {
                writer.WriteString(name + TypeName, $"#Collection({elements[1..]})");
            }

            writer.WritePropertyName(name);
        }

        var isText = container == Container.Parameter && items.Count > 0 && items[0] is string;
        writer.WriteStartArray();
        foreach (var item in items)
        {
            if (isText && ParameterShape.TextOf(item) is { } text)
            {
                _values++;
                writer.WriteStringValue(text);
            }
            else
            {
                var inner = elements is not null ? Container.Element
                    : item is byte[] && container == Container.Element ? Container.Table
                    : container;
                WriteValue(writer, item, inner, depth + 1);
            }
        }

        writer.WriteEndArray();
        Exit();
    }

    private void WriteTable(Utf8JsonWriter writer, IEnumerable<(object Key, object? Value)> entries, Container container, int depth)
    {
        var members = new Dictionary<string, object?>(StringComparer.Ordinal);
        var order = new List<string>();
        foreach (var (key, value) in entries)
        {
            var name = Convert.ToString(ParameterValue.Unwrap(key, options), CultureInfo.InvariantCulture) ?? "";
            if (name.Length == 0)
            {
                throw Invalid(ErrorIds.ParameterNotSerializable, $"A table given for the parameter '{_name}' has an empty key.");
            }

            if (!members.TryAdd(name, ParameterValue.Unwrap(value, options)))
            {
                throw Invalid(ErrorIds.ParameterDuplicate, $"A table given for the parameter '{_name}' has the same key twice.");
            }

            order.Add(name);
            if (order.Count > options.MaximumValues)
            {
                throw Invalid(ErrorIds.ParameterTooLarge, $"A table given for the parameter '{_name}' has too many entries.");
            }
        }

        writer.WriteStartObject();
        var isNamed = members.Remove(TypeName, out var type) && type is string;
        if (isNamed || container != Container.Element)
        {
            writer.WriteString("@odata.type"u8, isNamed ? (string)type! : TableType);
        }

        // The elements have their type from the collection, all the way down.
        var within = container == Container.Element ? Container.Element : Container.Table;
        foreach (var name in order)
        {
            if (!members.TryGetValue(name, out var value))
            {
                continue;
            }

            if (ParameterValue.IsList(value) && Identity(value!) is null)
            {
                WriteList(writer, name, (IEnumerable)value!, within, depth + 1, members.ContainsKey(name + TypeName));
                continue;
            }

            writer.WritePropertyName(name);
            if (value is byte[] bytes)
            {
                WriteBytes(writer, bytes, Container.Table);
            }
            else
            {
                WriteValue(writer, value, within, depth + 1);
            }
        }

        writer.WriteEndObject();
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
            throw Invalid(ErrorIds.ParameterNotSerializable, $"The password given for the parameter '{_name}' has been disposed.");
        }

        if (length == 0)
        {
            writer.WriteStringValue(""u8);
            return;
        }

        writer.WriteBase64StringValue(Encrypt(key => SecretEncryption.Encrypt(secret, key)));
    }

    private byte[] Encrypt(Func<ServiceKey, byte[]?> encrypt)
    {
        if (options.Key is not { } key)
        {
            throw Invalid(
                ErrorIds.ServiceKeyMissing,
                $"The parameter '{_name}' is a password, and the session has no key to encrypt it with, so it is not sent.",
                "Connect again with -RefreshCache; the service sends its key at the start of a session.");
        }

        try
        {
            return encrypt(key) ?? throw Invalid(
                ErrorIds.SecretTooLong,
                $"The password given for the parameter '{_name}' is too long or is not valid text: "
                    + $"the service's key takes at most {key.MaximumLength} bytes of UTF-8, of a credential with its user name.");
        }
        catch (ObjectDisposedException)
        {
            throw Invalid(ErrorIds.ParameterNotSerializable, $"The password given for the parameter '{_name}' has been disposed.");
        }
    }

    private void WriteJson(Utf8JsonWriter writer, Action<Utf8JsonWriter> write, bool defined)
    {
        if (!defined)
        {
            throw NotSerializable(typeof(JsonElement));
        }

        try
        {
            write(writer);
        }
        catch (InvalidOperationException)
        {
            throw Invalid(ErrorIds.ParameterNotSerializable, $"The JSON given for the parameter '{_name}' holds invalid Unicode.");
        }
    }

    private string OwnText(object value)
    {
        if (value is Delegate or Stream or Type or Task or Exception)
        {
            throw NotSerializable(value.GetType());
        }

        // NaN and infinity end here too: they have a text, but not one that the service would read as a number.
        if (value is double or float or Half)
        {
            throw Invalid(ErrorIds.ParameterNotSerializable, $"The value given for the parameter '{_name}' is not a finite number.");
        }

        if (value is IFormattable formattable)
        {
            return formattable.ToString(null, CultureInfo.InvariantCulture);
        }

        // The text that every object has, its type's name, is not the value's own.
        var text = value.ToString() ?? "";
        return text == value.GetType().ToString() ? throw NotSerializable(value.GetType()) : text;
    }

    private ExoException NotSerializable(Type type) => Invalid(
        ErrorIds.ParameterNotSerializable,
        $"The parameter '{_name}' was given an object of type {type.Name}, which can't be sent to the service.",
        "Give its identity or another property of it.");

    private ExoException Invalid(string errorId, string message, string? remedy = null) =>
        ArgumentErrors.Invalid(errorId, _name, null, message, remedy);

    private void Enter(object container, int depth)
    {
        if (depth >= options.MaximumDepth)
        {
            throw Invalid(
                ErrorIds.ParameterTooDeep,
                $"The value given for the parameter '{_name}' nests deeper than {options.MaximumDepth} levels.");
        }

        if (_within.Exists(outer => ReferenceEquals(outer, container)))
        {
            throw Invalid(ErrorIds.ParameterTooDeep, $"The value given for the parameter '{_name}' contains itself.");
        }

        _within.Add(container);
    }

    private void Exit() => _within.RemoveAt(_within.Count - 1);

    /// <summary>The position of a value, which decides whether its type is written.</summary>
    private enum Container
    {
        /// <summary>The parameter itself, or a list in it.</summary>
        Parameter,

        /// <summary>In a table.</summary>
        Table,

        /// <summary>In a collection that names the type for all of its elements.</summary>
        Element,
    }
}
