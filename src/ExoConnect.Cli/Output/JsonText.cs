using System.Text.Json;
using ExoConnect.Cli.Hosting;

namespace ExoConnect.Cli.Output;

/// <summary>Writes a command's own result as JSON, indented, to standard output.</summary>
internal static class JsonText
{
    public static void WriteObject(CliOutput output, Action<Utf8JsonWriter> members) => Write(output, json =>
    {
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
    });

    public static void WriteArray<T>(CliOutput output, IEnumerable<T> items, Action<Utf8JsonWriter, T> members) => Write(output, json =>
    {
        json.WriteStartArray();
        foreach (var item in items)
        {
            json.WriteStartObject();
            members(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    public static void WriteStrings(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void Write(CliOutput output, Action<Utf8JsonWriter> write)
    {
        using (var json = new Utf8JsonWriter(output, ValueText.JsonOptions with { Indented = true }))
        {
            write(json);
        }

        output.WriteLine();
    }
}
