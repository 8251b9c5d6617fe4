using ExoConnect.Output;

namespace ExoConnect.Scripts;

/// <summary>What of a script behaves otherwise with ExoConnect. The script is parsed, and nothing of it is run.</summary>
/// <param name="Findings">What was found, in the order of the script.</param>
/// <param name="Cmdlets">The cmdlets of the module and of the services that the script calls.</param>
internal sealed record ScriptCheck(IReadOnlyList<ScriptFinding> Findings, IReadOnlyCollection<string> Cmdlets)
{
    /// <summary>Checks a script.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="known">The known cmdlets.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It mustn't be read.</exception>
    public static ScriptCheck Of(string path, KnownCmdlets known)
    {
        var script = ParsedScript.Parse(path);
        var findings = new Findings(path);
        if (script.Errors is [var error, ..])
        {
            // What follows the first is mostly its consequence.
            findings.Add(error.Extent, ScriptSeverity.Error, "ParseError", $"PowerShell can't parse this: {error.Message}", "Mend the script first.");
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
