using System.Management.Automation;
using System.Security;
using System.Security.Cryptography.X509Certificates;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Onboarding.Diagnosis;
using ExoConnect.Output;
using ExoConnect.Pipeline;

namespace ExoConnect.Cmdlets.Applications;

/// <summary>Says of each step of setting up an application whether it is done, and what to do if it isn't. Reads only.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ExoApplication", DefaultParameterSetName = NoneSet)]
[OutputType(typeof(ApplicationCheckInformation))]
public sealed class TestExoApplicationCommand : ApplicationCmdlet
{
    private const string NoneSet = "Directory";
    private const string ThumbprintSet = "Thumbprint";
    private const string FileSet = "File";
    private const string ObjectSet = "Certificate";

    /// <summary>The application (client) id.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string AppId { get; set; } = "";

    /// <summary>The thumbprint of its certificate, in CurrentUser\My or LocalMachine\My.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ThumbprintSet)]
    [ValidateNotNullOrEmpty]
    public string CertificateThumbprint { get; set; } = "";

    /// <summary>Its certificate: a PFX file, or a PEM file with the key.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FileSet)]
    [ValidateNotNullOrEmpty]
    public string CertificateFilePath { get; set; } = "";

    /// <summary>The password of the file.</summary>
    [Parameter(ParameterSetName = FileSet)]
    public SecureString? CertificatePassword { get; set; }

    /// <summary>A PEM file with the private key, if the certificate's file doesn't hold it.</summary>
    [Parameter(ParameterSetName = FileSet)]
    [ValidateNotNullOrEmpty]
    public string? CertificateKeyPath { get; set; }

    /// <summary>Its certificate with the private key.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet)]
    [ValidateNotNull]
    public X509Certificate2? Certificate { get; set; }

    /// <summary>The services it should connect to.</summary>
    [Parameter]
    [ValidateSet("Exchange", "Compliance")]
    public string[]? Service { get; set; }

    private protected override void Run(ExoEnvironment environment)
    {
        using var administrator = HasGraphSignIn ? SignIn(environment, isReadOnly: true) : null;
        var options = new CheckOptions
        {
            Environment = environment,
            EnvironmentName = ExchangeEnvironmentName,
            Organization = Organization.Trim(),
            AppId = AppId.Trim(),
            Certificate = Source(),
            Services = Services(Service),
            Administrator = administrator?.Provider,
            BaseDirectory = Paths.Folder(this),
            Client = Client,
        };
        foreach (var check in Bridge.Run(token => ApplicationDiagnosis.RunAsync(options, Bridge, token)))
        {
            WriteObject(ApplicationCheckInformation.Of(check));
        }
    }

    private CertificateSource? Source() =>
        GivenCertificate.Find(this, CertificateThumbprint, CertificateFilePath, CertificatePassword, CertificateKeyPath, Certificate);
}
