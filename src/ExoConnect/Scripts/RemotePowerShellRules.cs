using System.Management.Automation.Language;
using ExoConnect.Output;

namespace ExoConnect.Scripts;

/// <summary>Checks for remote PowerShell, which the services no longer have.</summary>
internal static class RemotePowerShellRules
{
    private const string Rule = "RemotePowerShell";
    private const string Remedy = "Use Connect-ExchangeOnline or Connect-IPPSSession.";

    private static readonly string[] Hosts = ["outlook.office", "ps.outlook.com", "ps.compliance.protection", "partner.outlook.cn"];

    /// <summary>Looks for remote sessions, snap-ins, and members that only remote objects have.</summary>
    public static void Check(ParsedScript script, Findings findings)
    {
        var opens = script.Commands.Where(c => c.Is("New-PSSession") && c.Texts().Any(t => IsExchange(t.Value))).ToList();
        foreach (var command in opens)
        {
            findings.Add(command.Ast.Extent, ScriptSeverity.Error, Rule, "The services no longer have remote PowerShell.", Remedy);
        }

        foreach (var command in script.Commands)
        {
            if (opens.Count > 0 && command.Is("Import-PSSession"))
            {
                findings.Add(
                    command.Ast.Extent, ScriptSeverity.Error, Rule, "There is no remote session to import commands from.",
                    "Leave it out: connecting brings the cmdlets.");
            }
            else if ((command.Is("Add-PSSnapin") || command.Is("asnp"))
                && command.Texts().Any(t => t.Value.StartsWith("Microsoft.Exchange", StringComparison.OrdinalIgnoreCase)))
            {
                findings.Add(command.Ast.Extent, ScriptSeverity.Error, Rule, "Snap-ins belong to Exchange Server and Windows PowerShell.", Remedy);
            }
            else if (command.Is("Get-Module") && command.Texts().FirstOrDefault(t => t.Value.StartsWith("tmpEXO", StringComparison.OrdinalIgnoreCase)
                || t.Value.StartsWith("tmp_", StringComparison.OrdinalIgnoreCase)) is { } temporary)
            {
                findings.Add(
                    temporary.Extent, ScriptSeverity.Warning, "TemporaryModule",
                    "ExoConnect writes no temporary module, so there is none of this name.",
                    "Use Get-ConnectionInformation to check for a session.");
            }
        }

        foreach (var member in script.Members.Where(
            m => m is not InvokeMemberExpressionAst && Name(m).Equals("RunspaceId", StringComparison.OrdinalIgnoreCase)))
        {
            findings.Add(
                member.Member.Extent, ScriptSeverity.Warning, Rule, "Objects have no RunspaceId: it was remote PowerShell's, and is empty here.",
                "Use the object's Guid or Identity.");
        }
    }

    private static string Name(MemberExpressionAst member) => ((StringConstantExpressionAst)member.Member).Value;

    private static bool IsExchange(string text) =>
        text.Equals("Microsoft.Exchange", StringComparison.OrdinalIgnoreCase)
        || Array.Exists(Hosts, h => text.Contains(h, StringComparison.OrdinalIgnoreCase));
}
