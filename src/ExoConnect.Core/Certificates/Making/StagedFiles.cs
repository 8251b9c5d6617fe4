namespace ExoConnect.Core.Certificates.Making;

/// <summary>
/// Files that appear together or not at all. Each is written under a temporary name beside its path; then all are renamed. The replaced files are
/// kept until <see cref="Keep"/>, and restored if that is never called.
/// </summary>
internal sealed class StagedFiles(bool overwrite) : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly List<Staged> _files = [];
    private bool _kept;

    /// <summary>Writes a file beside its path.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="content">Its content.</param>
    /// <param name="isPrivate">Whether only its owner may read it.</param>
    public void Add(string path, ReadOnlySpan<byte> content, bool isPrivate)
    {
        var suffix = Guid.NewGuid().ToString("N");
        var staged = new Staged(path, TemporaryPath(path, suffix, "new"), TemporaryPath(path, suffix, "old"));
        _files.Add(staged);
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (isPrivate && !OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            using var file = new FileStream(staged.Temporary, options);
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NewCertificateErrors.Unwritable(path, e);
        }
    }

    /// <summary>Renames all files to their paths.</summary>
    public void Place()
    {
        foreach (var file in _files)
        {
            try
            {
                if (overwrite && File.Exists(file.Path))
                {
                    File.Replace(file.Temporary, file.Path, file.Backup, ignoreMetadataErrors: true);
                    file.IsReplaced = true;
                }
                else
                {
                    File.Move(file.Temporary, file.Path, overwrite: false);
                }

                file.IsPlaced = true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw !overwrite && File.Exists(file.Path)
                    ? NewCertificateErrors.FileExists([file.Path])
                    : NewCertificateErrors.Unwritable(file.Path, e);
            }
        }
    }

    /// <summary>Keeps the new files and deletes the replaced ones.</summary>
    public void Keep() => _kept = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files)
        {
            // One by one: a failure must not stop the cleanup of the others.
            Quietly(() => File.Delete(file.Temporary));
            if (_kept)
            {
                Quietly(() => File.Delete(file.Backup));
            }
            else if (file.IsReplaced)
            {
                Quietly(() => File.Move(file.Backup, file.Path, overwrite: true));
            }
            else if (file.IsPlaced)
            {
                Quietly(() => File.Delete(file.Path));
            }
            else if (File.Exists(file.Backup))
            {
                // Replacing broke off in the middle; on Windows that can be after the old file has gone.
                Quietly(() => File.Move(file.Backup, file.Path, overwrite: true));
            }
        }
    }

    private static string TemporaryPath(string path, string suffix, string kind) =>
        Path.Join(Path.GetDirectoryName(path), $".{Path.GetFileName(path)}.{suffix}.{kind}");

    private static void Quietly(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The original failure is the one to report.
        }
    }

    private sealed class Staged(string path, string temporary, string backup)
    {
        public string Path => path;

        public string Temporary => temporary;

        public string Backup => backup;

        public bool IsPlaced { get; set; }

        public bool IsReplaced { get; set; }
    }
}
