namespace ExoConnect.Core.Text;

/// <summary>The base64 of tokens.</summary>
internal static class Base64Text
{
    /// <summary>Encodes without padding and without characters that an address cannot hold.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <returns>The text.</returns>
    public static string Url(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
