using System.Management.Automation;
using ExoConnect.Completion;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Onboarding.SetUp;
using ExoConnect.Core.Sessions;
using ExoConnect.Output;
using ExoConnect.Pipeline;

namespace ExoConnect.Cmdlets.Applications;

/// <summary>Sets up an application until it connects: registration, permission, certificate, consent and role.</summary>
[Cmdlet(VerbsLifecycle.Register, "ExoApplication", SupportsShouldProcess = true, DefaultParameterSetName = NewSet)]
[OutputType(typeof(ApplicationInformation))]
public sealed class RegisterExoApplicationCommand : CertificateApplicationCmdlet
{
    /// <summary>The application's name.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? DisplayName { get; set; }

    /// <summary>The id of an existing application.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AppId { get; set; }

    /// <summary>Its directory roles.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DirectoryRoleCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Role { get; set; } = [];

    /// <summary>The role groups it should be a member of.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] RoleGroup { get; set; } = [];

    /// <summary>The services it should connect to.</summary>
    [Parameter]
    [ValidateSet("Exchange", "Compliance")]
    public string[]? Service { get; set; }

    /// <summary>Let other tenants use it too.</summary>
    [Parameter]
    public SwitchParameter MultiTenant { get; set; }

    /// <summary>How long to wait until the directory knows new objects.</summary>
    [Parameter]
    [ValidateRange(0, 60)]
    public int TimeoutMinutes { get; set; } = 5;

    private protected override void Run(ExoEnvironment environment)
    {
        var named = Role.Length > 0 || RoleGroup.Length > 0 || AppId is not null ? Role : ["Global Reader"];
        DirectoryRole[] roles = [.. named.Select(SetUpRoles.Find)];
        using var administrator = SignIn(environment, isReadOnly: false);
        var options = new SetUpOptions
        {
            Environment = environment,
            EnvironmentName = ExchangeEnvironmentName,
            Organization = Organization.Trim(),
            DisplayName = DisplayName?.Trim(),
            AppId = AppId?.Trim(),
            Administrator = administrator.Provider,
            Certificate = Wanted(DisplayName ?? AppId ?? "ExoConnect", fileName: null),
            Roles = roles,
            RoleGroups = RoleGroup,
            Sessions = SessionRegistry.Shared.Sessions,
            Services = Services(Service),
            IsMultiTenant = MultiTenant,
            BaseDirectory = Paths.Folder(this),
            Patience = TimeSpan.FromMinutes(TimeoutMinutes),
            Client = Client,
        };
        var plan = Bridge.Run(token => ApplicationSetUp.PlanAsync(options, Bridge, token));
        foreach (var action in plan.Actions.Where(action => !action.IsNeeded))
        {
            WriteVerbose($"{action.Action}: nothing to do.");
        }

        var approved = plan.Actions.Where(action => action.IsNeeded && ShouldProcess(action.Target, action.Action)).ToHashSet();
        if (approved.Count == 0)
        {
            return;
        }

        var report = Bridge.Run(token => plan.ApplyAsync(approved.Contains, progress: null, token));
        var result = ApplicationInformation.Of(report);
        WriteObject(result);
        foreach (var failure in report.Failures)
        {
            WriteError(EngineErrors.ToRecord(failure, report.AppId));
        }

        if (report.Failures.Count == 0 && report.Steps.All(step => step.Outcome != SetUpOutcome.Skipped))
        {
            Bridge.Information($"The application connects. For the script:{Environment.NewLine}{string.Join(Environment.NewLine, result.Command)}");
        }
    }
}
