using System.Management.Automation;
using System.Security;
using ExoConnect.Completion;
using ExoConnect.Core.Certificates.Making;
using ExoConnect.Core.Errors;
using ExoConnect.Output;
using ExoConnect.Pipeline;

namespace ExoConnect.Cmdlets;

/// <summary>Makes a self-signed certificate that an application can sign in with.</summary>
[Cmdlet(VerbsCommon.New, "ExoCertificate", SupportsShouldProcess = true, DefaultParameterSetName = YearsSet)]
[OutputType(typeof(CertificateInformation))]
public sealed class NewExoCertificateCommand : PSCmdlet
{
    private const string YearsSet = "Years";
    private const string EndSet = "End";

    /// <summary>The common name of the subject.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string CommonName { get; set; } = "";

    /// <summary>DNS names for the subject alternative name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] DnsName { get; set; } = [];

    /// <summary>When it begins to be valid.</summary>
    [Parameter]
    public DateTime? NotBefore { get; set; }

    /// <summary>When it stops being valid.</summary>
    [Parameter(Mandatory = true, ParameterSetName = EndSet)]
    public DateTime NotAfter { get; set; }

    /// <summary>How many years it is valid.</summary>
    [Parameter(ParameterSetName = YearsSet)]
    public int ValidYears { get; set; } = 1;

    /// <summary>The length of the RSA key in bits.</summary>
    [Parameter]
    [ValidateSet("2048", "3072", "4096")]
    public int KeyLength { get; set; } = 2048;

    /// <summary>The hash of the signature.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(HashAlgorithmCompleter))]
    [ValidateNotNullOrEmpty]
    public string HashAlgorithm { get; set; } = "SHA256";

    /// <summary>The folder of the files.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The name of the files without the extension.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? FileName { get; set; }

    /// <summary>The files to write.</summary>
    [Parameter]
    [ValidateSet("Pfx", "Cer", "Pem")]
    public string[]? Format { get; set; }

    /// <summary>The password of the files that hold the private key.</summary>
    [Parameter]
    public SecureString? Password { get; set; }

    /// <summary>Write the private key without a password.</summary>
    [Parameter]
    public SwitchParameter NoPassword { get; set; }

    /// <summary>Encrypt the PFX file so that old Windows reads it.</summary>
    [Parameter]
    public SwitchParameter LegacyEncryption { get; set; }

    /// <summary>Put the certificate with its key into CurrentUser\My.</summary>
    [Parameter]
    public SwitchParameter InstallToStore { get; set; }

    /// <summary>The kind of provider in which Windows keeps the key.</summary>
    [Parameter]
    [ValidateSet("Cng", "Csp")]
    public string? KeyProvider { get; set; }

    /// <summary>Replace files that exist.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        EngineHost.Use();
        try
        {
            var plan = CertificatePlan.Of(Options());
            plan.CheckPassword(Password);
            if (ShouldProcess(string.Join(", ", plan.Targets), $"Create certificate {plan.Subject}"))
            {
                var made = plan.Make(Password);
                ObjectViews.Load();
                WriteObject(CertificateInformation.Of(made));
            }
        }
        catch (ExoException e)
        {
            ThrowTerminatingError(EngineErrors.ToRecord(e));
        }
    }

    private NewCertificateOptions Options() => new()
    {
        CommonName = CommonName,
        DnsNames = DnsName,
        NotBefore = NotBefore,
        NotAfter = ParameterSetName == EndSet ? NotAfter : null,
        ValidYears = ParameterSetName == YearsSet ? ValidYears : null,
        KeyLength = KeyLength,
        HashAlgorithm = HashAlgorithm,
        Folder = Path is null ? null : Paths.Full(this, Path),
        BaseDirectory = Paths.Folder(this),
        FileName = FileName,
        Formats = Format?.Aggregate(CertificateFormats.None, (all, one) => all | Enum.Parse<CertificateFormats>(one, ignoreCase: true)),
        NoPassword = NoPassword,
        LegacyEncryption = LegacyEncryption,
        InstallToStore = InstallToStore,
        KeyProvider = KeyProvider is null ? null : Enum.Parse<CertificateKeyProvider>(KeyProvider, ignoreCase: true),
        Force = Force,
    };
}
