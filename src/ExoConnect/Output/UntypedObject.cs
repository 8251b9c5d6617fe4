using System.Management.Automation;
using ExoConnect.Core.Objects;

namespace ExoConnect.Output;

/// <summary>Shows an object whose shape has no .NET type (names that no type can have, or too many shapes) as a property bag.</summary>
internal static class UntypedObject
{
    public static object ToPSObject(ExoObject record)
    {
        var shape = ExoRecord.Shape(record);
        var bag = new PSObject();
        for (var i = 0; i < shape.Names.Count; i++)
        {
            // Of names that differ only in case, PowerShell can show one: the last, as ConvertFrom-Json keeps the last of equal ones.
            var property = new PSNoteProperty(Usable(shape.Names[i]), ExoRecord.Value(record, i));
            if (bag.Properties[property.Name] is not null)
            {
                bag.Properties.Remove(property.Name);
            }

            bag.Properties.Add(property);
        }

        bag.TypeNames.Insert(0, "ExoConnect." + shape.Entity);
        ServiceValue.AddTypeNames(bag.TypeNames, shape.TypeNames);
        return bag;
    }

    /// <summary>A name that PowerShell can show: not empty, and not one that it gives every object.</summary>
    public static string Usable(string name) => name.ToUpperInvariant() switch
    {
        "" => "(empty)",
        "PSOBJECT" or "PSBASE" or "PSADAPTED" or "PSEXTENDED" or "PSTYPENAMES" => name + "_",
        _ => name,
    };
}
