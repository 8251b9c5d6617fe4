using ExoConnect.LocalTenant.Catalog;
using ExoConnect.LocalTenant.Data;
using ExoConnect.LocalTenant.Objects;

namespace ExoConnect.LocalTenant.Cmdlets;

/// <summary>Converts parameters to properties.</summary>
internal static class PropertyValues
{
    /// <summary>The properties of a call's parameters.</summary>
    /// <param name="call">The call.</param>
    /// <param name="current">The object to change; null for a new one.</param>
    public static Dictionary<string, object?> Of(CmdletCall call, Record? current)
    {
        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach ((var name, var value) in call.Parameters.Values)
        {
            if (call.Definition.Find(name) is not ParameterDefinition parameter || !GenericShape.IsProperty(parameter))
            {
                continue;
            }

            object? old = null;
            var property = PropertyOf(call.Definition.Noun, name);
            _ = current?.TryGet(property, out old);
            values[property] = Convert(value, old);
        }

        return values;
    }

    /// <summary>A parameter's value as a property's, in the kind that the property has.</summary>
    public static object? Convert(object? value, object? old)
    {
        return value switch
        {
            ListChange change => change.ApplyTo(old as IReadOnlyList<string> ?? []),
            null when old is IReadOnlyList<string> => Array.Empty<string>(),
            IReadOnlyList<string> list when old is string => string.Join(", ", list),
            null => old is string ? "" : null,
            string text when old is IReadOnlyList<string> => new[] { text },
            _ => value,
        };
    }

    // The two have the same name but for this one.
    private static string PropertyOf(string noun, string parameter)
    {
        return parameter.Equals("NotifySender", StringComparison.OrdinalIgnoreCase) && noun == "TransportRule" ? "SenderNotificationType" : parameter;
    }
}
