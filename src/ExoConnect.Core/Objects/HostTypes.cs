using System.Collections;

namespace ExoConnect.Core.Objects;

/// <summary>The host's own types around values, of PowerShell or another host. Set once, when the host loads the engine.</summary>
public static class HostTypes
{
    /// <summary>Converts an object without a .NET type of its own for the host; by default unchanged.</summary>
    public static Func<ExoObject, object> Present { get; set; } = static o => o;

    /// <summary>
    /// Gives a value the type names and members of the service's object: first the value, null if there is none; then the names, the members. By
    /// default the value stays alone, and members without a value are a table.
    /// </summary>
    public static Func<object?, IReadOnlyList<string>, IReadOnlyList<KeyValuePair<string, object?>>, object> WithMembers { get; set; } =
        static (value, _, members) => value ?? ToTable(members);

    /// <summary>
    /// Reads the properties of a host's object that is not a value, such as a property bag; by default there are none.
    /// </summary>
    public static Func<object, Func<string, object?>?> Properties { get; set; } = static _ => null;

    /// <summary>The names and values of a property bag of the host's; by default there are none.</summary>
    public static Func<object, IEnumerable<KeyValuePair<string, object?>>?> Entries { get; set; } = static _ => null;

    /// <summary>Unwraps a host's own wrapper around a parameter's value; by default there are none.</summary>
    public static Func<object, object?> Unwrap { get; set; } = static o => o;

    private static Hashtable ToTable(IReadOnlyList<KeyValuePair<string, object?>> members)
    {
        var table = new Hashtable(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in members)
        {
            table[name] = value;
        }

        return table;
    }
}
