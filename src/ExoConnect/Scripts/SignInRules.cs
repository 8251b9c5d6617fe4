using ExoConnect.Output;

namespace ExoConnect.Scripts;

/// <summary>Checks for sign-in that prompts a person, that names no application, or that Microsoft retires.</summary>
internal static class SignInRules
{
    private const string ApplicationVariable = "EXOCONNECT_APPID";

    private static readonly string[] Unattended =
    [
        "CertificateThumbprint", "CertificateFilePath", "Certificate", "ClientSecret", "ManagedIdentity", "WorkloadIdentity", "DefaultCredential",
        "AccessToken",
    ];

    /// <summary>Checks each Connect.</summary>
    public static void Check(ParsedScript script, KnownCmdlets known, Findings findings)
    {
        var setsApplication = script.Assignments.Exists(a => a.Left.Extent.Text.Contains(ApplicationVariable, StringComparison.OrdinalIgnoreCase));
        foreach (var command in script.Commands)
        {
            if (!script.Defines(command.Name) && (command.Is("Connect-ExchangeOnline") || command.Is("Connect-IPPSSession")))
            {
                Check(command, GivenParameters.Of(command, script), known.Find(command.Name)!, setsApplication, findings);
            }
        }
    }

    private static void Check(CalledCommand command, GivenParameters given, KnownCmdlet cmdlet, bool setsApplication, Findings findings)
    {
        var names = given.Items.Select(p => cmdlet.Find(p.Name, out var found) == ParameterMatch.Found ? found?.Name : null)
            .OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (Unattended.Any(names.Contains))
        {
            return;
        }

        var at = command.Ast.CommandElements[0].Extent;
        if (given.Unseen is { } variable)
        {
            findings.Add(
                at, ScriptSeverity.Information, "SignInNotSeen",
                $"The way {cmdlet.Name} signs in is in ${variable}, whose content the script doesn't show.",
                "See that it holds an application and its certificate, or another sign-in without a prompt.");
            return;
        }

        var byPassword = names.Contains("Credential") || names.Contains("InlineCredential");
        if (!names.Contains("AppId") && !setsApplication)
        {
            findings.Add(
                at, ScriptSeverity.Error, "ApplicationNeeded",
                $"{cmdlet.Name} signs a user in without naming an application, and ExoConnect doesn't use Microsoft's.",
                "Register-ExoApplication creates an application and prints the line for the script. For a user who signs in: -AppId, or the variable "
                    + $"{ApplicationVariable}.");
        }

        if (byPassword)
        {
            findings.Add(
                at, ScriptSeverity.Warning, "PasswordSignIn",
                "A user's name and password work only if the tenant requires nothing more, and Microsoft retires them.",
                "Sign in as an application: -AppId, -Organization and -CertificateThumbprint.");
        }
        else if (names.Contains("AppId") || setsApplication)
        {
            findings.Add(
                at, ScriptSeverity.Warning, "InteractiveSignIn",
                $"{cmdlet.Name} prompts a user to sign in. In a non-interactive session it fails at once.",
                "For unattended runs give -Organization and -CertificateThumbprint too, or -ManagedIdentity or -WorkloadIdentity alone.");
        }
    }
}
