using System.Management.Automation.Language;
using ExoConnect.Output;

namespace ExoConnect.Scripts;

/// <summary>Paths that only Windows has.</summary>
internal static class WindowsPathRules
{
    private static readonly string[] Drives = [@"Cert:\", "Cert:/", @"HKLM:\", @"HKCU:\"];

    /// <summary>Checks the beginning of each text.</summary>
    public static void Check(ParsedScript script, Findings findings)
    {
        foreach (var text in script.Texts)
        {
            var value = text is StringConstantExpressionAst constant ? constant.Value : ((ExpandableStringExpressionAst)text).Value;
            if (value.Length > 2 && char.IsAsciiLetter(value[0]) && value[1] == ':' && value[2] is '\\')
            {
                findings.Add(
                    text.Extent, ScriptSeverity.Warning, "WindowsPath",
                    $"{value[..3]} is a drive of Windows; here it is the beginning of a file's name.",
                    "Build the path with Join-Path from $PSScriptRoot, $HOME or a parameter.");
            }
            else if (Array.Exists(Drives, d => value.StartsWith(d, StringComparison.OrdinalIgnoreCase)))
            {
                findings.Add(
                    text.Extent, ScriptSeverity.Warning, "WindowsPath",
                    $"PowerShell has no drive {value[..value.IndexOf(':', StringComparison.Ordinal)]}: on this system.",
                    value.StartsWith("Cert", StringComparison.OrdinalIgnoreCase)
                    ? "Give -CertificateThumbprint, which finds the certificate on every system." : null);
            }
        }
    }
}
