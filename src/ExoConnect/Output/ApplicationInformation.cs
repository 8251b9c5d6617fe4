using ExoConnect.Core.Environments;
using ExoConnect.Core.Onboarding.Diagnosis;
using ExoConnect.Core.Onboarding.SetUp;

namespace ExoConnect.Output;

/// <summary>The result of Register-ExoApplication.</summary>
public sealed class ApplicationInformation
{
    /// <summary>Its name.</summary>
    public string DisplayName { get; private init; } = "";

    /// <summary>Its application (client) id.</summary>
    public string AppId { get; private init; } = "";

    /// <summary>The object id of the registration.</summary>
    public string? ObjectId { get; private init; }

    /// <summary>The object id of the service principal.</summary>
    public string? ServicePrincipalId { get; private init; }

    /// <summary>The organization, by the name to connect with.</summary>
    public string Organization { get; private init; } = "";

    /// <summary>The tenant id; null if it couldn't be read.</summary>
    public string? TenantId { get; private init; }

    /// <summary>The thumbprint of its certificate.</summary>
    public string? CertificateThumbprint { get; private init; }

    /// <summary>When its certificate ends, in local time.</summary>
    public DateTime? CertificateNotAfter { get; private init; }

    /// <summary>The files and stores to which the certificate was written now.</summary>
    public string[] CertificatePath { get; private init; } = [];

    /// <summary>The directory roles that were requested.</summary>
    public string[] Role { get; private init; } = [];

    /// <summary>The role groups that were requested.</summary>
    public string[] RoleGroup { get; private init; } = [];

    /// <summary>The services it should connect to: Exchange, Compliance.</summary>
    public string[] Service { get; private init; } = [];

    /// <summary>Each step and its result: Present, Done, Skipped or Failed.</summary>
    public ApplicationStepInformation[] Step { get; private init; } = [];

    /// <summary>True if it connected.</summary>
    public bool Connects { get; private init; }

    /// <summary>The lines for the script.</summary>
    public string[] Command { get; private init; } = [];

    internal static ApplicationInformation Of(SetUpReport report) => new()
    {
        DisplayName = report.DisplayName,
        AppId = report.AppId,
        ObjectId = report.ObjectId,
        ServicePrincipalId = report.ServicePrincipalId,
        Organization = report.Organization,
        TenantId = report.TenantId,
        CertificateThumbprint = report.CertificateThumbprint,
        CertificateNotAfter = report.CertificateNotAfter?.LocalDateTime,
        CertificatePath = report.Made is { } made ? [.. new[] { made.PfxPath, made.PemPath, made.CerPath, made.Store }.OfType<string>()] : [],
        Role = [.. report.Roles.Select(role => role.Name)],
        RoleGroup = [.. report.RoleGroups],
        Service = [.. report.Services.Select(service => service == ExoService.ExchangeOnline ? "Exchange" : "Compliance")],
        Step = [.. report.Steps.Select(step => new ApplicationStepInformation(step.Action, step.Outcome.ToString()))],
        Connects = report.Steps.Where(step => step.Step == SetUpStep.Connection).All(step => step.Outcome == SetUpOutcome.Done),
        Command = [.. report.Commands.Select(command => command.ToString())],
    };
}

/// <summary>A step of setting up an application.</summary>
/// <param name="Action">The action.</param>
/// <param name="Outcome">Present, Done, Skipped or Failed.</param>
public sealed record ApplicationStepInformation(string Action, string Outcome)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Outcome}: {Action}";
}

/// <summary>The result of Update-ExoApplicationCertificate.</summary>
public sealed class ApplicationCertificateInformation
{
    /// <summary>The application's name.</summary>
    public string DisplayName { get; private init; } = "";

    /// <summary>Its application (client) id.</summary>
    public string AppId { get; private init; } = "";

    /// <summary>The organization.</summary>
    public string Organization { get; private init; } = "";

    /// <summary>The thumbprint of the new certificate, which has signed in.</summary>
    public string? CertificateThumbprint { get; private init; }

    /// <summary>When it ends, in local time.</summary>
    public DateTime? CertificateNotAfter { get; private init; }

    /// <summary>The files and stores to which it was written now.</summary>
    public string[] CertificatePath { get; private init; } = [];

    /// <summary>The removed thumbprints.</summary>
    public string[] Removed { get; private init; } = [];

    /// <summary>The other thumbprints that are still on it.</summary>
    public string[] Kept { get; private init; } = [];

    /// <summary>The line for the script.</summary>
    public string Command { get; private init; } = "";

    internal static ApplicationCertificateInformation Of(RolloverReport report) => new()
    {
        DisplayName = report.DisplayName,
        AppId = report.AppId,
        Organization = report.Organization,
        CertificateThumbprint = report.CertificateThumbprint,
        CertificateNotAfter = report.CertificateNotAfter?.LocalDateTime,
        CertificatePath = report.Made is { } made ? [.. new[] { made.PfxPath, made.PemPath, made.CerPath, made.Store }.OfType<string>()] : [],
        Removed = [.. report.Removed],
        Kept = [.. report.Kept],
        Command = report.Command.ToString(),
    };
}

/// <summary>One check of Test-ExoApplication.</summary>
public sealed class ApplicationCheckInformation
{
    /// <summary>The checked part.</summary>
    public string Check { get; private init; } = "";

    /// <summary>Passed, Failed or NotChecked.</summary>
    public string Result { get; private init; } = "";

    /// <summary>The finding, or why there is none.</summary>
    public string Detail { get; private init; } = "";

    /// <summary>The remedy, if the check failed: a command to copy, if there is one.</summary>
    public string? Remedy { get; private init; }

    /// <summary>The same as text.</summary>
    public string? Advice { get; private init; }

    internal static ApplicationCheckInformation Of(ApplicationCheck check) => new()
    {
        Check = check.Name,
        Result = check.State.ToString(),
        Detail = check.Detail,
        Remedy = check.Command?.ToString() ?? check.Remedy,
        Advice = check.Remedy,
    };
}
