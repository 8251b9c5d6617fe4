using System.Runtime.CompilerServices;
using ExoConnect.Core.Json;

namespace ExoConnect.Core.Objects;

/// <summary>Collects the values of a row. Not for several threads; keeps its buffers from row to row.</summary>
internal sealed class RowPacker
{
    private ValueKind[] _kinds = new ValueKind[64];
    private int[] _ends = new int[64];
    private byte[] _values = new byte[1024];
    private int _withBytes;
    private int _length;

    /// <summary>How many values it has.</summary>
    public int Count { get; private set; }

    /// <summary>How many bytes its values have.</summary>
    public int Length => _length;

    /// <summary>All values' bytes.</summary>
    public ReadOnlySpan<byte> Values => _values.AsSpan(0, _length);

    /// <summary>The kind of the last added value, as rows store it.</summary>
    public ValueKind LastKind => _kinds[Count - 1];

    /// <summary>Begins a row.</summary>
    public void Clear() => Count = _withBytes = _length = 0;

    /// <summary>Adds a value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ValueKind kind, ReadOnlySpan<byte> value)
    {
        kind = PackedRow.Stored(kind, value);
        if (Count == _kinds.Length)
        {
            Array.Resize(ref _kinds, Count * 2);
            Array.Resize(ref _ends, Count * 2);
        }

        _kinds[Count++] = kind;
        if (!PackedRow.HasBytes(kind))
        {
            return;
        }

        if (_length + value.Length > _values.Length)
        {
            Array.Resize(ref _values, Math.Max(_values.Length * 2, _length + value.Length));
        }

        value.CopyTo(_values.AsSpan(_length));
        _length += value.Length;
        _ends[_withBytes++] = _length;
    }

    /// <summary>Adds values that have no bytes.</summary>
    /// <param name="kinds">Their kinds, as rows store them (<see cref="PackedRow.Stored"/>).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddWithoutBytes(ReadOnlySpan<ValueKind> kinds)
    {
        if (Count + kinds.Length > _kinds.Length)
        {
            Array.Resize(ref _kinds, Math.Max(Count * 2, Count + kinds.Length));
            Array.Resize(ref _ends, _kinds.Length);
        }

        kinds.CopyTo(_kinds.AsSpan(Count));
        Count += kinds.Length;
    }

    /// <summary>Reads a value that was added.</summary>
    public ValueKind Read(int index, out ReadOnlySpan<byte> value)
    {
        var place = 0;
        for (var i = 0; i < index; i++)
        {
            place += PackedRow.HasBytes(_kinds[i]) ? 1 : 0;
        }

        value = PackedRow.HasBytes(_kinds[index]) ? _values.AsSpan((place == 0 ? 0 : _ends[place - 1]).._ends[place]) : default;
        return PackedRow.Sent(_kinds[index], ref value);
    }

    /// <summary>Makes the row.</summary>
    public byte[] Pack() => PackedRow.Pack(_kinds.AsSpan(0, Count), _ends.AsSpan(0, _withBytes), _values.AsSpan(0, _length));
}
