using System.Collections.Concurrent;
using Azure.Core;
using Azure.Identity;
using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Msal;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Errors;
using Microsoft.Identity.Client;

namespace ExoConnect.AzureIdentity;

/// <summary>
/// Azure.Identity's default credential, one <see cref="DefaultAzureCredential"/> for each way, so that the endpoint knows which way signed in, and
/// the messages of the others. As in one chain of that library, a way without anything to sign in with lets the next one try, a refused way ends
/// the chain, and the way that signed in first serves all later tokens.
/// </summary>
internal sealed class DefaultCredentialEndpoint : IDefaultCredentialEndpoint, IDisposable
{
    private readonly ConcurrentDictionary<string, DefaultAzureCredential> _credentials = new(StringComparer.Ordinal);
    private readonly DefaultCredentialRequest _request;
    private readonly CredentialTransport _transport;
    private readonly Lazy<MsalManagedIdentityEndpoint> _freshManagedIdentity;
    private MsalUserEndpoint? _browser;
    private string? _way;

    /// <summary>Makes the endpoint. It sends no request yet.</summary>
    /// <param name="request">The settings.</param>
    public DefaultCredentialEndpoint(DefaultCredentialRequest request)
    {
        _request = request;
        _transport = new CredentialTransport(request.Environment);
        _freshManagedIdentity = new Lazy<MsalManagedIdentityEndpoint>(
            () => new MsalManagedIdentityEndpoint(request.Environment, request.Identity, request.AccountId, request.Options));
    }

    public string? Way => Volatile.Read(ref _way);

    public async Task<TokenResponse> RequestAsync(string resource, TokenRequest request, CancellationToken cancellationToken)
    {
        var said = new List<(string Way, string Text)>();
        foreach (var way in Way is { } known ? [known] : _request.Ways)
        {
            var (response, text, isRefusal) = await TryWayAsync(way, resource, request, cancellationToken).ConfigureAwait(false);
            if (response is { Token: not null })
            {
                Volatile.Write(ref _way, way);
                return response;
            }

            said.Add((way, text));
            if (isRefusal)
            {
                return (response ?? new TokenResponse(null)) with
                {
                    Failure = SignInErrors.DefaultCredentialRefused(resource, said, response?.Failure),
                };
            }
        }

        return new TokenResponse(null, SignInErrors.DefaultCredentialUnavailable(resource, said));
    }

    public void Dispose()
    {
        _browser?.Dispose();
        _transport.Dispose();
    }

    private async Task<(TokenResponse? Response, string Text, bool IsRefusal)> TryWayAsync(
        string way, string resource, TokenRequest request, CancellationToken cancellationToken)
    {
        if (way == DefaultCredentialWays.InteractiveBrowser)
        {
            return await PromptUserAsync(resource, request, cancellationToken).ConfigureAwait(false);
        }

        if (request.RejectedToken is not null)
        {
            // A credential keeps its tokens, and would return the refused one again.
            _credentials.TryRemove(way, out _);
        }

        try
        {
            var credential = _credentials.GetOrAdd(way, Create);
            var context = new TokenRequestContext([$"{resource}/.default"], claims: request.Claims, isCaeEnabled: true);
            var token = await credential.GetTokenAsync(context, cancellationToken).ConfigureAwait(false);
            if (way == DefaultCredentialWays.ManagedIdentity && token.Token == request.RejectedToken)
            {
                // MSAL keeps tokens of managed identities for the process, whichever credential asks; the engine's own endpoint reads none of them.
                var fresh = await _freshManagedIdentity.Value.RequestAsync(resource, request, cancellationToken).ConfigureAwait(false);
                return (fresh, fresh.ToString(), fresh.Failure is not null);
            }

            var goodFor = token.ExpiresOn - DateTimeOffset.UtcNow;
            return goodFor > TimeSpan.Zero
                ? (new TokenResponse((token.Token, goodFor)), "", false)
                : (null, "The token that came has ended already.", true);
        }
        catch (CredentialUnavailableException e)
        {
            return (null, Words(e), false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or ExoException))
        {
            return (Failed(way, resource, e), Words(e), true);
        }
    }

