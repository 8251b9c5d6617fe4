using System.Buffers.Binary;

namespace ExoConnect.Core.AdminApi.Answers;

/// <summary>
/// The layout of a row's bytes: one byte that says how wide an offset is (2 or 4), a kind per property, the end of each value, the
/// values. Reading one value touches three places, whatever the number of properties.
/// </summary>
internal static class PackedRow
{
    public static ValueKind Read(ReadOnlySpan<byte> row, int count, int index, out ReadOnlySpan<byte> value)
    {
        int width = row[0];
        var ends = row.Slice(1 + count, count * width);
        var values = row[(1 + count + ends.Length)..];
        var start = index == 0 ? 0 : End(ends, width, index - 1);
        value = values[start..End(ends, width, index)];
        return (ValueKind)row[1 + index];
    }

    public static byte[] Pack(ReadOnlySpan<ValueKind> kinds, ReadOnlySpan<int> ends, ReadOnlySpan<byte> values)
    {
        var width = values.Length <= ushort.MaxValue ? 2 : 4;
        var row = GC.AllocateUninitializedArray<byte>(1 + kinds.Length + (ends.Length * width) + values.Length);
        row[0] = (byte)width;
        var rest = row.AsSpan(1);
        foreach (var kind in kinds)
        {
            rest[0] = (byte)kind;
            rest = rest[1..];
        }

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

    private static int End(ReadOnlySpan<byte> ends, int width, int index) => width == 2
        ? BinaryPrimitives.ReadUInt16LittleEndian(ends[(index * 2)..])
        : BinaryPrimitives.ReadInt32LittleEndian(ends[(index * 4)..]);
}
