using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using ExoConnect.Core.Json;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.Clixml;

/// <summary>Reads the values of a document of PowerShell's serialisation, and packs those that stand in others. Not for several threads.</summary>
internal sealed class ClixmlValues : IDisposable
{
    /// <summary>How deep values may stand in each other.</summary>
    public const int MaxDepth = 64;

    /// <summary>The most bytes that references may repeat in one document: each can refer to one that holds ten.</summary>
    public const int MaxRepeated = 64 * 1024 * 1024;

    private readonly ValuePacker _object = new();
    private readonly Range[] _ranges = new Range[ValuePattern.MaxMembers];
    private readonly List<(byte[] Name, int Number)> _memberNames = [];
    private int _nextMember;
    private long _repeated;

    /// <summary>The row that is being read.</summary>
    public RowPacker Row { get; } = new();

    /// <summary>The bytes of the value that is being read, where it is packed.</summary>
    public ValuePacker Packed { get; } = new();

    /// <summary>The document's type names.</summary>
    public ClixmlTypes Types { get; } = new();

    /// <summary>The document's objects.</summary>
    public ClixmlReferences References { get; } = new();

    /// <summary>Whether a value's bytes are <see cref="Packed"/>; all others are the scanner's value.</summary>
    public static bool IsPacked(ValueKind kind) => (kind & ValueKind.TokenMask) >= ValueKind.PackedList;

    /// <summary>What an element is whose text is its value.</summary>
    public static ValueKind KindOf(ReadOnlySpan<byte> tag) => tag switch
    {
        _ when tag.SequenceEqual("G"u8) => ValueKind.String | ValueKind.Guid,
        _ when tag.SequenceEqual("D"u8) => ValueKind.String | ValueKind.Decimal,
        _ when tag.SequenceEqual("I32"u8) => ValueKind.String | ValueKind.Int32,
        _ when tag.SequenceEqual("DT"u8) => ValueKind.String | ValueKind.DateTime,
        _ when tag.SequenceEqual("I64"u8) => ValueKind.String | ValueKind.Int64,
        _ when tag.SequenceEqual("BA"u8) => ValueKind.String | ValueKind.Bytes,
        _ when tag.SequenceEqual("TS"u8) => ValueKind.String | ValueKind.TimeSpan,
        _ when tag.SequenceEqual("Db"u8) || tag.SequenceEqual("Sg"u8) => ValueKind.String | ValueKind.Double,
        _ when tag.SequenceEqual("I16"u8) => ValueKind.String | ValueKind.Int16,
        _ when tag.SequenceEqual("U16"u8) => ValueKind.String | ValueKind.UInt16,
        _ when tag.SequenceEqual("U64"u8) => ValueKind.String | ValueKind.UInt64,
        _ when tag.SequenceEqual("Version"u8) => ValueKind.String | ValueKind.Version,
        _ when tag.SequenceEqual("By"u8) || tag.SequenceEqual("SB"u8) || tag.SequenceEqual("U32"u8) => ValueKind.Number,
        _ => ValueKind.String,
    };

    /// <summary>What the text of a <c>B</c> is.</summary>
    public static ValueKind FlagOf(ReadOnlySpan<byte> text) => text.SequenceEqual("true"u8) ? ValueKind.True : ValueKind.False;

    /// <summary>Reads a property of the row, and remembers how it is written.</summary>
    /// <param name="scanner">Stands before it.</param>
    /// <param name="patterns">How it was written before.</param>
    /// <param name="isKnown">False if it is written otherwise; the scanner stands where it stood, then.</param>
    /// <param name="hasNumber">Whether it is an object with a number.</param>
    /// <returns>False if more bytes are needed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryKnownProperty(ref ClixmlScanner scanner, ValuePattern[] patterns, out bool isKnown, out bool hasNumber)
    {
        hasNumber = false;
        var rest = scanner.Rest;
        isKnown = true;
        foreach (var pattern in patterns)
        {
            var length = pattern.Match(rest, Types, _ranges, out var id, out var text);
            if (length < 0)
            {
                continue;
            }

            scanner.Position += length;
            switch (pattern.Form)
            {
                case PatternForm.Plain:
                    Row.Add(pattern.Kind, text);
                    break;
                case PatternForm.Flag:
                    Row.Add(FlagOf(text), default);
                    break;
                case PatternForm.EmptyList:
                    Row.Add(ValueKind.Array, "[]"u8);
                    break;
                case PatternForm.Text:
                    Packed.Truncate(0);
                    Packed.Add(pattern.Head);
                    Packed.Add(text);
                    Row.Add(ValueKind.PackedText, Packed.Written);
                    break;
                case PatternForm.Object:
                    Row.Add(ValueKind.PackedObject, PackObject(pattern, rest, text));
                    break;
                default:
                    Packed.Truncate(0);
                    if (!TryItems(ref scanner, 1, pattern) || !TryListEnd(ref scanner, 1))
                    {
                        return false;
                    }

                    Row.Add(Packed.Length == 0 ? ValueKind.Array : ValueKind.PackedList, Packed.Length == 0 ? "[]"u8 : Packed.Written);
                    break;
            }

            if (id >= 0)
            {
                hasNumber = true;
                References.AddProperty(id, Row.Count - 1);
            }

            return true;
        }

        isKnown = false;
        return true;
    }

