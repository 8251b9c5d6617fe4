using System.Security;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Certificates.Making;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Http.Pipeline;
using ExoConnect.Core.Sessions;

namespace ExoConnect.Core.Onboarding;

/// <summary>Where a tenant is and who administers it; what every command that changes an application needs.</summary>
public record AdministrationOptions
{
    /// <summary>Which cloud.</summary>
    public required ExoEnvironment Environment { get; init; }

    /// <summary>The organization: its <c>.onmicrosoft.com</c> domain, or the tenant id.</summary>
    public required string Organization { get; init; }

    /// <summary>The cloud or environment file as the user gave it, for commands to copy; null for the worldwide cloud.</summary>
    public string? EnvironmentName { get; init; }

    /// <summary>Who signs in to Microsoft Graph.</summary>
    public required ITokenProvider Administrator { get; init; }

    /// <summary>Where relative paths start; null for the current directory.</summary>
    public string? BaseDirectory { get; init; }

    /// <summary>How long to wait for the directory to know what was just made, for each thing.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What we tell the services of ourselves.</summary>
    public ClientInfo Client { get; init; } = new();

    /// <summary>The first pause before something is retried; it doubles from try to try.</summary>
    internal TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The clock.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    internal ProofOptions Proof => new(Environment, BaseDirectory, Client, Clock);

    internal ApplicationArguments Arguments(string appId, string organization, CertificateSource? certificate) =>
        new() { AppId = appId, Organization = organization, Certificate = certificate, EnvironmentName = EnvironmentName };
}

/// <summary>The certificate that an application is to sign in with: one that is there, or one to be made.</summary>
public sealed record SetUpCertificate
{
    private SetUpCertificate()
    {
    }

    /// <summary>One that is there; null if one is to be made.</summary>
    internal CertificateSource? Source { get; private init; }

    /// <summary>What to make; null if one is there.</summary>
    internal NewCertificateOptions? New { get; private init; }

    /// <summary>The password of the files to be made.</summary>
    internal SecureString? Password { get; private init; }

    /// <summary>A certificate that is there, with its key.</summary>
    /// <param name="source">Where it is.</param>
    public static SetUpCertificate Existing(CertificateSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new SetUpCertificate { Source = source };
    }

    /// <summary>A certificate to be made, unless its files are there from an earlier time: then these are used.</summary>
    /// <param name="options">What it is to be like.</param>
    /// <param name="password">The password of its files; null for none.</param>
    public static SetUpCertificate Generate(NewCertificateOptions options, SecureString? password)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new SetUpCertificate { New = options, Password = password };
    }
}

/// <summary>What an application is to be.</summary>
public sealed record SetUpOptions : AdministrationOptions
{
    /// <summary>Its name; may be null where <see cref="AppId"/> names one that exists.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The id of one that exists; null to find it by its name, or make it.</summary>
    public string? AppId { get; init; }

    /// <summary>Its certificate.</summary>
    public required SetUpCertificate Certificate { get; init; }

    /// <summary>What it is to connect to; null for every service that accepts all its roles.</summary>
    public IReadOnlyList<ExoService>? Services { get; init; }

    /// <summary>Its directory roles; none where role groups say what it may.</summary>
    public IReadOnlyList<DirectoryRole> Roles { get; init; } = [];

    /// <summary>Role groups that it is to be a member of.</summary>
    public IReadOnlyList<string> RoleGroups { get; init; } = [];

    /// <summary>Where role groups are changed: sessions of somebody who may, one for each service.</summary>
    public IReadOnlyList<ExoSession> Sessions { get; init; } = [];

    /// <summary>True for an application that other tenants may use too.</summary>
    public bool IsMultiTenant { get; init; }
}
