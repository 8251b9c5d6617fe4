using ExoConnect.LocalTenant.Catalog;

namespace ExoConnect.LocalTenant.Data;

/// <summary>
/// The shape of a noun's objects without an implementation of their own: a property for each parameter that creates or changes one, with the value
/// that its type has by default.
/// </summary>
internal static class GenericShape
{
    private static readonly HashSet<string> Controls = new(StringComparer.OrdinalIgnoreCase)
    {
        "Confirm", "WhatIf", "Identity", "ResultSize", "DomainController", "Organization", "Mailbox", "Instance", "FileData", "Members",
        "OverrideRecommendedValues",
    };

    /// <summary>The properties and their values by default.</summary>
    public static IReadOnlyList<KeyValuePair<string, object?>> Of(CmdletCatalog catalog, TenantService service, string noun)
    {
        if (KnownObjects.Of(noun) is KnownObjects known)
        {
            return [.. known.Properties.Where(property => !ObjectFactory.IsCommon(property.Key))];
        }

        var properties = new List<KeyValuePair<string, object?>>();
        var own = ShownProperties.Of(noun);
        var seen = new HashSet<string>(own.NotShown, StringComparer.OrdinalIgnoreCase);
        foreach (var verb in (ReadOnlySpan<string>)["New", "Set", "Add"])
        {
            foreach (var parameter in catalog.Find(service, $"{verb}-{noun}")?.Parameters ?? [])
            {
                if (IsProperty(parameter) && seen.Add(parameter.Name))
                {
                    properties.Add(new(parameter.Name, Default(parameter)));
                }
            }
        }

        properties.AddRange(own.Shown.Where(property => seen.Add(property.Key)));
        return properties;
    }

    /// <summary>Whether a parameter is a property of the object, and not only an option of the call.</summary>
    public static bool IsProperty(ParameterDefinition parameter)
    {
        return parameter.Type is not ("SwitchParameter" or "SecureString" or "PSCredential") && !Controls.Contains(parameter.Name);
    }

    private static object? Default(ParameterDefinition parameter)
    {
        if (EnumValues.Of(parameter.Type) is IReadOnlyList<string> names && !parameter.IsArray)
        {
            return names[0];
        }

        if (parameter.IsArray || parameter.Type.Contains("MultiValuedProperty", StringComparison.Ordinal))
        {
            return Array.Empty<string>();
        }

        return parameter.ElementType switch
        {
            "Boolean" or "System.Boolean" => parameter.Name == "Enabled",
            "Int16" or "UInt16" or "Int32" or "System.Int32" => 0,
            "Int64" or "UInt32" or "UInt64" or "System.UInt32" or "System.UInt64" => 0L,
            "String" or "System.String" => "",
            "Unlimited" => "Unlimited",
            _ => null,
        };
    }
}
