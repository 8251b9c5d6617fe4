using Azure.Core.Pipeline;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Msal;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Http.Transport;

namespace ExoConnect.AzureIdentity;

/// <summary>
/// The transports for Azure.Identity: to the sign-in host of the environment, and for a managed identity to the addresses of the machine.
/// </summary>
internal sealed class CredentialTransport : IDisposable
{
    private readonly HttpClient _signIn;
    private readonly HttpClient _machine;

    /// <summary>Makes both. They send nothing yet.</summary>
    /// <param name="environment">The environment of the host and the trusted authorities.</param>
    public CredentialTransport(ExoEnvironment environment)
    {
        // The credential's own options limit the time of each request.
        _signIn = new HttpClient(new MsalHost.SignInOnly(environment)) { Timeout = Timeout.InfiniteTimeSpan };
        _machine = EnvironmentTransport.CreateDirectClient(environment);
        _machine.Timeout = Timeout.InfiniteTimeSpan;
    }

    /// <summary>The transport for one way to sign in.</summary>
    /// <param name="way">Its name.</param>
    /// <returns>The transport.</returns>
    public HttpClientTransport For(string way) => new(way == DefaultCredentialWays.ManagedIdentity ? _machine : _signIn);

    public void Dispose()
    {
        _signIn.Dispose();
        _machine.Dispose();
    }
}
