using System.Globalization;
using System.Text;

namespace ExoConnect.Core.RestEntities;

/// <summary>Puts text into an address: quotation, base64, percent-encoding.</summary>
internal static class ODataText
{
    /// <summary>Text as an OData (and OPATH) string: in single quotation marks, with those inside doubled.</summary>
    public static string Quote(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    /// <summary>Standard base64 of the UTF-8 text, the form of identities in keys and the <c>XParameter-</c> headers.</summary>
    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>A path whose fixed parts are unchanged and whose holes are percent-encoded.</summary>
    public static string Path(FormattableString path) => string.Format(
        CultureInfo.InvariantCulture,
        path.Format,
        Array.ConvertAll(path.GetArguments(), static argument => (object)Escape((string)argument!)));

    /// <summary>Percent-encodes everything but RFC 3986's unreserved characters; a lone surrogate becomes U+FFFD.</summary>
    public static string Escape(string text) => Uri.EscapeDataString(text);
}
