using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Onboarding;

/// <summary>Signs an administrator in to Microsoft Graph, for setting up applications.</summary>
public static class AdministratorSignIn
{
    // Microsoft Graph Command Line Tools, Microsoft's own public client: a tenant with nothing in it has it all the same.
    private const string CommandLineTools = "14d82eec-204b-4c2f-b7e8-296a70dab67e";

    /// <summary>Signs in. A person is asked once, here; what follows needs nobody.</summary>
    /// <param name="environment">Where.</param>
    /// <param name="organization">The organization.</param>
    /// <param name="method">How: with a token handed in, a device code or a browser.</param>
    /// <param name="interaction">Who can be asked; null for nobody.</param>
    /// <param name="isReadOnly">True to ask for no more than looking.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The sign-in, to be disposed.</returns>
    /// <exception cref="ExoException">The token is none, of another service or has ended; nobody is there; sign-in was refused.</exception>
    public static async Task<TokenProviderLease> RentAsync(
        ExoEnvironment environment, string organization, SignInMethod method, ISignInInteraction? interaction, bool isReadOnly,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var isToken = method is SignInMethod.AccessToken;

        // Of its own: an administrator's sign-in serves nothing else in the process.
        var lease = new TokenProviderPool().Rent(
            environment,
            isToken ? null : organization,
            isToken ? null : CommandLineTools,
            method,
            new SignInOptions { Scopes = isReadOnly ? GraphDirectory.CheckScopes : GraphDirectory.SetUpScopes });
        try
        {
            await lease.Provider.GetTokenAsync(
                environment.GraphResource, new TokenRequest(null, null, interaction), cancellationToken).ConfigureAwait(false);
            return lease;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }
}
