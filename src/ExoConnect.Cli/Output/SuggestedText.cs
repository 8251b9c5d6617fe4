using ExoConnect.Core.Onboarding;

namespace ExoConnect.Cli.Output;

/// <summary>The engine's commands to copy, as command lines of this program.</summary>
internal static class SuggestedText
{
    private static readonly Dictionary<string, string> Commands = new(StringComparer.Ordinal)
    {
        ["Connect-ExchangeOnline"] = "connect",
        ["Connect-IPPSSession"] = "connect --service compliance",
        ["Register-ExoApplication"] = "app register",
        ["Test-ExoApplication"] = "app test",
        ["Update-ExoApplicationCertificate"] = "app rotate",
    };

    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["AppId"] = "--app-id",
        ["DisplayName"] = "--display-name",
        ["Organization"] = "--organization",
        ["CertificateThumbprint"] = "--thumbprint",
        ["CertificateFilePath"] = "--certificate",
        ["CertificateKeyPath"] = "--key",
        ["ExchangeEnvironmentName"] = "--environment",
        ["Role"] = "--role",
        ["Device"] = "--device",
    };

    /// <summary>The command line. Passwords are left out: a prompt or a named place gives them.</summary>
    public static string Of(SuggestedCommand command)
    {
        var words = new List<string> { "exoconnect", Commands[command.Name] };
        foreach (var argument in command.Arguments.Where(argument => Options.ContainsKey(argument.Name)))
        {
            words.Add(Options[argument.Name]);
            if (argument.Value is { } value)
            {
                words.Add(Quote(value));
            }
        }

        return string.Join(' ', words);
    }

    private static string Quote(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '\\' or '.' or ':' or '-' or '_')
        ? text
        : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