    /// <summary>Signs in through the engine's own endpoint, so that the browser, the port and the page are those of every other sign-in.</summary>
    private async Task<(TokenResponse? Response, string Text, bool IsRefusal)> PromptUserAsync(
        string resource, TokenRequest request, CancellationToken cancellationToken)
    {
        if (request.Interaction is null && _browser is null)
        {
            return (null, "This session is non-interactive.", false);
        }

        if (_browser is null)
        {
            try
            {
                var method = new SignInMethod.Browser();
                var application = SignInIdentity.Require(SignInDefaults.AppId(_request.AppId), "AppId");
                var person = SignInIdentity.ForUser(_request.Environment.SignIn, _request.Organization, application, method);
                LazyInitializer.EnsureInitialized(
                    ref _browser, () => new MsalUserEndpoint(_request.Environment, person, method, null, _request.Options));
            }
            catch (ExoException e)
            {
                return (null, $"{e.Message} {e.Remedy}", false);
            }
        }

        var response = await _browser!.RequestAsync(resource, request, cancellationToken).ConfigureAwait(false);
        return (response, response.ToString(), response.Failure is not null);
    }

    /// <summary>The refusal of a sign-in host or of a managed identity's host; null for Azure.Identity's own message.</summary>
    private TokenResponse? Failed(string way, string resource, Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case MsalServiceException { ErrorCode: MsalError.ManagedIdentityRequestFailed } m:
                    return new TokenResponse(null, SignInErrors.ManagedIdentityRefused(_request.Identity, resource, m.StatusCode, m.Message, e));
                case MsalException or HttpRequestException:
                    return new MsalHost(_request.Environment, Identity(way), _request.Options).Failed(resource, cause);
                default:
                    break;
            }
        }

        return null;
    }

    /// <summary>The identity of a way, as far as its variables tell; for messages.</summary>
    private SignInIdentity Identity(string way) =>
        way is "Environment" or "WorkloadIdentity" && (_request.AppId is null || way == "Environment")
            && Guid.TryParse(Environment.GetEnvironmentVariable("AZURE_CLIENT_ID"), out var application)
                ? _request.Identity with { AppId = application.ToString() }
                : _request.Identity;

    /// <summary>The message of the one credential in a chain of one, with that of the sign-in host if it is missing.</summary>
    private static string Words(Exception e)
    {
        var own = e.InnerException switch
        {
            AggregateException { InnerExceptions: [var only, ..] } => only,
            AuthenticationFailedException inner => inner,
            _ => e,
        };
        return own.InnerException is MsalException cause && !own.Message.Contains(cause.Message, StringComparison.Ordinal)
            ? $"{own.Message.TrimEnd()} {cause.Message}"
            : own.Message;
    }

    private DefaultAzureCredential Create(string way)
    {
        var options = new DefaultAzureCredentialOptions
        {
            AuthorityHost = _request.Environment.SignIn,
            DisableInstanceDiscovery = true,
            Transport = _transport.For(way),
            CredentialProcessTimeout = _request.Options.RequestTimeout,
            ExcludeEnvironmentCredential = way != "Environment",
            ExcludeWorkloadIdentityCredential = way != "WorkloadIdentity",
            ExcludeManagedIdentityCredential = way != DefaultCredentialWays.ManagedIdentity,
            ExcludeVisualStudioCredential = way != "VisualStudio",
            ExcludeVisualStudioCodeCredential = way != "VisualStudioCode",
            ExcludeAzureCliCredential = way != "AzureCli",
            ExcludeAzurePowerShellCredential = way != "AzurePowerShell",
            ExcludeAzureDeveloperCliCredential = way != "AzureDeveloperCli",
            ExcludeInteractiveBrowserCredential = true,
            ExcludeBrokerCredential = true,
        };

        // The engine itself retries, where that helps.
        options.Retry.MaxRetries = 0;
        options.Retry.NetworkTimeout = _request.Options.RequestTimeout;
        options.Diagnostics.IsTelemetryEnabled = false;
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsDistributedTracingEnabled = false;
        options.AdditionallyAllowedTenants.Add("*");
        if (_request.Organization is { } organization)
        {
            options.TenantId = organization;
        }

        if (_request.AppId is { } application)
        {
            options.WorkloadIdentityClientId = application;
        }

        if (_request.AccountId is { } account)
        {
            options.ManagedIdentityClientId = account;
        }

        return new DefaultAzureCredential(options);
    }
}
