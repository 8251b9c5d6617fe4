using System.Globalization;

namespace ExoConnect.Core.Text;

/// <summary>The message of a platform's failure, as the end of a sentence of ours.</summary>
internal static class FailureText
{
    /// <summary>
    /// Windows' text for its error 0. A failure with it says that all went well: seen where an import of a key fails without a reason, as in Wine.
    /// </summary>
    private static readonly string[] Successes = ["Success", "The operation completed successfully"];

    /// <summary>The reason, without a full stop; never a text of success.</summary>
    /// <param name="failure">The failure.</param>
    public static string Reason(Exception failure)
    {
        for (var e = failure; e is not null; e = e.InnerException)
        {
            if (e.Message.TrimEnd('.', ' ', '\r', '\n') is { Length: > 0 } text && !Successes.Contains(text, StringComparer.OrdinalIgnoreCase))
            {
                return text;
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"the system gives no reason (0x{failure.HResult:X8})");
    }
}
