using System.Management.Automation;
using System.Security;
using System.Security.Cryptography.X509Certificates;
using ExoConnect.Completion;
using ExoConnect.Core.AdminApi.Responses;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Diagnostics;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Pipeline;
using ExoConnect.Core.Onboarding;
using ExoConnect.Core.Onboarding.Diagnosis;
using ExoConnect.Core.Sessions;
using ExoConnect.Output;
using ExoConnect.Pipeline;
using ExoConnect.SessionModules;
using ExoConnect.Sessions;

namespace ExoConnect.Cmdlets;

/// <summary>The common part of both Connect cmdlets: the ways to sign in, and the tenant.</summary>
public abstract class ConnectCmdlet : AsyncCmdlet
{
    private protected const string ThumbprintSet = "Thumbprint";
    private protected const string FileSet = "File";
    private protected const string ObjectSet = "Certificate";

    private protected const string SecretSet = "ClientSecret";
    private protected const string ManagedSet = "ManagedIdentity";
    private protected const string WorkloadSet = "WorkloadIdentity";
    private protected const string DefaultSet = "DefaultCredential";
    private protected const string TokenSet = "AccessToken";
    private protected const string BrowserSet = "Browser";
    private protected const string DeviceSet = "Device";
    private protected const string CredentialSet = "Credential";
    private protected const string InlineSet = "InlineCredential";

