using System.Collections;
using System.Management.Automation;
using ExoConnect.Core.AdminApi;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Sessions;
using ExoConnect.Pipeline;

namespace ExoConnect.SessionModules;

/// <summary>One call of a session's command, from its begin block to its end. Not for scripts.</summary>
public sealed class CommandCall : IDisposable
{
    /// <summary>PowerShell's common parameters that the service takes.</summary>
    private static readonly HashSet<string> Common = new(StringComparer.OrdinalIgnoreCase)
    {
        "Debug", "ErrorAction", "ErrorVariable", "InformationAction", "InformationVariable", "OutBuffer", "OutVariable", "PipelineVariable",
            "Verbose",
        "WarningAction", "WarningVariable",
    };

    private readonly HashSet<string> _named;
    private readonly ExoSession _session;
    private readonly CmdletDefinition _cmdlet;
    private readonly CmdletDefinition? _declared;
    private readonly PSCmdlet _caller;
    private readonly PipelineBridge _bridge;
    private readonly CmdletRunner _runner;
    private readonly Shard? _shard;

    /// <param name="session">The session to run it in.</param>
    /// <param name="cmdlet">The cmdlet in that session.</param>
    /// <param name="caller">The function's <c>$PSCmdlet</c>.</param>
    /// <param name="declared">The cmdlet in the function's own session, if that is another.</param>
    internal CommandCall(ExoSession session, CmdletDefinition cmdlet, PSCmdlet caller, CmdletDefinition? declared = null)
    {
        _declared = declared;
        _named = caller.MyInvocation.BoundParameters.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);
        _session = session;
        _cmdlet = cmdlet;
        _caller = caller;
        var given = caller.MyInvocation.BoundParameters;
        if (CommandParameters.HasShard(cmdlet) && given.GetValueOrDefault(CommandParameters.ShardParameter) is string part)
        {
            _shard = Shard.Parse(part, Environment.GetEnvironmentVariable);
        }

        EngineHost.Use();
        CallerPreferences.Apply(caller);
        _bridge = new PipelineBridge(caller);
        _runner = new CmdletRunner(session, caller, _bridge);
    }

    /// <summary>Runs the cmdlet for one object of the pipeline, or once without pipeline input.</summary>
    /// <param name="bound">The function's <c>$PSBoundParameters</c>.</param>
    public void Process(IDictionary bound)
    {
        ArgumentNullException.ThrowIfNull(bound);
        var parameters = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        var common = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in bound)
        {
            var name = (string)entry.Key;
            if (_cmdlet.FindParameter(name) is { } parameter)
            {
                parameters[parameter.Name] = entry.Value is { } value ? PowerShellValue.Unwrap(value, parameter) : null;
            }
            else if (Common.Contains(name))
            {
                common[name] = entry.Value is SwitchParameter present ? present.ToBool() : entry.Value?.ToString();
            }
            else if (_declared is not null && _declared.FindParameter(name) is not null)
            {
                throw new ParameterBindingException($"{_cmdlet.Name} of the session {_session.Description.Name} has no parameter '{entry.Key}'.");
            }
        }

        PipedObject.Rebind(_cmdlet, parameters, bound, _named);
        var request = new CmdletRequest
        {
            Name = _cmdlet.Name,
            Command = _caller.MyInvocation.MyCommand.Name,
            Parameters = parameters,
            CommonParameters = common,
            ResponseFormat = ResponseFormat.Clixml,
            WarningAction = HeaderOf(bound["WarningAction"]),
        };
        if (_shard?.Takes(request) == false)
        {
            return;
        }

        if (_cmdlet.SupportsShouldProcess && !ExoSession.IsRefused(request))
        {
            var asks = CallerPreferences.NeedsConfirmation(_caller, _cmdlet.ConfirmImpact);
            if (_caller.ShouldProcess(Describe(request.Target), request.Command))
            {
                // The user confirmed, or turned the prompt off: the service must not ask again.
                if (asks || bound.Contains("Confirm"))
                {
                    common["Confirm"] = false;
                }
            }
            else if (CallerPreferences.IsWhatIf(_caller))
            {
                // The service says more about the change than the module can.
                parameters["WhatIf"] = true;
            }
            else
            {
                return;
            }
        }

        _runner.Run(request);
    }

    /// <summary>Ends the call.</summary>
    public void End()
    {
        _runner.Finish();
        SessionModule.RenewIfOutdated(_session, _caller, _bridge);
        LastExecutionStatus.Set(_caller, !_bridge.HasFailed);
    }

    /// <summary>Releases the call's resources; runs whether it ended or was stopped.</summary>
    public void Dispose()
    {
        _runner.Dispose();
        _bridge.Dispose();
    }

    /// <summary>The service's setting for warnings: it knows no Ignore.</summary>
    private static string? HeaderOf(object? action) => action?.ToString() is { } text
        ? text.Equals(nameof(ActionPreference.Ignore), StringComparison.OrdinalIgnoreCase) ? nameof(ActionPreference.SilentlyContinue) : text
        : null;

    private string Describe(object? target) => target is null ? _session.Description.Organization : TargetText.Of(target);
}
