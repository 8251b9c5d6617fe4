using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Security;
using ExoConnect.Cli.CommandLine;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Output;
using ExoConnect.Cli.Profiles;
using ExoConnect.Cli.Sessions;
using ExoConnect.Core.Certificates.Making;
using ExoConnect.Core.Errors;

namespace ExoConnect.Cli.Commands;

/// <summary><c>exoconnect certificate new</c>: makes a certificate that an application can sign in with.</summary>
internal sealed class CertificateCommand
{
    private readonly Option<string> _commonName = OptionTypes.Text("--common-name", "NAME", "What the certificate is called, 1 to 64 characters.");
    private readonly Option<string[]> _dnsNames = OptionTypes.Texts("--dns-name", "HOST", "A DNS name for it; may be repeated.");
    private readonly Option<DateTimeOffset?> _notBefore = OptionTypes.Time("--not-before", "When it begins to be valid. Default: five minutes ago.");
    private readonly Option<DateTimeOffset?> _notAfter = OptionTypes.Time("--not-after", "When it stops being valid.");
    private readonly Option<int?> _validYears = OptionTypes.Number("--valid-years", "N", "Or how many years it is valid. Default: 1.", 1, 10);
    private readonly Option<int?> _keyLength = new("--key-length")
    {
        HelpName = "2048|3072|4096",
        Description = "The length of the RSA key in bits. Default: 2048.",
    };

    private readonly Option<string> _hash = OptionTypes.Text(
        "--hash-algorithm", "NAME", "The hash of its signature: SHA256, SHA384 or SHA512. Default: SHA256.");
    private readonly Option<string> _path = OptionTypes.Text("--path", "DIR", "The folder of the files. Default: this one.");
    private readonly Option<string> _fileName = OptionTypes.Text(
        "--file-name", "NAME", "Their name without the extension. Default: the common name.");
    private readonly Option<string[]> _formats = OptionTypes.Texts(
        "--format", "pfx,cer,pem", "The files to write. Default: pfx,cer; with --install-to-store cer.");

    private readonly Option<string> _passwordFile = OptionTypes.Text(
        "--password-file", "FILE", "A file that holds the password for the private key and nothing else.");
    private readonly Option<string> _passwordVariable = OptionTypes.Text(
        "--password-env", "NAME", $"The environment variable that holds it; {Passwords.Variable} needs no mention.");

    private readonly Option<bool> _noPassword = OptionTypes.Switch(
        "--no-password", "Write the private key unprotected; only the file's owner can read it.");
    private readonly Option<bool> _legacy = OptionTypes.Switch(
        "--legacy-encryption", "Encrypt the PFX file so that Windows before 1709 and Server 2019 can read it.");
    private readonly Option<bool> _install = OptionTypes.Switch("--install-to-store", "Put it with its key into this account's certificate store.");
    private readonly Option<CertificateKeyProvider?> _provider = OptionTypes.Choice(
        "--key-provider", "The kind of provider that Windows is to keep the key in.", ("csp", CertificateKeyProvider.Csp), (
            "cng", CertificateKeyProvider.Cng));

    private readonly Option<bool> _force = OptionTypes.Switch("--force", "Replace files that exist.");
    private readonly Option<OutputFormat?> _output = OptionTypes.TextOrJson();

    private readonly CliHost _host;
    private readonly Messenger _messenger;

    private CertificateCommand(CliHost host, Messenger messenger)
    {
        _host = host;
        _messenger = messenger;
    }

