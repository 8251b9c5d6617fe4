using System.Management.Automation;
using ExoConnect.Completion;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.RestEntities;
using ExoConnect.Core.Sessions;
using ExoConnect.Output;
using ExoConnect.Pipeline;
using ExoConnect.Sessions;

namespace ExoConnect.Cmdlets.Entities;

/// <summary>
/// The base of the nine cmdlets that read REST entities. One call is one request, streamed. Pipeline input is worked on in parallel, with results
/// in the order of the input and each failure beside the others, unless a pipeline variable must keep step.
/// </summary>
public abstract class EntityCmdlet : AsyncCmdlet
{
    private const string BlankParameter = nameof(BlankParameter);

    private protected const string IdentitySet = "Identity";

    private static readonly string[] NamesOfOne =
        [nameof(Identity), nameof(EntraEntityCmdlet.ExternalDirectoryObjectId), nameof(PrimarySmtpAddress), nameof(UserPrincipalName), "Mailbox"];

    /// <summary>What else chooses objects. EXO refuses a blank one as well.</summary>
    private static readonly string[] Selecting =
    [
        nameof(ListingCmdlet.Filter), nameof(ListingCmdlet.Anr), nameof(ListingCmdlet.OrganizationalUnit), "RecipientType", "RecipientTypeDetails",
    ];

    private bool? _isSideBySide;
    private ExoSession? _session;
    private BulkPipe<RestRequest, QueryResult>? _bulk;
    private ProgressMeter? _meter;
    private bool _begun;

