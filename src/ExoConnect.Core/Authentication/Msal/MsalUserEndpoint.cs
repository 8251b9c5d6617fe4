using System.Security;
using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Environments;
using Microsoft.Identity.Client;

namespace ExoConnect.Core.Authentication.Msal;

/// <summary>
/// A public client of MSAL's. It keeps one user's refresh token, uses it for every service, and prompts only if the request carries an interaction.
/// </summary>
internal sealed class MsalUserEndpoint : ITokenEndpoint, IDisposable
{
    private const string Done = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Signed in</title></head>"
        + "<body><h1>Signed in</h1><p>You can close this page and go back.</p></body></html>";

    // MSAL fills in {0} and {1}, and encodes them.
    private const string Failed = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Not signed in</title></head>"
        + "<body><h1>Not signed in</h1><p>Go back to see what to do. The sign-in host said: {0}</p></body></html>";

    private readonly SemaphoreSlim _gate = new(1);
    private readonly MsalHost _host;
    private readonly ExoEnvironment _environment;
    private readonly SignInPersistence _persistence;
    private readonly SignInOptions _options;
    private readonly SignInIdentity _identity;
    private readonly SignInMethod _method;
    private readonly SecureString? _password;
    private readonly IReadOnlyList<string> _scopes;
    private readonly IPublicClientApplication _client;
    private IAccount? _account;
    private PersistedSignInStore? _store;

    public MsalUserEndpoint(ExoEnvironment environment, SignInIdentity identity, SignInMethod method, SecureString? password, SignInOptions options)
    {
        _environment = environment;
        _options = options;
        _identity = identity;
        _persistence = method.AsksSomebody ? options.Persistence : SignInPersistence.None;
        _method = method;
        _password = password;
        _scopes = options.Scopes;
        _host = new MsalHost(environment, identity, options);
        _client = PublicClientApplicationBuilder.Create(identity.AppId)
            .WithAuthority(_host.Authority, validateAuthority: false)
            .WithInstanceDiscovery(false)
            .WithLegacyCacheCompatibility(false)
            .WithClientCapabilities(["cp1"])
            .WithRedirectUri("http://localhost")
            .WithHttpClientFactory(_host.Factory, retryOnceOn5xx: false)
            .Build();
    }

    /// <summary>The file of the stored sign-in, if it is not encrypted.</summary>
    public string? PlaintextPath => _store?.PlaintextPath;

    /// <summary>The name of the signed-in user, as the sign-in host writes it; null for none.</summary>
    public string? UserName => Volatile.Read(ref _account)?.Username;

    /// <summary>Removes the sign-in from its store.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Ends when it is removed.</returns>
    public async Task ForgetAsync(CancellationToken cancellationToken = default)
    {
        if (_persistence != SignInPersistence.None)
        {
            await PrepareAsync(cancellationToken).ConfigureAwait(false);
            await _store!.ForgetAsync(_client, Volatile.Read(ref _account)).ConfigureAwait(false);
        }
    }

    public void Dispose() => _gate.Dispose();

    public async Task<TokenResponse> RequestAsync(string resource, TokenRequest request, CancellationToken cancellationToken)
    {
        string[] scopes = _scopes.Count == 0 ? [$"{resource}/.default"] : [.. _scopes.Select(scope => $"{resource}/{scope}")];
        SignInFailure? refusal = null;
        if (_persistence != SignInPersistence.None)
        {
            await PrepareAsync(cancellationToken).ConfigureAwait(false);
        }

        if (Volatile.Read(ref _account) is { } account)
        {
            var response = await _host.AcquireAsync(resource, () => Silently(scopes, account, request).ExecuteAsync(cancellationToken))
                .ConfigureAwait(false);
            if (!response.NeedsPerson)
            {
                return response;
            }

            refusal = response.Failure;
        }

        if (_method is not SignInMethod.Password && request.Interaction is null)
        {
            var other = _persistence == SignInPersistence.None ? null : PersistedSignIns.OtherApplication(_environment, _identity, _options);
            return new TokenResponse(null, refusal ?? SignInErrors.NobodyThere(_identity, resource, _method, other));
        }

        var asked = await _host.AcquireAsync(resource, async () =>
        {
            var result = await PromptAsync(scopes, request, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _account, result.Account);
            return result;
        }).ConfigureAwait(false);

        // A user who has just signed in is not asked again because of a transient failure.
        return _method.AsksSomebody && asked.Failure is { } failure ? asked with { Failure = failure with { IsTransient = false } } : asked;
    }

    /// <summary>Opens the store, and checks whether the user is in it.</summary>
    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_store is not null)
            {
                return;
            }

            var store = await PersistedSignIns.AttachAsync(_client, _environment, _identity, _options).ConfigureAwait(false);
            var accounts = (await _client.GetAccountsAsync().ConfigureAwait(false)).Where(Fits).ToList();

            // Of two accounts we must not choose.
            Volatile.Write(ref _account, accounts is [var only] ? only : null);
            _store = store;
        }
        finally
        {
            _gate.Release();
        }
    }

    private bool Fits(IAccount account) =>
        _method.User is { } user
            ? user.Equals(account.Username, StringComparison.OrdinalIgnoreCase)
            : _identity.Organization == SignInIdentity.AnyOrganization
                || _identity.Organization.Equals(account.HomeAccountId.TenantId, StringComparison.OrdinalIgnoreCase)
                || account.Username.EndsWith("@" + _identity.Organization, StringComparison.OrdinalIgnoreCase);

    private AcquireTokenSilentParameterBuilder Silently(string[] scopes, IAccount account, TokenRequest request)
    {
        var builder = _client.AcquireTokenSilent(scopes, account).WithForceRefresh(request.RejectedToken is not null);
        return request.Claims is { } claims ? builder.WithClaims(claims) : builder;
    }

    private Task<AuthenticationResult> PromptAsync(string[] scopes, TokenRequest request, CancellationToken cancellationToken)
    {
        switch (_method)
        {
            case SignInMethod.Password(var user, _):
#pragma warning disable CS0618 // MSAL warns of passwords, and so do we; some tenants still have accounts that know nothing else.
                var password = _client.AcquireTokenByUsernamePassword(scopes, user, SecretText.Read(_password!));
#pragma warning restore CS0618
                return (request.Claims is { } asked ? password.WithClaims(asked) : password).ExecuteAsync(cancellationToken);

            case SignInMethod.DeviceCode:
                var device = _client.AcquireTokenWithDeviceCode(scopes, code =>
                {
                    request.Interaction!.ShowDeviceCode(
                        new DeviceCodePrompt(code.UserCode, new Uri(code.VerificationUrl), code.Message, code.ExpiresOn));
                    return Task.CompletedTask;
                });
                return (request.Claims is { } wanted ? device.WithClaims(wanted) : device).ExecuteAsync(cancellationToken);

            default:
                var browser = _client.AcquireTokenInteractive(scopes)
                    .WithUseEmbeddedWebView(false)
                    .WithSystemWebViewOptions(new SystemWebViewOptions
                    {
                        OpenBrowserAsync = address => request.Interaction!.OpenBrowserAsync(address, cancellationToken),
                        HtmlMessageSuccess = Done,
                        HtmlMessageError = Failed,
                    });
                browser = _method is SignInMethod.Browser { UserPrincipalName: { } name }
                    ? browser.WithLoginHint(name)
                    : browser.WithPrompt(Prompt.SelectAccount);
                return (request.Claims is { } needed ? browser.WithClaims(needed) : browser).ExecuteAsync(cancellationToken);
        }
    }
}
