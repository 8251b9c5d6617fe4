namespace ExoConnect.Core.Catalog;

/// <summary>Knows the type names in module files: accelerators, full names, arrays, lists, nullables.</summary>
internal static class ParameterType
{
    private static readonly Dictionary<string, ParameterKind> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["object"] = ParameterKind.Object,
        ["psobject"] = ParameterKind.Object,
        ["pscustomobject"] = ParameterKind.Object,
        ["string"] = ParameterKind.String,
        ["switch"] = ParameterKind.Switch,
        ["SwitchParameter"] = ParameterKind.Switch,
        ["bool"] = ParameterKind.Boolean,
        ["Boolean"] = ParameterKind.Boolean,
        ["byte"] = ParameterKind.Byte,
        ["short"] = ParameterKind.Int16,
        ["Int16"] = ParameterKind.Int16,
        ["int"] = ParameterKind.Int32,
        ["Int32"] = ParameterKind.Int32,
        ["long"] = ParameterKind.Int64,
        ["Int64"] = ParameterKind.Int64,
        ["uint"] = ParameterKind.UInt32,
        ["UInt32"] = ParameterKind.UInt32,
        ["ushort"] = ParameterKind.UInt32,
        ["UInt16"] = ParameterKind.UInt32,
        ["ulong"] = ParameterKind.UInt64,
        ["UInt64"] = ParameterKind.UInt64,
        ["double"] = ParameterKind.Double,
        ["float"] = ParameterKind.Double,
        ["single"] = ParameterKind.Double,
        ["decimal"] = ParameterKind.Double,
        ["datetime"] = ParameterKind.DateTime,
        ["timespan"] = ParameterKind.TimeSpan,
        ["guid"] = ParameterKind.Guid,
        ["uri"] = ParameterKind.Uri,
        ["version"] = ParameterKind.Version,
        ["cultureinfo"] = ParameterKind.CultureInfo,
        ["pscredential"] = ParameterKind.Credential,
        ["securestring"] = ParameterKind.SecureString,
        ["hashtable"] = ParameterKind.Hashtable,
    };

    private static readonly string[] Lists = ["List", "IList", "ICollection", "IEnumerable", "Collection", "HashSet"];

    /// <summary>The kind of a type.</summary>
    /// <param name="typeName">The type as written, without white space.</param>
    /// <returns>The kind of it or of its elements, and whether it is an array or list.</returns>
    public static (ParameterKind Kind, bool IsArray) Recognise(string typeName)
    {
        var name = typeName.AsSpan();
        var isArray = false;
        while (true)
        {
            if (name.EndsWith("[]"))
            {
                isArray = true;
                name = name[..^2];
            }
            else if (Argument(name, "Nullable") is { IsEmpty: false } inner)
            {
                name = inner;
            }
            else if (ListArgument(name) is { IsEmpty: false } element)
            {
                isArray = true;
                name = element;
            }
            else
            {
                break;
            }
        }

        var last = name[(name.LastIndexOf('.') + 1)..];
        if (last.Equals("ArrayList", StringComparison.OrdinalIgnoreCase) || last.Equals("array", StringComparison.OrdinalIgnoreCase))
        {
            return (ParameterKind.Object, true);
        }

        return (Kinds.TryGetValue(last.ToString(), out var kind) ? kind : ParameterKind.Other, isArray);
    }

    private static ReadOnlySpan<char> ListArgument(ReadOnlySpan<char> name)
    {
        foreach (var list in Lists)
        {
            var argument = Argument(name, list);
            if (!argument.IsEmpty)
            {
                return argument;
            }
        }

        return default;
    }

    // The X of Generic[X] or Some.Namespace.Generic`1[X]; empty for anything else.
    private static ReadOnlySpan<char> Argument(ReadOnlySpan<char> name, string generic)
    {
        var bracket = name.IndexOf('[');
        if (bracket < 0 || name[^1] != ']')
        {
            return default;
        }

        var outer = name[..bracket];
        outer = outer[(outer.LastIndexOf('.') + 1)..];
        if (outer.EndsWith("`1"))
        {
            outer = outer[..^2];
        }

        return outer.Equals(generic, StringComparison.OrdinalIgnoreCase) ? name[(bracket + 1)..^1] : default;
    }
}
