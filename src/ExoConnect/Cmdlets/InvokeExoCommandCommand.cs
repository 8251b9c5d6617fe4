using System.Collections;
using System.Management.Automation;
using ExoConnect.Completion;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Sessions;
using ExoConnect.Pipeline;
using ExoConnect.SessionModules;
using ExoConnect.Sessions;

namespace ExoConnect.Cmdlets;

/// <summary>Runs a cmdlet of the service by its name, whether or not the session has a command for it.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "ExoCommand", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
public sealed class InvokeExoCommandCommand : AsyncCmdlet
{
    /// <summary>The cmdlet, for example Get-Mailbox.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(CmdletNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>Its parameters, by name without the dash. Each of several tables, or of a pipeline's, is one call.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public IDictionary[] Parameters { get; set; } = [new Hashtable()];

    /// <summary>The properties to return; by default all. Fewer properties make a smaller response.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Property { get; set; } = [];

    /// <summary>
    /// The form of the response: <c>json</c>, with nested values as text, or <c>clixml</c>, the objects of a session's commands. With a choice of
    /// properties it is always JSON.
    /// </summary>
    [Parameter]
    [ValidateSet("json", "clixml")]
    public string ResponseFormat { get; set; } = "json";

    /// <summary>Objects per page, 1 to 1,000.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int PageSize { get; set; }

    /// <summary>The session, by name or id; by default the latest.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Connection { get; set; }

    /// <summary>How many requests, of up to ten cmdlets each, may be under way at once for pipeline input.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = CmdletRunner.DefaultLimit;

    /// <summary>
    /// A file that records finished calls: after an interruption, the same pipeline continues where it stopped. It holds hashes, no names and no
    /// secrets.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CheckpointPath { get; set; }

    /// <summary>
    /// Only one part of the calls, such as <c>2/4</c>, for several machines in parallel; <c>auto</c> if the platform gives the part.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Shard { get; set; }

    /// <summary>Show progress; by default as the session does.</summary>
    [Parameter]
    public SwitchParameter ShowProgress { get; set; }

    private const string WhatIf = "WhatIf";

    private readonly Dictionary<ExoSession, CmdletRunner> _runners = [];
    private Core.Sessions.Shard? _shard;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        try
        {
            _shard = Shard is null ? null : Core.Sessions.Shard.Parse(Shard, Environment.GetEnvironmentVariable);
        }
        catch (ExoException e)
        {
            ThrowEngineError(e);
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            var session = SessionFinder.Find(Connection, Name);
            if (!_runners.TryGetValue(session, out var runner))
            {
                _runners.Add(session, runner = Runner(session));
            }

            session.Catalog.TryGet(Name, out var cmdlet);
            foreach (var parameters in Parameters)
            {
                var request = new CmdletRequest
                {
                    Name = Name,
                    Parameters = PowerShellValue.ToTable(parameters, cmdlet),
                    Properties = Property,
                    ResponseFormat = Enum.Parse<Core.AdminApi.ResponseFormat>(ResponseFormat, ignoreCase: true),
                    PageSize = PageSize == 0 ? null : PageSize,
                };
                if (_shard?.Takes(request) != false && Approve(request, session) is { } approved)
                {
                    runner.Run(approved);
                }
            }
        }
        catch (ExoException e)
        {
            ThrowEngineError(e);
        }
    }

    /// <summary>Prompts before a cmdlet, unless it changes nothing or can't be sent.</summary>
    /// <returns>The cmdlet to run; with WhatIf the service itself says what it would do, where it can; null for none.</returns>
    private CmdletRequest? Approve(CmdletRequest request, ExoSession session)
    {
        var bound = MyInvocation.BoundParameters;
        var saysItself = request.Parameters.ContainsKey(WhatIf) && !bound.ContainsKey(WhatIf) && !bound.ContainsKey("Confirm");
        if (request.IsRead || saysItself || ExoSession.IsRefused(request))
        {
            return request;
        }

        var target = request.Target is { } named ? TargetText.Of(named) : session.Description.Organization;
        var operation = $"Performing the operation \"{request.Name}\" on target \"{target}\".";
        if (ShouldProcess(operation, operation, "Are you sure you want to perform this action?", out var reason))
        {
            return request;
        }

        return reason == ShouldProcessReason.WhatIf && session.Catalog.TryGet(request.Name, out var cmdlet) && cmdlet.SupportsShouldProcess
            ? request with { Parameters = new Dictionary<string, object?>(request.Parameters, StringComparer.OrdinalIgnoreCase) { [WhatIf] = true } }
            : null;
    }

    /// <summary>Whether the call only says what it would do.</summary>
    private bool IsWhatIf => MyInvocation.BoundParameters.TryGetValue(WhatIf, out var bound)
        ? LanguagePrimitives.IsTrue(bound)
        : LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference"));

    private CmdletRunner Runner(ExoSession session) => new(session, this, Bridge)
    {
        Limit = MyInvocation.BoundParameters.ContainsKey(nameof(ThrottleLimit)) ? ThrottleLimit : null,
        Checkpoint = OpenCheckpoint(session),
        TakesMany = MyInvocation.ExpectingInput || Parameters.Length > 1,
        Total = MyInvocation.ExpectingInput || _shard is not null ? null : Parameters.Length,
        ShowProgress = MyInvocation.BoundParameters.ContainsKey(nameof(ShowProgress)) ? ShowProgress : session.Description.ShowProgress,
    };

    private Checkpoint? OpenCheckpoint(ExoSession session) => CheckpointPath is null || IsWhatIf
        ? null
        : Checkpoint.Open(OwnPath(Paths.File(this, CheckpointPath, nameof(CheckpointPath))), session.Description);

    private string OwnPath(string checkpoint) => _shard?.CheckpointPath(checkpoint) ?? checkpoint;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (var (session, runner) in _runners)
        {
            runner.Finish();
            SessionModule.RenewIfOutdated(session, this, Bridge);
        }

        LastExecutionStatus.Set(this, !Bridge.HasFailed);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var runner in _runners.Values)
            {
                runner.Dispose();
            }
        }

        base.Dispose(disposing);
    }
}
