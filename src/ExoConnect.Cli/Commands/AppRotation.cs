using System.CommandLine;
using System.Globalization;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Output;
using ExoConnect.Core.Onboarding.SetUp;

namespace ExoConnect.Cli.Commands;

/// <summary><c>exoconnect app rotate</c>: gives an application a new certificate.</summary>
internal sealed class AppRotation(CliHost host, Messenger messenger, AppOptions options)
{
    public async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var environment = options.EnvironmentOf(parsed);
        var appId = parsed.GetRequiredValue(options.AppId).Trim();
        using var password = await options.PasswordAsync(parsed, cancellationToken).ConfigureAwait(false);
        using var administrator = await options.SignInAsync(parsed, environment, isReadOnly: false, cancellationToken).ConfigureAwait(false);
        var day = DateTime.Now.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var plan = await CertificateRollover.PlanAsync(
            new RolloverOptions
            {
                Environment = environment,
                EnvironmentName = parsed.GetValue(options.Environment),
                Organization = options.OrganizationOf(parsed),
                AppId = appId,
                Administrator = administrator.Provider,
                Certificate = options.CertificateOrNew(parsed, appId, $"{appId}-{day}", password),
                Patience = parsed.GetValue(options.Timeout) ?? TimeSpan.FromMinutes(5),
            },
            messenger,
            cancellationToken).ConfigureAwait(false);
        var removes = parsed.GetValue(options.RemoveOld);
        if (parsed.GetValue(options.WhatIf))
        {
            host.Output.WriteLine($"to do  {plan.Making ?? (plan.IsAttached ? "Sign in with the certificate" : "Attach certificate")}: "
                + $"{SafeText.Line(plan.DisplayName)}");
            if (removes && plan.Old.Count > 0)
            {
                host.Output.WriteLine($"to do  Remove certificates {string.Join(", ", plan.Old)}: {SafeText.Line(plan.DisplayName)}");
            }

            return ExitCodes.Success;
        }

        var report = await plan.ApplyAsync(removes, step => messenger.Progress(step), cancellationToken).ConfigureAwait(false);
        messenger.Progress(null);
        Write(report, parsed.GetValue(options.Output));
        return ExitCodes.Success;
    }

    private void Write(RolloverReport report, OutputFormat? format)
    {
        var command = SuggestedText.Of(report.Command);
        if (format == OutputFormat.Json)
        {
            JsonText.WriteObject(host.Output, json =>
            {
                json.WriteString("displayName", report.DisplayName);
                json.WriteString("appId", report.AppId);
                json.WriteString("organization", report.Organization);
                json.WriteString("certificateThumbprint", report.CertificateThumbprint);
                json.WriteString("pfxPath", report.Made?.PfxPath);
                json.WriteString("pemPath", report.Made?.PemPath);
                json.WriteStrings("removed", report.Removed);
                json.WriteStrings("kept", report.Kept);
                json.WriteString("command", command);
            });
        }
        else
        {
            host.Output.WriteLine($"The certificate {report.CertificateThumbprint} signs in as {SafeText.Line(report.DisplayName)}.");
            Line("Removed: ", report.Removed);
            Line("Still there: ", report.Kept);
            host.Output.WriteLine("  " + command);
        }

        void Line(string label, IReadOnlyList<string> thumbprints)
        {
            if (thumbprints.Count > 0)
            {
                host.Output.WriteLine(label + string.Join(", ", thumbprints));
            }
        }
    }
}
