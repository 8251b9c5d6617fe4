using System.Management.Automation;
using System.Security;
using ExoConnect.Completion;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Pipeline;
using ExoConnect.Core.Onboarding.Graph;
using ExoConnect.Output;
using ExoConnect.Pipeline;

namespace ExoConnect.Cmdlets.Applications;

/// <summary>The common part of the cmdlets for applications: the tenant, and the sign-in to Microsoft Graph.</summary>
public abstract class ApplicationCmdlet : AsyncCmdlet
{
    /// <summary>The organization: its <c>.onmicrosoft.com</c> domain, or the tenant id.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Organization { get; set; } = "";

    /// <summary>An access token for Microsoft Graph.</summary>
    [Parameter]
    [SecretTransformation]
    public SecureString? AccessToken { get; set; }

    /// <summary>Sign in to Microsoft Graph with a code that is entered in a browser, on this device or another.</summary>
    [Parameter]
    public SwitchParameter Device { get; set; }

    /// <summary>The user who signs in to Microsoft Graph in a browser.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? UserPrincipalName { get; set; }

    /// <summary>The cloud: a name as EXO gives it, or the path of an environment file.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EnvironmentNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? ExchangeEnvironmentName { get; set; }

    private protected ClientInfo Client => new() { HostVersion = Host.Version.ToString() };

    /// <summary>True if a parameter says how to sign in to Graph.</summary>
    private protected bool HasGraphSignIn => AccessToken is not null || Device || UserPrincipalName is not null;

    private protected abstract void Run(ExoEnvironment environment);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            ObjectViews.Load();
            Run(ExoEnvironments.Resolve(ExchangeEnvironmentName, null, null, ExoService.ExchangeOnline, Paths.Folder(this), Bridge));
        }
        catch (ExoException e)
        {
            ThrowEngineError(e);
        }
    }

    /// <summary>Signs in to Graph: with the token, a device code, or by default a browser.</summary>
    private protected TokenProviderLease SignIn(ExoEnvironment environment, bool isReadOnly)
    {
        SignInMethod method = AccessToken is not null ? new SignInMethod.AccessToken(AccessToken)
            : Device ? new SignInMethod.DeviceCode(UserPrincipalName)
            : new SignInMethod.Browser(UserPrincipalName);
        var person = Interactivity.HasReader ? Bridge : null;
        return Bridge.Run(token => AdministratorSignIn.RentAsync(environment, Organization.Trim(), method, person, isReadOnly, token));
    }

    private protected static ExoService[]? Services(string[]? names) =>
        names?.Select(name => name.Equals("Exchange", StringComparison.OrdinalIgnoreCase) ? ExoService.ExchangeOnline
            : ExoService.SecurityCompliance).ToArray();
}
