using System.Text;
using ExoConnect.Core.Json;

namespace ExoConnect.Core.Objects;

/// <summary>What the rows of one kind of object have in common: the property names, in the order the service sends them.</summary>
public sealed class RowShape
{
    /// <summary>Instead of the number of type names: rows of a REST entity, which have none and a text of their own.</summary>
    internal const int OfEntity = -1;

    private const int LongestLead = 512;

    private readonly Dictionary<string, int> _index;
    private readonly RowLead?[] _leads;

    internal RowShape(string entity, string[] names, int types = 0)
    {
        Entity = entity;
        Types = types;
        TypeNames = types == OfEntity ? [] : NameLists.ListOf(types);
        Names = names;
        Utf8Names = Array.ConvertAll(names, Encoding.UTF8.GetBytes);
        _leads = new RowLead?[names.Length];
        _index = new Dictionary<string, int>(names.Length, StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < names.Length; i++)
        {
            IsAmbiguous |= !_index.TryAdd(names[i], i);
        }

        TitleIndex = (types == OfEntity ? EntityTitleNames : TitleNames).Select(n => _index.GetValueOrDefault(n, -1)).FirstOrDefault(i => i >= 0, -1);
    }

    /// <summary>What the rows are, as the cmdlet's noun says: <c>Mailbox</c>.</summary>
    public string Entity { get; }

    /// <summary>The property names, as the service spells them.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The type names that the service gave the rows, most special first, as PowerShell shows them; empty if it gave none.</summary>
    public IReadOnlyList<string> TypeNames { get; }

    /// <summary>True where two names differ at most in case: no .NET type of PowerShell's liking can have both.</summary>
    public bool IsAmbiguous { get; }

    internal byte[][] Utf8Names { get; }

    /// <summary>The number of <see cref="TypeNames"/> (<see cref="NameLists"/>); 0 for none, <see cref="OfEntity"/> for a REST entity.</summary>
    internal int Types { get; }

    /// <summary>The property that tells people which object a row is; -1 where none does. Cmdlets are told by <see cref="ObjectNames"/>.</summary>
    internal int TitleIndex { get; }

    /// <summary>Makes an empty object of this shape's own .NET type; null if it has none.</summary>
    internal Func<RowShape, byte[], ExoObject>? Factory { get; set; }

    /// <summary>Whether a number is a size in bytes.</summary>
    internal bool IsSize(int index) => EntityTypes.IsSize(Entity, Names[index]);

    /// <summary>What stood before a property's value the last time; null if that is not known, or there is no such property.</summary>
    internal RowLead? LeadOf(int index) => (uint)index < (uint)_leads.Length ? Volatile.Read(ref _leads[index]) : null;

    /// <summary>
    /// Remembers what stands before a property's value. Of two forms it keeps the longer one: a value that is null goes without annotations.
    /// </summary>
    internal void Remember(int index, ReadOnlySpan<byte> lead, ValueKind type)
    {
        if (lead.Length <= LongestLead && lead.Length > (_leads[index]?.Bytes.Length ?? 0))
        {
            Volatile.Write(ref _leads[index], new RowLead(lead.ToArray(), type));
        }
    }

    private static string[] TitleNames { get; } = ["Identity", "Name", "DisplayName", "Guid", "Id"];

    /// <summary>What Microsoft's client makes an object of the Get-EXO cmdlets a text of.</summary>
    private static string[] EntityTitleNames { get; } = ["DisplayName", "Name", "Id", "Identity"];

    /// <summary>Finds a property.</summary>
    /// <param name="name">Its name, in any case.</param>
    /// <returns>Its place in <see cref="Names"/>, or -1.</returns>
    public int IndexOf(string name) => _index.GetValueOrDefault(name, -1);
}

/// <summary>What stands before a value: the comma, the annotations, the name, the colon.</summary>
/// <param name="Bytes">The bytes, as they stood.</param>
/// <param name="Type">The type that the annotations say the value has; 0 for none.</param>
internal sealed record RowLead(byte[] Bytes, ValueKind Type);
