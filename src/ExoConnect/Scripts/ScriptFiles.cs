using System.Management.Automation;

namespace ExoConnect.Scripts;

/// <summary>The scripts of a path.</summary>
internal static class ScriptFiles
{
    private static readonly string[] Extensions = [".ps1", ".psm1"];

    /// <summary>Finds scripts: the file itself, a folder's scripts, or the matches of a pattern.</summary>
    /// <param name="location">PowerShell's current location.</param>
    /// <param name="path">The path.</param>
    /// <param name="isLiteral">Whether wildcard characters are literal.</param>
    /// <param name="recurse">Whether to include the folders below.</param>
    /// <returns>Full paths, each once.</returns>
    /// <exception cref="ItemNotFoundException">There is no script.</exception>
    public static IEnumerable<string> Find(PathIntrinsics location, string path, bool isLiteral, bool recurse)
    {
        if (isLiteral || !WildcardPattern.ContainsWildcardCharacters(path))
        {
            return EnumerateFolder(location.GetUnresolvedProviderPathFromPSPath(isLiteral ? path : WildcardPattern.Unescape(path)), path, recurse);
        }

        // Like Get-ChildItem: the last part of a path is searched for in all folders below.
        var folder = location.ParseParent(path, null);
        if (recurse && !WildcardPattern.ContainsWildcardCharacters(folder))
        {
            var pattern = WildcardPattern.Get(location.ParseChildName(path), WildcardOptions.IgnoreCase);
            return EnumerateFolder(location.GetUnresolvedProviderPathFromPSPath(folder.Length == 0 ? "." : WildcardPattern.Unescape(folder)), path,
                recurse: true)
                .Where(f => pattern.IsMatch(Path.GetFileName(f)));
        }

        return location.GetResolvedProviderPathFromPSPath(path, out _).Where(p => Directory.Exists(p) ? recurse : true)
            .SelectMany(p => EnumerateFolder(p, p, recurse));
    }

    private static IEnumerable<string> EnumerateFolder(string full, string written, bool recurse)
    {
        if (Directory.Exists(full))
        {
            var options = new EnumerationOptions { RecurseSubdirectories = recurse, IgnoreInaccessible = true };
            return Directory.EnumerateFiles(full, "*", options).Where(f => Extensions.Contains(Path.GetExtension(f),
                StringComparer.OrdinalIgnoreCase))
                .Order(StringComparer.OrdinalIgnoreCase);
        }

        return File.Exists(full) ? [full] : throw new ItemNotFoundException($"There is no script '{written}'.");
    }
}
