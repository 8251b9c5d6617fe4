using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;

namespace ExoConnect.Core.AdminApi.Parameters;

/// <summary>What a value of a parameter is to the service: text, a table, a list.</summary>
internal static class ParameterValue
{
    private const int UnwrapLimit = 8;

    /// <summary>What a host's wrapper holds.</summary>
    public static object? Unwrap(object? value, ParameterSerializerOptions options)
    {
        if (options.Unwrap is not { } unwrap)
        {
            return value;
        }

        for (var i = 0; value is not null && i < UnwrapLimit; i++)
        {
            var inner = unwrap(value);
            if (ReferenceEquals(inner, value) || (inner is ValueType && Equals(inner, value)))
            {
                break;
            }

            value = inner;
        }

        return value;
    }

    /// <summary>A value that is sent as text; null for any other.</summary>
    public static string? Text(object value) => value switch
    {
        string text => text,
        char letter => letter.ToString(),
        Guid guid => guid.ToString("D"),
        DateTime date => WireDate.Format(date),
        DateTimeOffset date => WireDate.Format(date),
        DateOnly date => date.ToString("O", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("O", CultureInfo.InvariantCulture),
        TimeSpan duration => duration.ToString("c", CultureInfo.InvariantCulture),
        Uri address => address.OriginalString,
        Version version => version.ToString(),
        CultureInfo culture => culture.Name,
        System.Net.Mail.MailAddress address => address.Address,
        System.Net.IPAddress address => address.ToString(),
        System.Text.StringBuilder builder => builder.ToString(),
        System.Xml.XmlNode node => node.OuterXml,
        _ => null,
    };

    /// <summary>Whether a value is a table to the service.</summary>
    public static bool IsTable(object? value) => value is IDictionary or IEnumerable<KeyValuePair<string, object?>>;

    /// <summary>Whether a value is a list to the service.</summary>
    public static bool IsList(object? value) =>
        value is IEnumerable and not string and not byte[] and not JsonNode && !IsTable(value) && value is not System.Xml.XmlNode;

    /// <summary>The entries of a table; null for any other value.</summary>
    public static IEnumerable<(object Key, object? Value)>? Entries(object value) => value switch
    {
        IDictionary table => OwnEntries(table),
        IEnumerable<KeyValuePair<string, object?>> table => table.Select(static entry => ((object)entry.Key, entry.Value)),
        _ => null,
    };

    // Uses the table's own enumerator: that of a generic one would give entries of another type.
    private static IEnumerable<(object Key, object? Value)> OwnEntries(IDictionary table)
    {
        var entries = table.GetEnumerator();
        while (entries.MoveNext())
        {
            yield return (entries.Key, entries.Value);
        }
    }
}
