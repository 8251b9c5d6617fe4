using System.Buffers;
using ExoConnect.Cli.Hosting;
using ExoConnect.Core.Objects;

namespace ExoConnect.Cli.Output;

/// <summary>
/// Comma-separated values as RFC 4180 has them, but for the line ends (<c>\n</c>): a header, then a line an object. The columns are the
/// selected properties, or those of the first object.
/// </summary>
/// <param name="output">Where to.</param>
/// <param name="select">The properties to write; empty for the first object's.</param>
/// <param name="warn">Told when something has no column.</param>
internal sealed class CsvObjectWriter(CliOutput output, IReadOnlyList<string> select, Action<string> warn) : IObjectWriter
{
    private const string PlainValue = "Value";

    private static readonly SearchValues<char> Quoted = SearchValues.Create("\",\r\n");

    private IReadOnlyList<string>? _columns;
    private RowShape? _known;
    private bool _warned;

    public void Write(object item)
    {
        var record = item as ExoObject;
        if (_columns is null)
        {
            _columns = record is null ? [PlainValue] : select.Count > 0 ? select : ExoRecord.Shape(record).Names;
            Line(_columns);
        }

        if (record is null)
        {
            Line(_columns.Select((_, i) => i == 0 ? ValueText.Cell(item, ";") : ""));
            return;
        }

        var shape = ExoRecord.Shape(record);
        if (select.Count == 0 && shape != _known)
        {
            _known = shape;
            WarnOfLost(shape);
        }

        Line(_columns.Select(name => ValueText.Cell(ExoRecord.Value(record, name), ";")));
    }

    public void End(bool complete)
    {
        if (complete && _columns is null && select.Count > 0)
        {
            Line(select);
        }
    }

    private void WarnOfLost(RowShape shape)
    {
        var lost = shape.Names.Except(_columns!, StringComparer.OrdinalIgnoreCase).ToList();
        if (lost.Count > 0 && !_warned)
        {
            _warned = true;
            warn($"Later objects have properties that the first did not, and the file has no columns for them: {string.Join(", ", lost)}. "
                + "Name the columns with --select, or use --output json.");
        }
    }

    private void Line(IEnumerable<string> cells)
    {
        var first = true;
        foreach (var cell in cells)
        {
            if (!first)
            {
                output.Write(',');
            }

            first = false;
            if (cell.AsSpan().ContainsAny(Quoted) || cell.StartsWith(' ') || cell.EndsWith(' '))
            {
                output.Write('"');
                output.Write(cell.Replace("\"", "\"\"", StringComparison.Ordinal));
                output.Write('"');
            }
            else
            {
                output.Write(cell);
            }
        }

        output.Write('\n');
    }
}
