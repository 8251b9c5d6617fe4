using System.Collections;
using System.Management.Automation;

namespace ExoConnect.Cmdlets;

/// <summary>Makes of PowerShell's values what the engine takes: no PSObject around anything.</summary>
internal static class ParameterTable
{
    public static IReadOnlyDictionary<string, object?> FromDictionary(IDictionary parameters)
    {
        var table = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in parameters)
        {
            table[entry.Key.ToString() ?? ""] = Unwrap(entry.Value);
        }

        return table;
    }

    /// <summary>The value itself, without what PowerShell wraps around it.</summary>
    public static object? Unwrap(object? value) => value switch
    {
        PSObject { BaseObject: PSCustomObject } bag => bag,
        PSObject wrapped => Unwrap(wrapped.BaseObject),
        SwitchParameter present => present.ToBool(),
        _ => value,
    };
}
