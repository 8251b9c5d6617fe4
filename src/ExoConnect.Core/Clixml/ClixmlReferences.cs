using System.Buffers;
using ExoConnect.Core.Json;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.Clixml;

/// <summary>
/// The objects of a document to which it may refer later: their numbers, and their positions in rows. It keeps eight bytes per object, and the rows
/// of the document up to a limit; a reference to an earlier object is null.
/// </summary>
internal sealed class ClixmlReferences : IDisposable
{
    private const int MaxKept = 32 * 1024 * 1024;

    /// <summary>The position of a whole row.</summary>
    private const int Whole = int.MinValue;

    private readonly List<Row> _rows = [];
    private Dictionary<int, int>? _byId;
    private long[] _entries = ArrayPool<long>.Shared.Rent(512);
    private int _rowStart;
    private int _keptBytes;

    /// <summary>How many objects there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an object that is a property of the current row.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="property">The property.</param>
    public void AddProperty(int id, int property) => Add(id, property);

    /// <summary>Adds an object inside a property of the current row.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="offset">Where its item begins among the bytes of the row's values.</param>
    public void AddItem(int id, int offset) => Add(id, ~offset);

    /// <summary>Moves items after bytes were inserted before them.</summary>
    /// <param name="first">The first object after the inserted bytes.</param>
    /// <param name="by">How many bytes.</param>
    public void Shift(int first, int by)
    {
        for (var i = first; i < Count; i++)
        {
            _entries[i] = Entry(Id(i), Place(i) - by);
        }
    }

    /// <summary>Keeps the row whose properties were added, and begins the next.</summary>
    public void Keep(byte[] data, ExoObject row, int id)
    {
        _keptBytes += data.Length;
        if (_keptBytes > MaxKept)
        {
            _rows.Clear();
            Count = 0;
            _byId = null;
            _keptBytes = 0;
        }
        else
        {
            if (id >= 0)
            {
                Add(id, Whole);
            }

            _rows.Add(new Row(_rowStart, data, row));
        }

        _rowStart = Count;
    }

    /// <summary>Removes the newest objects, down to a number of them, after their bytes were dropped.</summary>
    public void Forget(int count)
    {
        while (Count > count)
        {
            Count--;
            if (_byId is not null && _byId.TryGetValue(Id(Count), out var index) && index == Count)
            {
                _byId.Remove(Id(Count));
            }
        }
    }

    /// <summary>Finds an object.</summary>
    /// <param name="id">Its number; the first object with it counts.</param>
    /// <param name="current">The current row.</param>
    /// <param name="unpacked">The bytes of the current property so far.</param>
    /// <param name="kind">The object's kind.</param>
    /// <param name="value">Its bytes.</param>
    /// <param name="row">The row, if the object is one.</param>
    /// <returns>False if the object is not known, or not complete, as in a circle.</returns>
    public bool TryFind(
        int id, RowPacker current, ReadOnlySpan<byte> unpacked, out ValueKind kind, out ReadOnlySpan<byte> value, out ExoObject? row)
    {
        kind = ValueKind.Null;
        value = default;
        row = null;
        if (!Index().TryGetValue(id, out var index))
        {
            return false;
        }

        var place = Place(index);
        if (index >= _rowStart)
        {
            if (place >= 0)
            {
                kind = current.Read(place, out value);
                return true;
            }

            var bytes = ~place < current.Length ? current.Values[~place..] : unpacked[(~place - current.Length)..];
            kind = PackedValue.Next(ref bytes, out value);
            return true;
        }

        var holder = RowOf(index);
        if (place == Whole)
        {
            row = holder.Object;
            return true;
        }

        var count = holder.Object.Shape.Utf8Names.Length;
        if (place >= 0)
        {
            kind = PackedRow.Read(holder.Data, count, place, out value);
            return true;
        }

        var item = PackedRow.Values(holder.Data, count)[~place..];
        kind = PackedValue.Next(ref item, out value);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        var entries = _entries;
        _entries = [];
        Count = 0;
        if (entries.Length > 0)
        {
            ArrayPool<long>.Shared.Return(entries);
        }
    }

    private static long Entry(int id, int place) => ((long)id << 32) | (uint)place;

    private int Id(int index) => (int)(_entries[index] >> 32);

    private int Place(int index) => (int)_entries[index];

    private void Add(int id, int place)
    {
        if (Count == _entries.Length)
        {
            var larger = ArrayPool<long>.Shared.Rent(Count * 2);
            _entries.CopyTo(larger, 0);
            ArrayPool<long>.Shared.Return(_entries);
            _entries = larger;
        }

        _byId?.TryAdd(id, Count);
        _entries[Count++] = Entry(id, place);
    }

    private Dictionary<int, int> Index()
    {
        if (_byId is null)
        {
            _byId = [];
            for (var i = 0; i < Count; i++)
            {
                _byId.TryAdd(Id(i), i);
            }
        }

        return _byId;
    }

    private Row RowOf(int index)
    {
        var (low, high) = (0, _rows.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = _rows[middle].First <= index ? (middle, high) : (low, middle - 1);
        }

        return _rows[low];
    }

    private readonly record struct Row(int First, byte[] Data, ExoObject Object);
}
