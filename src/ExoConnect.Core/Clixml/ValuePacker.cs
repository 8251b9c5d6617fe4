using ExoConnect.Core.Json;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.Clixml;

/// <summary>Packs nested values, as <see cref="PackedValue"/> reads them; keeps its buffer.</summary>
internal sealed class ValuePacker
{
    /// <summary>The number of bytes before an item's own, as <see cref="BeginItem"/> begins it.</summary>
    public const int ItemHead = 2;

    private byte[] _bytes = new byte[1024];

    /// <summary>The number of bytes.</summary>
    public int Length { get; private set; }

    /// <summary>All bytes.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Drops the bytes from a position on.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Adds a byte.</summary>
    public void Add(byte value)
    {
        Reserve(1);
        _bytes[Length++] = value;
    }

    /// <summary>Adds bytes that are not of this writer.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Adds a number, seven bits per byte.</summary>
    public void AddNumber(int number)
    {
        Reserve(5);
        Length += Put(Length, number);
    }

    /// <summary>Adds an item.</summary>
    /// <param name="kind">Its kind.</param>
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
    /// <returns>The argument for <see cref="EndItem"/>.</returns>
    public int BeginItem()
    {
        Reserve(ItemHead);
        Length += ItemHead;
        return Length;
    }

    /// <summary>Ends an item.</summary>
    /// <param name="start">The result of <see cref="BeginItem"/>.</param>
    /// <param name="kind">Its kind.</param>
    /// <returns>By how many bytes the item moved: its length may take more than one.</returns>
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
