using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ExoConnect.Core.Diagnostics;

/// <summary>
/// A record as a line of a log: one JSON object, its names in camel case, times in ISO 8601 and UTC, lengths of time in milliseconds.
/// </summary>
internal static class LogLine
{
    // Programs and people read a log, and no page shows it: names in any script stay readable.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a record.</summary>
    /// <returns>The line with its end, UTF-8.</returns>
    public static ReadOnlyMemory<byte> Write(OperationRecord record)
    {
        var line = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(line, Readable))
        {
            json.WriteStartObject();
            json.WriteString("time", record.Time.UtcDateTime);
            json.WriteNumber("processId", record.ProcessId);
            json.WriteString("session", record.Session);
            json.WriteString("connectionId", record.ConnectionId);
            json.WriteString("organization", record.Organization);
            json.WriteString("service", record.Service);
            json.WriteString("kind", record.Kind.ToString());
            json.WriteString("operation", record.Operation);
            json.WriteStartArray("parameters");
            foreach (var name in record.Parameters)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
            if (record.Values is { } values)
            {
                json.WriteStartObject("values");
                foreach (var (name, value) in values)
                {
                    json.WriteString(name, value);
                }

                json.WriteEndObject();
            }

            json.WriteString("outcome", record.Outcome.ToString());
            json.WriteNumber("statusCode", record.StatusCode);
            json.WriteNumber("objects", record.Objects);
            json.WriteNumber("pages", record.Pages);
            json.WriteBoolean("isBatched", record.IsBatched);
            json.WriteNumber("retries", record.Retries);
            json.WriteNumber("throttleWaits", record.ThrottleWaits);
            json.WriteNumber("throttleWaitMs", Math.Round(record.ThrottleWait.TotalMilliseconds, 1));
            json.WriteNumber("durationMs", Math.Round(record.Duration.TotalMilliseconds, 1));
            WriteText(json, "host", record.Host);
            WriteText(json, "clientRequestId", record.ClientRequestId);
            WriteText(json, "serverRequestId", record.ServerRequestId);
            WriteText(json, "errorId", record.ErrorId);
            WriteText(json, "error", record.Error);
            json.WriteEndObject();
        }

        line.Write("\n"u8);
        return line.WrittenMemory;
    }

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <returns>The record; null if the line isn't complete, because it is being written or was cut.</returns>
    public static OperationRecord? TryRead(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            if (json.ValueKind != JsonValueKind.Object || Text(json, "time") is not { } time
                || !DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var begun))
            {
                return null;
            }

            return new OperationRecord
            {
                Time = begun.ToUniversalTime(),
                ProcessId = (int)Number(json, "processId"),
                Session = Text(json, "session") ?? "",
                ConnectionId = Guid.TryParse(Text(json, "connectionId"), out var id) ? id : default,
                Organization = Text(json, "organization") ?? "",
                Service = Text(json, "service") ?? "",
                Kind = Choice<OperationKind>(json, "kind"),
                Operation = Text(json, "operation") ?? "",
                Parameters = Member(json, "parameters", JsonValueKind.Array) is { } names
                    ? [.. names.EnumerateArray().Select(static n => n.ValueKind == JsonValueKind.String ? n.GetString()! : n.GetRawText())]
                    : [],
                Values = Member(json, "values", JsonValueKind.Object) is { } values
                    ? values.EnumerateObject().DistinctBy(static v => v.Name).ToDictionary(
                        static v => v.Name, static v => v.Value.ValueKind == JsonValueKind.String ? v.Value.GetString()! : v.Value.GetRawText())
                    : null,
                Outcome = Choice<OperationOutcome>(json, "outcome"),
                StatusCode = (int)Number(json, "statusCode"),
                Objects = (int)Number(json, "objects"),
                Pages = (int)Number(json, "pages"),
                IsBatched = Member(json, "isBatched", JsonValueKind.True) is not null,
                Retries = (int)Number(json, "retries"),
                ThrottleWaits = (int)Number(json, "throttleWaits"),
                ThrottleWait = TimeSpan.FromMilliseconds(Number(json, "throttleWaitMs")),
                Duration = TimeSpan.FromMilliseconds(Number(json, "durationMs")),
                Host = Text(json, "host"),
                ClientRequestId = Text(json, "clientRequestId"),
                ServerRequestId = Text(json, "serverRequestId"),
                ErrorId = Text(json, "errorId"),
                Error = Text(json, "error"),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second exception is for a text that holds half a surrogate pair.
            return null;
        }
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static JsonElement? Member(JsonElement json, string name, JsonValueKind kind) =>
        json.TryGetProperty(name, out var member) && member.ValueKind == kind ? member : null;

    private static string? Text(JsonElement json, string name) => Member(json, name, JsonValueKind.String)?.GetString();

    /// <summary>A number that is an amount: any other value, or one beyond all measure, counts as 0.</summary>
    private static double Number(JsonElement json, string name) =>
        Member(json, name, JsonValueKind.Number) is { } number && number.TryGetDouble(out var value) && value is >= 0 and <= int.MaxValue ? value : 0;

    private static T Choice<T>(JsonElement json, string name)
        where T : struct, Enum => Enum.TryParse<T>(Text(json, name), out var value) && Enum.IsDefined(value) ? value : default;
}
