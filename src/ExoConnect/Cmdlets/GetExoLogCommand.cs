using System.Management.Automation;
using ExoConnect.Completion;
using ExoConnect.Core.Diagnostics;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Sessions;
using ExoConnect.Output;
using ExoConnect.Pipeline;
using ExoConnect.Sessions;

namespace ExoConnect.Cmdlets;

/// <summary>Reads the logs of connections as objects.</summary>
[Cmdlet(VerbsCommon.Get, "ExoLog", DefaultParameterSetName = "Path")]
[OutputType(typeof(LogEntry))]
public sealed class GetExoLogCommand : PSCmdlet
{
    private readonly Queue<LogEntry> _last = new();
    private WildcardPattern[] _operations = [];

    /// <summary>
    /// Logs, or folders of them; by default the folders to which the process's connections write, or without one the default folder.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    [Alias("FullName", "LogDirectoryPath")]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Only the operations of this connection, by its name or id.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Connection")]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    [ValidateNotNullOrEmpty]
    public string Connection { get; set; } = "";

    /// <summary>Only these cmdlets or requests; wildcards may be used.</summary>
    [Parameter]
    [Alias("CmdletName")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Operation { get; set; } = [];

    /// <summary>Only operations with this outcome.</summary>
    [Parameter]
    [ValidateSet("Succeeded", "Failed", "Unknown", "Canceled")]
    public string[] Outcome { get; set; } = [];

    /// <summary>Only operations that began then or later.</summary>
    [Parameter]
    public DateTime? After { get; set; }

    /// <summary>Only operations that began before.</summary>
    [Parameter]
    public DateTime? Before { get; set; }

    /// <summary>Only this many, the last ones.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Last { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        EngineHost.Use();
        ObjectViews.Load();
        _operations = Array.ConvertAll(Operation, static o => WildcardPattern.Get(o, WildcardOptions.IgnoreCase));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            foreach (var file in Files())
            {
                Read(file);
            }
        }
        catch (ExoException e)
        {
            WriteError(EngineErrors.ToRecord(e));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (var entry in _last)
        {
            WriteObject(entry);
        }
    }

    private List<string> Files()
    {
        if (ParameterSetName == "Connection")
        {
            var log = SessionFinder.Find(Connection).LogPath ?? throw new ExoException($"The connection {Connection} writes no log.")
            {
                ErrorId = ErrorIds.NoLog,
                Category = ExoErrorCategory.InvalidOperation,
                ParameterName = nameof(Connection),
                Target = Connection,
                Remedy = "Connect with -EnableErrorReporting or -LogDirectoryPath.",
            };
            return [.. LogReader.Files(System.IO.Path.GetDirectoryName(log)!)];
        }

        if (Path.Length == 0)
        {
            var folders = SessionRegistry.Shared.Sessions.Select(static s => System.IO.Path.GetDirectoryName(s.LogPath))
                .OfType<string>().Distinct().ToList();
            return [.. (folders.Count > 0 ? folders : [LogOptions.DefaultFolder ?? ""]).Where(static f => f.Length > 0).SelectMany(LogReader.Files)];
        }

        return [.. Path.SelectMany(Expand)];
    }

    private IEnumerable<string> Expand(string path)
    {
        var paths = WildcardPattern.ContainsWildcardCharacters(path) ? GetResolvedProviderPathFromPSPath(path, out _) : [Paths.Full(this, path)];
        return paths.SelectMany(static p => Directory.Exists(p) ? LogReader.Files(p) : [p]);
    }

    private void Read(string file)
    {
        var session = ParameterSetName == "Connection" ? SessionFinder.Find(Connection).Description.ConnectionId : (Guid?)null;
        foreach (var record in LogReader.Read(file))
        {
            if (Stopping)
            {
                return;
            }

            if ((session is null || record.ConnectionId == session) && IsWanted(record))
            {
                Write(LogEntry.Of(record, file));
            }
        }
    }

    private bool IsWanted(OperationRecord record) =>
        (_operations.Length == 0 || Array.Exists(_operations, o => o.IsMatch(record.Operation)))
        && (Outcome.Length == 0 || Outcome.Contains(record.Outcome.ToString(), StringComparer.OrdinalIgnoreCase))
        && (After is not { } after || record.Time.UtcDateTime >= after.ToUniversalTime())
        && (Before is not { } before || record.Time.UtcDateTime < before.ToUniversalTime());

    private void Write(LogEntry entry)
    {
        if (Last is not { } most)
        {
            WriteObject(entry);
            return;
        }

        _last.Enqueue(entry);
        if (_last.Count > most)
        {
            _last.Dequeue();
        }
    }
}
