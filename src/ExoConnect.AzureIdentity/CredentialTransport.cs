using Azure.Core.Pipeline;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Msal;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Http.Transport;

namespace ExoConnect.AzureIdentity;

/// <summary>
/// The ways out for Azure.Identity: to the sign-in host of the environment, and for a managed identity to the addresses of the machine.
/// </summary>
internal sealed class CredentialTransport : IDisposable
{
    private readonly HttpClient _signIn;
    private readonly HttpClient _machine;

    /// <summary>Makes both. Nothing is sent yet.</summary>
    /// <param name="environment">Whose host it is, and whose authorities are trusted.</param>
    public CredentialTransport(ExoEnvironment environment)
    {
        // Each request is timed by the credential's own options.
        _signIn = new HttpClient(new MsalHost.SignInOnly(environment)) { Timeout = Timeout.InfiniteTimeSpan };
        _machine = EnvironmentTransport.CreateDirectClient(environment);
        _machine.Timeout = Timeout.InfiniteTimeSpan;
    }

    /// <summary>The way out for one way of signing in.</summary>
    /// <param name="way">Its name.</param>
    /// <returns>What Azure.Identity sends with.</returns>
    public HttpClientTransport For(string way) => new(way == DefaultCredentialWays.ManagedIdentity ? _machine : _signIn);

    public void Dispose()
    {
        _signIn.Dispose();
        _machine.Dispose();
    }
}
