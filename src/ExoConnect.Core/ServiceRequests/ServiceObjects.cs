using System.Text;
using System.Text.Json;
using ExoConnect.Core.Json;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.ServiceRequests;

/// <summary>Converts a response's JSON to the same kind of objects that cmdlets return.</summary>
public static class ServiceObjects
{
    private const string Fallback = "Response";

    /// <summary>Reads the objects on a page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="service">Their service; null for an unknown one.</param>
    /// <returns>Objects with a property for each member (annotations, whose names hold an <c>@</c>, are left out), or plain values.</returns>
    public static IReadOnlyList<object?> Read(ServiceResponse page, KnownService? service)
    {
        ArgumentNullException.ThrowIfNull(page);
        var reader = new RowReader(service?.Name ?? Fallback);
        return [.. page.Items().Select(item => Value(reader, item))];
    }

    /// <summary>Makes an object from JSON.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="entity">The object's type.</param>
    /// <returns>The object, or the plain value.</returns>
    public static object? ReadValue(JsonElement json, string entity) => Value(new RowReader(entity), json);

    private static object? Value(RowReader rows, JsonElement item)
    {
        var bytes = Encoding.UTF8.GetBytes(item.GetRawText());
        var scanner = new JsonScanner(bytes, isFinal: true);
        if (item.ValueKind != JsonValueKind.Object)
        {
            scanner.TryValue();
            return ValueReader.Read(scanner.Kind, scanner.Value);
        }

        rows.TryRead(ref scanner, out var row);
        return ExoRecord.IsTyped(row!) ? row : HostTypes.Present(row!);
    }
}
