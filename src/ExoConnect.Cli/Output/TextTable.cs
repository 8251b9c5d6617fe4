using System.Text;
using Spectre.Console;

namespace ExoConnect.Cli.Output;

/// <summary>Columns whose widths come from the first rows, so that the others need not wait for the end.</summary>
internal sealed class TextTable
{
    private const string Gap = "  ";
    private const int NarrowestColumn = 6;

    private readonly int[] _widths;

    /// <summary>Lays out columns.</summary>
    /// <param name="headers">Their headers.</param>
    /// <param name="sample">The rows known so far.</param>
    /// <param name="width">The width of a line; null for no limit, so that no value is cut.</param>
    public TextTable(IReadOnlyList<string> headers, IReadOnlyList<string[]> sample, int? width)
    {
        Headers = headers;
        _widths = [.. headers.Select((header, i) => sample.Select(row => CellWidth(row[i])).Append(CellWidth(header)).Max())];
        IsCut = width is not null;
        if (width is { } limit)
        {
            Shrink(_widths, limit - (Gap.Length * (headers.Count - 1)));
        }
    }

    private bool IsCut { get; }

    private IReadOnlyList<string> Headers { get; }

    /// <summary>The line of headers, and the line under it.</summary>
    public (string Names, string Rule) Header() => (Row([.. Headers]), string.Join(Gap, _widths.Select(w => new string('-', w))));

    /// <summary>One line.</summary>
    public string Row(IReadOnlyList<string> cells)
    {
        var line = new StringBuilder();
        for (var i = 0; i < cells.Count; i++)
        {
            var cell = cells[i];
            var width = CellWidth(cell);
            if (IsCut && width > _widths[i])
            {
                (cell, width) = Cut(cell, _widths[i]);
            }

            line.Append(cell);
            if (i < cells.Count - 1)
            {
                line.Append(' ', Math.Max(0, _widths[i] - width)).Append(Gap);
            }
        }

        return line.ToString().TrimEnd();
    }

    /// <summary>How many columns of a terminal a text takes; a Chinese character takes two.</summary>
    private static int CellWidth(string text) => Ascii.IsValid(text) ? text.Length : text.GetCellWidth();

    private static (string Text, int Width) Cut(string text, int width)
    {
        var kept = new StringBuilder();
        var used = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var next = CellWidth(rune.ToString());
            if (used + next > width - 1)
            {
                break;
            }

            kept.Append(rune.ToString());
            used += next;
        }

        return (kept.Append('…').ToString(), used + 1);
    }

    /// <summary>Shrinks the widest columns until all fit.</summary>
    private static void Shrink(int[] widths, int limit)
    {
        var excess = widths.Sum() - limit;
        while (excess > 0)
        {
            var widest = Array.IndexOf(widths, widths.Max());
            if (widths[widest] <= NarrowestColumn)
            {
                return;
            }

            widths[widest]--;
            excess--;
        }
    }
}
