using ExoConnect.Core.Json;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.Clixml;

/// <summary>Packs values that stand inside others, as <see cref="PackedValue"/> reads them; keeps its buffer.</summary>
internal sealed class ValuePacker
{
    /// <summary>How many bytes stand before those of an item, as <see cref="BeginItem"/> begins it.</summary>
    public const int ItemHead = 2;

    private byte[] _bytes = new byte[1024];

    /// <summary>How many bytes there are.</summary>
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

    /// <summary>Adds a number, seven bits a byte.</summary>
    public void AddNumber(int number)
    {
        Reserve(5);
        Length += Put(Length, number);
    }

    /// <summary>Adds an item.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="head">The first of its bytes.</param>
    /// <param name="value">The others.</param>
    public void AddItem(ValueKind kind, ReadOnlySpan<byte> head, ReadOnlySpan<byte> value)
    {
        Add((byte)kind);
        if (PackedRow.HasBytes(kind))
        {
            AddNumber(head.Length + value.Length);
            Add(head);
            Add(value);
        }
    }

    /// <summary>Begins an item whose bytes follow one by one.</summary>
    /// <returns>What <see cref="EndItem"/> needs.</returns>
    public int BeginItem()
    {
        Reserve(ItemHead);
        Length += ItemHead;
        return Length;
    }

    /// <summary>Ends it.</summary>
    /// <param name="start">What <see cref="BeginItem"/> gave.</param>
    /// <param name="kind">What it is.</param>
    /// <returns>By how many bytes its own went on: their number may take more than one.</returns>
    public int EndItem(int start, ValueKind kind)
    {
        var length = Length - start;
        var more = 0;
        for (var rest = length >> 7; rest > 0; rest >>= 7)
        {
            more++;
        }

        if (more > 0)
        {
            Reserve(more);
            _bytes.AsSpan(start, length).CopyTo(_bytes.AsSpan(start + more));
            Length += more;
        }

        _bytes[start - ItemHead] = (byte)kind;
        Put(start - 1, length);
        return more;
    }

    private int Put(int place, int number)
    {
        var at = place;
        var rest = (uint)number;
        for (; rest >= 0x80; rest >>= 7)
        {
            _bytes[at++] = (byte)(rest | 0x80);
        }

        _bytes[at++] = (byte)rest;
        return at - place;
    }

    private void Reserve(int count)
    {
        if (Length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }
    }
}
