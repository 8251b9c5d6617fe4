using System.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Certificates.Making;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;

namespace ExoConnect.Core.Onboarding.SetUp;

/// <summary>The certificate of a command: an existing one that can sign in, or a planned one.</summary>
internal sealed class CertificateChoice
{
    private readonly AdministrationOptions _options;
    private readonly SecureString? _password;

    private CertificateChoice(AdministrationOptions options, SecureString? password)
    {
        _options = options;
        _password = password;
    }

    /// <summary>The plan; null for an existing certificate.</summary>
    public CertificatePlan? Plan { get; private set; }

    /// <summary>The certificate's source; null before it is made.</summary>
    public CertificateSource? Source { get; private set; }

    /// <summary>The new certificate; null for an existing one.</summary>
    public NewCertificate? Made { get; private set; }

    /// <summary>Its thumbprint; null before it is made.</summary>
    public string? Thumbprint { get; private set; }

    /// <summary>When it ends.</summary>
    public DateTimeOffset? NotAfter { get; private set; }

    /// <summary>Its public part for Graph; null before it is made.</summary>
    public JsonObject? Key { get; private set; }

    /// <summary>Opens an existing certificate, or plans a new one.</summary>
    /// <exception cref="ExoException">It can't sign in, or can't be made.</exception>
    public static CertificateChoice Of(SetUpCertificate wanted, AdministrationOptions options, IEngineMessages messages)
    {
        var choice = new CertificateChoice(options, wanted.Password) { Source = wanted.Source };
        if (wanted.New is { } made)
        {
            made = made with { BaseDirectory = made.BaseDirectory ?? options.BaseDirectory };
            choice.Source = Existing(CertificatePlan.Of(made with { Force = true }, options.Clock), wanted.Password);
            if (choice.Source is null)
            {
                choice.Plan = CertificatePlan.Of(made, options.Clock);
                choice.Plan.CheckPassword(wanted.Password);
                return choice;
            }
        }

        if (choice.Open() is { } expiry)
        {
            messages.Warning(expiry);
        }

        return choice;
    }

    /// <summary>Makes the planned certificate.</summary>
    /// <exception cref="ExoException">It can't be written.</exception>
    public void Make()
    {
        Made = Plan!.Make(_password);
        Source = (Made.PfxPath ?? Made.PemPath) is { } path ? new CertificateSource.File(path, _password)
            : new CertificateSource.Thumbprint(Made.Thumbprint);
        Open();
    }

    private string? Open()
    {
        using var certificate = Source!.Open(_options.BaseDirectory, _options.Clock);
        (Thumbprint, NotAfter, Key) = (certificate.Thumbprint, certificate.NotAfter, CertificateKey.Of(certificate.Certificate));
        return certificate.ExpiryWarning;
    }

    /// <summary>The certificate that an earlier run with the same parameters made.</summary>
    private static CertificateSource? Existing(CertificatePlan plan, SecureString? password)
    {
        if ((plan.PfxPath ?? plan.PemPath) is { } path)
        {
            return File.Exists(path) ? new CertificateSource.File(path, password) : null;
        }

        if (plan.Store is null || plan.CerPath is not { } cer || !File.Exists(cer))
        {
            return null;
        }

        using var certificate = new X509Certificate2(cer);
        return new CertificateSource.Thumbprint(certificate.Thumbprint);
    }
}
