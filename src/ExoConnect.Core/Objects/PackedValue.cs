using System.Collections;
using ExoConnect.Core.Json;

namespace ExoConnect.Core.Objects;

/// <summary>Reads the nested values of a CLIXML response; the reader of CLIXML packs them.</summary>
/// <remarks>
/// Numbers have seven bits per byte. An item is a kind and, if that has bytes, their number and the bytes. A list is a sequence of items; a table
/// alternates keys and values. An object is the number of its type names; per member, one more than the number of its name (or 1, and the name as
/// an item) and an item; then a 0, and the kind and the bytes of its value. A text with members is the number of its head, and the text's bytes.
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
        while (ReadNumber(ref bytes) is not 0 and var number)
        {
            var name = NameLists.ListOf(number - 1) is [var known] ? known : ReadItem(ref bytes) as string ?? "";
            members.Add(new(name, ReadItem(ref bytes)));
        }

        return WithMembers(ValueReader.Read((ValueKind)bytes[0], bytes[1..]), typeNames, members);
    }

    public static object ReadText(ReadOnlySpan<byte> bytes)
    {
        var head = TextHead.Of(ReadNumber(ref bytes));
        var members = new List<KeyValuePair<string, object?>>(head.Members.Count + 1);
        foreach (var member in head.Members)
        {
            members.Add(new(member.Name, ValueReader.Read(member.Kind, member.Of(bytes))));
        }

        return WithMembers(ValueReader.Read(head.Kind, bytes), NameLists.ListOf(head.Types), members);
    }

    /// <summary>How deep the values in a packed one nest, at most: reading it takes as many calls.</summary>
    public static int Height(ValueKind kind, ReadOnlySpan<byte> bytes)
    {
        var height = 0;
        switch (kind & ValueKind.TokenMask)
        {
            case ValueKind.PackedObject:
                ReadNumber(ref bytes);
                while (ReadNumber(ref bytes) is not 0 and var number)
                {
                    if (number == 1)
                    {
                        Next(ref bytes, out _);
                    }

                    height = Math.Max(height, 1 + Height(Next(ref bytes, out var member), member));
                }

                break;
            case ValueKind.PackedList or ValueKind.PackedTable:
                while (!bytes.IsEmpty)
                {
                    height = Math.Max(height, 1 + Height(Next(ref bytes, out var item), item));
                }

                break;
        }

        return height;
    }

    /// <summary>Skips an item.</summary>
    /// <returns>Its kind.</returns>
    public static ValueKind Next(scoped ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> value)
    {
        var kind = (ValueKind)bytes[0];
        bytes = bytes[1..];
        value = default;
        if (PackedRow.HasBytes(kind))
        {
            var length = ReadNumber(ref bytes);
            value = bytes[..length];
            bytes = bytes[length..];
        }

        return kind;
    }

    private static object WithMembers(object? value, IReadOnlyList<string> typeNames, List<KeyValuePair<string, object?>> members)
    {
        if (value is string && typeNames.Contains("Deserialized.System.Enum") && members.TrueForAll(static m => m.Key != "Value"))
        {
            members.Add(new("Value", value));
        }

        return HostTypes.WithMembers(value, typeNames, members);
    }

    private static object? ReadItem(scoped ref ReadOnlySpan<byte> bytes) => ValueReader.Read(Next(ref bytes, out var value), value);

    private static int ReadNumber(scoped ref ReadOnlySpan<byte> bytes)
    {
        var number = 0;
        for (var shift = 0; ; shift += 7)
        {
            int next = bytes[0];
            bytes = bytes[1..];
            number |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                return number;
            }
        }
    }
}
