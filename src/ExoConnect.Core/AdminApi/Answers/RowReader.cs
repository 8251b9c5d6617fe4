using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace ExoConnect.Core.AdminApi.Answers;

/// <summary>
/// Reads objects of one entity into packed rows. It expects each to be like the one before, and compares what stands between two values with what
/// stood there then; only where that differs are names and annotations read. Not for several threads; keeps its buffers from row to row.
/// </summary>
/// <param name="entity">What the rows are: a cmdlet's noun.</param>
internal sealed class RowReader(string entity)
{
    private const int MaxKnown = 32;

    private readonly List<RowShape> _known = [];
    private readonly List<byte[]> _names = [];
    private RowShape? _shape = ObjectModel.LatestOf(entity);
    private ValueKind[] _kinds = new ValueKind[64];
    private int[] _ends = new int[64];
    private byte[] _values = new byte[1024];
    private int _count;
    private int _length;

    /// <summary>Reads one object.</summary>
    /// <param name="scanner">Stands before the object; afterwards behind it.</param>
    /// <param name="row">The object.</param>
    /// <returns>False if more bytes are needed.</returns>
    /// <exception cref="JsonException">It is no object, or no JSON.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryRead(ref JsonScanner scanner, out ExoObject? row)
    {
        row = null;
        if (!scanner.TryOpen((byte)'{'))
        {
            return false;
        }

        _count = _length = 0;
        _names.Clear();
        var shape = _shape;
        while (true)
        {
            ValueKind type;
            if (shape?.LeadOf(_count) is { } lead && scanner.TryPass(lead.Bytes))
            {
                type = lead.Type;
            }
            else
            {
                var item = ReadLead(ref scanner, ref shape, out type);
                if (item == JsonItem.Incomplete)
                {
                    return false;
                }

                if (item == JsonItem.End)
                {
                    break;
                }
            }

            if (!scanner.TryValue())
            {
                return false;
            }

            Append(scanner.Kind | type, scanner.Value);
        }

        if (shape is null || shape.Utf8Names.Length != _count)
        {
            shape = Adopt(shape);
        }

        _shape = shape;
        row = ObjectModel.Create(shape, PackedRow.Pack(_kinds.AsSpan(0, _count), _ends.AsSpan(0, _count), _values.AsSpan(0, _length)));
        return true;
    }

    /// <summary>Reads what stands before a value: annotations, those that say the value's type among them, and its name.</summary>
    private JsonItem ReadLead(ref JsonScanner scanner, ref RowShape? shape, out ValueKind type)
    {
        var start = scanner.Position;
        ReadOnlySpan<byte> annotated = default;
        type = 0;
        for (var isFirst = _count == 0; ; isFirst = false)
        {
            var item = scanner.Next((byte)'}', isFirst);
            if (item != JsonItem.Found)
            {
                return item;
            }

            if (!scanner.TryName())
            {
                return JsonItem.Incomplete;
            }

            var name = scanner.IsNameEscaped ? Encoding.UTF8.GetBytes(scanner.NameText) : scanner.Name;
            var at = name.IndexOf((byte)'@');
            if (at < 0)
            {
                type = annotated.SequenceEqual(name) ? type : 0;
                Match(ref shape, name);
                shape?.Remember(_count, scanner.Since(start), type);
                return JsonItem.Found;
            }

            if (!scanner.TryValue())
            {
                return JsonItem.Incomplete;
            }

            if (scanner.Kind == ValueKind.String && TypeAnnotations.Read(scanner.Value) is not 0 and var named)
            {
                annotated = name[..at];
                type = named;
            }
        }
    }

    /// <summary>Keeps the shape while the names go as it says; else looks for a known one that agrees so far; else collects names.</summary>
    private void Match(ref RowShape? shape, ReadOnlySpan<byte> name)
    {
        if (shape is not null)
        {
            if (_count < shape.Utf8Names.Length && name.SequenceEqual(shape.Utf8Names[_count]))
            {
                return;
            }

            foreach (var known in _known)
            {
                if (known != shape && _count < known.Utf8Names.Length && name.SequenceEqual(known.Utf8Names[_count]) && Agree(known, shape, _count))
                {
                    shape = known;
                    return;
                }
            }

            _names.AddRange(shape.Utf8Names.AsSpan(0, _count));
            shape = null;
        }

        _names.Add(name.ToArray());
    }

    private static bool Agree(RowShape a, RowShape b, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (!a.Utf8Names[i].AsSpan().SequenceEqual(b.Utf8Names[i]))
            {
                return false;
            }
        }

        return true;
    }

    private RowShape Adopt(RowShape? prefix)
    {
        var names = prefix is null
            ? _names.ConvertAll(Encoding.UTF8.GetString).ToArray()
            : prefix.Names.Take(_count).ToArray();
        var shape = ObjectModel.ShapeOf(entity, names);
        if (!_known.Contains(shape) && _known.Count < MaxKnown)
        {
            _known.Add(shape);
        }

        return shape;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Append(ValueKind kind, ReadOnlySpan<byte> value)
    {
        if (_count == _kinds.Length)
        {
            Array.Resize(ref _kinds, _count * 2);
            Array.Resize(ref _ends, _count * 2);
        }

        if (_length + value.Length > _values.Length)
        {
            Array.Resize(ref _values, Math.Max(_values.Length * 2, _length + value.Length));
        }

        value.CopyTo(_values.AsSpan(_length));
        _length += value.Length;
        _kinds[_count] = kind;
        _ends[_count++] = _length;
    }
}
