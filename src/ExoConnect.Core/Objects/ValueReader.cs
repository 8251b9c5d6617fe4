using System.Buffers.Text;
using System.Collections;
using System.Globalization;
using System.Text;
using System.Xml;
using ExoConnect.Core.Json;

namespace ExoConnect.Core.Objects;

/// <summary>
/// Turns the bytes of one value into a .NET object. A value that can't have the type that the service named stays text: no value is lost.
/// </summary>
internal static class ValueReader
{
    /// <summary>The type of objects inside other objects.</summary>
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
        ValueKind.EscapedString => ReadText(JsonScanner.Unescape(bytes), kind & ValueKind.TypeMask),
        ValueKind.Array => ((kind & ValueKind.TypeMask) == ValueKind.Bytes ? ReadBytes(bytes) : null) ?? (object)ReadArray(bytes),
        ValueKind.PackedList => PackedValue.ReadList(bytes),
        ValueKind.PackedTable => PackedValue.ReadTable(bytes),
        ValueKind.PackedObject => PackedValue.ReadObject(bytes),
        ValueKind.PackedText => PackedValue.ReadText(bytes),
        _ => ReadObject(bytes, kind & ValueKind.TypeMask),
    };

    private static object ReadNumber(ReadOnlySpan<byte> bytes, ValueKind type)
    {
        if (Utf8Parser.TryParse(bytes, out long whole, out var used) && used == bytes.Length)
        {
            return type switch
            {
                ValueKind.Int16 when whole is >= short.MinValue and <= short.MaxValue => (short)whole,
                ValueKind.Int64 => whole,
                ValueKind.UInt16 when whole is >= ushort.MinValue and <= ushort.MaxValue => (ushort)whole,
                ValueKind.UInt64 when whole >= 0 => (ulong)whole,
                ValueKind.Double => (double)whole,
                ValueKind.Decimal => (decimal)whole,
                _ when whole is >= int.MinValue and <= int.MaxValue => (int)whole,
                _ => whole,
            };
        }

        // The number of an inbox rule is often beyond a long, and a double would name another rule.
        if (type != ValueKind.Decimal && Utf8Parser.TryParse(bytes, out ulong large, out used) && used == bytes.Length)
        {
            return large;
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
            case ValueKind.Boolean when bool.TryParse(text, out var flag):
                return flag ? True : False;
            case ValueKind.TimeSpan:
                return ReadTimeSpan(text);
            case ValueKind.Int16 when short.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n):
                return n;
            case ValueKind.Int32 when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n):
                return n;
            case ValueKind.Int64 when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n):
                return n;
            case ValueKind.UInt16 when ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n):
                return n;
            case ValueKind.UInt64 when ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n):
                return n;
            case ValueKind.Version when Version.TryParse(text, out var version):
                return version;
            case ValueKind.Double when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var n):
                return n;
            case ValueKind.Decimal when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var n):
                return n;
            case ValueKind.Bytes when TryBase64(text, out var data):
                return data;
            default:
                return (object?)ByteQuantifiedSize.TryParse(text) ?? text;
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

    private static MultiValuedProperty ReadArray(ReadOnlySpan<byte> bytes)
    {
        var list = new MultiValuedProperty();
        var scanner = new JsonScanner(bytes, isFinal: true);
        scanner.TryOpen((byte)'[');
        while (scanner.Next((byte)']', list.Count == 0) == JsonItem.Found)
        {
            scanner.TryValue();
            list.Add(Read(scanner.Kind, scanner.Value));
        }

        return list;
    }

    private static object ReadObject(ReadOnlySpan<byte> bytes, ValueKind type)
    {
        if (type == ValueKind.HashTable || HasType(bytes, "#Exchange.GenericHashTable"u8))
        {
            return ReadHashTable(bytes);
        }

        if ((type == ValueKind.Bytes || HasType(bytes, "#Exchange.ByteArrayType"u8)) && ReadByteArray(bytes) is { } data)
        {
            return data;
        }

        var scanner = new JsonScanner(bytes, isFinal: true);
        new RowReader(NestedEntity).TryRead(ref scanner, out var row);
        return ExoRecord.IsTyped(row!) ? row! : HostTypes.Present(row!);
    }

    private static Hashtable ReadHashTable(ReadOnlySpan<byte> bytes)
    {
        var table = new Hashtable(StringComparer.OrdinalIgnoreCase);
        var scanner = new JsonScanner(bytes, isFinal: true);
        scanner.TryOpen((byte)'{');
        for (var isFirst = true; scanner.Next((byte)'}', isFirst) == JsonItem.Found; isFirst = false)
        {
            scanner.TryName();
            scanner.TryValue();
            if (scanner.NameText is var name && !name.Contains('@', StringComparison.Ordinal))
            {
                table[name] = Read(scanner.Kind, scanner.Value);
            }
        }

        return table;
    }

    /// <summary>The bytes of an array of numbers; null if one isn't a byte.</summary>
    private static byte[]? ReadBytes(ReadOnlySpan<byte> bytes)
    {
        var data = new List<byte>(bytes.Length / 3);
        var scanner = new JsonScanner(bytes, isFinal: true);
        scanner.TryOpen((byte)'[');
        while (scanner.Next((byte)']', data.Count == 0) == JsonItem.Found)
        {
            scanner.TryValue();
            if ((scanner.Kind & ValueKind.TokenMask) != ValueKind.Number || !Utf8Parser.TryParse(scanner.Value, out byte value, out var used)
                || used != scanner.Value.Length)
            {
                return null;
            }

            data.Add(value);
        }

        return [.. data];
    }

    /// <summary>The bytes of <c>{"@odata.type":"#Exchange.ByteArrayType","Data":…}</c>, numbers or base64; null if it holds neither.</summary>
    private static byte[]? ReadByteArray(ReadOnlySpan<byte> bytes)
    {
        var scanner = new JsonScanner(bytes, isFinal: true);
        scanner.TryOpen((byte)'{');
        for (var isFirst = true; scanner.Next((byte)'}', isFirst) == JsonItem.Found; isFirst = false)
        {
            scanner.TryName();
            var isData = scanner.Name.SequenceEqual("Data"u8);
            scanner.TryValue();
            if (isData)
            {
                return (scanner.Kind & ValueKind.TokenMask) switch
                {
                    ValueKind.Array => ReadBytes(scanner.Value),
                    ValueKind.String => TryBase64(Encoding.UTF8.GetString(scanner.Value), out var data) ? data : null,
                    _ => null,
                };
            }
        }

        return null;
    }

    private static bool HasType(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> type)
    {
        var scanner = new JsonScanner(bytes, isFinal: true);
        scanner.TryOpen((byte)'{');
        return scanner.Next((byte)'}', isFirst: true) == JsonItem.Found
            && scanner.TryName() && scanner.Name.SequenceEqual("@odata.type"u8)
            && scanner.TryValue() && scanner.Kind == ValueKind.String && scanner.Value.SequenceEqual(type);
    }
}
