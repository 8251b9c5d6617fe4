using System.Buffers;
using System.Runtime.CompilerServices;
using ExoConnect.Core.Json;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.Clixml;

/// <summary>
/// How a value was written the last time: what always stands there, and what varies between. The next one is compared with it, as the reader of JSON
/// compares with the row before, so that its tags are not read one by one.
/// </summary>
internal sealed class ValuePattern
{
    /// <summary>The most members of an object.</summary>
    public const int MaxMembers = 32;

    private static readonly SearchValues<byte> TextEnd = SearchValues.Create("<&_"u8);

    private readonly PatternStep[] _steps;
    private readonly PatternStep[] _written;
    private ValuePattern[] _items = [];

    /// <param name="form">What it gives.</param>
    /// <param name="kind">What its text is.</param>
    /// <param name="types">The type names it has.</param>
    /// <param name="steps">What stands there, in turns with what varies.</param>
    /// <param name="written">The same as it was before members that stay the same became a part of what always stands there; null for that.</param>
    public ValuePattern(PatternForm form, ValueKind kind, TypeList types, PatternStep[] steps, PatternStep[]? written = null)
    {
        _written = written ?? steps;
        Form = form;
        Kind = kind;
        Types = types;
        _steps = steps;
    }

    /// <summary>What it gives.</summary>
    public PatternForm Form { get; }

    /// <summary>What its text is.</summary>
    public ValueKind Kind { get; }

    /// <summary>The type names it has.</summary>
    public TypeList Types { get; }

    /// <summary>The members that vary, and those that don't, of <see cref="PatternForm.Object"/>.</summary>
    public PatternMember[] Members { get; init; } = [];

    /// <summary>The number of its <see cref="TextHead"/> as rows have it, of <see cref="PatternForm.Text"/>.</summary>
    public byte[] Head { get; init; } = [];

    /// <summary>The patterns of a list's items.</summary>
    public ValuePattern[] Items => Volatile.Read(ref _items);

    /// <summary>Remembers how a list's item is written.</summary>
    public void AddItem(ValuePattern item) => Add(ref _items, item);

    /// <summary>Adds a pattern to those of one place, up to a bound. One that takes any members replaces those that take some.</summary>
    public static void Add(ref ValuePattern[] patterns, ValuePattern pattern)
    {
        const int Most = 16;
        var known = Volatile.Read(ref patterns);
        var kept = pattern.Form == PatternForm.Text ? known : [.. known.Where(p => !p.IsAsWritten(pattern))];
        if (kept.Length < Most)
        {
            Interlocked.CompareExchange(ref patterns, [.. kept, pattern], known);
        }
    }

    /// <summary>Whether another is written the same way; then they differ in what members are.</summary>
    public bool IsAsWritten(ValuePattern other) => _written.Length == other._written.Length
        && _written.Zip(other._written).All(static pair => pair.First.Literal.AsSpan().SequenceEqual(pair.Second.Literal));

    /// <summary>Compares.</summary>
    /// <param name="xml">What comes next.</param>
    /// <param name="types">The document's type names.</param>
    /// <param name="members">Takes where the members' texts begin and end.</param>
    /// <param name="id">The object's number; -1 for none.</param>
    /// <param name="text">The text.</param>
    /// <returns>How many bytes it has; -1 where it is written otherwise, or isn't there as a whole.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Match(ReadOnlySpan<byte> xml, ClixmlTypes types, Span<Range> members, out int id, out ReadOnlySpan<byte> text)
    {
        id = -1;
        text = default;
        var at = 0;
        var member = 0;
        foreach (ref readonly var step in _steps.AsSpan())
        {
            var rest = xml[at..];
            if (!rest.StartsWith(step.Literal))
            {
                return -1;
            }

            rest = rest[step.Literal.Length..];
            at += step.Literal.Length;
            int length;
            switch (step.Hole)
            {
                case PatternHole.None:
                    return at;

                case PatternHole.Id or PatternHole.OtherId or PatternHole.Types:
                    length = NumberLength(rest, out var number);
                    if (length == 0 || (step.Hole == PatternHole.Types && types[number].Number != Types.Number))
                    {
                        return -1;
                    }

                    id = step.Hole == PatternHole.Id ? number : id;
                    break;

                case PatternHole.Other:
                    length = rest.IndexOf((byte)'<');
                    break;

                case PatternHole.Part:
                    length = step.Length < 0 ? text.Length - step.Start : step.Length;
                    if (length < 0 || step.Start + length > text.Length || !rest.StartsWith(text.Slice(step.Start, length)))
                    {
                        return -1;
                    }

                    break;

                default:
                    length = TextLength(rest);
                    if (length < 0)
                    {
                        return -1;
                    }

                    if (step.Hole == PatternHole.Text)
                    {
                        text = rest[..length];
                    }
                    else
                    {
                        members[member++] = at..(at + length);
                    }

                    break;
            }

            if (length < 0)
            {
                return -1;
            }

            at += length;
        }

        return at;
    }

    /// <summary>How long a text is that stands for itself; -1 where it doesn't, or doesn't end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int TextLength(ReadOnlySpan<byte> rest)
    {
        for (var at = 0; ;)
        {
            var length = rest[at..].IndexOfAny(TextEnd);
            if (length < 0)
            {
                return -1;
            }

            at += length;
            if (rest[at] == '<')
            {
                return at;
            }

            if (rest[at] == '&' || at + 1 == rest.Length || rest[at + 1] == 'x')
            {
                return -1;
            }

            at++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int NumberLength(ReadOnlySpan<byte> rest, out int number)
    {
        const int Most = 9;
        number = 0;
        var length = 0;
        while (length < rest.Length && (uint)(rest[length] - '0') < 10)
        {
            number = (number * 10) + rest[length++] - '0';
            if (length > Most)
            {
                return 0;
            }
        }

        return length;
    }
}

/// <summary>What a value that a pattern fits is.</summary>
internal enum PatternForm
{
    /// <summary>Its text, or null.</summary>
    Plain,

    /// <summary>True or false, as the text says.</summary>
    Flag,

    /// <summary>An empty list.</summary>
    EmptyList,

    /// <summary>Text with members, all of which follow from it or are always the same.</summary>
    Text,

    /// <summary>Text, or none, with members of their own.</summary>
    Object,

    /// <summary>A list; the pattern ends before its first item.</summary>
    List,
}

/// <summary>What varies behind what always stands there.</summary>
internal enum PatternHole
{
    /// <summary>Nothing: it has ended.</summary>
    None,

    /// <summary>The object's number.</summary>
    Id,

    /// <summary>The number of an object that is left out.</summary>
    OtherId,

    /// <summary>The number of the type names.</summary>
    Types,

    /// <summary>The text.</summary>
    Text,

    /// <summary>Text that is left out.</summary>
    Other,

    /// <summary>A piece of the text.</summary>
    Part,

    /// <summary>A member's text.</summary>
    Member,
}

/// <summary>What always stands there, and what varies behind it.</summary>
/// <param name="Literal">What always stands there.</param>
/// <param name="Hole">What varies behind it.</param>
/// <param name="Start">Where a piece begins in the text.</param>
/// <param name="Length">How long the piece is; -1 to the end.</param>
internal readonly record struct PatternStep(byte[] Literal, PatternHole Hole, int Start = 0, int Length = 0);

/// <summary>A member of an object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Number">The number of the name (<see cref="NameLists"/>).</param>
/// <param name="Kind">What it is.</param>
/// <param name="Constant">Its bytes where they are part of what always stands there; else null.</param>
internal readonly record struct PatternMember(string Name, int Number, ValueKind Kind, byte[]? Constant);
