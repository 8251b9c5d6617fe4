using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ExoConnect.Core.Json;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.Clixml;

/// <summary>
/// Reads a document of PowerShell's serialisation (MS-PSRP 2.2.5) into packed rows as its bytes arrive. The caller fills <see cref="GetSpan"/>, says how much
/// with <see cref="Advance"/>, and is given each object as soon as it is complete. No type is looked up by a name, and nothing in the document is run: type names are text.
/// </summary>
/// <remarks>
/// The root's elements are the objects; where the root holds one list, that list's elements are, since the service serialises the collection (protocol.md).
/// Rows whose values refer to objects of earlier rows (<c>Ref</c>) get copies.
/// </remarks>
/// <param name="entity">What the objects are: a cmdlet's noun.</param>
/// <param name="deliver">Takes each object.</param>
internal sealed class ClixmlReader(string entity, Action<object> deliver) : IDisposable
{
    /// <summary>How deep values may stand in each other.</summary>
    public const int MaxDepth = 64;

    /// <summary>The most bytes of one object.</summary>
    public const int MaxObject = 128 * 1024 * 1024;

    /// <summary>The most bytes that references may repeat in one document: each can refer to one that holds ten.</summary>
    public const int MaxRepeated = 64 * 1024 * 1024;

    private const int MaxKept = 32 * 1024 * 1024;
    private const int MaxKnown = 32;
    private const int InitialBuffer = 256 * 1024;

