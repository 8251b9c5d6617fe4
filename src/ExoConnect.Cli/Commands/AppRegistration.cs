using System.CommandLine;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Output;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Onboarding.SetUp;

namespace ExoConnect.Cli.Commands;

/// <summary><c>exoconnect app register</c>: makes what is missing of an application, and connects to prove it.</summary>
internal sealed class AppRegistration(CliHost host, Messenger messenger, AppOptions options)
{
    public async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var appId = parsed.GetValue(options.AppId)?.Trim();
        var name = parsed.GetValue(options.DisplayName)?.Trim();
        var named = parsed.GetValue(options.Roles) is { Length: > 0 } given ? given : appId is null ? ["Global Reader"] : [];
        DirectoryRole[] roles = [.. named.Select(SetUpRoles.Find)];
        var environment = options.EnvironmentOf(parsed);
        using var password = await options.PasswordAsync(parsed, cancellationToken).ConfigureAwait(false);
        using var administrator = await options.SignInAsync(parsed, environment, isReadOnly: false, cancellationToken).ConfigureAwait(false);
        messenger.Progress("Reading the current state");
        var plan = await ApplicationSetUp.PlanAsync(
            new SetUpOptions
            {
                Environment = environment,
                EnvironmentName = parsed.GetValue(options.Environment),
                Organization = options.OrganizationOf(parsed),
                DisplayName = name,
                AppId = appId,
                Administrator = administrator.Provider,
                Certificate = options.CertificateOrNew(parsed, name ?? appId ?? "ExoConnect", null, password),
                Roles = roles,
                Services = options.ServicesOf(parsed),
                IsMultiTenant = parsed.GetValue(options.MultiTenant),
                Patience = parsed.GetValue(options.Timeout) ?? TimeSpan.FromMinutes(5),
            },
            messenger,
            cancellationToken).ConfigureAwait(false);
        messenger.Progress(null);
        if (parsed.GetValue(options.WhatIf))
        {
            foreach (var action in plan.Actions)
            {
                host.Output.WriteLine($"{(action.IsNeeded ? "to do" : "done"),-7}{SafeText.Line(action.Action)}: {SafeText.Line(action.Target)}");
            }

            return ExitCodes.Success;
        }

        var report = await plan.ApplyAsync(static _ => true, step => messenger.Progress(step), cancellationToken).ConfigureAwait(false);
        messenger.Progress(null);
        Write(report, parsed.GetValue(options.Output));
        foreach (var failure in report.Failures)
        {
            messenger.Error(failure);
        }

        return report.Failures is [var first, ..] ? ExitCodes.Of(first, whileConnecting: true) : ExitCodes.Success;
    }

    private void Write(SetUpReport report, OutputFormat? format)
    {
        var commands = report.Commands.Select(SuggestedText.Of).ToList();
        if (format == OutputFormat.Json)
        {
            JsonText.WriteObject(host.Output, json =>
            {
                json.WriteString("displayName", report.DisplayName);
                json.WriteString("appId", report.AppId);
                json.WriteString("objectId", report.ObjectId);
                json.WriteString("servicePrincipalId", report.ServicePrincipalId);
                json.WriteString("tenantId", report.TenantId);
                json.WriteString("organization", report.Organization);
                json.WriteString("certificateThumbprint", report.CertificateThumbprint);
                json.WriteString("pfxPath", report.Made?.PfxPath);
                json.WriteString("pemPath", report.Made?.PemPath);
                json.WriteStrings("roles", report.Roles.Select(role => role.Name));
                json.WriteStrings("services", report.Services.Select(ServiceWord));
                json.WriteStartArray("steps");
                foreach (var step in report.Steps)
                {
                    json.WriteStartObject();
                    json.WriteString("action", step.Action);
                    json.WriteString("outcome", step.Outcome.ToString());
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteBoolean("connects", report.Failures.Count == 0);
                json.WriteStrings("commands", commands);
            });
        }
        else
        {
            foreach (var step in report.Steps)
            {
                host.Output.WriteLine($"{Outcome(step.Outcome),-9}{SafeText.Line(step.Action)}");
            }

            host.Output.WriteLine($"The application {SafeText.Line(report.DisplayName)} is {report.AppId}.");
            commands.ForEach(command => host.Output.WriteLine("  " + command));
        }
    }

    private static string Outcome(SetUpOutcome outcome) =>
        outcome switch { SetUpOutcome.Present => "there", SetUpOutcome.Done => "done", SetUpOutcome.Failed => "FAILED", _ => "skipped" };

    private static string ServiceWord(ExoService service) => service == ExoService.ExchangeOnline ? "exchange" : "compliance";
}
