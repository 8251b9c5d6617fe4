using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ExoConnect.Cli.Input;

/// <summary>Comma-separated values by RFC 4180. Spreadsheets of some countries write semicolons instead of commas.</summary>
internal static class CsvRecord
{
    private static readonly char[] Separators = [',', ';', '\t'];

    /// <summary>The separator, by the header.</summary>
    public static char Separator(string header) => Separators.MaxBy(s => header.Count(c => c == s));

    /// <summary>Splits a record.</summary>
    /// <param name="text">Its line, or lines if a value holds line ends.</param>
    /// <param name="separator">The separator.</param>
    /// <param name="cells">The values.</param>
    /// <returns>False if a quote is still open, so that more lines belong to it.</returns>
    public static bool TryParse(string text, char separator, [NotNullWhen(true)] out List<string>? cells)
    {
        cells = [];
        var cell = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted)
            {
                if (c != '"')
                {
                    cell.Append(c);
                }
                else if (i + 1 < text.Length && text[i + 1] == '"')
                {
                    cell.Append('"');
                    i++;
                }
                else
                {
                    quoted = false;
                }
            }
            else if (c == separator)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else if (c == '"' && cell.Length == 0)
            {
                quoted = true;
            }
            else
            {
                cell.Append(c);
            }
        }

        cells.Add(cell.ToString());
        cells = quoted ? null : cells;
        return cells is not null;
    }
}
