using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Certificates.Making;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Onboarding.Graph;

namespace ExoConnect.Core.Onboarding.SetUp;

/// <summary>The settings of a rollover.</summary>
public sealed record RolloverOptions : AdministrationOptions
{
    /// <summary>The application (client) id.</summary>
    public required string AppId { get; init; }

    /// <summary>The new certificate.</summary>
    public required SetUpCertificate Certificate { get; init; }
}

/// <summary>The result of a rollover.</summary>
public sealed record RolloverReport
{
    /// <summary>The application's name.</summary>
    public required string DisplayName { get; init; }

    /// <summary>Its application (client) id.</summary>
    public required string AppId { get; init; }

    /// <summary>The organization.</summary>
    public required string Organization { get; init; }

    /// <summary>The thumbprint of the new certificate; null if it wasn't made.</summary>
    public string? CertificateThumbprint { get; init; }

    /// <summary>When it ends (UTC).</summary>
    public DateTimeOffset? CertificateNotAfter { get; init; }

    /// <summary>The certificate, if it was made now.</summary>
    public NewCertificate? Made { get; init; }

    /// <summary>True if it gave a token.</summary>
    public bool IsProved { get; init; }

    /// <summary>The thumbprints of the removed certificates.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>The thumbprints of the other certificates that are still on it.</summary>
    public IReadOnlyList<string> Kept { get; init; } = [];

    /// <summary>The line for the script.</summary>
    public required SuggestedCommand Command { get; init; }
}

/// <summary>
/// Gives an application a new certificate without a moment in which it can't sign in: the old ones are removed after the new one has signed in.
/// </summary>
public sealed class CertificateRollover
{
    private readonly RolloverOptions _options;
    private readonly IEngineMessages _messages;
    private readonly GraphDirectory _graph;
    private readonly CertificateChoice _certificate;
    private readonly DirectoryApplication _application;
    private readonly string _organization;

    private CertificateRollover(
        RolloverOptions options, IEngineMessages messages, GraphDirectory graph, CertificateChoice certificate, DirectoryApplication application,
        string organization)
    {
        _options = options;
        _messages = messages;
        _graph = graph;
        _certificate = certificate;
        _application = application;
        _organization = organization;
    }

    /// <summary>The application's name.</summary>
    public string DisplayName => _application.Name;

    /// <summary>The certificate that will be made, or null for an existing one.</summary>
    public string? Making => _certificate.Plan is { } plan ? $"Create certificate {plan.Subject} in {string.Join(", ", plan.Targets)}" : null;

    /// <summary>Whether the application has the certificate already.</summary>
    public bool IsAttached => _certificate.Thumbprint is { } thumbprint && Entry(_application, thumbprint) is not null;

    /// <summary>The thumbprints of the certificates that removing old ones would remove.</summary>
    public IReadOnlyList<string> Old => [.. _application.Keys.Where(
        key => key.Thumbprint is null || key.Thumbprint != _certificate.Thumbprint).Select(Describe)];

    /// <summary>Reads the current state. Changes nothing.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="messages">Receives warnings and steps.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="ExoException">
    /// <c>ApplicationNotRegistered</c>, and those of <see cref="ApplicationSetUp.PlanAsync"/> that apply.
    /// </exception>
    public static async Task<CertificateRollover> PlanAsync(
        RolloverOptions options, IEngineMessages messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(messages);
        var identity = SignInIdentity.Create(options.Environment.SignIn, options.Organization, options.AppId, "certificate");
        var certificate = CertificateChoice.Of(options.Certificate, options, messages);
        var graph = Administration.Graph(options, messages);
        var tenant = await Administration.OrganizationAsync(options, graph, messages, cancellationToken).ConfigureAwait(false);
        var application = await graph.FindApplicationAsync(identity.AppId, cancellationToken).ConfigureAwait(false)
            ?? throw OnboardingErrors.NotFound(identity.AppId, identity.Organization);
        return new CertificateRollover(options, messages, graph, certificate, application, tenant?.InitialDomain ?? identity.Organization);
    }

