using System.Runtime.CompilerServices;
using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Msal;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Authentication.Providers;

/// <summary>The settings of a default credential.</summary>
/// <param name="Environment">Where to sign in.</param>
/// <param name="Identity">The identity, as far as it is known, for messages.</param>
/// <param name="Organization">The organization; null for the found one.</param>
/// <param name="AppId">The application of a workload or of a person; null for the found one.</param>
/// <param name="AccountId">The client id of a user-assigned managed identity; null for the found one.</param>
/// <param name="Ways">The ways to try, in order.</param>
/// <param name="Options">The time limits.</param>
internal sealed record DefaultCredentialRequest(
    ExoEnvironment Environment, SignInIdentity Identity, string? Organization, string? AppId, string? AccountId, IReadOnlyList<string> Ways,
    SignInOptions Options);

/// <summary>The default credential, without naming its library.</summary>
internal interface IDefaultCredentialEndpoint : ITokenEndpoint
{
    /// <summary>The way that signed in; null before the first token.</summary>
    string? Way { get; }
}

/// <summary>
/// The identity that Azure.Identity's default credential finds. That library and all it needs loads with the first token of this way, and never for
/// another way.
/// </summary>
internal sealed class DefaultCredentialTokenProvider : ITokenProvider, IDisposable
{
    private const string EndpointAssembly = "ExoConnect.AzureIdentity";
    private const string EndpointType = $"{EndpointAssembly}.DefaultCredentialEndpoint, {EndpointAssembly}";

    /// <summary>Four of the ways start a program, which may take half a minute.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly DefaultCredentialRequest _request;
    private readonly RetryingTokenSource _tokens;

    /// <summary>Makes a provider. It sends no request yet.</summary>
    /// <param name="request">The settings.</param>
    public DefaultCredentialTokenProvider(DefaultCredentialRequest request)
    {
        _request = request;
        _tokens = new RetryingTokenSource(request.Identity, request.Options with { TotalTimeout = Patience }, Connect);
    }

    public string? AppId => null;

    public string? Organization => _request.Organization;

    /// <summary>The way that signed in, by the names of <see cref="DefaultCredentialWays"/>; null before the first token.</summary>
    public string? Way => (_tokens.Connected as IDefaultCredentialEndpoint)?.Way;

    public async ValueTask<AccessToken> GetTokenAsync(string resource, TokenRequest request = default, CancellationToken cancellationToken = default)
    {
        var token = await _tokens.GetAsync(resource, request, cancellationToken).ConfigureAwait(false);
        return Guid.TryParse(Organization, out var wanted) && Guid.TryParse(token.Claims.TenantId, out var tenant) && wanted != tenant
            ? throw SignInErrors.DefaultCredentialOfAnotherTenant(Way ?? "", tenant, wanted, resource)
            : token;
    }

    public void Dispose() => _tokens.Dispose();

    public override string ToString() => Way is { } way ? $"default credential ({way})" : "default credential";

    /// <summary>Finds the assembly beside the engine: in its load context, or beside a program.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private IDefaultCredentialEndpoint Connect()
    {
        Type endpoint;
        try
        {
            endpoint = Type.GetType(EndpointType, throwOnError: true)!;
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            throw new ExoException($"The assemblies of the default credential could not be loaded: {e.Message.Split('\n')[0].TrimEnd('.', '\r')}.", e)
            {
                ErrorId = ErrorIds.DefaultCredentialMissing,
                Category = ExoErrorCategory.ResourceUnavailable,
                ParameterName = "DefaultCredential",
                Remedy = "Install the module again: its folder dependencies/azure-identity is missing or incomplete. "
                    + "The other ways of signing in do without it.",
            };
        }

        return (IDefaultCredentialEndpoint)Activator.CreateInstance(endpoint, _request)!;
    }
}
