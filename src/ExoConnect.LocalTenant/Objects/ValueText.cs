using System.Buffers;
using System.Globalization;

namespace ExoConnect.LocalTenant.Objects;

/// <summary>How values read as text, and how text and sizes become values.</summary>
internal static class ValueText
{
    private static readonly SearchValues<char> AmountLetters = SearchValues.Create("0123456789.,");

    /// <summary>A value as PowerShell would show it.</summary>
    public static string Of(object? value)
    {
        return value switch
        {
            null => "",
            string text => text,
            bool flag => flag ? "True" : "False",
            Guid guid => guid.ToString("D"),
            DateTime time => time.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
            DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
            TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
            IReadOnlyList<string> list => string.Join(", ", list),
            IReadOnlyList<ShownObject> list => string.Join(", ", list),
            ValueTable table => string.Join("; ", table.Entries.Select(entry => $"{entry.Key}={Of(entry.Value)}")),
            IReadOnlyList<ValueTable> tables => string.Join(", ", tables.Select(Of)),
            IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
    }

    /// <summary>A size as the service writes it: <c>99 GB (106,300,440,576 bytes)</c>.</summary>
    public static string Size(long bytes)
    {
        (var amount, var unit) = bytes switch
        {
            >= 1L << 40 => (bytes / (double)(1L << 40), "TB"),
            >= 1L << 30 => (bytes / (double)(1L << 30), "GB"),
            >= 1L << 20 => (bytes / (double)(1L << 20), "MB"),
            >= 1L << 10 => (bytes / (double)(1L << 10), "KB"),
            _ => (bytes, "B"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{amount:0.###} {unit} ({bytes:#,##0} bytes)");
    }

    /// <summary>The number of bytes of a size's text.</summary>
    /// <param name="text"><c>99 GB (106,300,440,576 bytes)</c>, <c>99GB</c>, <c>1024</c>.</param>
    /// <param name="bytes">The number.</param>
    /// <returns>False if the text is not a size.</returns>
    public static bool TrySize(string text, out long bytes)
    {
        bytes = 0;
        var open = text.IndexOf('(', StringComparison.Ordinal);
        if (open >= 0)
        {
            var end = text.IndexOf(" bytes", open, StringComparison.OrdinalIgnoreCase);
            return end > open && long.TryParse(text.AsSpan(open + 1, end - open - 1), NumberStyles.AllowThousands, CultureInfo.InvariantCulture,
                out bytes);
        }

        var rest = text.AsSpan().Trim();
        var digits = rest.IndexOfAnyExcept(AmountLetters);
        var unit = digits < 0 ? default : rest[digits..].Trim();
        long factor;
        if (unit.IsEmpty || unit.Equals("B", StringComparison.OrdinalIgnoreCase))
        {
            factor = 1;
        }
        else if (unit.Equals("KB", StringComparison.OrdinalIgnoreCase))
        {
            factor = 1L << 10;
        }
        else if (unit.Equals("MB", StringComparison.OrdinalIgnoreCase))
        {
            factor = 1L << 20;
        }
        else if (unit.Equals("GB", StringComparison.OrdinalIgnoreCase))
        {
            factor = 1L << 30;
        }
        else if (unit.Equals("TB", StringComparison.OrdinalIgnoreCase))
        {
            factor = 1L << 40;
        }
        else
        {
            return false;
        }

        if (!decimal.TryParse(digits < 0 ? rest : rest[..digits], NumberStyles.Number, CultureInfo.InvariantCulture, out var amount)
            || amount < 0 || amount > long.MaxValue / factor)
        {
            return false;
        }

        bytes = (long)(amount * factor);
        return true;
    }
}