    /// <summary>Makes the certificate, attaches it, signs in with it, and only then removes the old ones.</summary>
    /// <param name="removeOld">Whether to remove all other certificates from the application once the new one has signed in.</param>
    /// <param name="progress">Receives the current step; null for none.</param>
    /// <param name="cancellationToken">Stops it; what was done stays.</param>
    /// <returns>The result.</returns>
    /// <exception cref="ExoException">A step failed. The old certificates are still there unless all steps before succeeded.</exception>
    public async Task<RolloverReport> ApplyAsync(bool removeOld, Action<string>? progress = null, CancellationToken cancellationToken = default)
    {
        if (_certificate.Plan is not null)
        {
            progress?.Invoke("Making the certificate");
            _certificate.Make();
        }

        if (!IsAttached)
        {
            progress?.Invoke("Attaching the certificate");
            await Administration.AttachAsync(
                _graph, _application, _certificate.Thumbprint!, _certificate.Key!, _options.Clock, cancellationToken).ConfigureAwait(false);
        }

        progress?.Invoke("Signing in with the new certificate");
        var patience = new Patience(_options.Patience, _options.RetryDelay, _options.Clock, _messages);
        await patience.UntilAsync(
            $"The certificate {_certificate.Thumbprint} is not known to sign-in yet", SignInAsync, ConnectionProof.IsTransient, cancellationToken)
                .ConfigureAwait(false);
        var removed = removeOld ? await RemoveOldAsync(patience, progress, cancellationToken).ConfigureAwait(false) : [];
        return new RolloverReport
        {
            DisplayName = _application.Name,
            AppId = _application.AppId,
            Organization = _organization,
            CertificateThumbprint = _certificate.Thumbprint,
            CertificateNotAfter = _certificate.NotAfter,
            Made = _certificate.Made,
            IsProved = true,
            Removed = removed,
            Kept = removeOld ? [] : Old,
            Command = _options.Arguments(_application.AppId, _organization, _certificate.Source).Connect(ExoService.ExchangeOnline),
        };
    }

    private static DirectoryKey? Entry(DirectoryApplication application, string thumbprint) => application.Keys.FirstOrDefault(
        key => key.Thumbprint == thumbprint);

    private static string Describe(DirectoryKey key) => key.Thumbprint ?? $"key {key.KeyId}";

    private async Task<bool> SignInAsync(CancellationToken cancellationToken)
    {
        // A provider of its own: a token of the old certificate would prove nothing.
        using var lease = new TokenProviderPool().Rent(
            _options.Environment,
            _organization,
            _application.AppId,
            new SignInMethod.Certificate(_certificate.Source!),
            new SignInOptions { BaseDirectory = _options.BaseDirectory, Clock = _options.Clock });
        await lease.Provider.GetTokenAsync(_options.Environment.ExchangeResource, default, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task<IReadOnlyList<string>> RemoveOldAsync(Patience patience, Action<string>? progress, CancellationToken cancellationToken)
    {
        progress?.Invoke("Removing the old certificates");

        // Read again: the new entry now has an id, and another administrator may have added a certificate meanwhile.
        var (now, mine) = await patience.UntilAsync(
            "The new certificate is not listed yet",
            async token =>
            {
                var application = await _graph.GetApplicationAsync(_application.Id, token).ConfigureAwait(false)
                    ?? throw OnboardingErrors.NotFound(_application.AppId, _organization);
                return (application, Entry(application, _certificate.Thumbprint!) ?? throw OnboardingErrors.NothingLeft());
            },
            failure => failure.ErrorId == ErrorIds.CertificateNotAttached,
            cancellationToken).ConfigureAwait(false);
        var (others, old) = (
            now.Keys.Where(key => key != mine).ToList(), _application.Keys.Select(key => key.KeyId).ToHashSet(StringComparer.OrdinalIgnoreCase));
        var kept = others.Where(key => !old.Contains(key.KeyId)).ToList();
        if (kept.Count > 0)
        {
            _messages.Warning($"A certificate was added to the application meanwhile and is left there: {string.Join(", ", kept.Select(Describe))}.");
        }

        var removed = others.Except(kept).ToList();
        if (removed.Count > 0)
        {
            await _graph.SetKeysAsync(_application.Id, [mine.Entry, .. kept.Select(key => key.Entry)], cancellationToken).ConfigureAwait(false);
        }

        return [.. removed.Select(Describe)];
    }
}
