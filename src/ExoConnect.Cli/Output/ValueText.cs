using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ExoConnect.Core.Objects;

namespace ExoConnect.Cli.Output;

/// <summary>Values as text and as JSON, the same in every culture.</summary>
internal static class ValueText
{
    /// <summary>Characters beyond ASCII stay unescaped: the output is UTF-8, and not part of a web page.</summary>
    public static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private const string DateFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";
    private const int MaxDepth = 64;

    /// <summary>A value in a cell.</summary>
    /// <param name="value">The value.</param>
    /// <param name="separator">The separator of a list's values.</param>
    public static string Cell(object? value, string separator) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "True" : "False",

        // A time with an offset has become the local time of this machine; UTC gives the same output everywhere.
        DateTime { Kind: DateTimeKind.Local } date => date.ToUniversalTime().ToString(DateFormat, CultureInfo.InvariantCulture),
        DateTime date => date.ToString(DateFormat, CultureInfo.InvariantCulture),
        DateTimeOffset date => date.UtcDateTime.ToString(DateFormat, CultureInfo.InvariantCulture),
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToBase64String(bytes),
        ExoObject or IDictionary => Json(value),
        IEnumerable list => string.Join(separator, list.Cast<object?>().Select(v => Cell(v, separator))),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>Writes a value as JSON.</summary>
    public static void Write(Utf8JsonWriter json, object? value, int depth = 0)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case short number:
                json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case decimal number:
                json.WriteNumberValue(number);
                break;
            case ExoObject record when depth < MaxDepth:
                Write(json, record, ExoRecord.Shape(record).Names, depth);
                break;
            case IDictionary table when depth < MaxDepth:
                json.WriteStartObject();

                // A hashtable has no order; output that is compared with yesterday's needs one.
                foreach (var (name, member) in table.Cast<DictionaryEntry>()
                    .Select(e => (Name: Cell(e.Key, " "), e.Value)).OrderBy(e => e.Name, StringComparer.Ordinal))
                {
                    json.WritePropertyName(name);
                    Write(json, member, depth + 1);
                }

                json.WriteEndObject();
                break;
            case IEnumerable list when value is not (string or byte[]) && depth < MaxDepth:
                json.WriteStartArray();
                foreach (var member in list)
                {
                    Write(json, member, depth + 1);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(Cell(value, " "));
                break;
        }
    }

    /// <summary>Writes an object with some of its properties; a missing one is null.</summary>
    public static void Write(Utf8JsonWriter json, ExoObject record, IReadOnlyList<string> properties, int depth = 0)
    {
        json.WriteStartObject();
        if (ReferenceEquals(properties, ExoRecord.Shape(record).Names))
        {
            for (var i = 0; i < properties.Count; i++)
            {
                json.WritePropertyName(properties[i]);
                Write(json, ExoRecord.Value(record, i), depth + 1);
            }
        }
        else
        {
            foreach (var name in properties)
            {
                json.WritePropertyName(name);
                Write(json, ExoRecord.Value(record, name), depth + 1);
            }
        }

        json.WriteEndObject();
    }

    private static string Json(object value)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonOptions))
        {
            Write(json, value);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
