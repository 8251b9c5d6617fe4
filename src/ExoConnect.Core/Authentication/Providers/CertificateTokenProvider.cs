using System.Runtime.CompilerServices;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Msal;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Authentication.Providers;

/// <summary>
/// An application that signs in with a certificate: OAuth 2.0 client credentials with a signed assertion (protocol.md section 2). MSAL loads with
/// the first token. Usually made by <see cref="TokenProviderPool"/>, which shares it between sessions.
/// </summary>
public sealed class CertificateTokenProvider : ITokenProvider, IDisposable
{
    private readonly ExoEnvironment _environment;
    private readonly SignInIdentity _identity;
    private readonly ClientCertificate _certificate;
    private readonly SignInOptions _options;
    private readonly RetryingTokenSource _tokens;

    /// <summary>Makes a provider. It sends no request yet.</summary>
    /// <param name="environment">Where to sign in.</param>
    /// <param name="organization">An <c>.onmicrosoft.com</c> domain or a tenant id.</param>
    /// <param name="appId">The application (client) id.</param>
    /// <param name="certificate">The certificate; disposed with the provider.</param>
    /// <param name="options">How it works; null for the defaults.</param>
    /// <exception cref="ExoException"><c>OrganizationInvalid</c> or <c>AppIdInvalid</c>.</exception>
    public CertificateTokenProvider(
        ExoEnvironment environment, string organization, string appId, ClientCertificate certificate, SignInOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(organization);
        ArgumentNullException.ThrowIfNull(appId);
        ArgumentNullException.ThrowIfNull(certificate);
        _environment = environment;
        _certificate = certificate;
        _options = options ?? new SignInOptions();
        _identity = SignInIdentity.Create(environment.SignIn, organization, appId, certificate.Thumbprint);
        _tokens = new RetryingTokenSource(_identity, _options, Connect);
    }

    /// <inheritdoc/>
    public string? AppId => _identity.AppId;

    /// <inheritdoc/>
    public string? Organization => _identity.Organization;

    /// <summary>The certificate that signs in.</summary>
    public ClientCertificate Certificate => _certificate;

    /// <inheritdoc/>
    public ValueTask<AccessToken> GetTokenAsync(string resource, TokenRequest request = default, CancellationToken cancellationToken = default) =>
        _tokens.GetAsync(resource, request, cancellationToken);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private MsalApplicationEndpoint Connect() =>
        MsalApplicationEndpoint.ForCertificate(_environment, _identity, _certificate, _options);

    /// <summary>Stops requests under way, forgets the tokens and disposes the certificate.</summary>
    public void Dispose()
    {
        _tokens.Dispose();
        _certificate.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{AppId} at {Organization}, certificate {_certificate.Thumbprint}";
}
