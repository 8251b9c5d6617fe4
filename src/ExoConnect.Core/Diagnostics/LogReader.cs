using System.Text;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;

namespace ExoConnect.Core.Diagnostics;

/// <summary>Reads logs, also while they are written.</summary>
public static class LogReader
{
    private const int LongestLine = 1024 * 1024;

    /// <summary>Finds the files of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The logs in it, the oldest first; none if there is no such folder.</returns>
    public static IReadOnlyList<string> Files(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateFiles(LogFile.Pattern)
                .OrderBy(static f => f.LastWriteTimeUtc).Select(static f => f.FullName)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(folder, e);
        }
    }

    /// <summary>Reads a file. Incomplete lines are left out.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The records, in the order in which the operations ended.</returns>
    /// <exception cref="ExoException"><c>LogUnreadable</c>: the file isn't there, can't be read, or isn't a log.</exception>
    public static IEnumerable<OperationRecord> Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var file = Open(path);
        using var reader = new StreamReader(file, Encoding.UTF8);
        var buffer = new char[4096];
        var line = new StringBuilder();
        var isTooLong = false;
        for (int count; (count = Fill(reader, path, buffer)) > 0;)
        {
            for (var i = 0; i < count; i++)
            {
                var c = buffer[i];
                if (c != '\n')
                {
                    isTooLong |= line.Length == LongestLine;
                    _ = isTooLong ? line.Clear() : line.Append(c);
                    continue;
                }

                if (!isTooLong && LogLine.TryRead(line.ToString()) is { } record)
                {
                    yield return record;
                }

                line.Clear();
                isTooLong = false;
            }
        }

        if (line.Length > 0 && LogLine.TryRead(line.ToString()) is { } last)
        {
            yield return last;
        }
    }

    private static int Fill(StreamReader reader, string path, char[] buffer)
    {
        try
        {
            return reader.Read(buffer, 0, buffer.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            RegularFile.ThrowIfSpecial(path);
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 64 * 1024);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Unreadable(path, e);
        }
    }

    private static ExoException Unreadable(string path, Exception e) => new($"The log {path} can't be read: {e.Message.TrimEnd('.')}.", e)
    {
        ErrorId = ErrorIds.LogUnreadable,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = "Path",
        Target = path,
        Remedy = "Give a log, or the folder that was given to -LogDirectoryPath or --log.",
    };
}
