using System.Collections;
using System.Globalization;
using ExoConnect.Core.Objects;
using ExoConnect.Core.Text;

namespace ExoConnect.Core.Diagnostics;

/// <summary>
/// Parameters in a log. Only harmless values are shown: plain ones, lists and tables of them, and none whose name speaks of a secret. Of all
/// others, the log shows the type.
/// </summary>
internal static class LoggedValue
{
    private const int LongestText = 500;
    private const int MostItems = 20;
    private const int MaxDepth = 4;
    private const string Removed = "[removed]";

    /// <summary>Parts of names that speak of a secret. A log may hide too much.</summary>
    private static readonly string[] SecretNames =
        ["password", "passwd", "pwd", "passphrase", "secret", "credential", "token", "assertion",
        "privatekey", "apikey", "accesskey", "sas", "cookie"];

    private static readonly string[] WholeNames = ["pin", "key", "authorization", "headers", "body", "filedata", "content"];

    /// <summary>A parameter's value.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="value">Its value.</param>
    public static string Of(string name, object? value)
    {
        var text = ShownText.Clean(Write(name, value, 0)).Replace('\n', ' ').Replace('\r', ' ');
        return text.Length > LongestText ? string.Concat(text.AsSpan(0, LongestText), "…") : text;
    }

    /// <summary>Whether a name speaks of a secret.</summary>
    public static bool IsSecretName(string name) => Array.Exists(SecretNames, part => name.Contains(part, StringComparison.OrdinalIgnoreCase))
        || WholeNames.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static string Write(string name, object? value, int depth)
    {
        if (IsSecretName(name))
        {
            return Removed;
        }

        var plain = value is null ? null : HostTypes.Unwrap(value);
        return plain switch
        {
            null => "",
            string text => text,
            bool or Guid or Uri or char or Enum or sbyte or byte or short or ushort or int or uint or long or ulong or float or double
                or decimal or TimeSpan =>
                Convert.ToString(plain, CultureInfo.InvariantCulture) ?? "",
            DateTime time => time.ToString("o", CultureInfo.InvariantCulture),
            DateTimeOffset time => time.ToString("o", CultureInfo.InvariantCulture),
            _ when ObjectNames.Of(plain) is { } identity => identity,
            _ when depth == MaxDepth => "…",
            byte[] => Removed,
            IDictionary table => "{" + List(
                table.Keys.Cast<object>().Select(key => Convert.ToString(key, CultureInfo.InvariantCulture) ?? "")
                    .Zip(table.Values.Cast<object?>(), (key, item) => $"{key}={Write(key, item, depth + 1)}")) + "}",
            IEnumerable items => "[" + List(items.Cast<object?>().Select(item => Write("", item, depth + 1))) + "]",
            _ => $"({plain.GetType().Name})",
        };
    }

    private static string List(IEnumerable<string> items)
    {
        var some = items.Take(MostItems + 1).ToList();
        return some.Count <= MostItems ? string.Join(", ", some) : string.Join(", ", some.Take(MostItems)) + ", …";
    }
}
