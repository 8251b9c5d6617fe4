using System.Buffers.Binary;
using System.Collections;
using ExoConnect.Core.Json;

namespace ExoConnect.Core.Objects;

/// <summary>Reads the values that stand inside others where the answer was CLIXML; the reader of CLIXML packs them.</summary>
/// <remarks>
/// An item is a kind, and where that has bytes their number (four bytes) and the bytes. A list is items; a table a key and a value by turns; an
/// object the number of its
/// type names, per member a 1, the number of its name (0, and the name as an item, where it has none) and an item, then a 0 and the item that is
/// its value.
/// </remarks>
internal static class PackedValue
{
    public static MultiValuedProperty ReadList(ReadOnlySpan<byte> bytes)
    {
        var list = new MultiValuedProperty();
        while (!bytes.IsEmpty)
        {
            list.Add(ReadItem(ref bytes));
        }

        return list;
    }

    public static Hashtable ReadTable(ReadOnlySpan<byte> bytes)
    {
        var table = new Hashtable(StringComparer.OrdinalIgnoreCase);
        while (!bytes.IsEmpty)
        {
            var key = ReadItem(ref bytes);
            var value = ReadItem(ref bytes);
            if (key is not null)
            {
                table[HostTypes.Unwrap(key) ?? key] = value;
            }
        }

        return table;
    }

    public static object ReadObject(ReadOnlySpan<byte> bytes)
    {
        var typeNames = NameLists.ListOf(ReadNumber(ref bytes));
        var members = new List<KeyValuePair<string, object?>>();
        while (Next(ref bytes) != 0)
        {
            var name = NameLists.ListOf(ReadNumber(ref bytes)) is [var known] ? known : ReadItem(ref bytes) as string ?? "";
            members.Add(new(name, ReadItem(ref bytes)));
        }

        var value = ReadItem(ref bytes);
        if (value is string && typeNames.Contains("Deserialized.System.Enum") && members.TrueForAll(static m => m.Key != "Value"))
        {
            members.Add(new("Value", value));
        }

        return HostTypes.WithMembers(value, typeNames, members);
    }

    private static object? ReadItem(ref ReadOnlySpan<byte> bytes)
    {
        var kind = (ValueKind)Next(ref bytes);
        if (!PackedRow.HasBytes(kind))
        {
            return ValueReader.Read(kind, default);
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        var value = bytes.Slice(4, length);
        bytes = bytes[(4 + length)..];
        return ValueReader.Read(kind, value);
    }

    private static int ReadNumber(ref ReadOnlySpan<byte> bytes)
    {
        var number = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = Next(ref bytes);
            number |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                return number;
            }
        }
    }

    private static byte Next(ref ReadOnlySpan<byte> bytes)
    {
        var next = bytes[0];
        bytes = bytes[1..];
        return next;
    }
}
