using System.Buffers.Text;
using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml;

namespace ExoConnect.Core.AdminApi.Answers;

/// <summary>
/// Turns the bytes of one value into a .NET object. What cannot be the type that the service named stays text: a value is never lost.
/// </summary>
internal static class ValueReader
{
    /// <summary>The kind of objects that stand inside other objects.</summary>
    public const string NestedEntity = "Value";

    private static readonly object True = true;
    private static readonly object False = false;

    public static object? Read(ValueKind kind, ReadOnlySpan<byte> bytes) => (kind & ValueKind.TokenMask) switch
    {
        ValueKind.Null => null,
        ValueKind.False => False,
        ValueKind.True => True,
        ValueKind.Number => ReadNumber(bytes, kind & ValueKind.TypeMask),
        ValueKind.String => ReadText(Encoding.UTF8.GetString(bytes), kind & ValueKind.TypeMask),
        ValueKind.EscapedString => ReadText(Unescape(bytes), kind & ValueKind.TypeMask),
        _ => ReadContainer(bytes, kind & ValueKind.TypeMask),
    };

    /// <summary>The text of a JSON string that holds escapes.</summary>
    /// <param name="bytes">What stands between the quotes.</param>
    /// <returns>The text; as it stands where the escapes make no valid text (half a surrogate pair).</returns>
    public static string Unescape(ReadOnlySpan<byte> bytes)
    {
        var quoted = new byte[bytes.Length + 2];
        quoted[0] = quoted[^1] = (byte)'"';
        bytes.CopyTo(quoted.AsSpan(1));
        try
        {
            var reader = new Utf8JsonReader(quoted);
            return reader.Read() ? reader.GetString()! : "";
        }
        catch (Exception e) when (e is InvalidOperationException or JsonException)
        {
            return Encoding.UTF8.GetString(bytes);
        }
    }

    private static object ReadNumber(ReadOnlySpan<byte> bytes, ValueKind type)
    {
        if (Utf8Parser.TryParse(bytes, out long whole, out var used) && used == bytes.Length)
        {
            return type switch
            {
                ValueKind.Int16 when whole is >= short.MinValue and <= short.MaxValue => (short)whole,
                ValueKind.Int64 => whole,
                ValueKind.Double => (double)whole,
                ValueKind.Decimal => (decimal)whole,
                _ when whole is >= int.MinValue and <= int.MaxValue => (int)whole,
                _ => whole,
            };
        }

        if (type == ValueKind.Decimal && Utf8Parser.TryParse(bytes, out decimal exact, out used) && used == bytes.Length)
        {
            return exact;
        }

        return Utf8Parser.TryParse(bytes, out double number, out used) && used == bytes.Length
            ? number
            : Encoding.UTF8.GetString(bytes);
    }

    private static object ReadText(string text, ValueKind type)
    {
        switch (type)
        {
            case ValueKind.Guid when Guid.TryParse(text, out var guid):
                return guid;
            case ValueKind.DateTime when DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var date):
                return date;
            case ValueKind.TimeSpan:
                return ReadTimeSpan(text);
            case ValueKind.Int16 when short.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n):
                return n;
            case ValueKind.Int32 when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n):
                return n;
            case ValueKind.Int64 when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n):
                return n;
            case ValueKind.Double when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var n):
                return n;
            case ValueKind.Decimal when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var n):
                return n;
            case ValueKind.Bytes when TryBase64(text, out var data):
                return data;
            default:
                return ByteQuantifiedSize.TryParse(text, out var size) ? size : text;
        }
    }

    private static object ReadTimeSpan(string text)
    {
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span))
        {
            return span;
        }

        try
        {
            return XmlConvert.ToTimeSpan(text);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return text;
        }
    }

    private static bool TryBase64(string text, out byte[] data)
    {
        data = new byte[text.Length * 3 / 4];
        if (!Convert.TryFromBase64String(text, data, out var length))
        {
            return false;
        }

        Array.Resize(ref data, length);
        return true;
    }

    private static object? ReadContainer(ReadOnlySpan<byte> bytes, ValueKind type)
    {
        var reader = new Utf8JsonReader(bytes, AnswerJson.Options);
        reader.Read();
        return ReadToken(ref reader, bytes, type);
    }

    private static object? ReadToken(ref Utf8JsonReader reader, ReadOnlySpan<byte> buffer, ValueKind type)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray:
                // An ArrayList, as PowerShell's own deserializer makes: scripts call Add and Remove on what was a MultiValuedProperty.
                var list = new ArrayList();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    list.Add(ReadToken(ref reader, buffer, 0));
                }

                return list;

            case JsonTokenType.StartObject when type == ValueKind.HashTable || IsHashTable(reader):
                var table = new Hashtable(StringComparer.OrdinalIgnoreCase);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = AnswerJson.Text(ref reader);
                    reader.Read();
                    var value = ReadToken(ref reader, buffer, 0);
                    if (!name.Contains('@', StringComparison.Ordinal))
                    {
                        table[name] = value;
                    }
                }

                return table;

            case JsonTokenType.StartObject:
                new RowReader(NestedEntity).TryRead(ref reader, buffer, out var row);
                return row is null ? null : ExoRecord.IsTyped(row) ? row : HostTypes.Present(row);

            default:
                return Read(AnswerJson.Kind(reader), reader.ValueSpan);
        }
    }

    private static bool IsHashTable(Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("@odata.type"u8)
        && reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("#Exchange.GenericHashTable"u8);
}
