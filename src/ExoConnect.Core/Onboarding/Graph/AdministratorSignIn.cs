using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Onboarding.Graph;

/// <summary>Signs an administrator in to Microsoft Graph, for setting up applications.</summary>
public static class AdministratorSignIn
{
    // Microsoft Graph Command Line Tools, Microsoft's own public client: even an empty tenant has it.
    private const string CommandLineTools = "14d82eec-204b-4c2f-b7e8-296a70dab67e";

    /// <summary>Signs in. This prompts a person once; the steps that follow prompt nobody.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="organization">The organization.</param>
    /// <param name="method">The way to sign in: with a given token, a device code or a browser.</param>
    /// <param name="interaction">The person who can be asked; null for none.</param>
    /// <param name="isReadOnly">True to request only rights to read.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The sign-in; the caller disposes it.</returns>
    /// <exception cref="ExoException">
    /// The token is invalid, of another service or has ended; the session is non-interactive; sign-in was refused.
    /// </exception>
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