    private readonly RowPacker _row = new();
    private readonly ByteWriter _out = new();
    private readonly List<RowShape> _known = [];
    private readonly List<byte[]> _names = [];
    private readonly Dictionary<int, TypeList> _types = [];
    private readonly List<(byte[] Name, int Number)> _memberNames = [];
    private readonly List<Referable> _referable = [];
    private readonly List<(byte[] Row, int Count, ExoObject Object)> _kept = [];
    private Dictionary<int, Referable>? _byId;
    private RowShape? _shape;
    private int _nextMember;
    private int _deepest;
    private int _height;
    private int _keptBytes;
    private long _repeated;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialBuffer);
    private int _start;
    private int _end;
    private int _worthReading;
    private Place _place;

    private enum Place
    {
        Start,
        Roots,
        List,
        ListEnd,
        Done,
    }

    /// <summary>Space for the bytes that come next.</summary>
    /// <param name="least">How much there has to be.</param>
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
                throw ClixmlScanner.Malformed($"one object is over {MaxObject >> 20} MB");
            }

            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _end + least));
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(_end);
    }

    /// <summary>Says how many bytes were put into <see cref="GetSpan"/>, and reads what has become complete.</summary>
    /// <param name="count">How many.</param>
    /// <param name="isFinal">True where the document has ended.</param>
    /// <exception cref="JsonException">It is no such document, or it is over a bound.</exception>
    public void Advance(int count, bool isFinal)
    {
        _end += count;
        if (!isFinal && _end - _start < _worthReading)
        {
            return;
        }

        var scanner = new ClixmlScanner(_buffer.AsSpan(_start, _end - _start), isFinal);
        var read = 0;
        while (_place != Place.Done)
        {
            if (!TryNext(ref scanner))
            {
                break;
            }

            read = scanner.Position;
        }

        if (_place == Place.Done)
        {
            read = _end - _start;
        }

        _start += read;

        // An object larger than the buffer would take the square of its length, were it begun anew with every piece.
        var left = _end - _start;
        _worthReading = left > InitialBuffer / 2 ? left + (left / 2) : 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private bool TryNext(ref ClixmlScanner scanner)
    {
        var referable = _referable.Count;
        _row.Clear();
        _out.Truncate(0);
        if (TryElement(ref scanner))
        {
            return true;
        }

        Forget(referable);
        return false;
    }

    private bool TryElement(ref ClixmlScanner scanner)
    {
        if (!scanner.TryTag())
        {
            return false;
        }

        switch (_place)
        {
            case Place.Start:
                _place = scanner.Tag.SequenceEqual("Objs"u8) && !scanner.IsEnd ? scanner.IsEmpty ? Place.Done : Place.Roots
                    : throw ClixmlScanner.Malformed("its root isn't Objs");
                return true;
            case Place.Roots when scanner.IsEnd:
                scanner.Close("Objs"u8);
                _place = Place.Done;
                return true;
            case Place.List when scanner.IsEnd:
                _place = Place.ListEnd;
                return true;
            case Place.ListEnd when scanner.IsEnd:
                scanner.Close("Obj"u8);
                _place = Place.Roots;
                return true;
            case Place.ListEnd:
                return TrySkip(ref scanner, 0);
        }

        return scanner.Tag.SequenceEqual("Obj"u8) && !scanner.IsEmpty ? TryTop(ref scanner) : TryPlain(ref scanner);
    }

    /// <summary>Reads what is no object with properties: text, a number, a list in the list.</summary>
    private bool TryPlain(ref ClixmlScanner scanner)
    {
        if (scanner.Tag.SequenceEqual("Ref"u8) && Find(scanner.RefId) is { Length: < 0 } top)
        {
            if (!TrySkip(ref scanner, 0))
            {
                return false;
            }

            deliver(_kept[top.Row].Object);
            return true;
        }

        var referable = _referable.Count;
        if (!TryValue(ref scanner, 0, out var kind))
        {
            return false;
        }

        // Its bytes are kept in no row.
        Forget(referable);
        if (ValueReader.Read(kind, IsPacked(kind) ? _out.Written : scanner.Value) is { } value)
        {
            deliver(value);
        }

        return true;
    }

    /// <summary>Reads an object, or goes into the list that all objects stand in.</summary>
    private bool TryTop(ref ClixmlScanner scanner)
    {
        var start = scanner;
        var id = scanner.RefId;
        var types = default(TypeList);
        var isRow = false;
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
                if (!TryTypes(ref scanner, out types))
                {
                    return false;
                }
            }
            else if (scanner.Tag.SequenceEqual("Props"u8) || scanner.Tag.SequenceEqual("MS"u8))
            {
                if (types.IsValue)
                {
                    break;
                }

                isRow = true;
                if (!TryProperties(ref scanner, types))
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
            else if (!isRow && _place == Place.Roots && IsList(scanner.Tag))
            {
                _place = scanner.IsEmpty ? Place.ListEnd : Place.List;
                return true;
            }
            else if (isRow)
            {
                if (!TrySkip(ref scanner, 0))
                {
                    return false;
                }
            }
            else
            {
                break;
            }
        }

        if (!isRow)
        {
            scanner = start;
            _row.Clear();
            return TryPlain(ref scanner);
        }

        scanner.Close("Obj"u8);
        var shape = Adopt(types);
        var data = _row.Pack();
        var item = ObjectModel.Create(shape, data);
        Keep(data, _row.Count, item, id);
        deliver(item);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryProperties(ref ClixmlScanner scanner, TypeList types)
    {
        if (scanner.IsEmpty)
        {
            return true;
        }

        var isMore = _row.Count > 0;
        if (!isMore)
        {
            _names.Clear();
            _shape = _shape?.TypeNames == types.Names ? _shape : _known.Find(s => s.TypeNames == types.Names);
        }

        while (true)
        {
            if (!scanner.TryTag())
            {
                return false;
            }

            if (scanner.IsEnd)
            {
                return true;
            }

            Match(scanner.Name, types);
            _out.Truncate(0);
            var id = scanner.RefId;
            var isObject = id >= 0 && scanner.Tag.SequenceEqual("Obj"u8);
            if (!TryValue(ref scanner, 1, out var kind))
            {
                return false;
            }

            var start = _row.Length;
            _row.Add(kind, IsPacked(kind) ? _out.Written : scanner.Value);
            if (isObject)
            {
                AddReferable(new Referable(id, _kept.Count, kind, start, _row.Length - start, _height));
            }
        }
    }

    /// <summary>Reads a value whose tag was read. Bytes of what is packed go to the writer's end, all others into the scanner's value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryValue(ref ClixmlScanner scanner, int depth, out ValueKind kind)
    {
        var tag = scanner.Tag;
        kind = ValueKind.Null;
        if (tag.Length == 1)
        {
            if (!scanner.TryText())
            {
                return false;
            }

            switch (tag[0])
            {
                case (byte)'S':
                    kind = ValueKind.String;
                    Decode(ref scanner);
                    return true;
                case (byte)'B':
                    kind = scanner.Value.SequenceEqual("true"u8) ? ValueKind.True : ValueKind.False;
                    return true;
                case (byte)'G':
                    kind = ValueKind.String | ValueKind.Guid;
                    return true;
                case (byte)'D':
                    kind = ValueKind.String | ValueKind.Decimal;
                    return true;
                case (byte)'C':
                    kind = ValueKind.String;
                    scanner.Value = ushort.TryParse(scanner.Value, CultureInfo.InvariantCulture, out var unit) ? Encoding.UTF8.GetBytes([(char)unit]) : default;
                    return true;
            }

            throw ClixmlScanner.Malformed("it has an element that PowerShell doesn't write");
        }

        switch (tag)
        {
            case [(byte)'O', (byte)'b', (byte)'j']:
                var outside = _deepest;
                _deepest = depth;
                if (!TryObject(ref scanner, depth, out kind))
                {
                    return false;
                }

                _height = _deepest - depth;
                _deepest = Math.Max(outside, _deepest);
                return true;
            case [(byte)'N', (byte)'i', (byte)'l']:
                return scanner.TryText();
            case [(byte)'R', (byte)'e', (byte)'f']:
                var id = scanner.RefId;
                if (!TrySkip(ref scanner, depth))
                {
                    return false;
                }

                kind = Repeat(ref scanner, Find(id), depth);
                return true;
        }

        var own = TypeOf(tag);
        if (!scanner.TryText())
        {
            return false;
        }

        kind = own;
        if ((own & ValueKind.TypeMask) == 0 && own == ValueKind.String)
        {
            Decode(ref scanner);
        }
        else if (own == ValueKind.Number && !IsNumber(scanner.Value))
        {
            kind = ValueKind.String;
        }

        return true;
    }

    private static bool IsNumber(ReadOnlySpan<byte> text) => long.TryParse(text, CultureInfo.InvariantCulture, out _) || double.TryParse(text, CultureInfo.InvariantCulture, out _);

    private static ValueKind TypeOf(ReadOnlySpan<byte> tag) => tag switch
    {
        _ when tag.SequenceEqual("I32"u8) => ValueKind.String | ValueKind.Int32,
        _ when tag.SequenceEqual("DT"u8) => ValueKind.String | ValueKind.DateTime,
        _ when tag.SequenceEqual("I64"u8) => ValueKind.String | ValueKind.Int64,
        _ when tag.SequenceEqual("BA"u8) => ValueKind.String | ValueKind.Bytes,
        _ when tag.SequenceEqual("TS"u8) => ValueKind.String | ValueKind.TimeSpan,
        _ when tag.SequenceEqual("Db"u8) || tag.SequenceEqual("Sg"u8) => ValueKind.String | ValueKind.Double,
        _ when tag.SequenceEqual("I16"u8) => ValueKind.String | ValueKind.Int16,
        _ when tag.SequenceEqual("By"u8) || tag.SequenceEqual("SB"u8) || tag.SequenceEqual("U16"u8) || tag.SequenceEqual("U32"u8) || tag.SequenceEqual("U64"u8) => ValueKind.Number,
        _ => ValueKind.String,
    };

    /// <summary>Reads an object inside another: a list, a table, or text with members.</summary>
    private bool TryObject(ref ClixmlScanner scanner, int depth, out ValueKind kind)
    {
        CheckDepth(depth);
        kind = ValueKind.Null;
        if (scanner.IsEmpty)
        {
            return true;
        }

        var start = _out.Length;
        var referable = _referable.Count;
        var types = default(TypeList);
        var isHeaded = false;
        var isContainer = false;
        var valueKind = ValueKind.Null;
        ReadOnlySpan<byte> value = default;
        ReadOnlySpan<byte> text = default;
        var hasText = false;
        while (true)
        {
            if (!scanner.TryTag())
            {
                return false;
            }

            if (scanner.IsEnd)
            {
                scanner.Close("Obj"u8);
                break;
            }

            var tag = scanner.Tag;
            if (tag.SequenceEqual("TN"u8) || tag.SequenceEqual("TNRef"u8))
            {
                if (!TryTypes(ref scanner, out types))
                {
                    return false;
                }
            }
            else if (tag.SequenceEqual("ToString"u8))
            {
                if (!scanner.TryText())
                {
                    return false;
                }

                Decode(ref scanner);
                text = scanner.Value;
                hasText = true;
            }
            else if (isContainer || (tag.Length == 3 && tag.SequenceEqual("Obj"u8)))
            {
                if (!TrySkip(ref scanner, depth))
                {
                    return false;
                }
            }
            else if (IsList(tag) || tag.SequenceEqual("DCT"u8))
            {
                _out.Truncate(start);
                Forget(referable);
                isContainer = true;
                kind = tag.SequenceEqual("DCT"u8) ? ValueKind.PackedTable : ValueKind.PackedList;
                if (!scanner.IsEmpty && !(kind == ValueKind.PackedTable ? TryTable(ref scanner, depth) : TryItems(ref scanner, depth)))
                {
                    return false;
                }
            }
            else if (tag.SequenceEqual("Props"u8) || tag.SequenceEqual("MS"u8))
            {
                if (!isHeaded)
                {
                    _out.AddNumber(types.Number);
                    isHeaded = true;
                }

                if (!scanner.IsEmpty && !TryMembers(ref scanner, depth))
                {
                    return false;
                }
            }
            else
            {
                if (!TryValue(ref scanner, depth + 1, out valueKind))
                {
                    return false;
                }

                value = scanner.Value;
                if (IsPacked(valueKind))
                {
                    throw ClixmlScanner.Malformed("an object's value is another's");
                }
            }
        }

        if (isContainer)
        {
            if (kind == ValueKind.PackedList && _out.Length == start)
            {
                kind = ValueKind.Array;
                scanner.Value = "[]"u8;
            }

            return true;
        }

        if (hasText && (types.IsEnum || valueKind == ValueKind.Null))
        {
            valueKind = ValueKind.String;
            value = text;
        }

        if (types.IsSize && hasText)
        {
            // Sizes know their members by themselves.
            _out.Truncate(start);
            Forget(referable);
            kind = ValueKind.String;
            scanner.Value = text;
            return true;
        }

        if (!isHeaded)
        {
            _out.AddNumber(types.Number);
        }

        _out.Add(0);
        AddItem(valueKind, value);
        kind = ValueKind.PackedObject;
        return true;
    }

    private bool TryItems(ref ClixmlScanner scanner, int depth)
    {
        while (true)
        {
            if (!scanner.TryTag())
            {
                return false;
            }

            if (scanner.IsEnd)
            {
                return true;
            }

            if (!TryItem(ref scanner, depth))
            {
                return false;
            }
        }
    }

    private bool TryTable(ref ClixmlScanner scanner, int depth)
    {
        while (true)
        {
            if (!scanner.TryTag())
            {
                return false;
            }

            if (scanner.IsEnd)
            {
                return true;
            }

            if (!scanner.Tag.SequenceEqual("En"u8) || scanner.IsEmpty)
            {
                throw ClixmlScanner.Malformed("a table has something else than entries");
            }

            for (var i = 0; i < 2; i++)
            {
                if (!scanner.TryTag())
                {
                    return false;
                }

                if (scanner.IsEnd)
                {
                    throw ClixmlScanner.Malformed("a table's entry has no value");
                }

                if (!TryItem(ref scanner, depth))
                {
                    return false;
                }
            }

            if (!scanner.TryTag())
            {
                return false;
            }

            scanner.Close("En"u8);
        }
    }

    private bool TryMembers(ref ClixmlScanner scanner, int depth)
    {
        while (true)
        {
            if (!scanner.TryTag())
            {
                return false;
            }

            if (scanner.IsEnd)
            {
                return true;
            }

            _out.Add(1);
            var name = NumberOf(scanner.Name, out var number);
            _out.AddNumber(number);
            if (number == 0)
            {
                AddItem(ValueKind.String, Encoding.UTF8.GetBytes(name));
            }

            if (!TryItem(ref scanner, depth))
            {
                return false;
            }
        }
    }

    /// <summary>The number of a member's name. Members follow each other as they did the last time, so the next one is looked at first.</summary>
    private string NumberOf(ReadOnlySpan<byte> name, out int number)
    {
        const int Most = 256;
        for (var i = 0; i < _memberNames.Count; i++)
        {
            var at = (_nextMember + i) % _memberNames.Count;
            if (name.SequenceEqual(_memberNames[at].Name))
            {
                _nextMember = at + 1;
                number = _memberNames[at].Number;
                return "";
            }
        }

        var text = ClixmlScanner.IsPlain(name) ? Encoding.UTF8.GetString(name) : ClixmlScanner.Decode(name);
        number = NameLists.NumberOf([text]);
        if (number > 0 && _memberNames.Count < Most)
        {
            _memberNames.Add((name.ToArray(), number));
        }

        return text;
    }

    private bool TryItem(ref ClixmlScanner scanner, int depth)
    {
        var id = scanner.RefId;
        var isObject = id >= 0 && scanner.Tag.SequenceEqual("Obj"u8);
        var at = _out.Length;
        _out.Add(0);
        var place = _out.AddPlace();
        var start = _out.Length;
        if (!TryValue(ref scanner, depth + 1, out var kind))
        {
            return false;
        }

        if (IsPacked(kind))
        {
            _out.Set(at, (byte)kind);
            _out.Fill(place, _out.Length - start);
        }
        else
        {
            _out.Truncate(at);
            AddItem(kind, scanner.Value);
        }

        if (isObject)
        {
            start = Math.Min(start, _out.Length);
            AddReferable(new Referable(id, _kept.Count, kind, _row.Length + start, _out.Length - start, _height));
        }

        return true;
    }

    private void AddItem(ValueKind kind, ReadOnlySpan<byte> value)
    {
        _out.Add((byte)kind);
        if (PackedRow.HasBytes(kind))
        {
            _out.Fill(_out.AddPlace(), value.Length);
            _out.Add(value);
        }
    }

    private bool TryTypes(ref ClixmlScanner scanner, out TypeList types)
    {
        types = default;
        var id = scanner.RefId;
        if (scanner.Tag.Length == 5)
        {
            if (!TrySkip(ref scanner, 0))
            {
                return false;
            }

            types = _types.GetValueOrDefault(id);
            return true;
        }

        if (scanner.IsEmpty)
        {
            return true;
        }

        var names = new List<string>();
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

            if (!scanner.Tag.SequenceEqual("T"u8) || names.Count == 64)
            {
                throw ClixmlScanner.Malformed("the names of a type are none, or over 64");
            }

            if (!scanner.TryText())
            {
                return false;
            }

            names.Add(TypeName(scanner.Value));
        }

        types = TypeList.Of(names);
        if (id >= 0)
        {
            _types[id] = types;
        }

        return true;
    }

    /// <summary>A type's name as PowerShell shows it of an object that was deserialised.</summary>
    private static string TypeName(ReadOnlySpan<byte> text)
    {
        const int Longest = 2048;
        const string Prefix = "Deserialized.";
        if (text.Length > Longest)
        {
            throw ClixmlScanner.Malformed($"a type's name is over {Longest} bytes");
        }

        var name = ClixmlScanner.IsPlain(text) ? Encoding.UTF8.GetString(text) : ClixmlScanner.Decode(text);
        return name.StartsWith(Prefix, StringComparison.Ordinal) ? name : Prefix + name;
    }

    /// <summary>Goes to the end of the element whose tag was read last.</summary>
    private static bool TrySkip(ref ClixmlScanner scanner, int depth)
    {
        if (scanner.IsEmpty)
        {
            return true;
        }

        for (var open = 1; open > 0;)
        {
            if (!scanner.TrySkipText() || !scanner.TryTag())
            {
                return false;
            }

            open += scanner.IsEnd ? -1 : scanner.IsEmpty ? 0 : 1;
            if (open + depth > MaxDepth * 4)
            {
                throw ClixmlScanner.Malformed($"elements stand more than {MaxDepth * 4} deep in each other");
            }
        }

        return true;
    }

    private static void Decode(ref ClixmlScanner scanner)
    {
        if (!ClixmlScanner.IsPlain(scanner.Value))
        {
            scanner.Value = Encoding.UTF8.GetBytes(ClixmlScanner.Decode(scanner.Value));
        }
    }

    private static bool IsList(ReadOnlySpan<byte> tag) =>
        tag.SequenceEqual("LST"u8) || tag.SequenceEqual("IE"u8) || tag.SequenceEqual("STK"u8) || tag.SequenceEqual("QUE"u8);

    private static bool IsPacked(ValueKind kind) => (kind & ValueKind.TokenMask) >= ValueKind.PackedList;

    private void AddReferable(Referable item)
    {
        _referable.Add(item);
        _byId?.TryAdd(item.Id, item);
    }

    /// <summary>Forgets objects whose bytes were given up, down to a number of them.</summary>
    private void Forget(int count)
    {
        if (count < _referable.Count)
        {
            _referable.RemoveRange(count, _referable.Count - count);
            _byId = null;
        }
    }

    private Referable? Find(int id)
    {
        if (_byId is null)
        {
            _byId = [];
            foreach (var item in _referable)
            {
                _byId.TryAdd(item.Id, item);
            }
        }

        return _byId.TryGetValue(id, out var found) ? found : null;
    }

    /// <summary>Reads the value that a reference means. One that is not known, or not complete as in a circle, is null.</summary>
    private ValueKind Repeat(ref ClixmlScanner scanner, Referable? item, int depth)
    {
        scanner.Value = default;
        if (item is not { Length: >= 0 } known)
        {
            return ValueKind.Null;
        }

        // What is repeated stands as deep as the reference, and what is in it deeper: values are read by recursion.
        CheckDepth(depth + known.Height);
        _deepest = Math.Max(_deepest, depth + known.Height);
        _repeated += known.Length;
        if (_repeated > MaxRepeated)
        {
            throw ClixmlScanner.Malformed($"its references repeat over {MaxRepeated >> 20} MB");
        }

        if (known.Length == 0)
        {
            scanner.Value = (known.Kind & ValueKind.TokenMask) == ValueKind.Array ? "[]"u8 : default;
            return known.Kind;
        }

        var bytes = known.Row < _kept.Count ? PackedRow.Values(_kept[known.Row].Row, _kept[known.Row].Count).Slice(known.Start, known.Length)
            : known.Start < _row.Length ? _row.Values.Slice(known.Start, known.Length)
            : _out.Written.Slice(known.Start - _row.Length, known.Length);
        var copy = bytes.ToArray();
        if (IsPacked(known.Kind))
        {
            _out.Add(copy);
        }
        else
        {
            scanner.Value = copy;
        }

        return known.Kind;
    }

    private static void CheckDepth(int depth)
    {
        if (depth >= MaxDepth)
        {
            throw ClixmlScanner.Malformed($"values stand more than {MaxDepth} deep in each other");
        }
    }

    private void Keep(byte[] data, int count, ExoObject item, int id)
    {
        _keptBytes += data.Length;
        if (_keptBytes > MaxKept)
        {
            _kept.Clear();
            _referable.Clear();
            _byId = null;
            _keptBytes = data.Length;
            return;
        }

        if (id >= 0)
        {
            AddReferable(new Referable(id, _kept.Count, ValueKind.Null, 0, -1, 0));
        }

        _kept.Add((data, count, item));
    }

    private void Match(ReadOnlySpan<byte> name, TypeList types)
    {
        var count = _row.Count;
        if (_shape is { } shape)
        {
            if (count < shape.Utf8Names.Length && name.SequenceEqual(shape.Utf8Names[count]))
            {
                return;
            }

            foreach (var known in _known)
            {
                if (known != shape && known.TypeNames == types.Names && count < known.Utf8Names.Length && name.SequenceEqual(known.Utf8Names[count])
                    && Agree(known, shape, count))
                {
                    _shape = known;
                    return;
                }
            }

            _names.AddRange(shape.Utf8Names.AsSpan(0, count));
            _shape = null;
        }

        _names.Add(ClixmlScanner.IsPlain(name) ? name.ToArray() : Encoding.UTF8.GetBytes(ClixmlScanner.Decode(name)));
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

    private RowShape Adopt(TypeList types)
    {
        var count = _row.Count;
        if (_shape is { } same && same.Utf8Names.Length == count)
        {
            return same;
        }

        string[] names = _shape is { } longer ? [.. longer.Names.Take(count)] : [.. _names.Take(count).Select(Encoding.UTF8.GetString)];
        var shape = ObjectModel.ShapeOf(entity, names, types.Names);
        if (!_known.Contains(shape) && _known.Count < MaxKnown)
        {
            _known.Add(shape);
        }

        return _shape = shape;
    }

    /// <summary>An object that a reference may mean: where its bytes are, and how deep values stand in it. Length -1 for a whole row.</summary>
    private readonly record struct Referable(int Id, int Row, ValueKind Kind, int Start, int Length, int Height);

    /// <summary>The type names of an object, and what they say of how to read it.</summary>
    private readonly record struct TypeList(int Number, bool IsEnum, bool IsSize, bool IsValue)
    {
        public IReadOnlyList<string> Names => NameLists.ListOf(Number);

        public static TypeList Of(List<string> names)
        {
            var first = names.Count > 0 ? names[0] : "";
            var isSize = first == "Deserialized.Microsoft.Exchange.Data.ByteQuantifiedSize"
                || first.StartsWith("Deserialized.Microsoft.Exchange.Data.Unlimited`1[[Microsoft.Exchange.Data.ByteQuantifiedSize", StringComparison.Ordinal);
            var isEnum = names.Contains("Deserialized.System.Enum");
            return new TypeList(NameLists.NumberOf(names), isEnum, isSize, isEnum || isSize || names.Contains("Deserialized.System.ValueType"));
        }
    }
}
