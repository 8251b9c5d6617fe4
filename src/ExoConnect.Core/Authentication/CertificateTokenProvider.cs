using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using ExoConnect.Core.Authentication.Msal;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Environments;

namespace ExoConnect.Core.Authentication;

/// <summary>How a <see cref="CertificateTokenProvider"/> works.</summary>
public sealed record CertificateSignInOptions
{
    /// <summary>
    /// Whether to send the certificate with every request (<c>x5c</c>), for applications that trust any certificate with a certain subject and
    /// issuer. Off by default: an application that trusts the certificate itself needs only its thumbprint.
    /// </summary>
    public bool SendCertificate { get; init; }

    /// <summary>How long one request may take.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a sign-in may take with all its retries.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The clock that assertions and tokens are measured by.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>
/// An application that signs in with a certificate: OAuth 2.0 client credentials with a signed assertion (protocol.md section 2). Nothing of
/// MSAL is loaded before the first token is asked for. Usually made by <see cref="TokenProviders"/>, which shares it between sessions.
/// </summary>
public sealed class CertificateTokenProvider : ITokenProvider, IDisposable
{
    private const int Attempts = 3;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    private readonly ExoEnvironment _environment;
    private readonly SignInIdentity _identity;
    private readonly ClientCertificate _certificate;
    private readonly CertificateSignInOptions _options;
    private readonly ResourceTokens _tokens;
    private ITokenEndpoint? _endpoint;

    /// <summary>Makes a provider. No request is made yet.</summary>
    /// <param name="environment">Where to sign in.</param>
    /// <param name="organization">An <c>.onmicrosoft.com</c> domain or a tenant id.</param>
    /// <param name="appId">The application (client) id.</param>
    /// <param name="certificate">The certificate; disposed with the provider.</param>
    /// <param name="options">How it works; null for the defaults.</param>
    /// <exception cref="ExoException"><c>OrganizationInvalid</c> or <c>AppIdInvalid</c>.</exception>
    public CertificateTokenProvider(
        ExoEnvironment environment, string organization, string appId, ClientCertificate certificate, CertificateSignInOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(organization);
        ArgumentNullException.ThrowIfNull(appId);
        ArgumentNullException.ThrowIfNull(certificate);
        _environment = environment;
        _certificate = certificate;
        _options = options ?? new CertificateSignInOptions();
        _identity = SignInIdentity.Create(environment.SignIn, organization, appId, certificate.Thumbprint);
        _tokens = new ResourceTokens(RequestAsync, _options.Clock);
    }

    /// <inheritdoc/>
    public string AppId => _identity.AppId;

    /// <inheritdoc/>
    public string Organization => _identity.Organization;

    /// <summary>The certificate that signs in.</summary>
    public ClientCertificate Certificate => _certificate;

    /// <inheritdoc/>
    public ValueTask<AccessToken> GetTokenAsync(string resource, TokenRequest request = default, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(resource);
        return _tokens.GetAsync(resource, request, cancellationToken);
    }

    private async Task<AccessToken> RequestAsync(string resource, string? claims, CancellationToken cancellationToken)
    {
        var clock = _options.Clock;
        using var deadline = new CancellationTokenSource(_options.TotalTimeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        SignInFailure? failure = null;
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var answer = await Endpoint().RequestAsync(resource, claims, both.Token).ConfigureAwait(false);
                if (answer.Token is { } token)
                {
                    return new AccessToken(resource, token.Value, clock.GetUtcNow() + token.GoodFor, TokenReader.Read(token.Value));
                }

                failure = answer.Failure!;
                if (answer.Wait > LongestWait)
                {
                    throw SignInErrors.WithWait(failure, answer.Wait.Value);
                }

                if (!failure.IsTransient || attempt == Attempts)
                {
                    throw failure.Exception;
                }

                await Task.Delay(Delay(attempt, answer.Wait), clock, both.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            // Where an earlier try said what is wrong, that tells more than that time is up.
            throw failure?.Exception ?? SignInErrors.TimedOut(_identity, resource, _options.TotalTimeout, e).Exception;
        }
    }

    // MSAL refuses by itself to ask again before the time that a host named, so the wait is a little longer than that.
    [SuppressMessage("Security", "CA5394", Justification = "Spreads retries; nothing is kept secret by it.")]
    private static TimeSpan Delay(int attempt, TimeSpan? wait) =>
        wait is { } asked ? asked + TimeSpan.FromMilliseconds(250) : FirstDelay * Math.Pow(3, attempt - 1) * (0.75 + (Random.Shared.NextDouble() / 2));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ITokenEndpoint Endpoint() => LazyInitializer.EnsureInitialized(ref _endpoint, CreateEndpoint);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private MsalTokenEndpoint CreateEndpoint() =>
        new(_environment, _identity, _certificate, _options.SendCertificate, _options.RequestTimeout, _options.Clock);

    /// <summary>Stops requests under way, forgets the tokens and disposes the certificate.</summary>
    public void Dispose()
    {
        _tokens.Dispose();
        _certificate.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{AppId} at {Organization}, certificate {_certificate.Thumbprint}";
}
