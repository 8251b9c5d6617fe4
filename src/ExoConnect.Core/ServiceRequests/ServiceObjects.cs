using System.Text;
using System.Text.Json;
using ExoConnect.Core.Json;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.ServiceRequests;

/// <summary>Makes of a response's JSON the same kind of objects that cmdlets give.</summary>
public static class ServiceObjects
{
    private const string Fallback = "Response";

    /// <summary>Reads what is on a page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="service">Whose objects they are; null for a service that isn't known.</param>
    /// <returns>Objects with a property for each member (annotations, whose names hold an <c>@</c>, are left out), or plain values.</returns>
    public static IReadOnlyList<object?> Read(ServiceResponse page, KnownService? service)
    {
        ArgumentNullException.ThrowIfNull(page);
        var reader = new RowReader(service?.Name ?? Fallback);
        return [.. page.Items().Select(item => Value(reader, item))];
    }

    /// <summary>Makes an object of JSON.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="entity">What the object is called.</param>
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
