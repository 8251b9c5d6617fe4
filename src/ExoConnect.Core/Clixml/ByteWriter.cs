using System.Buffers.Binary;

namespace ExoConnect.Core.Clixml;

/// <summary>Gathers bytes; keeps its buffer.</summary>
internal sealed class ByteWriter
{
    private byte[] _bytes = new byte[1024];

    /// <summary>How many there are.</summary>
    public int Length { get; private set; }

    /// <summary>All there are.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Forgets what there is, from a place on.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Adds a byte.</summary>
    public void Add(byte value)
    {
        Reserve(1);
        _bytes[Length++] = value;
    }

    /// <summary>Adds bytes; not of this writer.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Changes a byte.</summary>
    public void Set(int place, byte value) => _bytes[place] = value;

    /// <summary>Adds a number, seven bits a byte.</summary>
    public void AddNumber(int number)
    {
        var rest = (uint)number;
        for (; rest >= 0x80; rest >>= 7)
        {
            Add((byte)(rest | 0x80));
        }

        Add((byte)rest);
    }

    /// <summary>Leaves four bytes for a number that is known later.</summary>
    public int AddPlace()
    {
        Reserve(4);
        Length += 4;
        return Length - 4;
    }

    /// <summary>Puts a number into its place.</summary>
    public void Fill(int place, int number) => BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(place), number);

    private void Reserve(int count)
    {
        if (Length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }
    }
}
