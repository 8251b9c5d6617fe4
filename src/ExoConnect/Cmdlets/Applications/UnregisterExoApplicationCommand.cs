using System.Management.Automation;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Onboarding.SetUp;

namespace ExoConnect.Cmdlets.Applications;

/// <summary>Removes an application with its service principal, consent and roles.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "ExoApplication", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class UnregisterExoApplicationCommand : ApplicationCmdlet
{
    /// <summary>The application (client) id.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string AppId { get; set; } = "";

    private protected override void Run(ExoEnvironment environment)
    {
        using var administrator = SignIn(environment, isReadOnly: false);
        var options = new RemovalOptions
        {
            Environment = environment,
            Organization = Organization.Trim(),
            AppId = AppId.Trim(),
            Administrator = administrator.Provider,
            Client = Client,
        };
        var plan = Bridge.Run(token => ApplicationRemoval.PlanAsync(options, Bridge, token));
        var what = plan.IsRegistered ? "Remove application, its service principal, consent and roles"
            : "Remove service principal of another tenant's application";
        if (ShouldProcess($"{plan.DisplayName} ({AppId.Trim()})", what))
        {
            Bridge.Run(async token =>
            {
                await plan.ApplyAsync(token).ConfigureAwait(false);
                return true;
            });
        }
    }
}
