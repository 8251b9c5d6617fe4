using System.Collections.Concurrent;

namespace ExoConnect.Core.Objects;

/// <summary>
/// Lists of type names and names of members, which rows refer to by number. There are as many as the service has classes. The numbers have a limit,
/// since the service's data must not fill the memory of a process that runs for months.
/// </summary>
internal static class NameLists
{
    private const int Most = 8192;

    private static readonly ConcurrentDictionary<string, int> Numbers = new();
    private static readonly string[][] Lists = new string[Most][];
    private static int _count;

    /// <summary>The number of a list of names; 0 once there are too many.</summary>
    public static int NumberOf(IReadOnlyList<string> names)
    {
        // With lengths, since no name and one blank name are different lists, and a name may hold any character.
        var key = string.Concat(names.Select(static n => $"{n.Length}:{n}"));
        if (Numbers.TryGetValue(key, out var number))
        {
            return number;
        }

        lock (Lists)
        {
            if (Numbers.TryGetValue(key, out number) || _count == Most - 1)
            {
                return number;
            }

            Volatile.Write(ref Lists[++_count], [.. names]);
            Numbers[key] = _count;
            return _count;
        }
    }

    /// <summary>The list of a number; empty for 0.</summary>
    public static IReadOnlyList<string> ListOf(int number) => number > 0 ? Volatile.Read(ref Lists[number]) : [];
}
