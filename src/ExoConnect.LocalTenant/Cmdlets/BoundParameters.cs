using ExoConnect.LocalTenant.Objects;

namespace ExoConnect.LocalTenant.Cmdlets;

/// <summary>The change of a multi-valued parameter: <c>@{Add=..;Remove=..}</c>.</summary>
/// <param name="Add">The values to add.</param>
/// <param name="Remove">The values to remove.</param>
internal sealed record ListChange(IReadOnlyList<string> Add, IReadOnlyList<string> Remove)
{
    /// <summary>Applies the change to a list.</summary>
    public IReadOnlyList<string> ApplyTo(IReadOnlyList<string> list)
    {
        List<string> changed = [.. list.Where(value => !Remove.Contains(value, StringComparer.OrdinalIgnoreCase))];
        changed.AddRange(Add.Where(value => !changed.Contains(value, StringComparer.OrdinalIgnoreCase)));
        return changed;
    }
}

/// <summary>
/// The parameters of a call by their full names, converted to their types: string, bool, int, long, double, Guid, DateTimeOffset, TimeSpan, a list
/// of strings, <see cref="ValueTable"/>, a list of tables, <see cref="ListChange"/>, or null.
/// </summary>
internal sealed class BoundParameters(IReadOnlyDictionary<string, object?> values)
{
    /// <summary>All parameters.</summary>
    public IReadOnlyDictionary<string, object?> Values => values;

    /// <summary>Whether a parameter was given, null or not.</summary>
    public bool Has(string name) => values.ContainsKey(name);

    /// <summary>A parameter's value; null when it was not given.</summary>
    public object? this[string name] => values.GetValueOrDefault(name);

    /// <summary>A parameter's text; null when it was not given or is null or empty.</summary>
    public string? Text(string name)
    {
        var text = ValueText.Of(values.GetValueOrDefault(name));
        return text.Length == 0 ? null : text;
    }

    /// <summary>Whether a switch is on.</summary>
    public bool Switch(string name) => values.GetValueOrDefault(name) is true;

    /// <summary>A parameter's values; empty when it was not given.</summary>
    public IReadOnlyList<string> List(string name)
    {
        return values.GetValueOrDefault(name) switch
        {
            null => [],
            IReadOnlyList<string> list => list,
            ListChange change => change.Add,
            object other => [ValueText.Of(other)],
        };
    }
}
