using System.Text;

namespace ExoConnect.LocalTenant.Hosting;

/// <summary>Writes the files of a state folder: whole or not at all, and readable by their owner alone if the system has file modes.</summary>
internal static class PrivateFiles
{
    /// <summary>Creates a folder for its owner alone, with the folders above it; an existing one stays unchanged.</summary>
    /// <param name="path">The folder.</param>
    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows() || Directory.Exists(path))
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Writes text as UTF-8.</summary>
    /// <param name="path">The file, which is replaced.</param>
    /// <param name="text">Its content.</param>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes bytes.</summary>
    /// <param name="path">The file, which is replaced.</param>
    /// <param name="content">Its content.</param>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var draft = path + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(draft, options))
        {
            stream.Write(content);
        }

        File.Move(draft, path, overwrite: true);
    }
}
