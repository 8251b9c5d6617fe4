using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Http.Transport;
using Microsoft.Identity.Client;
using Microsoft.Identity.Client.AppConfig;

namespace ExoConnect.Core.Authentication.Msal;

/// <summary>
/// MSAL's client of managed identities. It detects the hosts (virtual machines, App Service, Functions, Automation, Arc, Cloud Shell, Service
/// Fabric, Machine Learning) by the variables they set. Its cache belongs to the whole process, and this class doesn't read it.
/// </summary>
internal sealed class MsalManagedIdentityEndpoint : ITokenEndpoint
{
    private readonly MsalHost _host;
    private readonly SignInIdentity _identity;
    private readonly IManagedIdentityApplication _client;

    public MsalManagedIdentityEndpoint(ExoEnvironment environment, SignInIdentity identity, string? accountId, SignInOptions options)
    {
        _identity = identity;
        _host = new MsalHost(environment, identity, options);
        var http = EnvironmentTransport.CreateDirectClient(environment);
        http.Timeout = options.RequestTimeout;
        _client = ManagedIdentityApplicationBuilder
            .Create(accountId is null ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.WithUserAssignedClientId(accountId))
            .WithHttpClientFactory(new ClientFactory(http))
            .Build();
    }

    public async Task<TokenResponse> RequestAsync(string resource, TokenRequest request, CancellationToken cancellationToken)
    {
        try
        {
            // Our own cache ends with the session.
            var builder = _client.AcquireTokenForManagedIdentity(resource).WithForceRefresh(true);
            if (request.Claims is { } claims)
            {
                builder = builder.WithClaims(claims);
            }

            var result = await builder.ExecuteAsync(cancellationToken).ConfigureAwait(false);
            return await _host.AcquireAsync(resource, () => Task.FromResult(result)).ConfigureAwait(false);
        }
        catch (MsalServiceException e) when (e.ErrorCode == MsalError.ManagedIdentityRequestFailed)
        {
            return new TokenResponse(null, SignInErrors.ManagedIdentityRefused(_identity, resource, e.StatusCode, e.Message, e));
        }
        catch (MsalException e)
        {
            return new TokenResponse(null, SignInErrors.ManagedIdentityUnavailable(resource, e));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new TokenResponse(null, SignInErrors.ManagedIdentityUnavailable(resource, e));
        }
    }

    private sealed class ClientFactory(HttpClient client) : IMsalHttpClientFactory
    {
        public HttpClient GetHttpClient() => client;
    }
}
