using System.Collections;
using System.Globalization;
using System.Security;
using ExoConnect.Core.Catalog;

namespace ExoConnect.Core.AdminApi.Parameters;

/// <summary>
/// Converts a value to what its parameter takes, as PowerShell's binder does for Microsoft's client, so that a command, <c>Invoke-ExoCommand</c>
/// and the command line send the same: a list of one for a list, text for text, a date for a date, a table for a table.
/// </summary>
internal static class ParameterShape
{
    /// <summary>The value to send.</summary>
    /// <param name="parameter">The parameter's definition; null if it isn't known.</param>
    /// <param name="value">The value, without the host's wrapper.</param>
    /// <param name="options">The serializer's options.</param>
    /// <returns>The value itself if it needs no change.</returns>
    public static object? Of(CmdletParameter? parameter, object? value, ParameterSerializerOptions options)
    {
        if (parameter is null)
        {
            return value is not null && IsChange(value, options) ? Table(value, options) : value;
        }

        if (value is null)
        {
            return parameter is { Kind: ParameterKind.String, IsArray: false } ? "" : null;
        }

        var isBytes = parameter.Kind == ParameterKind.Byte && value is byte[] or ReadOnlyMemory<byte> or Memory<byte>;
        return !parameter.IsArray || isBytes ? One(parameter, value, options)
            : ParameterValue.IsList(value) && options.Entries?.Invoke(value) is null ? Each(parameter, (IEnumerable)value, options)
            : new[] { One(parameter, value, options) };
    }

    /// <summary>A value as text, for a list that begins with text, or a parameter that takes text.</summary>
    /// <param name="value">The value, without the host's wrapper.</param>
    /// <returns>The text; null for a list or table.</returns>
    public static string? TextOf(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "True" : "False",
        Enum member => member.ToString(),
        SecureString or CredentialValue or Delegate or IEnumerable and not string => null,
        _ => ParameterValue.Text(value) ?? (value is IFormattable number ? number.ToString(null, CultureInfo.InvariantCulture) : null),
    };

    private static object? One(CmdletParameter parameter, object? value, ParameterSerializerOptions options)
    {
        switch (parameter.Kind)
        {
            case ParameterKind.String when value is not string:
                return TextOf(value) ?? value;
            case ParameterKind.DateTime when value is string text && WireDate.TryParse(text, out var date):
                return date;
            case ParameterKind.Hashtable:
                return Table(value, options);
            default:
                return value is not null && IsChange(value, options) ? Table(value, options) : value;
        }
    }

    private static List<object?> Each(CmdletParameter parameter, IEnumerable list, ParameterSerializerOptions options)
    {
        var items = new List<object?>();
        foreach (var item in list)
        {
            items.Add(One(parameter, item is not null && options.Unwrap is { } unwrap ? unwrap(item) : item, options));
            if (items.Count > options.MaximumValues)
            {
                break;
            }
        }

        return items;
    }

    /// <summary>
    /// Whether an object is a change of a list, <c>Add</c> and <c>Remove</c> and nothing else, and so not an object with an identity.
    /// </summary>
    private static bool IsChange(object value, ParameterSerializerOptions options) => options.Entries?.Invoke(value) is { } entries
        && entries.Select(static entry => entry.Key.ToUpperInvariant()).ToHashSet() is { Count: > 0 } keys && keys.IsSubsetOf(["ADD", "REMOVE"]);

    /// <summary>A value for a parameter that takes a table: property bags become tables too, all the way down.</summary>
    private static object? Table(object? value, ParameterSerializerOptions options, int depth = 0)
    {
        if (value is null || depth > options.MaximumDepth)
        {
            return value;
        }

        value = options.Unwrap?.Invoke(value) ?? value;
        if (options.Entries?.Invoke(value) is { } bag)
        {
            return bag.Select(entry => KeyValuePair.Create(entry.Key, Table(entry.Value, options, depth + 1))).ToArray();
        }

        return value switch
        {
            IDictionary table => OfDictionary(table, options, depth),
            object?[] list => Array.ConvertAll(list, item => Table(item, options, depth + 1)),
            ArrayList list => list.Cast<object?>().Select(item => Table(item, options, depth + 1)).ToList(),
            _ => value,
        };
    }

    private static KeyValuePair<string, object?>[] OfDictionary(IDictionary table, ParameterSerializerOptions options, int depth)
    {
        var members = new List<KeyValuePair<string, object?>>(table.Count);
        var entries = table.GetEnumerator();
        while (entries.MoveNext())
        {
            members.Add(KeyValuePair.Create(
                Convert.ToString(entries.Key, CultureInfo.InvariantCulture) ?? "", Table(entries.Value, options, depth + 1)));
        }

        return [.. members];
    }
}
