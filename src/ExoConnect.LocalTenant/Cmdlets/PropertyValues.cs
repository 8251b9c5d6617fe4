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
            _ = current?.TryGet(name, out old);
            values[name] = Convert(value, old);
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
}
