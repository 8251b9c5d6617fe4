using System.Management.Automation;
using ExoConnect.Completion;
using ExoConnect.Core.Errors;
using ExoConnect.Output;
using ExoConnect.Pipeline;
using ExoConnect.Scripts;
using ExoConnect.Sessions;

namespace ExoConnect.Cmdlets;

/// <summary>Lists the parts of a script for EXO that behave differently with ExoConnect. Scripts are parsed, never run.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ExoScript", DefaultParameterSetName = PathSet)]
[OutputType(typeof(ScriptFinding), typeof(ScriptSummary))]
public sealed class TestExoScriptCommand : PSCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralSet = "LiteralPath";

    private KnownCmdlets? _known;

    /// <summary>Scripts, or folders of scripts; with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The same without wildcards, as Get-ChildItem gives it.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralSet)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Include the folders below.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>One row for each script instead of one for each finding.</summary>
    [Parameter]
    public SwitchParameter Summary { get; set; }

    /// <summary>A connection whose cmdlets count, instead of those of both services.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Connection { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        EngineHost.Use();
        ObjectViews.Load();
        try
        {
            _known = Known();
        }
        catch (ExoException e)
        {
            ThrowTerminatingError(EngineErrors.ToRecord(e));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var isLiteral = ParameterSetName == LiteralSet;
        foreach (var path in isLiteral ? LiteralPath : Path)
        {
            try
            {
                foreach (var file in ScriptFiles.Find(SessionState.Path, path, isLiteral, Recurse))
                {
                    if (Stopping)
                    {
                        return;
                    }

                    Check(file);
                }
            }
            catch (Exception e) when (
                e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or IOException or UnauthorizedAccessException)
            {
                WriteError(new ErrorRecord(e, ErrorIds.ScriptNotFound, ErrorCategory.ObjectNotFound, path)
                {
                    ErrorDetails = new ErrorDetails(e.Message) { RecommendedAction = "Give the path of a script, or of a folder of scripts." },
                });
            }
        }
    }

    private KnownCmdlets Known()
    {
        if (Connection is null)
        {
            return KnownCmdlets.Reference;
        }

        var session = SessionFinder.Find(Connection);
        return KnownCmdlets.Of(session.Catalog, session.Description.Name);
    }

    private void Check(string file)
    {
        ScriptCheck check;
        try
        {
            check = ScriptCheck.Of(file, _known!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            WriteError(new ErrorRecord(e, ErrorIds.ScriptNotRead, ErrorCategory.ReadError, file));
            return;
        }

        var summary = new ScriptSummary(file, check.Findings, check.Cmdlets);
        if (Summary)
        {
            WriteObject(summary);
            return;
        }

        WriteObject(check.Findings, enumerateCollection: true);
        if (summary.RunsUnchanged)
        {
            WriteObject(new ScriptFinding(file)
            {
                Rule = nameof(ScriptSummary.RunsUnchanged),
                Message = check.Cmdlets.Count == 0
                    ? "Runs unchanged: it calls no cmdlet of the module or of the services."
                    : $"Runs unchanged: {string.Join(", ", check.Cmdlets)}.",
            });
        }
    }
}