    /// <summary>The application (client) id of the app registration.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ThumbprintSet)]
    [Parameter(Mandatory = true, ParameterSetName = FileSet)]
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet)]
    [Parameter(Mandatory = true, ParameterSetName = SecretSet)]
    [Parameter(ParameterSetName = WorkloadSet)]
    [Parameter(ParameterSetName = DefaultSet)]
    [Parameter(ParameterSetName = TokenSet)]
    [Parameter(ParameterSetName = BrowserSet)]
    [Parameter(ParameterSetName = DeviceSet)]
    [Parameter(ParameterSetName = CredentialSet)]
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNullOrEmpty]
    public string AppId { get; set; } = "";

    /// <summary>The organization: its <c>.onmicrosoft.com</c> domain, or the tenant id.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ThumbprintSet)]
    [Parameter(Mandatory = true, ParameterSetName = FileSet)]
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet)]
    [Parameter(Mandatory = true, ParameterSetName = SecretSet)]
    [Parameter(ParameterSetName = WorkloadSet)]
    [Parameter(ParameterSetName = ManagedSet)]
    [Parameter(ParameterSetName = DefaultSet)]
    [Parameter(ParameterSetName = TokenSet)]
    [Parameter(ParameterSetName = BrowserSet)]
    [Parameter(ParameterSetName = DeviceSet)]
    [Parameter(ParameterSetName = CredentialSet)]
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNullOrEmpty]
    public string Organization { get; set; } = "";

    /// <summary>The thumbprint of a certificate in CurrentUser\My or LocalMachine\My; on every platform.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ThumbprintSet)]
    [ValidateNotNullOrEmpty]
    public string CertificateThumbprint { get; set; } = "";

    /// <summary>A PFX file, or a PEM file with the certificate and its key.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FileSet)]
    [ValidateNotNullOrEmpty]
    public string CertificateFilePath { get; set; } = "";

    /// <summary>The password of the file; leave it out if the file has none.</summary>
    [Parameter(ParameterSetName = FileSet)]
    public SecureString? CertificatePassword { get; set; }

    /// <summary>A PEM file with the private key, if the certificate's file doesn't hold it.</summary>
    [Parameter(ParameterSetName = FileSet)]
    [ValidateNotNullOrEmpty]
    public string? CertificateKeyPath { get; set; }

    /// <summary>A certificate with its private key. It stays yours: disconnecting does not dispose it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet)]
    [ValidateNotNull]
    public X509Certificate2? Certificate { get; set; }

    /// <summary>The value of a client secret of the app registration.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SecretSet)]
    [SecretTransformation]
    [ValidateNotNull]
    public SecureString? ClientSecret { get; set; }

    /// <summary>Sign in with the managed identity of the Azure resource that runs the script.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ManagedSet)]
    public SwitchParameter ManagedIdentity { get; set; }

    /// <summary>The client id of a user-assigned managed identity; without it, the system-assigned one signs in.</summary>
    [Parameter(ParameterSetName = ManagedSet)]
    [Parameter(ParameterSetName = DefaultSet)]
    [ValidateNotNullOrEmpty]
    public string? ManagedIdentityAccountId { get; set; }

    /// <summary>Sign in with the platform's token for this workload: GitHub Actions, Azure DevOps, Kubernetes.</summary>
    [Parameter(Mandatory = true, ParameterSetName = WorkloadSet)]
    public SwitchParameter WorkloadIdentity { get; set; }

    /// <summary>The file to which the platform writes the workload's token.</summary>
    [Parameter(ParameterSetName = WorkloadSet)]
    [ValidateNotNullOrEmpty]
    public string? FederatedTokenFile { get; set; }

    /// <summary>The service connection of an Azure DevOps pipeline.</summary>
    [Parameter(ParameterSetName = WorkloadSet)]
    [ValidateNotNullOrEmpty]
    public string? ServiceConnectionId { get; set; }

    /// <summary>
    /// Sign in with the first way that Azure.Identity's default credential finds: variables, the platform's identity, or a developer's tool.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = DefaultSet)]
    public SwitchParameter DefaultCredential { get; set; }

    /// <summary>Ways that the default credential leaves out.</summary>
    [Parameter(ParameterSetName = DefaultSet)]
    [ArgumentCompleter(typeof(DefaultCredentialCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] ExcludeCredential { get; set; } = [];

    /// <summary>An access token for the service, from elsewhere.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TokenSet)]
    [SecretTransformation]
    [ValidateNotNull]
    public SecureString? AccessToken { get; set; }

    /// <summary>Show a code to enter in a browser on any device.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DeviceSet)]
    public SwitchParameter Device { get; set; }

    /// <summary>The user who signs in.</summary>
    [Parameter(ParameterSetName = BrowserSet)]
    [Parameter(ParameterSetName = DeviceSet)]
    [Parameter(ParameterSetName = TokenSet)]
    [AllowNull]
    [AllowEmptyString]
    public string? UserPrincipalName { get; set => field = NullIfBlank(value); }

    /// <summary>Keep the sign-in beyond this process, until it is disconnected.</summary>
    [Parameter(ParameterSetName = BrowserSet)]
    [Parameter(ParameterSetName = DeviceSet)]
    public SwitchParameter PersistSignIn { get; set; }

    /// <summary>Keep it in a file that is not encrypted, if the platform has no store for secrets.</summary>
    [Parameter(ParameterSetName = BrowserSet)]
    [Parameter(ParameterSetName = DeviceSet)]
    public SwitchParameter AllowPlaintextCache { get; set; }

    /// <summary>A user's name and password, for tenants that allow it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CredentialSet)]
    [AllowNull]
    public PSCredential? Credential { get; set; }

    /// <summary>Prompt for a user's name and password.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InlineSet)]
    public SwitchParameter InlineCredential { get; set; }

    /// <summary>Never prompt and open nothing; <c>-NonInteractive:$false</c> says that a person is there although there is no terminal.</summary>
    [Parameter]
    public SwitchParameter NonInteractive { get; set; }

    /// <summary>The cloud: a name as EXO gives it, or the path of an environment file.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EnvironmentNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? ExchangeEnvironmentName { get; set; }

    /// <summary>An address of the service instead of the environment's; only its host counts.</summary>
    [Parameter(Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    public string? ConnectionUri { get; set => field = NullIfBlank(value); }

    /// <summary>An address of the sign-in host instead of the environment's.</summary>
    [Parameter(Position = 1)]
    [AllowNull]
    [AllowEmptyString]
    public string? AzureADAuthorizationEndpointUri { get; set => field = NullIfBlank(value); }

    /// <summary>The customer organization to administer.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DelegatedOrganization { get; set; }

    /// <summary>What to call the connection; by default the service's name and a number.</summary>
    [Parameter]
    [Alias("ConnectionName")]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Go on with the connection that is there, if it is of the same identity, service and commands.</summary>
    [Parameter]
    public SwitchParameter Ensure { get; set; }

    /// <summary>Return the connection, as Get-ConnectionInformation does.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>What stands before the nouns of the session's commands.</summary>
    [Parameter]
    [ValidateNotNull]
    public string Prefix { get; set; } = "";

    /// <summary>Names and wildcards of the commands to import.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] CommandName { get; set; } = [];

    /// <summary>Ask the service for its cmdlets, and keep no list of them on the disk.</summary>
    [Parameter]
    public SwitchParameter NoCache { get; set; }

    /// <summary>Ask the service for its cmdlets, even if a fresh list is on the disk.</summary>
    [Parameter]
    public SwitchParameter RefreshCache { get; set; }

    /// <summary>The language of the service's errors, warnings and WhatIf texts, such as <c>en-US</c>; by default that of PowerShell.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Culture { get; set; }

    /// <summary>Do not route requests to the mailbox they are about.</summary>
    [Parameter]
    public SwitchParameter BypassMailboxAnchoring { get; set; }

    /// <summary>Show the service's banner; by default only at an interactive prompt.</summary>
    [Parameter]
    public SwitchParameter ShowBanner { get; set; }

    /// <summary>Accepted for scripts written for EXO.</summary>
    [Parameter(DontShow = true)]
    public SwitchParameter UseRPSSession { get; set; }

    /// <summary>Write the session's operations to a log; by default if a folder for it is named.</summary>
    [Parameter]
    public SwitchParameter EnableErrorReporting { get; set; }

    /// <summary>The folder of the log; made if it is missing; by default one beside the user's caches.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogDirectoryPath { get; set; }

    /// <summary>The log's level of detail: with All also the values of parameters that aren't secrets, and the texts of errors.</summary>
    [Parameter]
    [ValidateSet("Default", "All")]
    public string LogLevel { get; set; } = "Default";

    /// <summary>Accepted for scripts written for EXO.</summary>
    [Parameter(DontShow = true)]
    public SwitchParameter DisableWAM { get; set; }

    /// <summary>Accepted for scripts written for EXO, which writes its temporary module there; here none is written.</summary>
    [Parameter(DontShow = true)]
    public string? EXOModuleBasePath { get; set; }

    /// <summary>Accepted for scripts written for EXO.</summary>
    [Parameter(DontShow = true)]
    public object? PSSessionOption { get; set; }

    /// <summary>Accepted for scripts written for EXO.</summary>
    [Parameter(DontShow = true)]
    public object? FormatTypeName { get; set; }

    private protected abstract bool IsCompliance { get; }

    private protected virtual int ObjectsPerPage => 1000;

    private protected virtual bool IsWatched => true;

    private protected virtual bool IsSearchOnly => false;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var (name, why) in Ignored())
        {
            if (MyInvocation.BoundParameters.TryGetValue(name, out var value) && LanguagePrimitives.IsTrue(value))
            {
                WriteWarning($"-{name} has no effect in ExoConnect: {why}");
            }
        }

        if (Prefix.Length > 0 && (!Prefix.All(char.IsAsciiLetterOrDigit) || Prefix.Equals("EXO", StringComparison.OrdinalIgnoreCase)))
        {
            ThrowToScript(EngineErrors.ToRecord(new ExoException($"'{Prefix}' can't be a prefix.")
            {
                ErrorId = ErrorIds.InvalidPrefix,
                Category = ExoErrorCategory.InvalidArgument,
                ParameterName = nameof(Prefix),
                Target = Prefix,
                Remedy = "Give letters and digits, but not EXO: the module's own cmdlets begin with it.",
            }));
            return;
        }

        ExoSession? session = null;
        var before = SessionRegistry.Shared.Sessions;
        try
        {
            var options = Options();
            options = options with { Expected = SessionConnector.ExpectCatalogAsync(options, Bridge.StopToken) };
            SessionFunctions? made = null;
            Bridge.ShowProgress(options.Progress);
            Bridge.Run(
                async token => session = await SessionConnector.ConnectAsync(options, Bridge, registry: null, token).ConfigureAwait(false),
                meanwhile: () =>
                {
                    ObjectViews.Load();
                    made = options.Ensure ? null : Expected(options);
                    ResponseCode.Prepare();
                });
            Bridge.EndProgress();
            SessionModule.Prefer(session!, made);
            DefaultSession.Choose(session!);
            CompatibilityImport.Run();
            StartupMemory.Release();
            LastExecutionStatus.Set(this, succeeded: true);
            if (!before.Contains(session))
            {
                if (TakenNames.Warning(session!) is { } taken)
                {
                    WriteWarning(taken);
                }

                OnConnected(session!);
            }

            if (PassThru)
            {
                WriteObject(ConnectionInformation.Of(session!));
            }
        }
        catch (ExoException e)
        {
            Bridge.EndProgress();
            ThrowToScript(EngineErrors.ToRecord(e, target: null, DiagnosisCommand(e)));
        }
        catch when (session is not null && !before.Contains(session))
        {
            // Ctrl+C, or a warning that ends the cmdlet, at the last moment: nobody has got the session.
            SessionRegistry.Shared.Disconnect(session);
            throw;
        }
    }

    private void OnConnected(ExoSession session)
    {
        if (!(MyInvocation.BoundParameters.ContainsKey(nameof(ShowBanner)) ? ShowBanner.ToBool() : Interactivity.HasReader))
        {
            return;
        }

        if (Bridge.Run(token => session.GetBannerAsync(Bridge, token)) is { } banner)
        {
            Bridge.Information(banner);
        }
    }

    private ExoService Service() => IsCompliance ? ExoService.SecurityCompliance : ExoService.ExchangeOnline;

    /// <summary>Parameters of EXO that are accepted, and why each has no effect.</summary>
    private protected virtual IEnumerable<(string Name, string Why)> Ignored() =>
    [
        (nameof(PSSessionOption), "ExoConnect uses REST, not remote PowerShell; the proxy comes from HTTPS_PROXY or the system."),
        (nameof(FormatTypeName), "views come with the module."),
        (nameof(UseRPSSession), "remote PowerShell sessions ended in 2023; every cmdlet goes over REST."),
    ];

    /// <summary>Scripts pass on parameters that may be blank; Microsoft's client ignores a blank one.</summary>
    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private SessionFunctions? Expected(ConnectOptions options) =>
        Bridge.Await(new ValueTask<ExpectedCatalog?>(options.Expected!)) is { } expected
            ? SessionFunctions.Of(expected.Cached.Catalog, options.Prefix)
            : null;

    private ConnectOptions Options() => new()
    {
        Service = Service(),
        Environment = ExoEnvironments.Resolve(
            ExchangeEnvironmentName, ConnectionUri, AzureADAuthorizationEndpointUri, Service(), Paths.Folder(this), Bridge),
        Organization = Tenant(),
        AppId = Application(),
        SignIn = Method(),
        Interaction = MayAsk ? Bridge : null,
        Persistence = !PersistSignIn ? SignInPersistence.None : AllowPlaintextCache ? SignInPersistence.PlaintextAllowed
            : SignInPersistence.Protected,
        BaseDirectory = Paths.Folder(this),
        DelegatedOrganization = DelegatedOrganization?.Trim(),
        IsSearchOnly = IsSearchOnly,
        Name = Name?.Trim(),
        Ensure = Ensure,
        Prefix = Prefix,
        CommandNames = CommandName,
        Catalog = NoCache ? CatalogUse.Uncached : RefreshCache ? CatalogUse.Refresh : CatalogUse.Cached,
        PageSize = ObjectsPerPage,
        BypassMailboxAnchoring = BypassMailboxAnchoring,
        Log = Log(),
        ShowProgress = IsWatched,
        Progress = IsWatched ? new ProgressMeter($"{MyInvocation.MyCommand.Name} {Tenant()}".TrimEnd()) : null,
        Client = new ClientInfo { HostVersion = Host.Version.ToString(), Language = ClientInfo.LanguageOf(Culture) },
    };

    private LogOptions? Log()
    {
        if (!(MyInvocation.BoundParameters.ContainsKey(nameof(EnableErrorReporting)) ? EnableErrorReporting.ToBool() : LogDirectoryPath is not null))
        {
            return null;
        }

        if ((LogDirectoryPath is { } given ? Paths.Full(this, given) : LogOptions.DefaultFolder) is not { } folder)
        {
            WriteWarning("No log is written, since this account has no home folder. Name a folder with -LogDirectoryPath.");
            return null;
        }

        return new LogOptions { Folder = folder, Level = Enum.Parse<Core.Diagnostics.LogLevel>(LogLevel, ignoreCase: true) };
    }

    /// <summary>Whether a person may be asked: by the parameter, else by the presence of a terminal.</summary>
    private bool MayAsk => MyInvocation.BoundParameters.ContainsKey(nameof(NonInteractive)) ? !NonInteractive : Interactivity.HasReader;

    private string? Application() => ParameterSetName switch
    {
        ManagedSet or TokenSet => null,
        WorkloadSet => SignInDefaults.WorkloadAppId(AppId),
        DefaultSet => AppId.Length == 0 ? null : AppId.Trim(),
        BrowserSet or DeviceSet or CredentialSet or InlineSet => SignInDefaults.AppId(AppId),
        _ => AppId.Trim(),
    };

    private string? Tenant() => ParameterSetName switch
    {
        ManagedSet or TokenSet or DefaultSet => Organization.Length == 0 ? null : Organization.Trim(),
        WorkloadSet => SignInDefaults.WorkloadOrganization(Organization),
        BrowserSet or DeviceSet or InlineSet => SignInDefaults.Organization(Organization, userPrincipalName: UserPrincipalName),
        CredentialSet => Organization.Length == 0 ? null : Organization.Trim(),
        _ => Organization.Trim(),
    };

    private SignInMethod Method() => ParameterSetName switch
    {
        SecretSet => new SignInMethod.ClientSecret(ClientSecret!),
        ManagedSet => new SignInMethod.ManagedIdentity(ManagedIdentityAccountId?.Trim()),
        WorkloadSet => new SignInMethod.WorkloadIdentity(
            FederatedTokenFile is { } file ? new FederatedTokenSource.File(Paths.Full(this, file))
                : FederatedTokenSource.Detect(ServiceConnectionId)),
        DefaultSet => new SignInMethod.DefaultCredential(ExcludeCredential, ManagedIdentityAccountId?.Trim()),
        TokenSet => new SignInMethod.AccessToken(AccessToken!),
        DeviceSet => new SignInMethod.DeviceCode(UserPrincipalName?.Trim()),
        BrowserSet => new SignInMethod.Browser(UserPrincipalName?.Trim()),
        CredentialSet when Credential is { } credential => new SignInMethod.Password(credential.UserName, credential.Password),
        CredentialSet => new SignInMethod.Browser(null),
        InlineSet => PromptForPassword(),
        _ => new SignInMethod.Certificate(Source()),
    };

    private SignInMethod.Password PromptForPassword()
    {
        var given = !MayAsk ? null : Host.UI.PromptForCredential("Exchange Online", "Name and password of the user who signs in.", "", "");
        return given is not null ? new SignInMethod.Password(given.UserName, given.Password) : throw new ExoException(
            MayAsk ? "No name and password were given." : "-InlineCredential prompts for a name and a password, and this session is non-interactive.")
        {
            ErrorId = ErrorIds.InteractionRequired,
            Category = ExoErrorCategory.AuthenticationError,
            ParameterName = nameof(InlineCredential),
            Remedy = "Give them with -Credential, or sign in as an application.",
        };
    }

    private CertificateSource Source() =>
        GivenCertificate.Find(this, CertificateThumbprint, CertificateFilePath, CertificatePassword, CertificateKeyPath, Certificate)!;

    /// <summary>The command that finds the missing step of the set-up, if one may be missing.</summary>
    private string? DiagnosisCommand(ExoException failure) =>
        ParameterSetName is not (ThumbprintSet or FileSet or ObjectSet or SecretSet) || !ApplicationDiagnosis.CanExplain(failure)
            ? null
            : "To see the missing step of its set-up: " + new ApplicationArguments
            {
                AppId = AppId.Trim(),
                Organization = Organization.Trim(),
                Certificate = ParameterSetName == SecretSet ? null : Source(),
                EnvironmentName = ExchangeEnvironmentName,
            }.Test();
}
