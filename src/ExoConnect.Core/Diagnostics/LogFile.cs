using System.Globalization;
using ExoConnect.Core.Hosting;
using Microsoft.Win32.SafeHandles;

namespace ExoConnect.Core.Diagnostics;

/// <summary>
/// The log of one session: a file that others may read while it grows. Each line goes to the system at once, so that a killed process keeps the
/// finished ones. A failure of the log never reaches the operation. Safe for many threads.
/// </summary>
internal sealed class LogFile : IDisposable
{
    /// <summary>The pattern of a log's file name.</summary>
    public const string Pattern = "ExoConnect-*.jsonl";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly object _gate = new();
    private readonly LogOptions _options;
    private readonly TimeProvider _clock;
    private readonly string _stem;
    private SafeFileHandle? _file;
    private int _part;
    private long _length;
    private bool _isCut;
    private bool _isClosed;

    private LogFile(LogOptions options, Guid connection, TimeProvider clock)
    {
        _options = options;
        _clock = clock;
        _stem = string.Create(CultureInfo.InvariantCulture, $"ExoConnect-{clock.GetUtcNow():yyyyMMdd-HHmmss}-{connection.ToString("N")[..8]}");
    }

    /// <summary>The level of detail.</summary>
    public LogLevel Level => _options.Level;

    /// <summary>The current file.</summary>
    public string Path => PathOf(_part);

    /// <summary>Begins a log.</summary>
    /// <param name="options">The folder and the limits.</param>
    /// <param name="connection">The session's own id.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="messages">Receives a warning if there can't be a log.</param>
    /// <returns>The log; null if there can't be one, which is no error.</returns>
    public static LogFile? Open(LogOptions options, Guid connection, TimeProvider clock, IEngineMessages messages)
    {
        var log = new LogFile(options, connection, clock);
        try
        {
            log.Begin();
            return log;
        }
        catch (Exception e) when (IsDiskTrouble(e))
        {
            messages.Warning($"No log is written, since it can't be created in {options.Folder}: {e.Message}");
            return null;
        }
    }

    /// <summary>Writes a line. A line that can't be written is lost; the next one is tried again.</summary>
    public void Write(OperationRecord record)
    {
        var line = LogLine.Write(record);
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            try
            {
                if (_file is null || (_length > 0 && _length + line.Length > _options.MaximumFileSize))
                {
                    Next();
                }

                if (_isCut)
                {
                    // Half a line may be there, from when the disk was full.
                    RandomAccess.Write(_file!, "\n"u8, _length);
                    (_isCut, _length) = (false, _length + 1);
                }

                RandomAccess.Write(_file!, line.Span, _length);
                _length += line.Length;
            }
            catch (Exception e) when (IsDiskTrouble(e))
            {
                _isCut = true;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            _file?.Dispose();
            _file = null;
        }
    }

    private static bool IsDiskTrouble(Exception e) =>
        e is IOException or UnauthorizedAccessException or NotSupportedException or System.Security.SecurityException or ArgumentException;

    private string PathOf(int part) => global::System.IO.Path.Combine(
        _options.Folder, part == 0 ? _stem + ".jsonl" : string.Create(CultureInfo.InvariantCulture, $"{_stem}.{part + 1}.jsonl"));

    private void Begin()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_options.Folder);
        }
        else
        {
            Directory.CreateDirectory(_options.Folder, OwnerOnly | UnixFileMode.UserExecute);
        }

        RemoveOld();
        OpenPart(_part);
    }

    private void Next()
    {
        // If a part couldn't be opened, its number stays for the next line to try.
        var next = _file is null ? _part : _part + 1;
        OpenPart(next);
        if (next >= _options.MaximumFiles)
        {
            File.Delete(PathOf(next - _options.MaximumFiles));
        }

        RemoveOld();
    }

    private void OpenPart(int part)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        // Only FileStream can set who may read the new file; the log keeps its handle.
        var opened = new FileStream(PathOf(part), options);
        _file?.Dispose();
        (_file, _part, _length, _isCut) = (opened.SafeFileHandle, part, 0, false);
    }

    /// <summary>Removes logs, of any session, that are too old or too many. Other processes may do the same at the same time.</summary>
    private void RemoveOld()
    {
        var now = _clock.GetUtcNow().UtcDateTime;
        var total = 0L;
        foreach (var file in new DirectoryInfo(_options.Folder).EnumerateFiles(Pattern).OrderByDescending(static f => f.LastWriteTimeUtc).ToList())
        {
            try
            {
                total += file.Length;
                if ((now - file.LastWriteTimeUtc > _options.MaximumAge || total > _options.MaximumSize)
                    && !(_file is not null && file.FullName == global::System.IO.Path.GetFullPath(Path)))
                {
                    total -= file.Length;
                    file.Delete();
                }
            }
            catch (Exception e) when (IsDiskTrouble(e))
            {
                // Another process has removed it, or holds it; the next log tries again.
            }
        }
    }
}
