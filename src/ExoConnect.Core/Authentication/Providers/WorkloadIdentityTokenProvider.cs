using System.Runtime.CompilerServices;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Msal;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Environments;

namespace ExoConnect.Core.Authentication.Providers;

/// <summary>An application that its platform vouches for: client credentials with the platform's token as the assertion (RFC 7523).</summary>
internal sealed class WorkloadIdentityTokenProvider : ITokenProvider, IDisposable
{
    private readonly ExoEnvironment _environment;
    private readonly SignInIdentity _identity;
    private readonly FederatedTokenSource _source;
    private readonly SignInOptions _options;
    private readonly RetryingTokenSource _tokens;

    /// <summary>Makes a provider. It sends no request yet.</summary>
    public WorkloadIdentityTokenProvider(ExoEnvironment environment, SignInIdentity identity, FederatedTokenSource source, SignInOptions options)
    {
        _environment = environment;
        _identity = identity;
        _source = source;
        _options = options;
        _tokens = new RetryingTokenSource(identity, options, Connect);
    }

    public string? AppId => _identity.AppId;

    public string? Organization => _identity.Organization;

    public ValueTask<AccessToken> GetTokenAsync(string resource, TokenRequest request = default, CancellationToken cancellationToken = default) =>
        _tokens.GetAsync(resource, request, cancellationToken);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private MsalApplicationEndpoint Connect() => MsalApplicationEndpoint.ForAssertion(
        _environment, _identity, cancellationToken => _source.GetAsync(_environment, cancellationToken), _options);

    public void Dispose() => _tokens.Dispose();

    public override string ToString() => $"{AppId} at {Organization}, workload identity ({_source})";
}
