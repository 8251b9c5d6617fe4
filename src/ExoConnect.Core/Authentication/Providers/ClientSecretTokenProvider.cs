using System.Runtime.CompilerServices;
using System.Security;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Msal;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Environments;

namespace ExoConnect.Core.Authentication.Providers;

/// <summary>An application that signs in with a client secret: OAuth 2.0 client credentials (protocol.md section 2).</summary>
internal sealed class ClientSecretTokenProvider : ITokenProvider, IDisposable
{
    private readonly ExoEnvironment _environment;
    private readonly SignInIdentity _identity;
    private readonly SecureString _secret;
    private readonly SignInOptions _options;
    private readonly RetryingTokenSource _tokens;

    /// <summary>Makes a provider. It sends no request yet.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="identity">The identity that signs in.</param>
    /// <param name="secret">The secret; copied.</param>
    /// <param name="options">The settings.</param>
    public ClientSecretTokenProvider(ExoEnvironment environment, SignInIdentity identity, SecureString secret, SignInOptions options)
    {
        _environment = environment;
        _identity = identity;
        _secret = secret.Copy();
        _options = options;
        _tokens = new RetryingTokenSource(_identity, _options, Connect);
    }

    public string? AppId => _identity.AppId;

    public string? Organization => _identity.Organization;

    public ValueTask<AccessToken> GetTokenAsync(string resource, TokenRequest request = default, CancellationToken cancellationToken = default) =>
        _tokens.GetAsync(resource, request, cancellationToken);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private MsalApplicationEndpoint Connect() => MsalApplicationEndpoint.ForSecret(_environment, _identity, _secret, _options);

    public void Dispose()
    {
        _tokens.Dispose();
        _secret.Dispose();
    }

    public override string ToString() => $"{AppId} at {Organization}, client secret";
}