    public static Command Create(CliHost host, Messenger messenger)
    {
        var made = new CertificateCommand(host, messenger);
        made._commonName.Required = true;
        made._keyLength.CompletionSources.Add("2048", "3072", "4096");
        made._keyLength.CustomParser = KeyLength;
        var command = new DocumentedCommand("new", "Make a self-signed certificate that an application can sign in with.")
        {
            Usage = "certificate new --common-name NAME [options]",
            Details =
            [
                "Writes a PFX file to sign in with and a CER file to upload to the application in Microsoft Entra ID. Nothing is ever overwritten "
                + "without --force, and if anything fails no file is left behind. Dates are ISO 8601, and UTC unless they say otherwise.",
            ],
            Examples =
            [
                "exoconnect certificate new --common-name nightly --password-file nightly.secret",
                "exoconnect certificate new --common-name nightly --format pem,cer --no-password --path ~/keys",
                "exoconnect certificate new --common-name nightly --install-to-store --valid-years 2 --output json",
            ],
            Options =
            {
                made._commonName, made._dnsNames, made._notBefore, made._notAfter, made._validYears, made._keyLength, made._hash, made._path,
                made._fileName, made._formats, made._passwordFile, made._passwordVariable, made._noPassword, made._legacy, made._install,
                made._provider, made._force, made._output,
            },
        };
        command.SetAction(made.RunAsync);
        return new DocumentedCommand(
            "certificate", "Certificates to sign in with.")
        { Usage = "certificate new --common-name NAME [options]", Subcommands = { command } };
    }

    private static int? KeyLength(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits is 2048 or 3072 or 4096)
        {
            return bits;
        }

