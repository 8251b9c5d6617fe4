using System.Text;
using ExoConnect.Core.Json;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.Clixml;

/// <summary>Makes a pattern from a value: from leaves, from objects whose members are leaves, from lists up to their first item.</summary>
internal ref struct PatternLearner
{
    private const int LongestConstant = 32;

    private readonly ReadOnlySpan<byte> _xml;
    private readonly ClixmlTypes _types;
    private readonly List<PatternStep> _steps = [];
    private readonly List<(PatternMember Member, int Step)> _members = [];
    private ClixmlScanner _scanner;
    private int _at;
    private int _toString = -1;
    private int _value = -1;

    private PatternLearner(ReadOnlySpan<byte> xml, ClixmlTypes types)
    {
        _xml = xml;
        _types = types;
        _scanner = new ClixmlScanner(xml, isFinal: true);
    }

    /// <summary>Makes it.</summary>
    /// <param name="xml">The value's element, and white space before it. It was read already, so it is well-formed.</param>
    /// <param name="types">The document's type names.</param>
    /// <param name="known">The patterns of its position.</param>
    /// <returns>The pattern; null if there is none for such values.</returns>
    public static ValuePattern? Learn(ReadOnlySpan<byte> xml, ClixmlTypes types, ValuePattern[] known)
    {
        const int Longest = 4096;
        return xml.Length > Longest ? null : new PatternLearner(xml, types).Value(known);
    }

    private ValuePattern? Value(ValuePattern[] known)
    {
        _scanner.TryTag();
        if (_scanner.Tag.SequenceEqual("Obj"u8))
        {
            return Object(known);
        }

        if (Leaf(out var kind) is not { } form)
        {
            return null;
        }

        if (!_scanner.IsEmpty)
        {
            if (!TryHole(PatternHole.Text))
            {
                return null;
            }
        }

        return End(form, kind, default);
    }

    /// <summary>The form of an element whose text is its value; null for any other.</summary>
    private readonly PatternForm? Leaf(out ValueKind kind)
    {
        var tag = _scanner.Tag;
        kind = ValueKind.String;
        if (_scanner.IsEnd)
        {
            return null;
        }

        if (_scanner.IsEmpty)
        {
            kind = tag.SequenceEqual("S"u8) ? ValueKind.String : ValueKind.Null;
            return tag.SequenceEqual("S"u8) || tag.SequenceEqual("Nil"u8) ? PatternForm.Plain : null;
        }

        if (tag.SequenceEqual("B"u8))
        {
            return PatternForm.Flag;
        }

        kind = ClixmlValues.KindOf(tag);
        return (kind & ValueKind.TypeMask) != 0 || tag.SequenceEqual("S"u8) ? PatternForm.Plain : null;
    }

    private ValuePattern? Object(ValuePattern[] known)
    {
        if (_scanner.IsEmpty || !TryId(PatternHole.Id))
        {
            return null;
        }

        var types = default(TypeList);
        var valueKind = ValueKind.Null;
        var isEmptyList = false;
        while (true)
        {
            _scanner.TryTag();
            var tag = _scanner.Tag;
            if (_scanner.IsEnd)
            {
                break;
            }

            if (isEmptyList)
            {
                return null;
            }

            if (tag.SequenceEqual("TNRef"u8) && _scanner.IsEmpty)
            {
                types = _types[_scanner.RefId];
                if (!TryId(PatternHole.Types))
                {
                    return null;
                }
            }
            else if (tag.SequenceEqual("ToString"u8) && !_scanner.IsEmpty)
            {
                if (_toString >= 0 || !TryHole(PatternHole.Other))
                {
                    return null;
                }

                _toString = _steps.Count - 1;
            }
            else if (tag.SequenceEqual("LST"u8) && _members.Count == 0 && _value < 0)
            {
                if (!_scanner.IsEmpty)
                {
                    return List(types);
                }

                isEmptyList = true;
            }
            else if (tag.SequenceEqual("Props"u8) || tag.SequenceEqual("MS"u8))
            {
                if (!_scanner.IsEmpty && !(types.IsSize ? TryLeaveOut() : TryMembers()))
                {
                    return null;
                }
            }
            else if (_value < 0 && Leaf(out valueKind) == PatternForm.Plain && !_scanner.IsEmpty)
            {
                if (!TryHole(PatternHole.Other))
                {
                    return null;
                }

                _value = _steps.Count - 1;
            }
            else
            {
                return null;
            }
        }

        return isEmptyList ? End(PatternForm.EmptyList, ValueKind.Array, types) : TextOrObject(types, valueKind, known);
    }

    private readonly ValuePattern List(TypeList types)
    {
        _steps.Add(new PatternStep(_xml[_at.._scanner.Position].ToArray(), PatternHole.None));
        return new ValuePattern(PatternForm.List, ValueKind.PackedList, types, [.. _steps]);
    }

    private ValuePattern? TextOrObject(TypeList types, ValueKind valueKind, ValuePattern[] known)
    {
        if (_toString >= 0 && (types.IsEnum || valueKind == ValueKind.Null))
        {
            (_value, valueKind) = (_toString, ValueKind.String);
        }

        if (types.IsSize && _toString >= 0)
        {
            _steps[_toString] = _steps[_toString] with { Hole = PatternHole.Text };
            return End(PatternForm.Plain, ValueKind.String, types);
        }

        if (_value >= 0)
        {
            _steps[_value] = _steps[_value] with { Hole = PatternHole.Text };
        }

        // If many didn't match, the old members are no rule.
        const int Most = 6;
        var plain = End(PatternForm.Object, valueKind, types);
        return plain is null || known.Count(plain.IsAsWritten) >= Most ? plain : Text(types, valueKind) ?? plain;
    }

    /// <summary>The pattern with members that follow from the text, or never change; null if they do.</summary>
    private readonly ValuePattern? Text(TypeList types, ValueKind valueKind)
    {
        var text = _value < 0 ? default : TextOf(_value);
        var written = Steps();
        var steps = Steps();
        var members = new List<TextMember>();
        foreach (var (member, step) in _members)
        {
            if (member.Constant is not null)
            {
                members.Add(new TextMember(member.Name, member.Kind, member.Constant, 0, 0));
                continue;
            }

            var value = TextOf(step);
            var (start, length) = value.IsEmpty || _value > step ? (-1, 0)
                : value.Length > 2 && text.EndsWith(value) ? (text.Length - value.Length, -1)
                : value.Length > 2 && text.StartsWith(value) ? (0, value.Length)
                : (-1, 0);
            if (start < 0)
            {
                if (value.Length > LongestConstant)
                {
                    return null;
                }

                // It becomes a part of the literal.
                members.Add(new TextMember(member.Name, member.Kind, value.ToArray(), 0, 0));
                var next = steps[step + 1];
                steps[step + 1] = next with { Literal = [.. steps[step].Literal, .. value, .. next.Literal] };
                steps[step] = default;
                continue;
            }

            members.Add(new TextMember(member.Name, member.Kind, null, start, length));
            steps[step] = steps[step] with { Hole = PatternHole.Part, Start = start, Length = length };
        }

        var number = new TextHead(valueKind, types.Number, members).Number();
        if (number < 0)
        {
            return null;
        }

        var head = new ValuePacker();
        head.AddNumber(number);
        return new ValuePattern(PatternForm.Text, valueKind, types, [.. steps.Where(static s => s.Literal is not null)], written)
        {
            Head = head.Written.ToArray(),
        };
    }

    /// <summary>The text of a hole in the learned value.</summary>
    private readonly ReadOnlySpan<byte> TextOf(int step)
    {
        var start = 0;
        for (var i = 0; i < step; i++)
        {
            start += _steps[i].Literal.Length + _steps[i].Length;
        }

        return _xml.Slice(start + _steps[step].Literal.Length, _steps[step].Length);
    }

    private bool TryMembers()
    {
        while (true)
        {
            _scanner.TryTag();
            if (_scanner.IsEnd)
            {
                return true;
            }

            var name = _scanner.Name;
            if (Leaf(out var kind) is not { } form || !ClixmlScanner.IsPlain(name) || _members.Count == ValuePattern.MaxMembers)
            {
                return false;
            }

            var text = Encoding.UTF8.GetString(name);
            var member = new PatternMember(text, NameLists.NumberOf([text]), kind, null);
            if (_scanner.IsEmpty)
            {
                _members.Add((member with { Constant = [] }, -1));
            }
            else if (form == PatternForm.Flag)
            {
                _scanner.TryText();
                _members.Add((member with { Kind = ClixmlValues.FlagOf(_scanner.Value), Constant = [] }, -1));
            }
            else if (TryHole(PatternHole.Member))
            {
                _members.Add((member, _steps.Count - 1));
            }
            else
            {
                return false;
            }
        }
    }

    /// <summary>Skips members that are left out: those of sizes, which compute them.</summary>
    private bool TryLeaveOut()
    {
        for (var open = 1; open > 0;)
        {
            _scanner.TryTag();
            var tag = _scanner.Tag;
            if (_scanner.IsEnd)
            {
                open--;
            }
            else if (tag.SequenceEqual("Obj"u8) || tag.SequenceEqual("TNRef"u8))
            {
                if (!TryId(PatternHole.OtherId))
                {
                    return false;
                }

                open += _scanner.IsEmpty ? 0 : 1;
            }
            else if (tag.SequenceEqual("Props"u8) || tag.SequenceEqual("MS"u8))
            {
                open += _scanner.IsEmpty ? 0 : 1;
            }
            else if (!_scanner.IsEmpty && !((tag.SequenceEqual("ToString"u8) || Leaf(out _) is not null) && TryHole(PatternHole.Other)))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryId(PatternHole hole)
    {
        if (!_xml.Overlaps(_scanner.RefIdText, out var start) || _scanner.RefIdText.IsEmpty)
        {
            return false;
        }

        Add(hole, start, _scanner.RefIdText.Length);
        return true;
    }

    /// <summary>Reads the text of an element that isn't empty.</summary>
    private bool TryHole(PatternHole hole)
    {
        var start = _scanner.Position;
        _scanner.TryText();
        if (!ClixmlScanner.IsPlain(_scanner.Value))
        {
            return false;
        }

        Add(hole, start, _scanner.Value.Length);
        return true;
    }

    private void Add(PatternHole hole, int start, int length)
    {
        _steps.Add(new PatternStep(_xml[_at..start].ToArray(), hole, 0, length));
        _at = start + length;
    }

    private readonly PatternStep[] Steps() => [.. _steps, new PatternStep(_xml[_at..].ToArray(), PatternHole.None)];

    private readonly ValuePattern? End(PatternForm form, ValueKind kind, TypeList types) => _scanner.Position != _xml.Length ? null
        : new ValuePattern(form, kind, types, Steps()) { Members = [.. _members.Select(static m => m.Member)] };
}
