using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Onboarding.Graph;
using ExoConnect.Core.Onboarding.SetUp;

namespace ExoConnect.Core.Onboarding.Diagnosis;

/// <summary>The evidence: each part found, or why it couldn't be.</summary>
internal sealed class SetUpEvidence(CheckOptions options, IEngineMessages messages, CancellationToken cancellationToken) : IDisposable
{
    private static readonly string[] Readers = ["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
    private readonly TokenProviderPool _providers = new();
    private TokenProviderLease? _lease;

    public ExoException? CertificateFailure { get; private set; }

    public string? Thumbprint { get; private set; }

    public string? CertificateText { get; private set; }

    public string? ExpiryWarning { get; private set; }

    public Dictionary<ExoService, TokenClaims> Tokens { get; } = [];

    public ExoException? SignInFailure { get; private set; }

    public Dictionary<ExoService, ExoException?> Sessions { get; } = [];

    /// <summary>Why the directory was not read at all; null if it was.</summary>
    public string? NoDirectory { get; private set; }

    public Finding<DirectoryOrganization?> Organization { get; private set; } = new();

    public Finding<DirectoryApplication?> Application { get; private set; } = new();

    public Finding<DirectoryPrincipal?> Principal { get; private set; } = new();

    public Finding<IReadOnlyList<DirectoryGrant>> Grants { get; private set; } = new();

    public Finding<IReadOnlyList<string>> Roles { get; private set; } = new();

    /// <summary>The consented permissions, if they could be read.</summary>
    public List<RequiredPermission>? Consented { get; private set; }

    private ExoService[] Both => options.Services is { Count: > 0 } given ? [.. given.Distinct()]
        : [ExoService.ExchangeOnline, ExoService.SecurityCompliance];

    public async Task GatherAsync()
    {
        OpenCertificate();
        await SignInAsync().ConfigureAwait(false);
        await InspectAsync().ConfigureAwait(false);
        foreach (var service in Tokens.Keys)
        {
            Sessions[service] = await ConnectAsync(service).ConfigureAwait(false);
        }
    }

    public void Dispose() => _lease?.Dispose();

    private void OpenCertificate()
    {
        if (options.Certificate is null)
        {
            return;
        }

        try
        {
            using var certificate = options.Certificate.Open(options.BaseDirectory, options.Clock);
            (Thumbprint, CertificateText, ExpiryWarning) = (certificate.Thumbprint, certificate.ToString(), certificate.ExpiryWarning);
        }
        catch (ExoException e)
        {
            CertificateFailure = e;
        }
    }

    private async Task SignInAsync()
    {
        if (Thumbprint is null)
        {
            return;
        }

        try
        {
            _lease = _providers.Rent(
                options.Environment,
                options.Organization,
                options.AppId,
                new SignInMethod.Certificate(options.Certificate!),
                new SignInOptions { BaseDirectory = options.BaseDirectory, Clock = options.Clock });
            foreach (var service in Both)
            {
                var token = await _lease.Provider.GetTokenAsync(options.Environment.Resource(service), default, cancellationToken).ConfigureAwait(
                    false);
                Tokens[service] = token.Claims;
            }
        }
        catch (ExoException e)
        {
            SignInFailure = e;
        }
    }

    private async Task InspectAsync()
    {
        if (await ReaderAsync().ConfigureAwait(false) is not { } reader)
        {
            return;
        }

        var graph = Administration.Graph(
            new AdministrationOptions
            {
                Environment = options.Environment, Organization = options.Organization, Administrator = reader,
                Client = options.Client, Clock = options.Clock
            },
            messages);
        Organization = await FindAsync(graph.GetOrganizationAsync).ConfigureAwait(false);
        Application = await FindAsync(token => graph.FindApplicationAsync(options.AppId, token)).ConfigureAwait(false);
        Principal = await FindAsync(token => graph.FindPrincipalAsync(options.AppId, token)).ConfigureAwait(false);
        if (Principal.Value is { } principal)
        {
            Grants = await FindAsync(token => graph.ListGrantsAsync(principal.Id, token)).ConfigureAwait(false);
            Roles = await FindAsync(token => graph.ListRolesAsync(principal.Id, token)).ConfigureAwait(false);
        }

        if (Grants.Value is { } grants)
        {
            Consented = [];
            foreach (var permission in RequiredPermission.For(options.Environment, Both))
            {
                var resource = await FindAsync(token => graph.FindPrincipalAsync(permission.ResourceAppId.ToString(), token)).ConfigureAwait(
                    false);
                if (grants.Any(grant => grant.ResourceId == resource.Value?.Id
                    && grant.AppRoleId.Equals(permission.Id.ToString(), StringComparison.OrdinalIgnoreCase)))
                {
                    Consented.Add(permission);
                }
            }
        }
    }

    /// <summary>The identity that may read: the administrator, else the application itself, if it happens to have the right.</summary>
    private async Task<ITokenProvider?> ReaderAsync()
    {
        if (options.Administrator is { } administrator)
        {
            try
            {
                await administrator.GetTokenAsync(options.Environment.GraphResource, default, cancellationToken).ConfigureAwait(false);
                return administrator;
            }
            catch (ExoException e)
            {
                NoDirectory = $"The sign-in to Graph failed: {e.Message}";
                return null;
            }
        }

        NoDirectory = "The application itself may not read the directory. Sign in to Graph with -Device or -AccessToken to check.";
        if (Tokens.Count == 0)
        {
            return null;
        }

        try
        {
            var own = await _lease!.Provider.GetTokenAsync(options.Environment.GraphResource, default, cancellationToken).ConfigureAwait(false);
            if (own.Claims.Permissions.Intersect(Readers, StringComparer.OrdinalIgnoreCase).Any())
            {
                NoDirectory = null;
                return _lease.Provider;
            }
        }
        catch (ExoException e)
        {
            messages.Verbose(e.Message);
        }

        return null;
    }

    private static async Task<Finding<T>> FindAsync<T>(Func<CancellationToken, Task<T>> look, CancellationToken cancellationToken)
    {
        try
        {
            return new Finding<T> { IsKnown = true, Value = await look(cancellationToken).ConfigureAwait(false) };
        }
        catch (ExoException e)
        {
            return new Finding<T> { Why = e.ErrorId == ErrorIds.SetUpRightsMissing ? $"{e.Message} {e.Remedy?.Split(". ")[0]}." : e.Message };
        }
    }

    private Task<Finding<T>> FindAsync<T>(Func<CancellationToken, Task<T>> look) => FindAsync(look, cancellationToken);

    private async Task<ExoException?> ConnectAsync(ExoService service)
    {
        try
        {
            await ConnectionProof.ConnectAsync(
                new ProofOptions(options.Environment, options.BaseDirectory, options.Client,
                    options.Clock), options.Arguments, service, _providers, cancellationToken)
                .ConfigureAwait(false);
            return null;
        }
        catch (ExoException e)
        {
            return e;
        }
    }
}


/// <summary>A part looked up in the directory.</summary>
internal sealed record Finding<T>
{
    public bool IsKnown { get; init; }

    public T? Value { get; init; }

    public string? Why { get; init; }
}
