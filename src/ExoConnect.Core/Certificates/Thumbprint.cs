using System.Globalization;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Certificates;

/// <summary>Thumbprints as people paste them.</summary>
internal static class Thumbprint
{
    /// <summary>The length of a SHA-1 thumbprint, which every tool shows.</summary>
    public const int Sha1Length = 40;

    /// <summary>The length of a SHA-256 one, which Microsoft Entra ID's newer pages show beside it.</summary>
    public const int Sha256Length = 64;

    /// <summary>
    /// Removes the characters between the digits: spaces, colons, dashes, and invisible characters such as the U+200E that the Windows certificate
    /// dialog adds. Converts the rest to upper case.
    /// </summary>
    /// <param name="text">The given text.</param>
    /// <returns>40 or 64 hexadecimal digits.</returns>
    /// <exception cref="ExoException"><c>CertificateThumbprintInvalid</c>, with the reason.</exception>
    public static string Normalize(string text)
    {
        Span<char> digits = stackalloc char[Sha256Length];
        var count = 0;
        foreach (var c in text)
        {
            if (IsNoise(c))
            {
                continue;
            }

            if (!char.IsAsciiHexDigit(c))
            {
                var shown = char.IsSurrogate(c) ? "a character outside 0 to 9 and A to F" : $"'{c}' (U+{(int)c:X4})";
                throw CertificateErrors.ThumbprintInvalid(Shown(text), $"{shown} is in it");
            }

            if (count < digits.Length)
            {
                digits[count] = char.ToUpperInvariant(c);
            }

            count++;
        }

        return count is Sha1Length or Sha256Length
            ? new string(digits[..count])
            : throw CertificateErrors.ThumbprintInvalid(Shown(text), count == 0
                ? "it is empty"
                : $"it has {count} digits, and a thumbprint has {Sha1Length} (SHA-1) or {Sha256Length} (SHA-256)");
    }

    private static bool IsNoise(char c) =>
        c is ':' or '-'
        || char.IsWhiteSpace(c)
        || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.Control;

    private static string Shown(string text)
    {
        var visible = string.Concat(text.Where(c => !char.IsControl(c) && CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.Format)).Trim();
        return visible.Length <= 80 ? visible : string.Concat(visible.AsSpan(0, 80), "…");
    }
}
