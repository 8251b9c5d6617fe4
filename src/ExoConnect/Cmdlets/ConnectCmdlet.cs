using System.Management.Automation;
using System.Security;
using System.Security.Cryptography.X509Certificates;
using ExoConnect.Commands;
using ExoConnect.Completion;
using ExoConnect.Core;
using ExoConnect.Core.AdminApi;
using ExoConnect.Core.Authentication;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Sessions;
using ExoConnect.Output;

namespace ExoConnect.Cmdlets;

/// <summary>What both Connect cmdlets have in common: the ways a certificate is given, and where the tenant is.</summary>
public abstract class ConnectCmdlet : AsyncCmdlet
{
    private protected const string ThumbprintSet = "Thumbprint";
    private protected const string FileSet = "File";
    private protected const string ObjectSet = "Certificate";

    /// <summary>The application (client) id of the app registration.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string AppId { get; set; } = "";

    /// <summary>The organization: its <c>.onmicrosoft.com</c> domain, or the tenant id.</summary>
    [Parameter(Mandatory = true)]
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

    /// <summary>The password of the file; leave it out where there is none.</summary>
    [Parameter(ParameterSetName = FileSet)]
    public SecureString? CertificatePassword { get; set; }

    /// <summary>A PEM file with the private key, where it is not in the file of the certificate.</summary>
    [Parameter(ParameterSetName = FileSet)]
    [ValidateNotNullOrEmpty]
    public string? CertificateKeyPath { get; set; }

    /// <summary>A certificate with its private key. It stays yours: disconnecting does not dispose it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet)]
    [ValidateNotNull]
    public X509Certificate2? Certificate { get; set; }

    /// <summary>The cloud: a name as EXO gives it, or the path of an environment file.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EnvironmentNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? ExchangeEnvironmentName { get; set; }

    /// <summary>An address of the service in place of the environment's; only its host counts.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? ConnectionUri { get; set; }

    /// <summary>An address of the sign-in host in place of the environment's.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? AzureADAuthorizationEndpointUri { get; set; }

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

    /// <summary>Ask the service for its cmdlets, though a fresh list is on the disk.</summary>
    [Parameter]
    public SwitchParameter RefreshCache { get; set; }

    /// <summary>Do not send requests straight to the mailbox they are about.</summary>
    [Parameter]
    public SwitchParameter BypassMailboxAnchoring { get; set; }

    /// <summary>Accepted for scripts written for EXO.</summary>
    [Parameter(DontShow = true)]
    public object? PSSessionOption { get; set; }

    /// <summary>Accepted for scripts written for EXO.</summary>
    [Parameter(DontShow = true)]
    public object? FormatTypeName { get; set; }

    private protected abstract ExoService Service { get; }

    private protected virtual int ObjectsPerPage => 1000;

    private protected virtual bool IsWatched => true;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var (name, why) in Ignored())
        {
            if (MyInvocation.BoundParameters.ContainsKey(name))
            {
                WriteWarning($"-{name} has no effect in ExoConnect: {why}");
            }
        }

        if (Prefix.Length > 0 && (!Prefix.All(char.IsAsciiLetterOrDigit) || Prefix.Equals("EXO", StringComparison.OrdinalIgnoreCase)))
        {
            ThrowEngineError(new ExoException($"'{Prefix}' can't be a prefix.")
            {
                ErrorId = "InvalidPrefix",
                Category = ExoErrorCategory.InvalidArgument,
                ParameterName = nameof(Prefix),
                Target = Prefix,
                Remedy = "Give letters and digits, and not EXO: the names of the module's own cmdlets begin so.",
            });
        }

        ExoSession? session = null;
        var before = SessionRegistry.Shared.Sessions;
        try
        {
            var options = Options();
            Bridge.ShowProgress(options.Progress);
            Bridge.Run(
                async token => session = await SessionConnector.ConnectAsync(options, Bridge, registry: null, token).ConfigureAwait(false),
                meanwhile: ObjectViews.Load);
            Bridge.EndProgress();
            SessionModule.Prefer(session!);
            DefaultSession.Choose(session!);
            StartupMemory.Release();
            if (!before.Contains(session))
            {
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
            ThrowEngineError(e);
        }
        catch when (session is not null && !before.Contains(session))
        {
            // Ctrl+C, or a warning that was to end it, in the last moment: nobody has got the session.
            SessionRegistry.Shared.Disconnect(session);
            throw;
        }
    }

    private protected virtual void OnConnected(ExoSession session)
    {
    }

    /// <summary>Parameters of EXO that are accepted, and why each does nothing.</summary>
    private protected virtual IEnumerable<(string Name, string Why)> Ignored() =>
    [
        (nameof(PSSessionOption), "it speaks REST, not remote PowerShell; a proxy is taken from HTTPS_PROXY or the system."),
        (nameof(FormatTypeName), "views come with the module."),
    ];

    private ConnectOptions Options() => new()
    {
        Service = Service,
        Environment = ExoEnvironments.Resolve(
            ExchangeEnvironmentName, ConnectionUri, AzureADAuthorizationEndpointUri, Service, Folder(), Bridge),
        Organization = Organization.Trim(),
        AppId = AppId.Trim(),
        SignIn = new SignInMethod.Certificate(Source()),
        BaseDirectory = Folder(),
        DelegatedOrganization = DelegatedOrganization,
        Name = Name?.Trim(),
        Ensure = Ensure,
        Prefix = Prefix,
        CommandNames = CommandName,
        Catalog = NoCache ? CatalogUse.Uncached : RefreshCache ? CatalogUse.Refresh : CatalogUse.Cached,
        PageSize = ObjectsPerPage,
        BypassMailboxAnchoring = BypassMailboxAnchoring,
        ShowProgress = IsWatched,
        Progress = IsWatched ? new ProgressMeter($"{MyInvocation.MyCommand.Name} {Organization.Trim()}".TrimEnd()) : null,
        Client = new ClientInfo { HostVersion = Host.Version.ToString() },
    };

    private CertificateSource Source() => ParameterSetName switch
    {
        ThumbprintSet => new CertificateSource.Thumbprint(CertificateThumbprint),
        FileSet => new CertificateSource.File(FullPath(CertificateFilePath), CertificatePassword, CertificateKeyPath is { } key ? FullPath(key) : null),
        _ => new CertificateSource.Instance(Certificate!),
    };

    /// <summary>PowerShell's current location, which is not the process's directory.</summary>
    private string Folder() => SessionState.Path.CurrentFileSystemLocation.ProviderPath;

    /// <summary>Understands <c>~</c> and PowerShell's drives.</summary>
    private string FullPath(string path)
    {
        try
        {
            return SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
        }
        catch (Exception e) when (e is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or NotSupportedException)
        {
            return path;
        }
    }
}
