using System.Management.Automation.Language;
using ExoConnect.Core.Compatibility;
using ExoConnect.Output;

namespace ExoConnect.Scripts;

/// <summary>Scripts that ask for Microsoft's module by its name.</summary>
internal static class ModuleNameRules
{
    private const string Rule = "ModuleByName";
    private const string Asked = CompatibilityModule.Name;
    private const string Remedy = "Run Install-ExoCompatibility once: it installs a module of that name that loads ExoConnect.";

    private static readonly string[] Loading = ["Import-Module", "ipmo", "Get-Module", "gmo", "Get-InstalledModule", "Get-InstalledPSResource"];
    private static readonly string[] Installing =
        ["Install-Module", "Update-Module", "Find-Module", "Install-PSResource", "Update-PSResource", "Find-PSResource", "Save-Module",
            "Uninstall-Module"];

    /// <summary>Checks what the script requires, imports and calls by the module's name.</summary>
    public static void Check(ParsedScript script, Findings findings)
    {
        if (script.Ast.ScriptRequirements is { } requirements)
        {
            foreach (var module in requirements.RequiredModules.Where(m => IsMicrosofts(m.Name)))
            {
                AddRequirement(Requires(script), module.RequiredVersion ?? module.Version, findings);
            }

            if (requirements.RequiredPSEditions.Contains("Desktop", StringComparer.OrdinalIgnoreCase))
            {
                findings.Add(
                    Requires(script), ScriptSeverity.Error, "WindowsPowerShell",
                    "The script asks for Windows PowerShell; ExoConnect needs PowerShell 7.4 or later.",
                    "Take '-PSEdition Desktop' out of #Requires, and try the script in PowerShell 7.");
            }
        }

        foreach (var statement in script.Usings.Where(u => u.UsingStatementKind == UsingStatementKind.Module && IsMicrosofts(u.Name?.Value)))
        {
            AddRequirement(statement.Extent, version: null, findings);
        }

        foreach (var command in script.Commands)
        {
            if (IsMicrosofts(command.Module))
            {
                findings.Add(
                    command.Ast.CommandElements[0].Extent, ScriptSeverity.Warning, Rule,
                    $"The script calls {command.Name} by Microsoft's module's name.", Remedy);
            }
            else if (IsOneOf(command, Loading) && command.Texts().FirstOrDefault(t => IsMicrosofts(t.Value)) is { } loaded)
            {
                AddRequirement(loaded.Extent, Version(command), findings);
            }
            else if (IsOneOf(command, Installing) && command.Texts().FirstOrDefault(t => IsMicrosofts(t.Value)) is { } installed)
            {
                findings.Add(
                    installed.Extent, ScriptSeverity.Warning, Rule,
                    $"{command.Name} installs or looks for Microsoft's {Asked}, so the script uses that module.",
                    "Remove that line. If the script only looks for it, Install-ExoCompatibility installs a module of that name.");
            }
        }
    }

    private static void AddRequirement(IScriptExtent at, Version? version, Findings findings)
    {
        if (version is not null && version > System.Version.Parse(CompatibilityModule.Version))
        {
            findings.Add(
                at, ScriptSeverity.Error, Rule,
                $"The script asks for {Asked} {version}; the module of that name that ExoConnect installs says {CompatibilityModule.Version}.",
                "Ask for a lower version, or for ExoConnect.");
            return;
        }

        findings.Add(at, ScriptSeverity.Warning, Rule, $"The script asks for Microsoft's module {Asked} by its name.", Remedy);
    }

    private static Version? Version(CalledCommand command) =>
        System.Version.TryParse(command.TextOf("MinimumVersion") ?? command.TextOf("RequiredVersion") ?? command.TextOf("Version"), out var version)
            ? version : null;

    private static IScriptExtent Requires(ParsedScript script) => script.Requires ?? script.Ast.Extent;

    private static bool IsOneOf(CalledCommand command, string[] names) => names.Contains(command.Name, StringComparer.OrdinalIgnoreCase);

    private static bool IsMicrosofts(string? name) => Asked.Equals(name, StringComparison.OrdinalIgnoreCase);
}
