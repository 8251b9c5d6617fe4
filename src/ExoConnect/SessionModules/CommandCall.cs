using System.Collections;
using System.Management.Automation;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Sessions;
using ExoConnect.Pipeline;

namespace ExoConnect.SessionModules;

/// <summary>One call of a session's command, from its begin block to its end. Not for scripts.</summary>
public sealed class CommandCall : IDisposable
{
    private readonly ExoSession _session;
    private readonly CmdletDefinition _cmdlet;
    private readonly CmdletDefinition? _declared;
    private readonly PSCmdlet _caller;
    private readonly PipelineBridge _bridge;
    private readonly CmdletRunner _runner;

    /// <param name="session">Where to run it.</param>
    /// <param name="cmdlet">The cmdlet as that session has it.</param>
    /// <param name="caller">The function's <c>$PSCmdlet</c>.</param>
    /// <param name="declared">The cmdlet as the function's own session has it, where that is another.</param>
    internal CommandCall(ExoSession session, CmdletDefinition cmdlet, PSCmdlet caller, CmdletDefinition? declared = null)
    {
        _declared = declared;
        _session = session;
        _cmdlet = cmdlet;
        _caller = caller;
        ModuleHost.UseEngine();
        CallerPreferences.Adopt(caller);
        _bridge = new PipelineBridge(caller);
        _runner = new CmdletRunner(session, caller, _bridge);
    }

    /// <summary>Runs the cmdlet for one object of the pipeline, or once where there is none.</summary>
    /// <param name="bound">The function's <c>$PSBoundParameters</c>.</param>
    public void Process(IDictionary bound)
    {
        ArgumentNullException.ThrowIfNull(bound);
        var parameters = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in bound)
        {
            // What is not the cmdlet's own is PowerShell's: -Verbose, -ErrorAction, -OutVariable and their like.
            if (_cmdlet.FindParameter((string)entry.Key) is { } parameter)
            {
                parameters[parameter.Name] = entry.Value is { } value ? PowerShellValue.Unwrap(value, parameter.Name) : null;
            }
            else if (_declared is not null && _declared.FindParameter((string)entry.Key) is not null)
            {
                throw new ParameterBindingException($"{_cmdlet.Name} of the session {_session.Description.Name} has no parameter '{entry.Key}'.");
            }
        }

        var request = new CmdletRequest { Name = _cmdlet.Name, Parameters = parameters, WarningAction = bound["WarningAction"]?.ToString() };
        if (_cmdlet.SupportsShouldProcess && !ExoSession.IsRefused(request) && !_caller.ShouldProcess(Describe(request.Target), _cmdlet.Name))
        {
            if (!CallerPreferences.IsWhatIf(_caller))
            {
                return;
            }

            // The service tells more of what it would do than we can.
            parameters["WhatIf"] = true;
        }

        _runner.Run(request);
    }

    /// <summary>Ends the call.</summary>
    public void End()
    {
        _runner.Finish();
        LastExecutionStatus.Set(_caller, _runner.Succeeded);
    }

    /// <summary>Releases what the call holds; runs whether it ended or was stopped.</summary>
    public void Dispose()
    {
        _runner.Dispose();
        _bridge.Dispose();
    }

    private string Describe(object? target) => target is null ? _session.Description.Organization : TargetText.Of(target);
}
