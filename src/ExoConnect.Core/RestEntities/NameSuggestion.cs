namespace ExoConnect.Core.RestEntities;

/// <summary>Finds the name that a user probably meant.</summary>
public static class NameSuggestion
{
    private const int LongestName = 64;

    /// <summary>The known name that differs in the fewest letters, if these are few for its length.</summary>
    /// <param name="name">The user's text.</param>
    /// <param name="known">The known names.</param>
    /// <returns>The nearest, or null if none is near.</returns>
    public static string? Nearest(string name, IEnumerable<string> known)
    {
        if (name.Length is 0 or > LongestName)
        {
            return null;
        }

        var limit = Math.Clamp(name.Length / 4, 1, 3);
        string? nearest = null;
        foreach (var candidate in known)
        {
            if (Math.Abs(candidate.Length - name.Length) <= limit && Distance(name, candidate) is var distance && distance <= limit)
            {
                (nearest, limit) = (candidate, distance - 1);
            }
        }

        return nearest;
    }

    /// <summary>How many letters must be changed, added, removed or swapped with their neighbour, whatever their case.</summary>
    private static int Distance(string a, string b)
    {
        Span<int> older = stackalloc int[LongestName + 5];
        Span<int> old = stackalloc int[LongestName + 5];
        Span<int> row = stackalloc int[LongestName + 5];
        for (var j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            var spare = older;
            older = old;
            old = row;
            row = spare;
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], old[j]) + 1, old[j - 1] + change);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                {
                    row[j] = Math.Min(row[j], older[j - 2] + 1);
                }
            }
        }

        return row[b.Length];

        static bool Same(char x, char y) => char.ToUpperInvariant(x) == char.ToUpperInvariant(y);
    }
}
