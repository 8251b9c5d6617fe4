using System.Collections.Frozen;
using System.Globalization;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.RestEntities;

/// <summary>
/// The public facts about the objects of one of the <c>Get-EXO</c> cmdlets: its property sets and the names of its properties. The service may know
/// more; an unknown name is sent too.
/// </summary>
public sealed partial class EntitySchema
{
    private const string MinimumSet = "Minimum";
    private const string AllSet = "All";
    private const string Other = "(other)";
    private const string NotFilterable = "(not filterable)";
    private const string Lists = "(lists)";
    private const int MaximumSuggestions = 5;

    private readonly FrozenDictionary<string, string> _properties;
    private readonly FrozenDictionary<string, string[]> _sets;
    private readonly FrozenSet<string> _unfilterable;
    private readonly FrozenSet<string> _lists;

    private EntitySchema(string cmdletName, string data)
    {
        CmdletName = cmdletName;
        var groups = Read(data);
        _unfilterable = Take(groups, NotFilterable);
        _lists = Take(groups, Lists);
        PropertyNames = [.. groups.SelectMany(static g => g.Members).Distinct(StringComparer.OrdinalIgnoreCase)];
        _properties = PropertyNames.ToFrozenDictionary(static name => name, StringComparer.OrdinalIgnoreCase);
        groups.RemoveAll(static g => g.Name == Other);
        groups.Add((AllSet, [.. PropertyNames]));
        PropertySetNames = [.. groups.Select(static g => g.Name)];
        _sets = groups.ToFrozenDictionary(static g => g.Name, static g => g.Members, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The objects of <c>Get-EXOMailbox</c>.</summary>
    public static EntitySchema Mailbox { get; } = new("Get-EXOMailbox", MailboxData);

    /// <summary>The objects of <c>Get-EXORecipient</c>.</summary>
    public static EntitySchema Recipient { get; } = new("Get-EXORecipient", RecipientData);

    /// <summary>The objects of <c>Get-EXOCasMailbox</c>.</summary>
    public static EntitySchema CasMailbox { get; } = new("Get-EXOCasMailbox", CasMailboxData);

    /// <summary>The objects of <c>Get-EXOMailboxStatistics</c>.</summary>
    public static EntitySchema MailboxStatistics { get; } = new("Get-EXOMailboxStatistics", MailboxStatisticsData);

    /// <summary>The cmdlet of these objects.</summary>
    public string CmdletName { get; }

    /// <summary>The values of <c>-PropertySets</c>, including <c>All</c>.</summary>
    public IReadOnlyList<string> PropertySetNames { get; }

    /// <summary>The known properties.</summary>
    public IReadOnlyList<string> PropertyNames { get; }

    /// <summary>The properties of a set. <c>All</c> has the known ones; the service may send more.</summary>
    /// <param name="setName">The set, in any case.</param>
    /// <returns>Their names.</returns>
    /// <exception cref="ExoException"><c>InvalidPropertySet</c>: there is no such set.</exception>
    public IReadOnlyList<string> PropertiesOf(string setName)
    {
        ArgumentNullException.ThrowIfNull(setName);
        return _sets[SetNamed(setName)];
    }

    /// <summary>A property's name as the service spells it; null if it isn't known.</summary>
    internal string? FindProperty(string name) => _properties.GetValueOrDefault(name);

    /// <summary>Whether a property is a list, of which OData compares the elements.</summary>
    internal bool IsCollection(string name) => _lists.Contains(name);

    /// <summary>Whether the documentation says that the cmdlet's <c>-Filter</c> does not work with a property.</summary>
    internal bool IsUnfilterable(string name) => _unfilterable.Contains(name);

    /// <summary>
    /// The parts of a request for <c>-PropertySets</c> and <c>-Properties</c>. The service adds <c>Minimum</c> by itself, so it is sent only if
    /// requested; beside <c>All</c> no other set is sent.
    /// </summary>
    /// <exception cref="ExoException"><c>InvalidPropertySet</c> or <c>InvalidProperty</c>.</exception>
    internal PropertySelection Select(IReadOnlyList<string> sets, IReadOnlyList<string> properties)
    {
        var notes = new List<string>();
        var setNames = sets.Select(SetNamed).Distinct(StringComparer.Ordinal).ToArray();
        var names = properties.Select(name => PropertyNamed(name, notes)).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        var all = setNames.Contains(AllSet);
        return new PropertySelection(
            all ? AllSet : Join(setNames),
            Join(names),
            [.. setNames.Prepend(MinimumSet).SelectMany(name => _sets[name]).Concat(names).Distinct(StringComparer.OrdinalIgnoreCase)],
            notes);

        static string? Join(string[] list) => list.Length == 0 ? null : string.Join(',', list);
    }

    private string SetNamed(string? name)
    {
        if (PropertySetNames.FirstOrDefault(set => string.Equals(set, name, StringComparison.OrdinalIgnoreCase)) is { } known)
        {
            return known;
        }

        var nearest = NameSuggestion.Nearest(name ?? string.Empty, PropertySetNames);
        throw ParameterErrors.Invalid(
            ErrorIds.InvalidPropertySet,
            "PropertySets",
            name,
            $"{CmdletName} has no property set '{name}'.",
            (nearest is null ? string.Empty : $"Did you mean {nearest}? ") + $"There are {string.Join(", ", PropertySetNames)}.");
    }

    private string PropertyNamed(string? name, List<string> notes)
    {
        if (name is not null && FindProperty(name) is { } known)
        {
            return known;
        }

        if (string.IsNullOrEmpty(name) || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            var remedy = name?.Contains('*', StringComparison.Ordinal) == true ? WildcardRemedy(name)
                : "Give the names of properties as a list, for example -Properties Name,Guid.";
            throw ParameterErrors.Invalid(ErrorIds.InvalidProperty, "Properties", name, $"'{name}' isn't the name of a property.", remedy);
        }

        if (NameSuggestion.Nearest(name, PropertyNames) is { } nearest)
        {
            notes.Add($"{name} isn't a known property of {CmdletName}; did you mean {nearest}?");
        }

        return name;
    }

    private string WildcardRemedy(string pattern)
    {
        var text = pattern.Trim('*');
        var matches = PropertyNames.Where(name => text.Length > 0 && name.Contains(text, StringComparison.OrdinalIgnoreCase)).ToArray();
        return matches.Length is 0 or > MaximumSuggestions
            ? "The service accepts no wildcards here; name the properties, or use -PropertySets All for every one."
            : $"The service accepts no wildcards here; write -Properties {string.Join(',', matches)}.";
    }

    private static FrozenSet<string> Take(List<(string Name, string[] Members)> groups, string name)
    {
        var names = groups.Where(g => g.Name == name).SelectMany(static g => g.Members).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        groups.RemoveAll(g => g.Name == name);
        return names;
    }

    private static List<(string Name, string[] Members)> Read(string data)
    {
        var groups = new List<(string Name, string[] Members)>();
        foreach (var group in data.ReplaceLineEndings("\n").Replace("\n  ", " ", StringComparison.Ordinal).Split('\n'))
        {
            var colon = group.IndexOf(": ", StringComparison.Ordinal);
            groups.Add((group[..colon], [.. group[(colon + 2)..].Split(' ').SelectMany(Numbered)]));
        }

        return groups;
    }

    private static IEnumerable<string> Numbered(string name)
    {
        var dots = name.IndexOf("..", StringComparison.Ordinal);
        if (dots < 0)
        {
            return [name];
        }

        var last = int.Parse(name.AsSpan(dots + 2), CultureInfo.InvariantCulture);
        return Enumerable.Range(1, last).Select(n => string.Create(CultureInfo.InvariantCulture, $"{name[..(dots - 1)]}{n}"));
    }
}

/// <summary>The parts of a request for <c>-PropertySets</c> and <c>-Properties</c>.</summary>
/// <param name="PropertySet">The value of <c>PropertySet</c>; null to send none.</param>
/// <param name="Select">The value of <c>$select</c>; null to send none.</param>
/// <param name="Expected">The properties that the response's objects should have.</param>
/// <param name="Notes">Warnings for the user.</param>
internal sealed record PropertySelection(string? PropertySet, string? Select, IReadOnlyList<string> Expected, IReadOnlyList<string> Notes);
