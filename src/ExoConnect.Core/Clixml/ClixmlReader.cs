using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.Clixml;

/// <summary>
/// Reads a document of PowerShell's serialisation (MS-PSRP 2.2.5) into packed rows as its bytes arrive. The caller fills <see cref="GetSpan"/>,
/// reports the number of bytes with <see cref="Advance"/>, and gets each object as soon as it is complete. The reader looks up no type by a name
/// and runs nothing in the document: type names are text.
/// </summary>
/// <remarks>
/// The root's elements are the objects. If the root holds one list, that list's elements are, since the service serialises the collection
/// (protocol.md). Rows whose values refer to objects of earlier rows (<c>Ref</c>) get copies. The reader compares properties with their bytes in
/// earlier rows (<see cref="RowPatterns"/>).
/// </remarks>
/// <param name="entity">The objects' type: a cmdlet's noun.</param>
/// <param name="deliver">Receives each object.</param>
internal sealed class ClixmlReader(string entity, Action<object> deliver) : IDisposable
{
    /// <summary>The most bytes of one object.</summary>
    public const int MaxObject = 128 * 1024 * 1024;

    private const int MaxKnown = 32;
    private const int InitialBuffer = 256 * 1024;

    private readonly ClixmlValues _values = new();
    private readonly List<RowShape> _known = [];
    private readonly List<byte[]> _names = [];
    private readonly RunLearner _run = new();
    private RowShape? _shape;
    private RowPatterns? _patterns;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialBuffer);
    private int _start;
    private int _end;
    private int _worthReading;
    private State _state;
    private State _outerState;
    private TypeList _types;
    private int _id;
    private long _rowBytes;

    private enum State
    {
        Start,
        Roots,
        List,
        ListEnd,
        Properties,
        RowEnd,
        Done,
    }

    /// <summary>Space for the next bytes.</summary>
    /// <param name="least">The least space that is needed.</param>
    public Span<byte> GetSpan(int least)
    {
        if (_buffer.Length - _end < least && _start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_buffer.Length - _end < least)
        {
            if (_end > MaxObject)
            {
                throw TooLarge();
            }

            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _end + least));
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(_end);
    }

    /// <summary>Reports how many bytes were put into <see cref="GetSpan"/>, and reads the objects that are complete.</summary>
    /// <param name="count">How many.</param>
    /// <param name="isFinal">True if the document has ended.</param>
    /// <exception cref="JsonException">The bytes are not such a document, or exceed a limit.</exception>
    public void Advance(int count, bool isFinal)
    {
        _end += count;
        if (!isFinal && _end - _start < _worthReading)
        {
            return;
        }

        var scanner = new ClixmlScanner(_buffer.AsSpan(_start, _end - _start), isFinal);
        var read = 0;
        while (_state != State.Done)
        {
            if (!TryNext(ref scanner))
            {
                break;
            }

            read = scanner.Position;
        }

        if (_state == State.Done)
        {
            read = scanner.Rest.ContainsAnyExcept(" \t\r\n"u8) ? throw ClixmlScanner.Malformed("bytes follow its root") : _end - _start;
        }

        _start += read;

        // Restarting a large value with every piece would take time proportional to the square of its length.
        var left = _end - _start;
        _worthReading = left > InitialBuffer / 2 ? left + (left / 2) : 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _values.Dispose();
        var buffer = _buffer;
        _buffer = [];
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static JsonException TooLarge() => ClixmlScanner.Malformed($"one object is over {MaxObject >> 20} MB");

    /// <summary>Reads the next element: a property, a tag between properties, a value that is not a row.</summary>
    /// <returns>False if more bytes are needed; nothing has changed then.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryNext(ref ClixmlScanner scanner)
    {
        var start = scanner.Position;
        var references = _values.References.Count;
        if (_state == State.Properties)
        {
            if (!TryProperty(ref scanner))
            {
                _values.References.Forget(references);
                return false;
            }

            _rowBytes += scanner.Position - start;
            return _rowBytes <= MaxObject ? true : throw TooLarge();
        }

        if (_state != State.RowEnd)
        {
            _values.Row.Clear();
        }

        _values.Packed.Truncate(0);
        if (TryElement(ref scanner))
        {
            return true;
        }

        _values.References.Forget(references);
        return false;
    }

    private bool TryElement(ref ClixmlScanner scanner)
    {
        if (!scanner.TryTag())
        {
            return false;
        }

        switch (_state)
        {
            case State.Start:
                _state = scanner.Tag.SequenceEqual("Objs"u8) && !scanner.IsEnd ? scanner.IsEmpty ? State.Done : State.Roots
                    : throw ClixmlScanner.Malformed("its root isn't Objs");
                return true;
            case State.Roots when scanner.IsEnd:
                scanner.Close("Objs"u8);
                _state = State.Done;
                return true;
            case State.List when scanner.IsEnd:
                _state = State.ListEnd;
                return true;
            case State.ListEnd when scanner.IsEnd:
                scanner.Close("Obj"u8);
                _state = State.Roots;
                return true;
            case State.ListEnd:
                return scanner.TrySkip(0);
            case State.RowEnd when scanner.IsEnd:
                scanner.Close("Obj"u8);
                EndRow();
                return true;
            case State.RowEnd when scanner.Tag.SequenceEqual("Props"u8) || scanner.Tag.SequenceEqual("MS"u8):
                _state = scanner.IsEmpty ? State.RowEnd : State.Properties;
                return true;
            case State.RowEnd:
                return scanner.TrySkip(0);
        }

        return scanner.Tag.SequenceEqual("Obj"u8) && !scanner.IsEmpty ? TryTop(ref scanner) : TryPlain(ref scanner);
    }

    /// <summary>Reads a value without properties: text, a number, a list in the list.</summary>
    private bool TryPlain(ref ClixmlScanner scanner)
    {
        if (scanner.Tag.SequenceEqual("Ref"u8)
            && _values.References.TryFind(scanner.RefId, _values.Row, default, out _, out _, out var row) && row is not null)
        {
            if (!scanner.TrySkip(0))
            {
                return false;
            }

            deliver(row);
            return true;
        }

        var references = _values.References.Count;
        if (!_values.TryValue(ref scanner, 0, out var kind))
        {
            return false;
        }

        // No row holds its bytes.
        _values.References.Forget(references);
        if (ValueReader.Read(kind, ClixmlValues.IsPacked(kind) ? _values.Packed.Written : scanner.Value) is { } value)
        {
            deliver(value);
        }

        return true;
    }

    /// <summary>Enters an object with properties, or the list of all objects; else reads a value.</summary>
    private bool TryTop(ref ClixmlScanner scanner)
    {
        var start = scanner;
        var id = scanner.RefId;
        var types = default(TypeList);
        while (true)
        {
            if (!scanner.TryTag())
            {
                return false;
            }

            if (scanner.IsEnd)
            {
                break;
            }

            if (scanner.Tag.SequenceEqual("TN"u8) || scanner.Tag.SequenceEqual("TNRef"u8))
            {
                if (!_values.Types.TryRead(ref scanner, out types))
                {
                    return false;
                }
            }
            else if (scanner.Tag.SequenceEqual("ToString"u8))
            {
                if (!scanner.TryText())
                {
                    return false;
                }
            }
            else if (!types.IsValue && (scanner.Tag.SequenceEqual("Props"u8) || scanner.Tag.SequenceEqual("MS"u8)))
            {
                BeginRow(id, types, scanner.IsEmpty);
                return true;
            }
            else if (_state == State.Roots && ClixmlValues.IsList(scanner.Tag))
            {
                _state = scanner.IsEmpty ? State.ListEnd : State.List;
                return true;
            }
            else
            {
                break;
            }
        }

        scanner = start;
        return TryPlain(ref scanner);
    }

    private void BeginRow(int id, TypeList types, bool isEmpty)
    {
        _outerState = _state;
        _state = isEmpty ? State.RowEnd : State.Properties;
        _id = id;
        _rowBytes = 0;
        if (_shape is null || types.Number != _types.Number)
        {
            UseShape(_known.Find(s => s.Types == types.Number) ?? ObjectModel.LatestOf(entity, types.Number));
        }

        _types = types;
        _names.Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryProperty(ref ClixmlScanner scanner)
    {
        var property = _values.Row.Count;
        var start = scanner.Position;
        if (_patterns is { } patterns)
        {
            var run = patterns.RunOf(property);
            if (run is not null && run.TryPass(ref scanner, _values.Row))
            {
                return true;
            }

            if (!_values.TryKnownProperty(ref scanner, patterns[property], out var isKnown, out var hasNumber))
            {
                return false;
            }

            if (isKnown)
            {
                if (run is null && !hasNumber && !PackedRow.HasBytes(_values.Row.LastKind))
                {
                    _run.Add(property, scanner.Since(start), _values.Row.LastKind);
                }
                else
                {
                    _run.End(patterns);
                }

                return true;
            }

            _run.End(patterns);
        }

        if (!scanner.TryTag())
        {
            return false;
        }

        if (scanner.IsEnd)
        {
            _state = State.RowEnd;
            return true;
        }

        var name = scanner.Name;
        var id = scanner.Tag.SequenceEqual("Obj"u8) ? scanner.RefId : -1;
        _values.Packed.Truncate(0);
        if (!_values.TryValue(ref scanner, 1, out var kind))
        {
            return false;
        }

        Match(name);
        _values.Row.Add(kind, ClixmlValues.IsPacked(kind) ? _values.Packed.Written : scanner.Value);
        if (id >= 0)
        {
            _values.References.AddProperty(id, property);
        }

        _patterns?.Learn(property, scanner.Since(start), _values.Types);
        return true;
    }

    private void EndRow()
    {
        var shape = GetShape();
        var data = _values.Row.Pack();
        var item = ObjectModel.Create(shape, data);
        _values.References.Keep(data, item, _id);
        _state = _outerState;
        deliver(item);
    }

    private void UseShape(RowShape? shape)
    {
        _run.Forget();
        _shape = shape;
        _patterns = shape is null ? null : RowPatterns.Of(shape);
    }

    /// <summary>Keeps the shape while the names agree with it; else looks for a known shape that agrees so far; else collects names.</summary>
    private void Match(ReadOnlySpan<byte> name)
    {
        var count = _values.Row.Count;
        if (_shape is { } shape)
        {
            if (count < shape.Utf8Names.Length && name.SequenceEqual(shape.Utf8Names[count]))
            {
                return;
            }

            foreach (var known in _known)
            {
                if (known != shape && known.Types == _types.Number && count < known.Utf8Names.Length && name.SequenceEqual(known.Utf8Names[count])
                    && HaveSameNames(known, shape, count))
                {
                    UseShape(known);
                    return;
                }
            }

            _names.AddRange(shape.Utf8Names.AsSpan(0, count));
            UseShape(null);
        }

        _names.Add(ClixmlScanner.IsPlain(name) ? name.ToArray() : Encoding.UTF8.GetBytes(ClixmlScanner.Decode(name)));
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

    private RowShape GetShape()
    {
        var count = _values.Row.Count;
        if (_shape is { } same && same.Utf8Names.Length == count)
        {
            return same;
        }

        string[] names = _shape is { } longer ? [.. longer.Names.Take(count)] : [.. _names.Take(count).Select(Encoding.UTF8.GetString)];
        var shape = ObjectModel.ShapeOf(entity, names, _types.Number);
        if (!_known.Contains(shape) && _known.Count < MaxKnown)
        {
            _known.Add(shape);
        }

        UseShape(shape);
        return shape;
    }
}
