using System.Runtime.CompilerServices;
using System.Security;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Msal;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Authentication.Providers;

/// <summary>
/// A user who signs in through an application: in a browser, with a device code, or with a password. The first token of the sign-in brings a
/// refresh token, which gets the tokens for every other service without a prompt.
/// </summary>
internal sealed class UserTokenProvider : ITokenProvider, IDisposable
{
    private readonly ExoEnvironment _environment;
    private readonly SignInIdentity _identity;
    private readonly SignInMethod _method;
    private readonly SignInOptions _options;
    private readonly SecureString? _password;
    private readonly RetryingTokenSource _tokens;

    /// <summary>Makes a provider. It sends no request yet.</summary>
    /// <param name="environment">Where to sign in.</param>
    /// <param name="identity">The application and the sign-in host.</param>
    /// <param name="organization">The organization that the user named; null for none.</param>
    /// <param name="method">The way to sign in.</param>
    /// <param name="options">The settings.</param>
    public UserTokenProvider(ExoEnvironment environment, SignInIdentity identity, string? organization, SignInMethod method, SignInOptions options)
    {
        _environment = environment;
        _identity = identity;
        _method = method;
        _options = options;
        _password = (method as SignInMethod.Password)?.Secret.Copy();
        _tokens = new RetryingTokenSource(_identity, _options, Connect);
        Organization = organization;
    }

    public string? AppId => _identity.AppId;

    public string? Organization { get; }

    /// <summary>The file of the stored sign-in, if it is not encrypted.</summary>
    public string? PlaintextPath => (_tokens.Connected as MsalUserEndpoint)?.PlaintextPath;

    /// <summary>The name of the signed-in user, as the sign-in host writes it; null before the first token.</summary>
    public string? UserName => (_tokens.Connected as MsalUserEndpoint)?.UserName;

    /// <summary>Removes the sign-in from its store, so that nobody can use it again, whether or not it has given a token.</summary>
    /// <exception cref="ExoException"><c>SignInNotForgotten</c>.</exception>
    public void Forget()
    {
        if (_options.Persistence == SignInPersistence.None)
        {
            return;
        }

        try
        {
            Task.Run(() => ((MsalUserEndpoint)_tokens.Open()).ForgetAsync()).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new ExoException($"The stored sign-in could not be removed: {e.Message}", e)
            {
                ErrorId = ErrorIds.SignInNotForgotten,
                Category = ExoErrorCategory.InvalidOperation,
                Remedy = "Unlock the platform's store of secrets and disconnect again, or delete the entries named ExoConnect there.",
            };
        }
    }

    public ValueTask<AccessToken> GetTokenAsync(string resource, TokenRequest request = default, CancellationToken cancellationToken = default) =>
        _tokens.GetAsync(resource, request, cancellationToken);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private MsalUserEndpoint Connect() => new(_environment, _identity, _method, _password, _options);

    public void Dispose()
    {
        _tokens.Dispose();
        _password?.Dispose();
    }

    public override string ToString() => $"{AppId} at {_identity.Organization}, {_method}";
}
