using System.Text.Json;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Catalog;

/// <summary>
/// Reads the service's response to a session start (protocol.md section 3): JSON that holds the module file as a string, a format file that nobody
/// needs, and the list of exported names. The text goes from the JSON to UTF-8 bytes directly, not through strings.
/// </summary>
public static class ModuleFileResponse
{
    private const int MaximumDepth = 64;

    /// <summary>Reads a response.</summary>
    /// <param name="json">The body, UTF-8.</param>
    /// <param name="service">The service that sent it.</param>
    /// <returns>The session's cmdlets.</returns>
    /// <exception cref="ExoException">
    /// <c>ModuleFileUnreadable</c>: the body is not JSON, or holds no psm1 file.
    /// </exception>
    public static CmdletCatalog Read(ReadOnlySpan<byte> json, ExoService service)
    {
        if (json.StartsWith("\uFEFF"u8))
        {
            json = json[3..];
        }

        // Unescaped text is never longer than escaped. Not from the pool: that would keep 4 MB in a process that connects once.
        var content = GC.AllocateUninitializedArray<byte>(json.Length + 1);
        try
        {
            List<string>? exported = null;
            var length = ReadResponse(json, content, ref exported);
            return length == 0
                ? throw Unreadable($"{Describe(service)} responded to the session start without a module file.", null)
                : CmdletCatalog.Parse(content.AsSpan(0, length), service, exported);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Unreadable($"{Describe(service)} responded to the session start with something that is not a module file.", e);
        }
    }

    // Copies the module file's text into the buffer and returns its length. The members may come in any position, since the list of names has been
    // seen inside the value and beside it.
    private static int ReadResponse(ReadOnlySpan<byte> json, byte[] content, ref List<string>? exported)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaximumDepth });

        // For each object around the current position: the position of its file's text, and whether it is the wanted kind.
        Span<(int Start, int End)> texts = stackalloc (int, int)[MaximumDepth + 1];
        Span<bool> modules = stackalloc bool[MaximumDepth + 1];
        var length = 0;
        while (reader.Read())
        {
            var depth = reader.CurrentDepth;
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    texts[depth] = default;
                    modules[depth] = false;
                    break;

                case JsonTokenType.EndObject when !modules[depth]:
                    var (start, end) = texts[depth];
                    content.AsSpan(end, length - end).CopyTo(content.AsSpan(start));
                    length -= end - start;
                    break;

                case JsonTokenType.PropertyName when reader.ValueTextEquals("fileName"u8):
                    reader.Read();
                    modules[depth - 1] = reader.TokenType == JsonTokenType.String
                        && reader.GetString()!.EndsWith(".psm1", StringComparison.OrdinalIgnoreCase);
                    break;

                case JsonTokenType.PropertyName when reader.ValueTextEquals("fileContent"u8):
                    reader.Read();
                    if (reader.TokenType == JsonTokenType.String)
                    {
                        start = length;
                        length += reader.CopyString(content.AsSpan(length));
                        content[length++] = (byte)'\n';
                        texts[depth - 1] = (start, length);
                    }

                    break;

                case JsonTokenType.PropertyName when reader.ValueTextEquals("exportedCmdlets"u8):
                    reader.Read();
                    ReadNames(ref reader, ref exported);
                    break;
            }
        }

        return length;
    }

    // An empty list exports nothing: the functions beside it are helpers.
    private static void ReadNames(ref Utf8JsonReader reader, ref List<string>? names)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            (names ??= []).AddRange(reader.GetString()!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            names ??= [];
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType == JsonTokenType.String)
                {
                    names.Add(reader.GetString()!);
                }
                else
                {
                    reader.Skip();
                }
            }
        }
        else
        {
            reader.Skip();
        }
    }

    private static string Describe(ExoService service) => service == ExoService.ExchangeOnline ? "Exchange Online" : "Security & Compliance";

    private static ExoException Unreadable(string message, Exception? inner) => new(message, inner)
    {
        ErrorId = ErrorIds.ModuleFileUnreadable,
        Category = ExoErrorCategory.InvalidData,
        Remedy = "Connect again; if it persists, a proxy or gateway may be changing the service's responses.",
    };
}
