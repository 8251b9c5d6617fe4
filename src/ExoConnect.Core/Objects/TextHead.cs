using System.Collections.Concurrent;
using System.Text;
using ExoConnect.Core.Json;

namespace ExoConnect.Core.Objects;

/// <summary>
/// The common part of all values of one kind besides their text: type names, and members that are pieces of the text or never change. An address's
/// kind, its address without the kind, and whether it is the main one are such members. So a row keeps the address alone and the number of this
/// head.
/// </summary>
/// <param name="Kind">The text's kind.</param>
/// <param name="Types">The number of its type names (<see cref="NameLists"/>).</param>
/// <param name="Members">Its members.</param>
internal sealed record TextHead(ValueKind Kind, int Types, IReadOnlyList<TextMember> Members)
{
    /// <summary>The most heads to keep: the service's data must not fill the memory of a process that runs for months.</summary>
    private const int Most = 4096;

    /// <summary>The most heads of one type: a type whose members vary leaves room for the others.</summary>
    private const int MostOfType = 64;

    private static readonly ConcurrentDictionary<string, int> Numbers = new();
    private static readonly Dictionary<int, int> OfType = [];
    private static readonly TextHead?[] Known = new TextHead?[Most];
    private static int _count;

    /// <summary>The head of a number.</summary>
    public static TextHead Of(int number) => Volatile.Read(ref Known[number])!;

    /// <summary>The number of a head; -1 once there are too many.</summary>
    public int Number()
    {
        var key = Key();
        if (Numbers.TryGetValue(key, out var number))
        {
            return number;
        }

        lock (OfType)
        {
            if (Numbers.TryGetValue(key, out number))
            {
                return number;
            }

            var ofType = OfType.GetValueOrDefault(Types);
            if (_count == Most || ofType == MostOfType)
            {
                return -1;
            }

            OfType[Types] = ofType + 1;
            Volatile.Write(ref Known[_count], this);
            Numbers[key] = _count;
            return _count++;
        }
    }

    private string Key()
    {
        var key = new StringBuilder().Append((int)Kind).Append(' ').Append(Types);
        foreach (var member in Members)
        {
            key.Append(' ').Append(member.Name.Length).Append(':').Append(member.Name).Append((int)member.Kind).Append(' ')
                .Append(member.Start).Append(' ').Append(member.Length).Append(' ')
                .Append(member.Constant is null ? "" : Convert.ToHexString(member.Constant));
        }

        return key.ToString();
    }
}

/// <summary>A member of a <see cref="TextHead"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Constant">Its bytes, if they never change; else null.</param>
/// <param name="Start">Where it begins in the text's bytes.</param>
/// <param name="Length">How many bytes it has; -1 for all to the end.</param>
internal readonly record struct TextMember(string Name, ValueKind Kind, byte[]? Constant, int Start, int Length)
{
    /// <summary>Its bytes.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> text) => Constant ?? (Length < 0 ? text[Start..] : text.Slice(Start, Length));
}
