using System.CommandLine;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Output;
using ExoConnect.Core.Onboarding.Diagnosis;

namespace ExoConnect.Cli.Commands;

/// <summary><c>exoconnect app test</c>: says of each step of a set-up whether it is done.</summary>
internal sealed class AppTest(CliHost host, Messenger messenger, AppOptions options)
{
    public async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var environment = options.EnvironmentOf(parsed);
        var readsDirectory = parsed.GetValue(options.TokenFile) is not null || parsed.GetValue(options.TokenVariable) is not null
            || parsed.GetValue(options.Device);
        using var password = await options.PasswordAsync(parsed, cancellationToken).ConfigureAwait(false);
        using var administrator = readsDirectory
            ? await options.SignInAsync(parsed, environment, isReadOnly: true, cancellationToken).ConfigureAwait(false)
            : null;
        messenger.Progress("Checking the application");
        var checks = await ApplicationDiagnosis.RunAsync(
            new CheckOptions
            {
                Environment = environment,
                EnvironmentName = parsed.GetValue(options.Environment),
                Organization = options.OrganizationOf(parsed),
                AppId = parsed.GetRequiredValue(options.AppId).Trim(),
                Certificate = options.CertificateOf(parsed, password),
                Services = options.ServicesOf(parsed),
                Administrator = administrator?.Provider,
            },
            messenger,
            cancellationToken).ConfigureAwait(false);
        messenger.Progress(null);
        if (parsed.GetValue(options.Output) == OutputFormat.Json)
        {
            JsonText.WriteArray(host.Output, checks, static (json, check) =>
            {
                json.WriteString("check", check.Name);
                json.WriteString("result", Result(check.State));
                json.WriteString("detail", check.Detail);
                json.WriteString("remedy", Remedy(check));
            });
        }
        else
        {
            foreach (var check in checks)
            {
                host.Output.WriteLine($"{Result(check.State),-13}{check.Name,-33}{SafeText.Line(CommandLineTerms.Translate(check.Detail))}");
                if (Remedy(check) is { } remedy)
                {
                    host.Output.WriteLine($"{"",-13}{SafeText.Line(remedy)}");
                }
            }
        }

        return checks.Any(check => check.State == CheckState.Failed) ? ExitCodes.Failed : ExitCodes.Success;
    }

    private static string Result(CheckState state) =>
        state switch { CheckState.Passed => "passed", CheckState.Failed => "FAILED", _ => "not checked" };

    private static string? Remedy(ApplicationCheck check) =>
        check.Command is { } command ? SuggestedText.Of(command) : check.Remedy is { } remedy ? CommandLineTerms.Translate(remedy) : null;
}