    /// <summary>The object: a UPN, an address, a GUID, an alias, a name, a distinguished name, or an object that a cmdlet returned.</summary>
    [Parameter(Position = 0, ParameterSetName = IdentitySet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ObjectName]
    [ArgumentCompleter(typeof(IdentityCompleter))]
    public string? Identity { get; set; }

    /// <summary>The object, by its primary address.</summary>
    [Parameter(ParameterSetName = IdentitySet, ValueFromPipelineByPropertyName = true)]
    public string? PrimarySmtpAddress { get; set; }

    /// <summary>The object, by its user principal name.</summary>
    [Parameter(ParameterSetName = IdentitySet, ValueFromPipelineByPropertyName = true)]
    public string? UserPrincipalName { get; set; }

    /// <summary>The session, by name or id; by default the latest of Exchange Online.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Connection { get; set; }

    /// <summary>How many requests may be under way at once for pipeline input.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = CmdletRunner.DefaultLimit;

    /// <summary>Show progress; by default as the session does.</summary>
    [Parameter]
    public SwitchParameter ShowProgress { get; set; }

    /// <summary>The object that the parameters name.</summary>
    private protected virtual ObjectIdentity Target => new()
    {
        Identity = Identity,
        PrimarySmtpAddress = PrimarySmtpAddress,
        UserPrincipalName = UserPrincipalName,
        FromPipeline = MyInvocation.ExpectingInput,
    };

    private bool IsSideBySide => _isSideBySide ??= MyInvocation.ExpectingInput && !PipelineVariables.MayBeInUse(this);

    /// <summary>Makes the request.</summary>
    private protected abstract RestRequest Request(int pageSize);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        RestRequest request;
        try
        {
            _session ??= SessionFinder.FindExchange(Connection, MyInvocation.MyCommand.Name);
            request = Request(_session.Description.PageSize);
            RequireIdentity(request);
        }
        catch (ExoException e) when (NamesOfOne.Contains(e.ParameterName) && (MyInvocation.ExpectingInput || e.ErrorId == BlankParameter))
        {
            // This object names no mailbox; the next one of the pipeline or of the script's loop may.
            Bridge.WriteError(EngineErrors.ToRecord(e));
            return;
        }
        catch (ExoException e)
        {
            ThrowEngineError(e);
            return;
        }

        Begin(request);
        if (IsSideBySide)
        {
            _bulk ??= new BulkPipe<RestRequest, QueryResult>(
                Bridge, (requests, stop) => _session.QueryManyAsync(requests, Bridge, ThrottleLimit, stop), Write);
            _bulk.Add(request);
            return;
        }

        try
        {
            Bridge.Write(_session.QueryAsync(request, Bridge, Bridge.StopToken));
            _meter?.Finish(succeeded: true);
        }
        catch (ExoException e)
        {
            _meter?.Finish(succeeded: false);
            WriteFailure(e, request);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _meter?.EndOfInput();
        _bulk?.Finish();
        Bridge.EndProgress();
        LastExecutionStatus.Set(this, !Bridge.HasFailed);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _bulk?.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>A list given as PowerShell's or, as scripts for EXO do, as one text with commas.</summary>
    private protected static IReadOnlyList<string> List(string[]? values) =>
        values is null ? [] : [.. values.SelectMany(static v => (v ?? "").Split(',', StringSplitOptions.TrimEntries))];

    /// <summary>A piped object that names nothing must not return everything, and neither must a name or a filter that is $null.</summary>
    private void RequireIdentity(RestRequest request)
    {
        var bound = MyInvocation.BoundParameters;
        var counted = MyInvocation.ExpectingInput ? Selecting : [.. NamesOfOne, .. Selecting];
        if (Array.Find(counted, n => bound.TryGetValue(n, out var value) && value is null or string[] { Length: 0 }) is { } blank)
        {
            throw new ExoException($"{MyInvocation.MyCommand.Name}: -{blank} is blank.")
            {
                ErrorId = BlankParameter,
                Category = ExoErrorCategory.InvalidArgument,
                ParameterName = blank,
                Remedy = $"Give it a value, or leave -{blank} out to get all; is the variable that it comes from empty?",
            };
        }

        if (MyInvocation.ExpectingInput && request.Target is null && ParameterSetName == IdentitySet)
        {
            throw new ExoException($"{MyInvocation.MyCommand.Name}: an object of the pipeline has no identity.")
            {
                ErrorId = ErrorIds.MissingParameter,
                Category = ExoErrorCategory.InvalidArgument,
                ParameterName = nameof(Identity),
                Remedy = "Pipe text, or objects with a Guid, Identity, UserPrincipalName or PrimarySmtpAddress that isn't blank.",
            };
        }
    }

    private void Write(QueryResult result)
    {
        foreach (var chunk in result.Response)
        {
            Bridge.Write(chunk);
        }

        _meter?.Finish(result.Error is null);
        if (result.Error is { } error)
        {
            WriteFailure(error, result.Request);
        }
    }

    private void Begin(RestRequest request)
    {
        if (!_begun)
        {
            _begun = true;
            if (MyInvocation.BoundParameters.ContainsKey(nameof(ShowProgress)) ? ShowProgress : _session!.Description.ShowProgress)
            {
                Bridge.ShowProgress(_meter = new ProgressMeter(MyInvocation.MyCommand.Name));
                if (!MyInvocation.ExpectingInput && request is { IsSingle: false, ResultSize: { IsDefault: false, Limit: { } most } })
                {
                    _meter.Expect(most);
                }
            }
        }

        if (MyInvocation.ExpectingInput)
        {
            _meter?.AddInput();
        }
    }

    private void WriteFailure(ExoException error, RestRequest request)
    {
        if (_session!.State == Core.Sessions.SessionState.Disconnected)
        {
            // A later request can't succeed either.
            Bridge.EndProgress();
            ThrowEngineError(error, request.Target);
        }

        Bridge.WriteError(EngineErrors.ToRecord(error, request.Target));
    }
}

/// <summary>The base of those that also take an id of Entra ID.</summary>
public abstract class EntraEntityCmdlet : EntityCmdlet
{
    /// <summary>The object, by its id in Entra ID, a GUID.</summary>
    [Parameter(ParameterSetName = IdentitySet, ValueFromPipelineByPropertyName = true)]
    public string? ExternalDirectoryObjectId { get; set; }

    private protected override ObjectIdentity Target => base.Target with { ExternalDirectoryObjectId = ExternalDirectoryObjectId };
}
