using System.Text.Json;

namespace ExoConnect.Core.AdminApi;

/// <summary>What the service sends at the start of a session: the text that names its cmdlets. It is read, never run.</summary>
/// <param name="Text">The module, UTF-8.</param>
/// <param name="ExportedCmdlets">The names it exports; empty where the answer did not say.</param>
internal sealed record ModuleFile(ReadOnlyMemory<byte> Text, IReadOnlyList<string> ExportedCmdlets)
{
    /// <summary>The whole catalog is about 3 MB; what is many times that is no catalog.</summary>
    public const int LargestAnswer = 64 * 1024 * 1024;

    /// <summary>Reads the answer to <c>EXOModuleFile</c>.</summary>
    /// <param name="answer">The JSON.</param>
    /// <returns>The file.</returns>
    /// <exception cref="ServiceException">It holds no module.</exception>
    public static ModuleFile Parse(ReadOnlyMemory<byte> answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            var root = document.RootElement;
            foreach (var file in root.GetProperty("value").EnumerateArray())
            {
                if (file.GetProperty("fileName").GetString()?.EndsWith(".psm1", StringComparison.OrdinalIgnoreCase) == true)
                {
                    var exported = root.TryGetProperty("exportedCmdlets", out var names) && names.ValueKind == JsonValueKind.String
                        ? names.GetString()!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                        : [];
                    return new ModuleFile(System.Text.Encoding.UTF8.GetBytes(file.GetProperty("fileContent").GetString() ?? ""), exported);
                }
            }

            throw new JsonException("It holds no .psm1 file.");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ServiceException($"The service's list of cmdlets can't be read: {e.Message}", e)
            {
                ErrorId = "UnreadableCatalog",
                Category = ExoErrorCategory.InvalidData,
                Remedy = "Connect again. If it stays, see whether a proxy changes answers on the way.",
            };
        }
    }
}
