using System.Management.Automation;
using ExoConnect.Core.Catalog;

namespace ExoConnect.SessionModules;

/// <summary>
/// Makes a script's <c>$ErrorActionPreference</c> and similar variables count for a session's commands as they do for cmdlets. A module's functions
/// see the variables of their module and the global ones, not those of the calling script. So this copies the caller's variables into the
/// function's own scope, where PowerShell looks for them.
/// </summary>
internal static class CallerPreferences
{
    private const string WhatIf = "WhatIfPreference";

    private static readonly (string Variable, string Parameter)[] Preferences =
    [
        ("ErrorActionPreference", "ErrorAction"), ("WarningPreference", "WarningAction"), ("InformationPreference", "InformationAction"),
        ("ProgressPreference", "ProgressAction"), ("VerbosePreference", "Verbose"), ("DebugPreference", "Debug"), ("ConfirmPreference", "Confirm"), (
            WhatIf, "WhatIf"),
    ];

    /// <summary>Copies the caller's preferences; call it from the function's begin block.</summary>
    /// <param name="function">The function's <c>$PSCmdlet</c>.</param>
    public static void Apply(PSCmdlet function)
    {
        if (FunctionVariables(function) is not { } own)
        {
            return;
        }

        var bound = function.MyInvocation.BoundParameters;
        foreach (var (variable, parameter) in Preferences)
        {
            if (!bound.ContainsKey(parameter)
                && function.SessionState.PSVariable.GetValue(variable) is { } theirs && !theirs.Equals(own.GetValue(variable)))
            {
                own.Set(variable, theirs);
            }
        }
    }

    /// <summary>Whether the call only says what it would do.</summary>
    /// <param name="function">The function's <c>$PSCmdlet</c>.</param>
    /// <returns>True with <c>-WhatIf</c>, or the preference of that name.</returns>
    public static bool IsWhatIf(PSCmdlet function) => LanguagePrimitives.IsTrue(FunctionVariables(function)?.GetValue(WhatIf));

    /// <summary>Whether PowerShell prompts before a cmdlet of this impact.</summary>
    /// <param name="function">The function's <c>$PSCmdlet</c>.</param>
    /// <param name="impact">The cmdlet's impact.</param>
    /// <returns>True where <c>$ConfirmPreference</c>, which <c>-Confirm</c> sets too, is at or below it.</returns>
    public static bool NeedsConfirmation(PSCmdlet function, CmdletConfirmImpact impact) =>
        LanguagePrimitives.TryConvertTo(FunctionVariables(function)?.GetValue("ConfirmPreference"), out ConfirmImpact preference)
        && preference != ConfirmImpact.None && (int)preference <= (int)impact;

    /// <summary>The variables as the function sees them; <see cref="PSCmdlet.SessionState"/> has those of its caller.</summary>
    private static PSVariableIntrinsics? FunctionVariables(PSCmdlet function) => function.MyInvocation.MyCommand.Module?.SessionState?.PSVariable;
}