    /// <summary>
    /// Reads a value whose tag was read. The bytes of what is packed go to the end of <see cref="Packed"/>, all others into the scanner's value.
    /// </summary>
    /// <param name="scanner">The scanner, after the tag.</param>
    /// <param name="depth">How deep the value stands.</param>
    /// <param name="kind">What it is.</param>
    /// <returns>False if more bytes are needed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryValue(ref ClixmlScanner scanner, int depth, out ValueKind kind)
    {
        var tag = scanner.Tag;
        kind = ValueKind.Null;
        if (tag.SequenceEqual("Obj"u8))
        {
            return TryObject(ref scanner, depth, out kind);
        }

        if (tag.SequenceEqual("Ref"u8))
        {
            var id = scanner.RefId;
            if (!scanner.TrySkip(depth))
            {
                return false;
            }

            kind = Repeat(ref scanner, id, depth);
            return true;
        }

        if (!scanner.TryText())
        {
            return false;
        }

        switch (tag)
        {
            case [(byte)'B']:
                kind = FlagOf(scanner.Value);
                return true;
            case [(byte)'C']:
                kind = ValueKind.String;
                scanner.Value = ushort.TryParse(scanner.Value, CultureInfo.InvariantCulture, out var unit)
                    ? Encoding.UTF8.GetBytes([(char)unit]) : default;
                return true;
            case [(byte)'N', (byte)'i', (byte)'l']:
                return true;
        }

        kind = KindOf(tag);
        if (kind == ValueKind.String)
        {
            if (tag.Length == 1 && tag[0] != 'S')
            {
                throw ClixmlScanner.Malformed("it has an element that PowerShell doesn't write");
            }

            Decode(ref scanner);
        }
        else if (kind == ValueKind.Number && !IsNumber(scanner.Value))
        {
            kind = ValueKind.String;
        }

        return true;
    }

    /// <summary>Whether an element is a list.</summary>
    public static bool IsList(ReadOnlySpan<byte> tag) =>
        tag.SequenceEqual("LST"u8) || tag.SequenceEqual("IE"u8) || tag.SequenceEqual("STK"u8) || tag.SequenceEqual("QUE"u8);

    /// <inheritdoc/>
    public void Dispose() => References.Dispose();

    private static bool IsNumber(ReadOnlySpan<byte> text) =>
        long.TryParse(text, CultureInfo.InvariantCulture, out _) || double.TryParse(text, CultureInfo.InvariantCulture, out _);

    private static void CheckDepth(int depth)
    {
        if (depth >= MaxDepth)
        {
            throw ClixmlScanner.Malformed($"values nest more than {MaxDepth} deep");
        }
    }

    private static void Decode(ref ClixmlScanner scanner)
    {
        if (!ClixmlScanner.IsPlain(scanner.Value))
        {
            scanner.Value = Encoding.UTF8.GetBytes(ClixmlScanner.Decode(scanner.Value));
        }
    }

