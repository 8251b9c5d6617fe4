using System.Collections;
using System.Management.Automation;
using ExoConnect.Core.AdminApi.Parameters;

namespace ExoConnect.Cmdlets;

/// <summary>Makes of PowerShell's values what the engine takes.</summary>
internal static class PowerShellValue
{
    /// <summary>A parameter table, its values as they are; the engine unwraps them as it writes them.</summary>
    public static IReadOnlyDictionary<string, object?> ToTable(IDictionary parameters)
    {
        var table = new Dictionary<string, object?>(parameters.Count, StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in parameters)
        {
            table[entry.Key.ToString() ?? ""] = entry.Value is { } value ? Unwrap(value) : null;
        }

        return table;
    }

    /// <summary>The value itself, without what PowerShell wraps around it.</summary>
    public static object? Unwrap(object value) => value switch
    {
        PSObject { BaseObject: PSCustomObject } bag => Identify(bag),
        PSObject wrapped => wrapped.BaseObject,
        SwitchParameter present => present.ToBool(),
        PSCredential credential => new CredentialValue(credential.UserName, credential.Password),
        _ => value,
    };

    /// <summary>The value of a parameter. A row of a file that has a column of the parameter's name stands for what is in that column.</summary>
    public static object? Unwrap(object value, string parameter) =>
        value is PSObject { BaseObject: PSCustomObject } row && !parameter.Equals("Identity", StringComparison.OrdinalIgnoreCase)
            && row.Properties[parameter]?.Value is { } own ? Unwrap(own) : Unwrap(value);

    /// <summary>An object of an earlier answer that went through Export-Clixml, a job or Select-Object stands for what it was: its Guid.</summary>
    private static object? Identify(PSObject bag) =>
        bag.Properties["Guid"]?.Value ?? bag.Properties["Identity"]?.Value ?? bag.Properties["Name"]?.Value ?? bag.ToString();
}
