using System.Runtime.CompilerServices;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Msal;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Environments;

namespace ExoConnect.Core.Authentication.Providers;

/// <summary>
/// The identity that Azure gives to this machine, function or runbook; its token comes from an address of the host's own.
/// </summary>
internal sealed class ManagedIdentityTokenProvider : ITokenProvider, IDisposable
{
    private readonly ExoEnvironment _environment;
    private readonly SignInIdentity _identity;
    private readonly string? _accountId;
    private readonly SignInOptions _options;
    private readonly RetryingTokenSource _tokens;

    /// <summary>Makes a provider. It sends no request yet.</summary>
    public ManagedIdentityTokenProvider(
        ExoEnvironment environment, SignInIdentity identity, string? organization, string? accountId, SignInOptions options)
    {
        _environment = environment;
        _identity = identity;
        _accountId = accountId;
        _options = options;
        _tokens = new RetryingTokenSource(identity, options, Connect);
        Organization = organization;
    }

    public string? AppId => _accountId;

    public string? Organization { get; }

    public ValueTask<AccessToken> GetTokenAsync(string resource, TokenRequest request = default, CancellationToken cancellationToken = default) =>
        _tokens.GetAsync(resource, request, cancellationToken);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private MsalManagedIdentityEndpoint Connect() => new(_environment, _identity, _accountId, _options);

    public void Dispose() => _tokens.Dispose();

    public override string ToString() => _identity.Credential;
}
