using System.Text.Json;

namespace ExoConnect.LocalTenant.Catalog;

/// <summary>
/// Reads a catalog from JSON: an array of cmdlets with <c>name</c>, <c>services</c>, <c>defaultParameterSet</c> and <c>parameters</c>. A parameter's
/// type
/// is the reference's (<c>SwitchParameter</c>), or as a module file has it (<c>switch</c>); <c>notNull</c>, <c>notEmpty</c> and <c>range</c>, a list
/// of
/// two numbers, are the client's checks.
/// </summary>
internal static class CatalogJson
{
    /// <summary>Reads a catalog.</summary>
    /// <param name="json">UTF-8 text.</param>
    /// <returns>The cmdlets in the order of the file.</returns>
    /// <exception cref="FormatException">It is not JSON, or not of this shape.</exception>
    public static IReadOnlyList<CmdletDefinition> Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
            return [.. document.RootElement.EnumerateArray().Select(Cmdlet)];
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"The cmdlet catalog cannot be read: {failure.Message}", failure);
        }
    }

    private static CmdletDefinition Cmdlet(JsonElement element)
    {
        return new CmdletDefinition(
            element.GetProperty("name").GetString() ?? throw new FormatException("The cmdlet catalog has a cmdlet without a name."),
            Services(element),
            element.TryGetProperty("defaultParameterSet", out var set) ? set.GetString() : null,
            element.TryGetProperty("parameters", out var parameters) ? [.. parameters.EnumerateArray().Select(Parameter)] : [])
        {
            IsBatched = !element.TryGetProperty("batched", out var batched) || batched.GetBoolean(),
            IsOfHighImpact = Flag(element, "highImpact"),
        };
    }

    private static ParameterDefinition Parameter(JsonElement element)
    {
        return new ParameterDefinition(
            element.GetProperty("name").GetString()!,
            ReferenceType(element.GetProperty("type").GetString()!),
            element.TryGetProperty("aliases", out var aliases) ? [.. aliases.EnumerateArray().Select(alias => alias.GetString()!)] : [],
            Services(element),
            [.. element.GetProperty("sets").EnumerateArray().Select(Set)])
        {
            NotEmpty = Flag(element, "notEmpty"),
            NotNull = Flag(element, "notNull"),
            Range = element.TryGetProperty("range", out var range) ? (range[0].GetInt64(), range[1].GetInt64()) : null,
        };
    }

    private static string ReferenceType(string type)
    {
        var isArray = type.EndsWith("[]", StringComparison.Ordinal);
        return ModuleFile.ReferenceType(isArray ? type[..^2] : type) + (isArray ? "[]" : "");
    }

    private static ParameterSetMember Set(JsonElement element)
    {
        return new ParameterSetMember(
            element.GetProperty("name").GetString()!,
            Flag(element, "mandatory"),
            element.TryGetProperty("position", out var position) && position.ValueKind == JsonValueKind.Number ? position.GetInt32() : null,
            Flag(element, "pipeline"),
            Flag(element, "pipelineByName"));
    }

    private static bool Flag(JsonElement element, string name)
    {
        return element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
    }

    private static CatalogServices Services(JsonElement element)
    {
        var services = CatalogServices.None;
        foreach (var name in element.GetProperty("services").EnumerateArray())
        {
            services |= name.GetString() switch
            {
                "ExchangeOnline" => CatalogServices.ExchangeOnline,
                "SecurityCompliance" => CatalogServices.SecurityCompliance,
                string other => throw new FormatException($"The cmdlet catalog names a service '{other}' that there is not."),
                null => throw new FormatException("The cmdlet catalog has a service without a name."),
            };
        }

        return services;
    }
}
