using System.Management.Automation;
using System.Security;
using System.Security.Cryptography.X509Certificates;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Certificates.Making;
using ExoConnect.Core.Onboarding.SetUp;
using ExoConnect.Pipeline;

namespace ExoConnect.Cmdlets.Applications;

/// <summary>The parameters for an application's existing or new certificate.</summary>
public abstract class CertificateApplicationCmdlet : ApplicationCmdlet
{
    private protected const string NewSet = "New";
    private protected const string ThumbprintSet = "Thumbprint";
    private protected const string FileSet = "File";
    private protected const string ObjectSet = "Certificate";

    /// <summary>The thumbprint of a certificate in CurrentUser\My or LocalMachine\My.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ThumbprintSet)]
    [ValidateNotNullOrEmpty]
    public string CertificateThumbprint { get; set; } = "";

    /// <summary>A PFX file, or a PEM file with the certificate and its key.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FileSet)]
    [ValidateNotNullOrEmpty]
    public string CertificateFilePath { get; set; } = "";

    /// <summary>A PEM file with the private key, if the certificate's file doesn't hold it.</summary>
    [Parameter(ParameterSetName = FileSet)]
    [ValidateNotNullOrEmpty]
    public string? CertificateKeyPath { get; set; }

    /// <summary>A certificate with its private key.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet)]
    [ValidateNotNull]
    public X509Certificate2? Certificate { get; set; }

    /// <summary>The password of the existing file, or of the new one.</summary>
    [Parameter(ParameterSetName = FileSet)]
    [Parameter(ParameterSetName = NewSet)]
    public SecureString? CertificatePassword { get; set; }

    /// <summary>The folder of the new files.</summary>
    [Parameter(ParameterSetName = NewSet)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Make the file with the private key without a password.</summary>
    [Parameter(ParameterSetName = NewSet)]
    public SwitchParameter NoPassword { get; set; }

    /// <summary>Put the new certificate into CurrentUser\My, not into a PFX file.</summary>
    [Parameter(ParameterSetName = NewSet)]
    public SwitchParameter InstallToStore { get; set; }

    /// <summary>How many years the new certificate is valid.</summary>
    [Parameter(ParameterSetName = NewSet)]
    public int ValidYears { get; set; } = 1;

    private protected CertificateSource Source() =>
        GivenCertificate.Find(this, CertificateThumbprint, CertificateFilePath, CertificatePassword, CertificateKeyPath, Certificate)!;

    /// <summary>The existing certificate, or the properties of the new one.</summary>
    private protected SetUpCertificate Wanted(string name, string? fileName) => ParameterSetName != NewSet
        ? SetUpCertificate.Existing(Source())
        : SetUpCertificate.Generate(
            new NewCertificateOptions
            {
                CommonName = name.Length <= 64 ? name : name[..64],
                FileName = fileName,
                Folder = Path is null ? null : Paths.Full(this, Path),
                BaseDirectory = Paths.Folder(this),
                ValidYears = ValidYears,
                NoPassword = NoPassword,
                InstallToStore = InstallToStore,
            },
            CertificatePassword);
}
