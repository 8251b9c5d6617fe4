using System.Security;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Certificates.Making;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Http.Pipeline;
using ExoConnect.Core.Sessions;

namespace ExoConnect.Core.Onboarding.SetUp;

/// <summary>The tenant and its administrator: the settings of every command that changes an application.</summary>
public record AdministrationOptions
{
    /// <summary>The cloud.</summary>
    public required ExoEnvironment Environment { get; init; }

    /// <summary>The organization: its <c>.onmicrosoft.com</c> domain, or the tenant id.</summary>
    public required string Organization { get; init; }

    /// <summary>The cloud or environment file as the user gave it, for commands to copy; null for the worldwide cloud.</summary>
    public string? EnvironmentName { get; init; }

    /// <summary>The identity that signs in to Microsoft Graph.</summary>
    public required ITokenProvider Administrator { get; init; }

    /// <summary>Where relative paths start; null for the current directory.</summary>
    public string? BaseDirectory { get; init; }

    /// <summary>How long to wait until the directory knows a new object, for each object.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The description of this client for the services.</summary>
    public ClientInfo Client { get; init; } = new();

    /// <summary>The first pause before a retry; it doubles from retry to retry.</summary>
    internal TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The clock.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    internal ProofOptions Proof => new(Environment, BaseDirectory, Client, Clock);

    internal ApplicationArguments Arguments(string appId, string organization, CertificateSource? certificate) =>
        new() { AppId = appId, Organization = organization, Certificate = certificate, EnvironmentName = EnvironmentName };
}

/// <summary>The certificate that an application signs in with: an existing one, or a new one.</summary>
public sealed record SetUpCertificate
{
    private SetUpCertificate()
    {
    }

    /// <summary>The existing certificate; null for a new one.</summary>
    internal CertificateSource? Source { get; private init; }

    /// <summary>The properties of a new certificate; null for an existing one.</summary>
    internal NewCertificateOptions? New { get; private init; }

    /// <summary>The password of the new files.</summary>
    internal SecureString? Password { get; private init; }

    /// <summary>An existing certificate with its key.</summary>
    /// <param name="source">Its source.</param>
    public static SetUpCertificate Existing(CertificateSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new SetUpCertificate { Source = source };
    }

    /// <summary>A new certificate, unless its files exist from an earlier run: then these are used.</summary>
    /// <param name="options">Its properties.</param>
    /// <param name="password">The password of its files; null for none.</param>
    public static SetUpCertificate Generate(NewCertificateOptions options, SecureString? password)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new SetUpCertificate { New = options, Password = password };
    }
}

/// <summary>The settings of an application.</summary>
public sealed record SetUpOptions : AdministrationOptions
{
    /// <summary>Its name; may be null if <see cref="AppId"/> names an existing one.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The id of an existing one; null to find it by its name, or make it.</summary>
    public string? AppId { get; init; }

    /// <summary>Its certificate.</summary>
    public required SetUpCertificate Certificate { get; init; }

    /// <summary>The services it should connect to; null for every service that accepts all its roles.</summary>
    public IReadOnlyList<ExoService>? Services { get; init; }

    /// <summary>Its directory roles; none if role groups give its rights.</summary>
    public IReadOnlyList<DirectoryRole> Roles { get; init; } = [];

    /// <summary>The role groups it should be a member of.</summary>
    public IReadOnlyList<string> RoleGroups { get; init; } = [];

    /// <summary>The sessions in which role groups are changed, one for each service.</summary>
    public IReadOnlyList<ExoSession> Sessions { get; init; } = [];

    /// <summary>True for an application that other tenants may use too.</summary>
    public bool IsMultiTenant { get; init; }
}
