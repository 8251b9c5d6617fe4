using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ExoConnect.Core.AdminApi.Parameters;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Objects;

namespace ExoConnect.Pipeline;

/// <summary>Converts PowerShell's values for the engine.</summary>
internal static class PowerShellValue
{
    /// <summary>A parameter table, its values unchanged; the engine unwraps them as it writes them.</summary>
    /// <param name="parameters">Names and values.</param>
    /// <param name="cmdlet">The cmdlet's definition; null if it isn't known.</param>
    public static IReadOnlyDictionary<string, object?> ToTable(IDictionary parameters, CmdletDefinition? cmdlet)
    {
        var table = new Dictionary<string, object?>(parameters.Count, StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in parameters)
        {
            var name = entry.Key.ToString() ?? "";
            table[name] = entry.Value is not { } value ? null : TakesTable(cmdlet?.FindParameter(name)) ? Unwrap(value) : Named(Unwrap(value));
        }

        return table;
    }

    /// <summary>The value itself, without PowerShell's wrapper.</summary>
    public static object? Unwrap(object value) => value switch
    {
        PSObject { BaseObject: PSCustomObject } bag => IsText(bag) ? bag.ToString() : bag,
        PSObject wrapped => wrapped.BaseObject,
        DBNull or NullString => null,
        SwitchParameter present => present.ToBool(),
        PSCredential credential => new CredentialValue(credential.UserName, credential.Password),
        _ => value,
    };

    /// <summary>
    /// The value of a parameter. For a row of a file with a column of the parameter's name, it is the value in that column. The same goes for an
    /// object of a response: the user of a permission, not its mailbox.
    /// </summary>
    public static object? Unwrap(object value, CmdletParameter parameter) =>
        TakesTable(parameter) ? Unwrap(value)
        : parameter.Sets.Any(static s => s.FromPipeline || s.FromPipelineByPropertyName) && Record(value) is { } record
            && !parameter.Name.Equals("Identity", StringComparison.OrdinalIgnoreCase) && ExoRecord.Shape(record).IndexOf(parameter.Name) >= 0
            ? TextOf(ExoRecord.Value(record, parameter.Name))
        : value is PSObject { BaseObject: PSCustomObject } row && !parameter.Name.Equals("Identity", StringComparison.OrdinalIgnoreCase)
            && row.Properties[parameter.Name] is { } own ? own.Value is { } there ? Named(Unwrap(there)) : null : Named(Unwrap(value));

    /// <summary>
    /// Reads the properties of a property bag: an object that went through Export-Clixml, a job or Select-Object, or a row of a file.
    /// </summary>
    public static Func<string, object?>? Properties(object value) =>
        value is PSObject { BaseObject: PSCustomObject } bag ? name => bag.Properties[name]?.Value : null;

    /// <summary>The names and values of a property bag, for a parameter that takes a table: of <c>[pscustomobject]</c> or ConvertFrom-Json.</summary>
    public static IEnumerable<KeyValuePair<string, object?>>? Entries(object value) =>
        value is PSObject { BaseObject: PSCustomObject } bag && !IsText(bag)
            ? bag.Properties.Select(static p => KeyValuePair.Create(p.Name, (object?)p.Value)) : null;

    private static ExoObject? Record(object value) => value as ExoObject ?? (value as PSObject)?.BaseObject as ExoObject;

    private static string? TextOf(object? value) => value is null ? null : PSObject.AsPSObject(value).ToString();

    private static bool TakesTable(CmdletParameter? parameter) => parameter is { Kind: ParameterKind.Hashtable };

    /// <summary>
    /// The identity of an object, in its place: a row is as long as its file is wide. The engine refuses an object without one.
    /// </summary>
    private static object? Named(object? value) => value is PSObject ? ObjectNames.Of(value) ?? value : value;

    /// <summary>Whether a property bag is a value that came from another process, such as a size, and not an object with a name.</summary>
    private static bool IsText(PSObject bag)
    {
        const string Deserialized = "Deserialized.";
        var type = bag.TypeNames.Count > 0 ? bag.TypeNames[0] : "";
        return type.StartsWith(Deserialized, StringComparison.Ordinal)
            && (bag.TypeNames.Contains(Deserialized + typeof(ValueType).FullName) || bag.TypeNames.Contains(Deserialized + typeof(Uri).FullName)
                || (!type.StartsWith(Deserialized + "ExoConnect.", StringComparison.Ordinal)
                    && !bag.TypeNames.Contains(Deserialized + typeof(PSCustomObject).FullName)
                    && ObjectNames.Of(bag) is null));
    }
}
