using System.Text.RegularExpressions;

namespace ExoConnect.LocalTenant.Catalog;

/// <summary>
/// The text of a session's module from a file, for example a recording of the service's. The tenant sends it unchanged and never runs it.
/// </summary>
/// <param name="Script">The text.</param>
/// <param name="Cmdlets">The names of its functions that look like cmdlets.</param>
internal sealed partial record ModuleText(string Script, IReadOnlyList<string> Cmdlets)
{
    // The service's has two million characters.
    private const int MostBytes = 32 * 1024 * 1024;

    /// <summary>Reads a file.</summary>
    /// <exception cref="TenantException">It cannot be read, or has no function that looks like a cmdlet.</exception>
    public static ModuleText Load(string file)
    {
        try
        {
            if (new FileInfo(file).Length > MostBytes)
            {
                throw new IOException("It is larger than 32 MiB.");
            }

            var script = File.ReadAllText(file);
            string[] names = [.. Function().Matches(script).Select(match => match.Groups[1].Value)];
            return names.Length > 0
                ? new ModuleText(script, names)
                : throw new IOException("It has no line of the form 'function script:Verb-Noun'.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new TenantException(
                $"The module file '{file}' cannot be used: {failure.Message}",
                "Give the text of a session's module, or leave the option out to use the tenant's own.");
        }
    }

    [GeneratedRegex("^function script:([A-Za-z]+-[A-Za-z0-9]+)\\s*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Function();
}
