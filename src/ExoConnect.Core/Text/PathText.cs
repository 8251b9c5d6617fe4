namespace ExoConnect.Core.Text;

/// <summary>Paths as people type them.</summary>
internal static class PathText
{
    /// <summary>Makes a path absolute: <c>~</c> is the user's own folder, anything relative starts at the base directory.</summary>
    /// <param name="path">The path as given; not empty.</param>
    /// <param name="baseDirectory">Where a relative path starts; null for the process's current directory.</param>
    /// <returns>The absolute path; the input itself if the platform cannot parse it.</returns>
    public static string Resolve(string path, string? baseDirectory)
    {
        var text = path;
        if (text == "~" || text.StartsWith("~/", StringComparison.Ordinal) || text.StartsWith("~\\", StringComparison.Ordinal))
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            if (home.Length > 0)
            {
                text = Path.Join(home, text[1..]);
            }
        }

        try
        {
            return string.IsNullOrEmpty(baseDirectory) ? Path.GetFullPath(text) : Path.GetFullPath(text, Path.GetFullPath(baseDirectory));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or PathTooLongException)
        {
            return path;
        }
    }
}
