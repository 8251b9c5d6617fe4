using System.Text;
using ExoConnect.Core.Json;

namespace ExoConnect.Core.Objects;

/// <summary>The common part of all rows of one type: the property names, in the order of the service.</summary>
public sealed class RowShape
{
    /// <summary>In place of the number of type names: rows of a REST entity, which have none and a text of their own.</summary>
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

    /// <summary>The rows' type, by the cmdlet's noun: <c>Mailbox</c>.</summary>
    public string Entity { get; }

    /// <summary>The property names, as the service spells them.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The service's type names for the rows, most derived first, as PowerShell shows them; empty for none.</summary>
    public IReadOnlyList<string> TypeNames { get; }

    /// <summary>True if two names differ at most in case: PowerShell accepts no .NET type with both.</summary>
    public bool IsAmbiguous { get; }

    internal byte[][] Utf8Names { get; }

    /// <summary>The number of <see cref="TypeNames"/> (<see cref="NameLists"/>); 0 for none, <see cref="OfEntity"/> for a REST entity.</summary>
    internal int Types { get; }

    /// <summary>The property that shows people which object a row is; -1 for none. Cmdlets use <see cref="ObjectNames"/>.</summary>
    internal int TitleIndex { get; }

    /// <summary>Makes an empty object of this shape's own .NET type; null if it has none.</summary>
    internal Func<RowShape, byte[], ExoObject>? Factory { get; set; }

    /// <summary>Whether a number is a size in bytes.</summary>
    internal bool IsSize(int index) => EntityTypes.IsSize(Entity, Names[index]);

    /// <summary>The bytes before a property's value in the last row; null if they are not known, or there is no such property.</summary>
    internal RowLead? LeadOf(int index) => (uint)index < (uint)_leads.Length ? Volatile.Read(ref _leads[index]) : null;

    /// <summary>
    /// Stores the bytes before a property's value. Of two forms it keeps the longer one: a null value has no annotations.
    /// </summary>
    internal void Remember(int index, ReadOnlySpan<byte> lead, ValueKind type)
    {
        if (lead.Length <= LongestLead && lead.Length > (_leads[index]?.Bytes.Length ?? 0))
        {
            Volatile.Write(ref _leads[index], new RowLead(lead.ToArray(), type));
        }
    }

    private static string[] TitleNames { get; } = ["Identity", "Name", "DisplayName", "Guid", "Id"];

    /// <summary>The properties from which Microsoft's client makes the text of an object of the Get-EXO cmdlets.</summary>
    private static string[] EntityTitleNames { get; } = ["DisplayName", "Name", "Id", "Identity"];

    /// <summary>Finds a property.</summary>
    /// <param name="name">Its name, in any case.</param>
    /// <returns>Its index in <see cref="Names"/>, or -1.</returns>
    public int IndexOf(string name) => _index.GetValueOrDefault(name, -1);
}

/// <summary>The bytes before a value: the comma, the annotations, the name, the colon.</summary>
/// <param name="Bytes">The bytes, unchanged.</param>
/// <param name="Type">The value's type by its annotations; 0 for none.</param>
internal sealed record RowLead(byte[] Bytes, ValueKind Type);
