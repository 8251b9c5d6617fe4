using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Http.Pipeline;

namespace ExoConnect.Core.Onboarding.Diagnosis;

/// <summary>The checks of an application, in this order.</summary>
public enum CheckSubject
{
    /// <summary>The certificate is there, has its key, and is valid now.</summary>
    Certificate,

    /// <summary>The organization is named as commands need it.</summary>
    Organization,

    /// <summary>The application is registered.</summary>
    Application,

    /// <summary>The registration has this very certificate.</summary>
    Attachment,

    /// <summary>The registration requests the permission.</summary>
    Permission,

    /// <summary>An administrator consented to it.</summary>
    Consent,

    /// <summary>There is a service principal that may sign in.</summary>
    ServicePrincipal,

    /// <summary>The service principal has a role that the service accepts.</summary>
    Role,

    /// <summary>Sign-in gives a token.</summary>
    SignIn,

    /// <summary>The token carries the permission.</summary>
    Token,

    /// <summary>The service starts a session.</summary>
    Service,
}

/// <summary>The result of a check.</summary>
public enum CheckState
{
    /// <summary>Correct.</summary>
    Passed,

    /// <summary>Wrong or missing.</summary>
    Failed,

    /// <summary>Unknown.</summary>
    NotChecked,
}

/// <summary>One check of an application.</summary>
/// <param name="Subject">The checked part.</param>
/// <param name="Service">The service; null if it is the same for both.</param>
/// <param name="State">The result.</param>
/// <param name="Detail">The finding, or why there is none.</param>
/// <param name="Remedy">The remedy, if it failed.</param>
/// <param name="Command">The command that repairs it; null for none.</param>
public sealed record ApplicationCheck(
    CheckSubject Subject, ExoService? Service, CheckState State, string Detail, string? Remedy = null, SuggestedCommand? Command = null)
{
    /// <summary>The checked part, for people.</summary>
    public string Name => Subject switch
    {
        CheckSubject.Certificate => "Certificate usable",
        CheckSubject.Organization => "Organization name",
        CheckSubject.Application => "Application registered",
        CheckSubject.Attachment => "Certificate attached",
        CheckSubject.Permission => "Permission requested",
        CheckSubject.Consent => "Consent granted",
        CheckSubject.ServicePrincipal => "Service principal",
        CheckSubject.Role => $"Role for {ServiceName}",
        CheckSubject.SignIn => "Sign-in",
        CheckSubject.Token => $"Token for {ServiceName}",
        _ => $"{ServiceName} connects",
    };

    private string ServiceName => OnboardingErrors.Name(Service ?? ExoService.ExchangeOnline);
}

/// <summary>The application to check, and the rights to use.</summary>
public sealed record CheckOptions
{
    /// <summary>The cloud.</summary>
    public required ExoEnvironment Environment { get; init; }

    /// <summary>The organization, as for connecting.</summary>
    public required string Organization { get; init; }

    /// <summary>The application (client) id.</summary>
    public required string AppId { get; init; }

    /// <summary>The cloud or environment file as the user gave it, for commands to copy; null for the worldwide cloud.</summary>
    public string? EnvironmentName { get; init; }

    /// <summary>The certificate that it signs in with; null to check the directory only.</summary>
    public CertificateSource? Certificate { get; init; }

    /// <summary>The services that it should connect to; null for those that its roles suggest.</summary>
    public IReadOnlyList<ExoService>? Services { get; init; }

    /// <summary>An administrator who may read the directory; null to use the application's own rights.</summary>
    public ITokenProvider? Administrator { get; init; }

    /// <summary>Where relative paths start; null for the current directory.</summary>
    public string? BaseDirectory { get; init; }

    /// <summary>The description of this client for the services.</summary>
    public ClientInfo Client { get; init; } = new();

    /// <summary>The clock.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    internal ApplicationArguments Arguments => new(
        )
    { AppId = AppId, Organization = Organization, Certificate = Certificate, EnvironmentName = EnvironmentName };
}
