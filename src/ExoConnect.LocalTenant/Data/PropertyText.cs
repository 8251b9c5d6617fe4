using System.Globalization;

namespace ExoConnect.LocalTenant.Data;

/// <summary>A property as the catalog's files write it: its name, and its initial value after an equals sign.</summary>
internal static class PropertyText
{
    /// <summary>Reads a property.</summary>
    public static KeyValuePair<string, object?> Read(string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? new(word, null) : new(word[..equals], Value(word[(equals + 1)..].Replace('~', ' ')));
    }

    private static object Value(string text)
    {
        return text switch
        {
            "" => "",
            "false" => false,
            "true" => true,
            "[]" => Array.Empty<string>(),
            ['\'', .. var literal] => literal,
            ['[', .. var list, ']'] => list.Split('|'),
            ['v', .. var version] when Version.TryParse(version, out var read) => read,
            [.. var digits, 'u', 's'] when ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var small) => small,
            _ when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
            _ => text,
        };
    }
}
