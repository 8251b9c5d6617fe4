using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ExoConnect.Core.Json;

namespace ExoConnect.Core.Objects;

/// <summary>
/// Reads objects of one entity into packed rows. It expects each to be like the one before, and compares the bytes between two values with those of
/// the previous row. Only where they differ does it read names and annotations. Not for several threads; keeps its buffers from row to row.
/// </summary>
/// <param name="entity">The rows' type: a cmdlet's noun.</param>
/// <param name="types"><see cref="RowShape.OfEntity"/> for rows of a REST entity, else 0.</param>
internal sealed class RowReader(string entity, int types = 0)
{
    private const int MaxKnown = 32;

    private readonly List<RowShape> _known = [];
    private readonly List<byte[]> _names = [];
    private readonly RowPacker _row = new();
    private RowShape? _shape = ObjectModel.LatestOf(entity, types);

    /// <summary>Reads one object.</summary>
    /// <param name="scanner">At the start of the object; afterwards at its end.</param>
    /// <param name="row">The object.</param>
    /// <returns>False if more bytes are needed.</returns>
    /// <exception cref="JsonException">The bytes are not an object, or not JSON.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryRead(ref JsonScanner scanner, out ExoObject? row)
    {
        row = null;
        if (!scanner.TryOpen((byte)'{'))
        {
            return false;
        }

        _row.Clear();
        _names.Clear();
        var shape = _shape;
        while (true)
        {
            ValueKind type;
            if (shape?.LeadOf(_row.Count) is { } lead && scanner.TryPass(lead.Bytes))
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

            _row.Add(scanner.Kind | type, scanner.Value);
        }

        if (shape is null || shape.Utf8Names.Length != _row.Count)
        {
            shape = GetShape(shape);
        }

        _shape = shape;
        row = ObjectModel.Create(shape, _row.Pack());
        return true;
    }

    /// <summary>Reads the part before a value: annotations, including those for the value's type, and its name.</summary>
    private JsonItem ReadLead(ref JsonScanner scanner, ref RowShape? shape, out ValueKind type)
    {
        var start = scanner.Position;
        ReadOnlySpan<byte> annotated = default;
        type = 0;
        for (var isFirst = _row.Count == 0; ; isFirst = false)
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
                type = annotated.SequenceEqual(name) ? type : EntityTypes.Of(entity, name);
                Match(ref shape, name);
                shape?.Remember(_row.Count, scanner.Since(start), type);
                return JsonItem.Found;
            }

            if (!scanner.TryValue())
            {
                return JsonItem.Incomplete;
            }

            // A number without a sign has its .NET type first and then, for want of one in OData, #Decimal.
            if (scanner.Kind == ValueKind.String && TypeAnnotations.Read(scanner.Value) is not 0 and var named
                && (named != ValueKind.Decimal || !annotated.SequenceEqual(name[..at])))
            {
                annotated = name[..at];
                type = named;
            }
        }
    }

    /// <summary>Keeps the shape while the names agree with it; else looks for a known shape that agrees so far; else collects names.</summary>
    private void Match(ref RowShape? shape, ReadOnlySpan<byte> name)
    {
        if (shape is not null)
        {
            if (_row.Count < shape.Utf8Names.Length && name.SequenceEqual(shape.Utf8Names[_row.Count]))
            {
                return;
            }

            foreach (var known in _known)
            {
                if (known != shape && _row.Count < known.Utf8Names.Length && name.SequenceEqual(known.Utf8Names[_row.Count])
                    && HaveSameNames(known, shape, _row.Count))
                {
                    shape = known;
                    return;
                }
            }

            _names.AddRange(shape.Utf8Names.AsSpan(0, _row.Count));
            shape = null;
        }

        _names.Add(name.ToArray());
    }

    private static bool HaveSameNames(RowShape a, RowShape b, int count)
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

    private RowShape GetShape(RowShape? prefix)
    {
        var names = prefix is null
            ? _names.ConvertAll(Encoding.UTF8.GetString).ToArray()
            : prefix.Names.Take(_row.Count).ToArray();
        var shape = ObjectModel.ShapeOf(entity, names, types);
        if (!_known.Contains(shape) && _known.Count < MaxKnown)
        {
            _known.Add(shape);
        }

        return shape;
    }
}
