using System.Buffers;
using System.Runtime.CompilerServices;
using ExoConnect.Core.Json;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.Clixml;

/// <summary>
/// The bytes of a value in the previous row: the literals that never change, and the holes between them. The reader compares the next value with
/// them, as the reader of JSON compares with the row before, instead of reading its tags one by one.
/// </summary>
internal sealed class ValuePattern
{
    /// <summary>The most members of an object.</summary>
    public const int MaxMembers = 32;

    private static readonly SearchValues<byte> TextEnd = SearchValues.Create("<&_"u8);

    private readonly PatternStep[] _steps;
    private readonly PatternStep[] _written;
    private ValuePattern[] _items = [];

    /// <param name="form">The form of its value.</param>
    /// <param name="kind">The kind of its text.</param>
    /// <param name="types">Its type names.</param>
    /// <param name="steps">The literals, each followed by a hole.</param>
    /// <param name="written">The steps before constant members became a part of the literals; null for <paramref name="steps"/>.</param>
    public ValuePattern(PatternForm form, ValueKind kind, TypeList types, PatternStep[] steps, PatternStep[]? written = null)
    {
        _written = written ?? steps;
        Form = form;
        Kind = kind;
        Types = types;
        _steps = steps;
    }

    /// <summary>The form of its value.</summary>
    public PatternForm Form { get; }

    /// <summary>The kind of its text.</summary>
    public ValueKind Kind { get; }

    /// <summary>Its type names.</summary>
    public TypeList Types { get; }

    /// <summary>The variable and the constant members of <see cref="PatternForm.Object"/>.</summary>
    public PatternMember[] Members { get; init; } = [];

    /// <summary>The number of its <see cref="TextHead"/> in rows, for <see cref="PatternForm.Text"/>.</summary>
    public byte[] Head { get; init; } = [];

    /// <summary>The patterns of a list's items.</summary>
    public ValuePattern[] Items => Volatile.Read(ref _items);

    /// <summary>Adds the pattern of a list's item.</summary>
    public void AddItem(ValuePattern item) => Add(ref _items, item);

    /// <summary>Adds a pattern to those of one position, up to a limit. A pattern that takes any members replaces those that take some.</summary>
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

    /// <summary>Whether another pattern has the same steps; then they differ in their members.</summary>
    public bool IsAsWritten(ValuePattern other) => _written.Length == other._written.Length
        && _written.Zip(other._written).All(static pair => pair.First.Literal.AsSpan().SequenceEqual(pair.Second.Literal));

    /// <summary>Compares the next value with the pattern.</summary>
    /// <param name="xml">The next bytes.</param>
    /// <param name="types">The document's type names.</param>
    /// <param name="members">Receives the start and end of each member's text.</param>
    /// <param name="id">The object's number; -1 for none.</param>
    /// <param name="text">The text.</param>
    /// <returns>How many bytes the value has; -1 if it differs, or isn't complete.</returns>
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

    /// <summary>The length of a text without entities; -1 if it has some, or doesn't end.</summary>
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

/// <summary>The form of a value that a pattern matches.</summary>
internal enum PatternForm
{
    /// <summary>Its text, or null.</summary>
    Plain,

    /// <summary>True or false, by the text.</summary>
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

/// <summary>The variable part after a literal.</summary>
internal enum PatternHole
{
    /// <summary>Nothing: the value has ended.</summary>
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

/// <summary>A literal, and the hole after it.</summary>
/// <param name="Literal">The bytes that never change.</param>
/// <param name="Hole">The variable part after them.</param>
/// <param name="Start">Where a piece begins in the text.</param>
/// <param name="Length">How long the piece is; -1 to the end.</param>
internal readonly record struct PatternStep(byte[] Literal, PatternHole Hole, int Start = 0, int Length = 0);

/// <summary>A member of an object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Number">The number of the name (<see cref="NameLists"/>).</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Constant">Its bytes if they are part of a literal; else null.</param>
internal readonly record struct PatternMember(string Name, int Number, ValueKind Kind, byte[]? Constant);
