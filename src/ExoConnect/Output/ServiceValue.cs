using System.Collections.ObjectModel;
using System.Management.Automation;

namespace ExoConnect.Output;

/// <summary>
/// Shows a value with members, such as an enumeration or the user of a permission: as its text, with type names and note properties, so that
/// scripts can compare it and read its members.
/// </summary>
internal static class ServiceValue
{
    public static object ToPSObject(object? value, IReadOnlyList<string> typeNames, IReadOnlyList<KeyValuePair<string, object?>> members)
    {
        if (value is not null && value is not string && members.Count == 0)
        {
            return value;
        }

        // PowerShell attaches the members of a text to that very instance; no other value may share it.
        var shown = value is null ? new PSObject() : new PSObject(value is string text ? new string(text.AsSpan()) : value);
        foreach (var (name, member) in members)
        {
            // Of members that share a name, the last counts.
            var property = new PSNoteProperty(UntypedObject.Usable(name), member);
            shown.Properties.Remove(property.Name);
            shown.Properties.Add(property, preValidated: true);
        }

        // After the members: the service's members take precedence over those that PowerShell itself adds to such types.
        AddTypeNames(shown.TypeNames, typeNames);

        return shown;
    }

    /// <summary>Puts the service's type names first, where scripts and views look.</summary>
    public static void AddTypeNames(Collection<string> shown, IReadOnlyList<string> typeNames)
    {
        for (var i = typeNames.Count - 1; i >= 0; i--)
        {
            shown.Insert(0, typeNames[i]);
        }
    }
}
