using System.Globalization;

namespace ExoConnect.Core.AdminApi.Parameters;

/// <summary>
/// The form of a date on the wire: UTC, to the second, without a zone (protocol.md section 4). A date of unspecified kind is local time, as
/// everywhere in .NET and PowerShell. When a clock is set back, the hour that comes twice counts as the later one.
/// </summary>
internal static class WireDate
{
    private const string Pattern = "yyyy-MM-ddTHH:mm:ss";

    public static string Format(DateTime date) => date.ToUniversalTime().ToString(Pattern, CultureInfo.InvariantCulture);

    public static string Format(DateTimeOffset date) => date.UtcDateTime.ToString(Pattern, CultureInfo.InvariantCulture);

    /// <summary>Reads a date that was given as text, as PowerShell does for a parameter that takes a date.</summary>
    /// <param name="text">For example <c>2026-11-01T07:00</c>, which is local time, or <c>2026-11-01T07:00Z</c>.</param>
    /// <param name="date">The date; its kind says which.</param>
    /// <returns>False for other text.</returns>
    public static bool TryParse(string text, out DateTime date) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out date);
}
