using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;
using ExoConnect.LocalTenant.Responses;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.Cmdlets;

/// <summary>
/// What parameters must look like on the wire (protocol.md section 4): Microsoft's client sends them so, and the service's OData reader knows no
/// other
/// form. It refuses unreadable parameters before it looks at the cmdlet.
/// </summary>
internal static partial class WireForm
{
    private const string TypeName = "@odata.type";
    private const string Table = "#Exchange.GenericHashTable";
    private const string ByteArray = "#Exchange.ByteArrayType";
    private const string Tables = "#Collection(Exchange.GenericHashTable)";
    private const string ByteArrays = "#Collection(Exchange.ByteArrayType)";

    private static readonly FrozenSet<string> Plain = new[]
    {
        "#Collection(String)", "#Collection(Int32)", "#Collection(Int64)", "#Collection(Boolean)", "#Collection(Guid)", "#Collection(Double)",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Checks an annotation: it must be known, and belong to an existing member.</summary>
    /// <exception cref="ServiceError">It is unknown, or has no member.</exception>
    public static void CheckAnnotation(JsonProperty annotation, JsonElement parent)
    {
        var type = annotation.Value.ValueKind == JsonValueKind.String ? annotation.Value.GetString() : null;
        if (annotation.Name == TypeName)
        {
            // The annotation of the table itself, which its member's check has read.
            return;
        }

        var member = annotation.Name[..annotation.Name.IndexOf('@', StringComparison.Ordinal)];
        if (annotation.Name != member + TypeName || type is null || !(type is Tables or ByteArrays || Plain.Contains(type)))
        {
            throw Unreadable($"The annotation '{annotation.Name}' with the value {annotation.Value.GetRawText()} isn't known.");
        }

        if (!parent.TryGetProperty(member, out var value) || value.ValueKind != JsonValueKind.Array)
        {
            throw Unreadable($"The annotation '{annotation.Name}' stands beside no collection '{member}'.");
        }
    }

    /// <summary>Checks a member of the parameters.</summary>
    /// <exception cref="ServiceError">It can't be read.</exception>
    public static void Check(JsonProperty member, JsonElement parent)
    {
        var collection = parent.TryGetProperty(member.Name + TypeName, out var type) ? type.GetString() : null;
        switch (member.Value.ValueKind)
        {
            case JsonValueKind.Object:
                CheckTyped(member.Name, member.Value);
                break;
            case JsonValueKind.Array:
                foreach (var element in member.Value.EnumerateArray())
                {
                    if (collection is Tables && element.ValueKind == JsonValueKind.Object)
                    {
                        CheckMembers(element);
                    }
                    else if (collection is ByteArrays && element.ValueKind == JsonValueKind.Object)
                    {
                        Bytes(element);
                    }
                    else if (collection is Tables or ByteArrays || element.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                    {
                        throw Unreadable(
                            $"An element of the collection '{member.Name}' has no type: the annotation '{member.Name}{TypeName}' must name the "
                                + "type of its elements.");
                    }
                }

                break;
        }
    }

    /// <summary>Checks a parameter that the client declares as a date: then it is UTC to the second.</summary>
    /// <exception cref="ServiceError">It has a zone or a fraction of a second.</exception>
    public static void CheckDate(JsonProperty member)
    {
        if (member.Value.ValueKind == JsonValueKind.String && !Sortable().IsMatch(member.Value.GetString()!))
        {
            throw ServiceError.Transformation(
                member.Name, member.Value.GetString(
                    )!, "System.DateTime", "Error: \"String was not recognized as a valid DateTime; yyyy-MM-ddTHH:mm:ss in UTC is.\"");
        }
    }

    /// <summary>Whether a value is an array of bytes by its annotation.</summary>
    public static bool IsBytes(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(TypeName, out var type) && type.ValueEquals(ByteArray);

    /// <summary>Whether a value has the one member of an array of bytes.</summary>
    public static bool HasData(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty("Data", out var data) && data.ValueKind == JsonValueKind.Array
        && value.EnumerateObject().All(static member => member.Name is "Data" or TypeName);

    /// <summary>The bytes of an array of bytes.</summary>
    /// <exception cref="ServiceError">It is not made of numbers from 0 to 255.</exception>
    public static byte[] Bytes(JsonElement value)
    {
        if (!value.TryGetProperty("Data", out var data) || data.ValueKind != JsonValueKind.Array)
        {
            throw Unreadable("The property 'Data' of the type 'Exchange.ByteArrayType' must be a collection of Edm.Byte.");
        }

        var bytes = new byte[data.GetArrayLength()];
        var length = 0;
        foreach (var number in data.EnumerateArray())
        {
            bytes[length++] = number.ValueKind == JsonValueKind.Number && number.TryGetByte(out var one)
                ? one
                : throw Unreadable("A value of the property 'Data' of the type 'Exchange.ByteArrayType' is no Edm.Byte.");
        }

        return bytes;
    }

    private static void CheckTyped(string name, JsonElement value)
    {
        if (IsBytes(value))
        {
            Bytes(value);
            return;
        }

        if (!value.TryGetProperty(TypeName, out var type) || !type.ValueEquals(Table))
        {
            throw Unreadable($"The property '{name}' is an object whose '{TypeName}' is missing or isn't known.");
        }

        CheckMembers(value);
    }

    // An entry of a table may name its type; a named type must be known.
    private static void CheckMembers(JsonElement table)
    {
        foreach (var member in table.EnumerateObject())
        {
            if (member.Name.Contains('@', StringComparison.Ordinal))
            {
                CheckAnnotation(member, table);
                continue;
            }

            if (member.Value.ValueKind == JsonValueKind.Object)
            {
                if (member.Value.TryGetProperty(TypeName, out _))
                {
                    CheckTyped(member.Name, member.Value);
                }
                else
                {
                    CheckMembers(member.Value);
                }
            }
            else if (member.Value.ValueKind == JsonValueKind.Array)
            {
                foreach (var element in member.Value.EnumerateArray().Where(static element => element.ValueKind == JsonValueKind.Object))
                {
                    CheckMembers(element);
                }
            }
        }
    }

    private static ServiceError Unreadable(string message) => ServiceError.Request(
        StatusCodes.Status400BadRequest, "BadRequest", "The request payload can't be read: " + message);

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$", RegexOptions.CultureInvariant)]
    private static partial Regex Sortable();
}
