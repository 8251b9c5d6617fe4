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
            // Of names that differ only in case, PowerShell can show one: the last, as ConvertFrom-Json would have the last of equal ones.
            // A name may be empty to JSON, but not to PowerShell.
            var property = new PSNoteProperty(shape.Names[i].Length == 0 ? "(empty)" : shape.Names[i], ExoRecord.Value(record, i));
            if (bag.Properties[property.Name] is not null)
            {
                bag.Properties.Remove(property.Name);
            }

            bag.Properties.Add(property);
        }

        bag.TypeNames.Insert(0, "ExoConnect." + shape.Entity);
        return bag;
    }
}