        result.AddError($"--key-length: '{result.Tokens[0].Value}' is not possible. Use 2048, 3072 or 4096.");
        return null;
    }

    private static CertificateFormats? Formats(string[]? given) => given is not { Length: > 0 } ? null : given
        .SelectMany(g => g.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        .Select(word => word.ToUpperInvariant() switch
        {
            "PFX" => CertificateFormats.Pfx,
            "CER" => CertificateFormats.Cer,
            "PEM" => CertificateFormats.Pem,
            _ => throw new UsageException($"--format: '{word}' is not known.", "Use pfx, cer or pem, or several with commas between them."),
        })
        .Aggregate(CertificateFormats.None, (all, one) => all | one);

    private static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        try
        {
            var plan = CertificatePlan.Of(OptionsOf(parsed));
            using var password = await PasswordAsync(parsed, plan, cancellationToken).ConfigureAwait(false);
            plan.CheckPassword(password);
            _messenger.Progress("Making the certificate");
            var made = await Task.Run(() => plan.Make(password), cancellationToken).ConfigureAwait(false);
            _messenger.Progress(null);
            if (parsed.GetValue(_output) == OutputFormat.Json)
            {
                WriteJson(made);
            }
            else
            {
                WriteText(made);
            }

            return ExitCodes.Success;
        }
        catch (ExoException e) when (e.ErrorId == CliErrorIds.CertificatePasswordMissing)
        {
            // Nobody signs in here; the command line is invalid.
            throw new UsageException(e.Message, e.Remedy!);
        }
        catch (ExoException e) when (e.ErrorId.StartsWith("NewCertificate", StringComparison.Ordinal))
        {
            throw new ExoException(CommandLineTerms.TranslateOptions(e.Message), e)
            {
                ErrorId = e.ErrorId,
                Category = e.Category,
                ParameterName = e.ParameterName,
                Target = e.Target,
                Remedy = e.Remedy is null ? null : CommandLineTerms.TranslateOptions(e.Remedy),
            };
        }
    }

    private NewCertificateOptions OptionsOf(ParseResult parsed) => new()
    {
        CommonName = parsed.GetRequiredValue(_commonName),
        DnsNames = parsed.GetValue(_dnsNames) ?? [],
        NotBefore = parsed.GetValue(_notBefore),
        NotAfter = parsed.GetValue(_notAfter),
        ValidYears = parsed.GetValue(_validYears),
        KeyLength = parsed.GetValue(_keyLength) ?? 2048,
        HashAlgorithm = parsed.GetValue(_hash) ?? "SHA256",
        Folder = parsed.GetValue(_path) is { } path ? UserPath.Full(path, _host) : null,
        FileName = parsed.GetValue(_fileName),
        Formats = Formats(parsed.GetValue(_formats)),
        NoPassword = parsed.GetValue(_noPassword),
        LegacyEncryption = parsed.GetValue(_legacy),
        InstallToStore = parsed.GetValue(_install),
        KeyProvider = parsed.GetValue(_provider),
        Force = parsed.GetValue(_force),
    };

    /// <summary>The password from the named place, else from the usual variable, else from a person, who types it twice.</summary>
    private async Task<SecureString?> PasswordAsync(ParseResult parsed, CertificatePlan plan, CancellationToken cancellationToken)
    {
        var file = parsed.GetValue(_passwordFile);
        var variable = parsed.GetValue(_passwordVariable);
        if (file is not null && variable is not null)
        {
            throw new UsageException("--password-file and --password-env exclude each other.", "Give the one place the password is kept at.");
        }

        var passwords = new Passwords(_host, _messenger);
        var what = Path.GetFileName(plan.PfxPath ?? plan.PemPath ?? "");
        var origin = file is not null ? new FilePassword(UserPath.Full(file, _host))
            : variable is not null ? new VariablePassword(variable)
            : plan.NeedsPassword ? passwords.Default()
            : null;
        if (origin is null)
        {
            return null;
        }

        var password = await passwords.ReadAsync(origin, what, cancellationToken).ConfigureAwait(false);
        if (origin is PromptedPassword && password.Length > 0)
        {
            using var again = await passwords.ReadAsync(origin, $"{what}, again", cancellationToken).ConfigureAwait(false);
            if (!Passwords.AreEqual(password, again))
            {
                password.Dispose();
                throw new UsageException("The two passwords differ.", "Nothing was written. Try again.");
            }
        }

        return password;
    }

    private void WriteText(NewCertificate made)
    {
        Line("subject", made.Subject);
        Line("DNS names", made.DnsNames.Count > 0 ? string.Join(", ", made.DnsNames) : null);
        Line("thumbprint", made.Thumbprint);
        Line("SHA-256", made.Sha256Thumbprint);
        Line("valid from", Iso(made.NotBefore));
        Line("valid until", Iso(made.NotAfter));
        Line("key", string.Create(CultureInfo.InvariantCulture, $"RSA {made.KeyLength}, {made.HashAlgorithm}"));
        Line("PFX", made.PfxPath);
        Line("CER", made.CerPath);
        Line("PEM", made.PemPath);
        Line("store", made.Store);
        _messenger.Hint("Next: upload "
            + (made.CerPath is { } cer ? Path.GetFileName(cer) : "the certificate, without its key,")
            + " to the application in Microsoft Entra ID (Certificates & secrets), and sign in with: exoconnect connect "
            + ((made.PfxPath ?? made.PemPath) is { } file ? $"--certificate {file}" : $"--thumbprint {made.Thumbprint}"));

        void Line(string label, string? value)
        {
            if (value is not null)
            {
                _host.Output.WriteLine($"{label,-13}{SafeText.Line(value)}");
            }
        }
    }

    private void WriteJson(NewCertificate made) => JsonText.WriteObject(_host.Output, json =>
    {
        json.WriteString("thumbprint", made.Thumbprint);
        json.WriteString("sha256Thumbprint", made.Sha256Thumbprint);
        json.WriteString("subject", made.Subject);
        json.WritePropertyName("dnsNames");
        ValueText.Write(json, made.DnsNames);
        json.WriteString("notBefore", Iso(made.NotBefore));
        json.WriteString("notAfter", Iso(made.NotAfter));
        json.WriteNumber("keyLength", made.KeyLength);
        json.WriteString("hashAlgorithm", made.HashAlgorithm);
        json.WriteString("pfxPath", made.PfxPath);
        json.WriteString("cerPath", made.CerPath);
        json.WriteString("pemPath", made.PemPath);
        json.WriteString("store", made.Store);
    });
}
