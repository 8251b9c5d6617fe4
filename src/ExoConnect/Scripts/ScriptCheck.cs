using ExoConnect.Output;

namespace ExoConnect.Scripts;

/// <summary>The parts of a script that behave differently with ExoConnect. The script is parsed, never run.</summary>
/// <param name="Findings">The findings, in the order of the script.</param>
/// <param name="Cmdlets">The cmdlets of the module and of the services that the script calls.</param>
internal sealed record ScriptCheck(IReadOnlyList<ScriptFinding> Findings, IReadOnlyCollection<string> Cmdlets)
{
    /// <summary>Checks a script.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="known">The known cmdlets.</param>
    /// <returns>The findings.</returns>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The account may not read it.</exception>
    public static ScriptCheck Of(string path, KnownCmdlets known)
    {
        var script = ParsedScript.Parse(path);
        var findings = new Findings(path);
        if (script.Errors is [var error, ..])
        {
            // Later errors mostly follow from the first.
            findings.Add(error.Extent, ScriptSeverity.Error, "ParseError", $"PowerShell can't parse this: {error.Message}", "Correct it first.");
        }

        var cmdlets = new CmdletRules(script, known, findings);
        cmdlets.Check();
        SignInRules.Check(script, known, findings);
        ModuleNameRules.Check(script, findings);
        RemotePowerShellRules.Check(script, findings);
        if (cmdlets.Called.Count > 0 && !OperatingSystem.IsWindows())
        {
            WindowsPathRules.Check(script, findings);
        }

        return new ScriptCheck(findings.InOrder, cmdlets.Called);
    }
}
