using System.Globalization;
using System.Management.Automation;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Onboarding.SetUp;
using ExoConnect.Output;
using ExoConnect.Pipeline;

namespace ExoConnect.Cmdlets.Applications;

/// <summary>Gives an application a new certificate, proves that it signs in, and removes the old ones on request.</summary>
[Cmdlet(VerbsData.Update, "ExoApplicationCertificate", SupportsShouldProcess = true, DefaultParameterSetName = NewSet)]
[OutputType(typeof(ApplicationCertificateInformation))]
public sealed class UpdateExoApplicationCertificateCommand : CertificateApplicationCmdlet
{
    /// <summary>The application (client) id.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string AppId { get; set; } = "";

    /// <summary>Remove all other certificates from the application after the new one has signed in.</summary>
    [Parameter]
    public SwitchParameter RemoveOld { get; set; }

    /// <summary>How long to wait until sign-in accepts the new certificate.</summary>
    [Parameter]
    [ValidateRange(0, 60)]
    public int TimeoutMinutes { get; set; } = 5;

    private protected override void Run(ExoEnvironment environment)
    {
        using var administrator = SignIn(environment, isReadOnly: false);
        var options = new RolloverOptions
        {
            Environment = environment,
            EnvironmentName = ExchangeEnvironmentName,
            Organization = Organization.Trim(),
            AppId = AppId.Trim(),
            Administrator = administrator.Provider,
            Certificate = Wanted(AppId.Trim(), $"{AppId.Trim()}-{DateTime.Now.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}"),
            BaseDirectory = Paths.Folder(this),
            Patience = TimeSpan.FromMinutes(TimeoutMinutes),
            Client = Client,
        };
        var plan = Bridge.Run(token => CertificateRollover.PlanAsync(options, Bridge, token));
        var what = plan.Making is { } making ? $"{making} and attach it" : plan.IsAttached ? "Sign in with the certificate" : "Attach certificate";
        if (!ShouldProcess(plan.DisplayName, what))
        {
            if (RemoveOld && plan.Old.Count > 0)
            {
                // Only to list it with -WhatIf: nothing is removed before the new one is there.
                ShouldProcess(plan.DisplayName, $"Remove certificates {string.Join(", ", plan.Old)}");
            }

            return;
        }

        var removes = RemoveOld && plan.Old.Count > 0 && ShouldProcess(plan.DisplayName, $"Remove certificates {string.Join(", ", plan.Old)}");
        var report = Bridge.Run(token => plan.ApplyAsync(removes, progress: null, token));
        WriteObject(ApplicationCertificateInformation.Of(report));
    }
}
