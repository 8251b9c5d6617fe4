using System.CommandLine;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Output;
using ExoConnect.Core.Onboarding.SetUp;

namespace ExoConnect.Cli.Commands;

/// <summary><c>exoconnect app remove</c>: removes an application.</summary>
internal sealed class AppRemoval(CliHost host, Messenger messenger, AppOptions options)
{
    public async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var environment = options.EnvironmentOf(parsed);
        if (!parsed.GetValue(options.Yes) && !parsed.GetValue(options.WhatIf) && !host.IsInputTerminal)
        {
            throw new UsageException("The command can't prompt for confirmation without a terminal.", "Confirm with --yes.");
        }

        using var administrator = await options.SignInAsync(parsed, environment, isReadOnly: false, cancellationToken).ConfigureAwait(false);
        var appId = parsed.GetRequiredValue(options.AppId).Trim();
        var plan = await ApplicationRemoval.PlanAsync(
            new RemovalOptions
            {
                Environment = environment, Organization = options.OrganizationOf(parsed), AppId = appId,
                Administrator = administrator.Provider
            },
            messenger,
            cancellationToken).ConfigureAwait(false);
        var what = $"{SafeText.Line(plan.DisplayName)} ({appId})";
        if (parsed.GetValue(options.WhatIf))
        {
            host.Output.WriteLine($"to do  Remove {what}");
            return ExitCodes.Success;
        }

        if (!parsed.GetValue(options.Yes) && !await host.Ask($"Remove the application {what}, with its consent and roles?", cancellationToken)
            .ConfigureAwait(false))
        {
            host.Output.WriteLine("Nothing was removed.");
            return ExitCodes.Failed;
        }

        await plan.ApplyAsync(cancellationToken).ConfigureAwait(false);
        host.Output.WriteLine($"Removed {what}.");
        return ExitCodes.Success;
    }
}
