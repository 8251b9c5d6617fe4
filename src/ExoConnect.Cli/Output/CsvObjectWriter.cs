using System.Buffers;
using ExoConnect.Cli.Hosting;
using ExoConnect.Core.Objects;

namespace ExoConnect.Cli.Output;

/// <summary>
/// Comma-separated values by RFC 4180, except the line ends (<c>\n</c>): a header, then one line per object. The columns are the selected
/// properties, or those of the first object.
/// </summary>
/// <param name="output">Receives the text.</param>
/// <param name="select">The properties to write; empty for the first object's.</param>
/// <param name="warn">Receives a warning if a property has no column.</param>
/// <param name="ofTenants">Whether each object comes with its tenant.</param>
internal sealed class CsvObjectWriter(CliOutput output, IReadOnlyList<string> select, Action<string> warn, bool ofTenants = false) : IObjectWriter
{
    private const string PlainValue = "Value";

    private static readonly SearchValues<char> Quoted = SearchValues.Create("\",\r\n");

    private IReadOnlyList<string>? _columns;
    private RowShape? _known;
    private bool _warned;

    public void Write(object item, string? tenant = null)
    {
        var record = item as ExoObject;
        if (_columns is null)
        {
            _columns = WithoutTenant(record is null ? [PlainValue] : select.Count > 0 ? select : ExoRecord.Shape(record).Names);
            Line(_columns, ofTenants ? IObjectWriter.Tenant : null);
        }

        if (record is null)
        {
            Line(_columns.Select((_, i) => i == 0 ? ValueText.Cell(item, ";") : ""), tenant);
            return;
        }

        var shape = ExoRecord.Shape(record);
        if (select.Count == 0 && shape != _known)
        {
            _known = shape;
            WarnOfLostColumns(shape);
        }

        Line(_columns.Select(name => ValueText.Cell(ExoRecord.Value(record, name), ";")), tenant);
    }

    public void End(bool complete)
    {
        if (complete && _columns is null && select.Count > 0)
        {
            Line(WithoutTenant(select), ofTenants ? IObjectWriter.Tenant : null);
        }
    }

    private void WarnOfLostColumns(RowShape shape)
    {
        var lost = WithoutTenant(shape.Names).Except(_columns!, StringComparer.OrdinalIgnoreCase).ToList();
        if (lost.Count > 0 && !_warned)
        {
            _warned = true;
            warn($"Later objects have properties that the first did not, and the file has no columns for them: {string.Join(", ", lost)}. "
                + "Name the columns with --select, or use --output json.");
        }
    }

    private IReadOnlyList<string> WithoutTenant(IReadOnlyList<string> columns) =>
        ofTenants ? [.. columns.Where(c => !c.Equals(IObjectWriter.Tenant, StringComparison.OrdinalIgnoreCase))] : columns;

    private void Line(IEnumerable<string> cells, string? tenant)
    {
        var first = true;
        foreach (var cell in tenant is null ? cells : cells.Prepend(tenant))
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
