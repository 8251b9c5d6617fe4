using System.Text.Json;
using ExoConnect.Cli.Hosting;
using ExoConnect.Core.Objects;

namespace ExoConnect.Cli.Output;

/// <summary>
/// JSON: one array with one object per line, or (<paramref name="lines"/>) just the lines. An array that broke off is not closed, so that nobody
/// takes half a list for a whole one.
/// </summary>
/// <param name="output">Receives the text.</param>
/// <param name="select">The properties to write; empty for all.</param>
/// <param name="lines">True for newline-delimited JSON.</param>
internal sealed class JsonObjectWriter(CliOutput output, IReadOnlyList<string> select, bool lines) : IObjectWriter, IDisposable
{
    private readonly Utf8JsonWriter _json = new(output, ValueText.JsonOptions);
    private bool _begun;

    public void Write(object item, string? tenant = null)
    {
        if (!lines)
        {
            output.Write(_begun ? ",\n" : "[\n");
        }

        _begun = true;
        _json.Reset();
        if (tenant is not null)
        {
            WriteOf(tenant, item);
        }
        else if (item is ExoObject record && select.Count > 0)
        {
            ValueText.Write(_json, record, select);
        }
        else
        {
            ValueText.Write(_json, item);
        }

        _json.Flush();
        if (lines)
        {
            output.Write("\n");
        }
    }

    public void End(bool complete)
    {
        if (complete && !lines)
        {
            output.Write(_begun ? "\n]\n" : "[]\n");
        }
        else if (_begun && !lines)
        {
            output.Write("\n");
        }
    }

    private void WriteOf(string tenant, object item)
    {
        _json.WriteStartObject();
        _json.WriteString(IObjectWriter.Tenant, tenant);
        if (item is ExoObject record)
        {
            foreach (var name in select.Count > 0 ? select : ExoRecord.Shape(record).Names)
            {
                if (!name.Equals(IObjectWriter.Tenant, StringComparison.OrdinalIgnoreCase))
                {
                    _json.WritePropertyName(name);
                    ValueText.Write(_json, ExoRecord.Value(record, name), depth: 1);
                }
            }
        }
        else
        {
            _json.WritePropertyName("Value");
            ValueText.Write(_json, item, depth: 1);
        }

        _json.WriteEndObject();
    }

    public void Dispose() => _json.Dispose();
}
