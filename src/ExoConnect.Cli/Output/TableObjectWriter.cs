using System.Diagnostics;
using ExoConnect.Cli.Hosting;
using ExoConnect.Core.Objects;

namespace ExoConnect.Cli.Output;

/// <summary>
/// A table for people. The first rows decide the columns and their widths; they wait until there are enough of them, or for half a second. All
/// others are written as they come.
/// </summary>
/// <param name="output">Receives the text.</param>
/// <param name="select">The columns; empty to choose some.</param>
/// <param name="width">The terminal's width; null if there is none.</param>
/// <param name="emphasise">Emphasises a header.</param>
internal sealed class TableObjectWriter(CliOutput output, IReadOnlyList<string> select, int? width, Func<string, string> emphasise) : IObjectWriter
{
    private const int SampleSize = 50;
    private const string PlainValue = "Value";
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    private readonly List<(object Item, string? Tenant)> _sample = [];
    private readonly Stopwatch _waiting = new();
    private IReadOnlyList<string> _columns = [];
    private TextTable? _table;

    /// <summary>How many properties the objects have without a column.</summary>
    public int Hidden { get; private set; }

    public void Write(object item, string? tenant = null)
    {
        if (_table is { } table)
        {
            output.WriteLine(table.Row(Cells((item, tenant))));
            return;
        }

        _waiting.Start();
        _sample.Add((item, tenant));
        if (_sample.Count >= SampleSize)
        {
            LayOut();
        }
    }

    public void Pause()
    {
        if (_table is null && _waiting.Elapsed > LongestWait)
        {
            LayOut();
        }
    }

    public void End(bool complete)
    {
        if (_table is null && _sample.Count > 0)
        {
            LayOut();
        }
    }

    private void LayOut()
    {
        var first = _sample.Select(s => s.Item).OfType<ExoObject>().FirstOrDefault();
        if (first is null)
        {
            _columns = [PlainValue];
        }
        else
        {
            _columns = select.Count > 0 ? select : DefaultColumns.Of(ExoRecord.Shape(first));
            Hidden = select.Count > 0 ? 0 : ExoRecord.Shape(first).Names.Count - _columns.Count;
        }

        var ofTenants = _sample[0].Tenant is not null;
        _columns = ofTenants ? [.. _columns.Where(c => !c.Equals(IObjectWriter.Tenant, StringComparison.OrdinalIgnoreCase))] : _columns;
        var rows = _sample.ConvertAll(Cells);
        _table = new TextTable(ofTenants ? [IObjectWriter.Tenant, .. _columns] : _columns, rows, width);
        var (names, rule) = _table.Header();
        output.WriteLine(emphasise(names));
        output.WriteLine(rule);
        rows.ForEach(row => output.WriteLine(_table.Row(row)));
        _sample.Clear();
    }

    private string[] Cells((object Item, string? Tenant) row)
    {
        var cells = row.Item is ExoObject record
            ? _columns.Select(name => SafeText.Line(ValueText.Cell(ExoRecord.Value(record, name), ", ")))
            : _columns.Select((_, i) => i == 0 ? SafeText.Line(ValueText.Cell(row.Item, ", ")) : "");
        return row.Tenant is null ? [.. cells] : [row.Tenant, .. cells];
    }
}
