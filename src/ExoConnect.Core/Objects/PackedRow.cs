using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ExoConnect.Core.Json;

namespace ExoConnect.Core.Objects;

/// <summary>
/// The layout of a row's bytes: one byte for the width of an offset (2 or 4), a kind per property, the end of each value that has bytes, the
/// values. More than half of a mailbox's values are nulls, switches, empty texts and empty lists, and their kind alone represents them.
/// </summary>
internal static class PackedRow
{
    /// <summary>A text without a character. Only the layout knows this kind and the next.</summary>
    private const ValueKind EmptyString = (ValueKind)3;

    /// <summary>A list without an element.</summary>
    private const ValueKind EmptyArray = (ValueKind)4;

    /// <summary>Whether a value of a kind has bytes.</summary>
    public static bool HasBytes(ValueKind kind) => (kind & ValueKind.TokenMask) >= ValueKind.Number;

    /// <summary>The kind in which a value is stored.</summary>
    public static ValueKind Stored(ValueKind kind, ReadOnlySpan<byte> value) => (kind & ValueKind.TokenMask) switch
    {
        ValueKind.String when value.IsEmpty => EmptyString | (kind & ValueKind.TypeMask),
        ValueKind.Array when value.Length == 2 => EmptyArray | (kind & ValueKind.TypeMask),
        _ => kind,
    };

    /// <summary>The kind that was sent; the opposite of <see cref="Stored"/>.</summary>
    public static ValueKind Sent(ValueKind kind, ref ReadOnlySpan<byte> value)
    {
        switch (kind & ValueKind.TokenMask)
        {
            case EmptyString:
                return ValueKind.String | (kind & ValueKind.TypeMask);
            case EmptyArray:
                value = "[]"u8;
                return ValueKind.Array | (kind & ValueKind.TypeMask);
            default:
                return kind;
        }
    }

    /// <summary>Makes a row.</summary>
    /// <param name="kinds">The kinds of all values, as <see cref="Stored"/> returns them.</param>
    /// <param name="ends">The ends of the values that have bytes.</param>
    /// <param name="values">The bytes, one value after the other.</param>
    /// <returns>The row.</returns>
    public static byte[] Pack(ReadOnlySpan<ValueKind> kinds, ReadOnlySpan<int> ends, ReadOnlySpan<byte> values)
    {
        var width = values.Length <= ushort.MaxValue ? 2 : 4;
        var row = GC.AllocateUninitializedArray<byte>(1 + kinds.Length + (ends.Length * width) + values.Length);
        row[0] = (byte)width;
        MemoryMarshal.AsBytes(kinds).CopyTo(row.AsSpan(1));
        var rest = row.AsSpan(1 + kinds.Length);
        foreach (var end in ends)
        {
            if (width == 2)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(rest, (ushort)end);
            }
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(rest, end);
            }

            rest = rest[width..];
        }

        values.CopyTo(rest);
        return row;
    }

    /// <summary>Reads a value.</summary>
    /// <param name="row">The row.</param>
    /// <param name="count">The number of its properties.</param>
    /// <param name="index">The property's index.</param>
    /// <param name="value">The value's bytes.</param>
    /// <returns>Its kind.</returns>
    public static ValueKind Read(ReadOnlySpan<byte> row, int count, int index, out ReadOnlySpan<byte> value)
    {
        var kinds = row.Slice(1, count);
        var kind = (ValueKind)kinds[index];
        value = default;
        if (!HasBytes(kind))
        {
            return Sent(kind, ref value);
        }

        int width = row[0];
        var place = CountWithBytes(kinds[..index]);
        var ends = row[(1 + count)..];
        var values = ends[((place + CountWithBytes(kinds[index..])) * width)..];
        value = values[(place == 0 ? 0 : End(ends, width, place - 1))..End(ends, width, place)];
        return kind;
    }

    /// <summary>The bytes of all values of a row.</summary>
    public static ReadOnlySpan<byte> Values(ReadOnlySpan<byte> row, int count) =>
        row[(1 + count + (CountWithBytes(row.Slice(1, count)) * row[0]))..];

    private static int CountWithBytes(ReadOnlySpan<byte> kinds)
    {
        var count = 0;
        for (; kinds.Length >= Vector128<byte>.Count; kinds = kinds[Vector128<byte>.Count..])
        {
            var tokens = Vector128.Create(kinds[..Vector128<byte>.Count]) & Vector128.Create((byte)ValueKind.TokenMask);
            count += BitOperations.PopCount(
                Vector128.Equals(Vector128.Max(tokens, Vector128.Create((byte)ValueKind.Number)), tokens).ExtractMostSignificantBits());
        }

        foreach (var kind in kinds)
        {
            count += HasBytes((ValueKind)kind) ? 1 : 0;
        }

        return count;
    }

    private static int End(ReadOnlySpan<byte> ends, int width, int index) => width == 2
        ? BinaryPrimitives.ReadUInt16LittleEndian(ends[(index * 2)..])
        : BinaryPrimitives.ReadInt32LittleEndian(ends[(index * 4)..]);
}