    /// <summary>Reads an object inside another: a list, a table, or text with members.</summary>
    private bool TryObject(ref ClixmlScanner scanner, int depth, out ValueKind kind)
    {
        CheckDepth(depth);
        kind = ValueKind.Null;
        if (scanner.IsEmpty)
        {
            return true;
        }

        var start = Packed.Length;
        var references = References.Count;
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
                if (!Types.TryRead(ref scanner, out types))
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
            else if (isContainer || tag.SequenceEqual("Obj"u8))
            {
                if (!scanner.TrySkip(depth))
                {
                    return false;
                }
            }
            else if (IsList(tag) || tag.SequenceEqual("DCT"u8))
            {
                Packed.Truncate(start);
                References.Forget(references);
                isContainer = true;
                kind = tag.SequenceEqual("DCT"u8) ? ValueKind.PackedTable : ValueKind.PackedList;
                if (!scanner.IsEmpty && !(kind == ValueKind.PackedTable ? TryTable(ref scanner, depth) : TryItems(ref scanner, depth, null)))
                {
                    return false;
                }
            }
            else if (tag.SequenceEqual("Props"u8) || tag.SequenceEqual("MS"u8))
            {
                if (!isHeaded)
                {
                    Packed.AddNumber(types.Number);
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
            if (kind == ValueKind.PackedList && Packed.Length == start)
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
            Packed.Truncate(start);
            References.Forget(references);
            kind = ValueKind.String;
            scanner.Value = text;
            return true;
        }

        if (!isHeaded)
        {
            Packed.AddNumber(types.Number);
        }

        Packed.AddNumber(0);
        Packed.Add((byte)valueKind);
        Packed.Add(value);
        kind = ValueKind.PackedObject;
        return true;
    }

    /// <summary>Reads a list's items and its end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryItems(ref ClixmlScanner scanner, int depth, ValuePattern? list)
    {
        while (true)
        {
            if (list is not null && TryKnownItem(ref scanner, list.Items))
            {
                continue;
            }

            var start = scanner.Position;
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

            if (list is not null && PatternLearner.Learn(scanner.Since(start), Types, list.Items) is { Form: not PatternForm.List } item)
            {
                list.AddItem(item);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryKnownItem(ref ClixmlScanner scanner, ValuePattern[] patterns)
    {
        var rest = scanner.Rest;
        foreach (var pattern in patterns)
        {
            var length = pattern.Match(rest, Types, _ranges, out var id, out var text);
            if (length < 0)
            {
                continue;
            }

            scanner.Position += length;
            var offset = Row.Length + Packed.Length;
            switch (pattern.Form)
            {
                case PatternForm.Plain:
                    Packed.AddItem(pattern.Kind, default, text);
                    break;
                case PatternForm.Flag:
                    Packed.AddItem(FlagOf(text), default, default);
                    break;
                case PatternForm.EmptyList:
                    Packed.AddItem(ValueKind.Array, default, "[]"u8);
                    break;
                case PatternForm.Text:
                    Packed.AddItem(ValueKind.PackedText, pattern.Head, text);
                    break;
                default:
                    Packed.AddItem(ValueKind.PackedObject, default, PackObject(pattern, rest, text));
                    break;
            }

            if (id >= 0)
            {
                References.AddItem(id, offset);
            }

            return true;
        }

        return false;
    }

    /// <summary>Goes from the end of a list to the end of its object.</summary>
    private static bool TryListEnd(ref ClixmlScanner scanner, int depth)
    {
        while (true)
        {
            if (!scanner.TryTag())
            {
                return false;
            }

            if (scanner.IsEnd)
            {
                scanner.Close("Obj"u8);
                return true;
            }

            if (!scanner.TrySkip(depth))
            {
                return false;
            }
        }
    }

    private ReadOnlySpan<byte> PackObject(ValuePattern pattern, ReadOnlySpan<byte> xml, ReadOnlySpan<byte> text)
    {
        _object.Truncate(0);
        _object.AddNumber(pattern.Types.Number);
        var range = 0;
        foreach (var member in pattern.Members)
        {
            AddName(_object, member.Number, member.Name);
            _object.AddItem(member.Kind, default, member.Constant ?? xml[_ranges[range++]]);
        }

        _object.AddNumber(0);
        _object.Add((byte)pattern.Kind);
        _object.Add(text);
        return _object.Written;
    }

    private static void AddName(ValuePacker packer, int number, string name)
    {
        packer.AddNumber(number + 1);
        if (number == 0)
        {
            packer.AddItem(ValueKind.String, default, Encoding.UTF8.GetBytes(name));
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

            var name = NumberOf(scanner.Name, out var number);
            AddName(Packed, number, name);
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
        var id = scanner.Tag.SequenceEqual("Obj"u8) ? scanner.RefId : -1;
        var references = References.Count;
        var start = Packed.BeginItem();
        if (!TryValue(ref scanner, depth + 1, out var kind))
        {
            return false;
        }

        if (IsPacked(kind))
        {
            References.Shift(references, Packed.EndItem(start, kind));
        }
        else
        {
            Packed.Truncate(start - ValuePacker.ItemHead);
            Packed.AddItem(kind, default, scanner.Value);
        }

        if (id >= 0)
        {
            References.AddItem(id, Row.Length + start - ValuePacker.ItemHead);
        }

        return true;
    }

    /// <summary>Reads the value that a reference means. One that is not known, or not complete as in a circle, is null.</summary>
    private ValueKind Repeat(ref ClixmlScanner scanner, int id, int depth)
    {
        scanner.Value = default;
        if (!References.TryFind(id, Row, Packed.Written, out var kind, out var bytes, out var row) || row is not null)
        {
            return ValueKind.Null;
        }

        // What is repeated stands as deep as the reference, and what is in it deeper: values are read by recursion.
        CheckDepth(depth + PackedValue.Height(kind, bytes));
        _repeated += bytes.Length;
        if (_repeated > MaxRepeated)
        {
            throw ClixmlScanner.Malformed($"its references repeat over {MaxRepeated >> 20} MB");
        }

        var copy = bytes.ToArray();
        if (IsPacked(kind))
        {
            Packed.Add(copy);
        }
        else
        {
            scanner.Value = copy;
        }

        return kind;
    }
}
