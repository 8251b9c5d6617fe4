using System.IO.Enumeration;
using System.Reflection;

namespace ExoConnect.Repository.Tests;

/// <summary>
/// The files of the checkout: all that .gitignore does not name. No git is needed, so the tests run on an unpacked archive as well.
/// </summary>
internal static class Checkout
{
    public static string Root { get; } =
        typeof(Checkout).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    // After Root, which it needs: initialisers run in the order of the text.
    private static readonly string[] Ignored = [.. Lines(".gitignore").Where(line => line.Length > 0 && line[0] != '#').Append(".git/")];

    /// <summary>Paths from the root, with slashes.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Find("").Order(StringComparer.Ordinal)];

    public static string FullPath(string file) => Path.Combine(Root, file);

    public static IEnumerable<string> Lines(string file) => File.ReadLines(FullPath(file));

    /// <summary>The lines of a file, numbered from 1.</summary>
    public static IEnumerable<(int Number, string Text)> NumberedLines(string file) => Lines(file).Select((text, index) => (index + 1, text));

    private static IEnumerable<string> Find(string folder)
    {
        foreach (var entry in new DirectoryInfo(FullPath(folder)).EnumerateFileSystemInfos())
        {
            var isFolder = entry is DirectoryInfo;
            if (Ignored.Any(pattern => IsIgnored(pattern, entry.Name, isFolder)))
            {
                continue;
            }

            foreach (var file in isFolder ? Find($"{folder}{entry.Name}/") : [folder + entry.Name])
            {
                yield return file;
            }
        }
    }

    /// <summary>The two kinds of line that .gitignore has: a folder's name with a slash behind it, and a pattern for files.</summary>
    private static bool IsIgnored(string pattern, string name, bool isFolder) =>
        pattern.EndsWith('/') ? isFolder && pattern[..^1] == name : FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
