namespace ExoConnect.Core.Text;

/// <summary>Base64 as tokens write it.</summary>
internal static class Base64Text
{
    /// <summary>Encodes without padding and without characters that an address cannot hold.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <returns>The text.</returns>
    public static string Url(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
