using System.Globalization;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Certificates;

/// <summary>The errors about certificates, each with its own id, parameter and remedy.</summary>
internal static class CertificateErrors
{
    public const string ThumbprintParameter = "CertificateThumbprint";
    public const string FileParameter = "CertificateFilePath";
    public const string KeyFileParameter = "CertificateKeyPath";
    public const string PasswordParameter = "CertificatePassword";
    public const string ObjectParameter = "Certificate";

    public const string RsaOid = "1.2.840.113549.1.1.1";
    public const string EllipticCurve = "elliptic-curve (EC)";

    private const string EllipticCurveOid = "1.2.840.10045.2.1";
    private const string NewCertificate =
        "Make one with a 2048-bit or larger RSA key, upload its public part to the application in Microsoft Entra ID, and use that.";

    public static ExoException FileNotFound(string path, string parameter, string? hint = null) => new(
        $"The certificate file '{path}' does not exist.")
    {
        ErrorId = ErrorIds.CertificateFileNotFound,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = parameter,
        Target = path,
        Remedy = hint ?? "Check the path and the account that this runs as.",
    };

    public static ExoException FileIsDirectory(string path, string parameter) => new($"'{path}' is a folder, not a certificate file.")
    {
        ErrorId = ErrorIds.CertificateFileIsDirectory,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = parameter,
        Target = path,
        Remedy = "Name the PFX or PEM file in it.",
    };

    public static ExoException FileUnreadable(string path, string parameter, string reason, Exception? inner) =>
        new($"The certificate file '{path}' {reason}.", inner)
        {
            ErrorId = ErrorIds.CertificateFileUnreadable,
            Category = ExoErrorCategory.InvalidArgument,
            ParameterName = parameter,
            Target = path,
            Remedy = "Give the account that this runs as the right to read the file, and only that account.",
        };

    public static ExoException DerivationTooCostly(Origin origin) => Invalid(
        origin,
        "asks for more than five million rounds of work to make a key of its password, which could not be stopped",
        "Check where it comes from. If it is yours, protect it anew, for example with: openssl pkcs12 -export -iter 100000");

    public static ExoException PasswordIncorrect(Origin origin, Exception? inner) => new($"The password of {origin.InSentence} is wrong.", inner)
    {
        ErrorId = ErrorIds.CertificatePasswordIncorrect,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = PasswordParameter,
        Target = origin.Target,
        Remedy = "Give the password that the file was exported with; upper and lower case matter, and so do spaces at its ends.",
    };

    public static ExoException PasswordRequired(Origin origin, Exception? inner) => new($"{origin} is protected by a password.", inner)
    {
        ErrorId = ErrorIds.CertificatePasswordRequired,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = PasswordParameter,
        Target = origin.Target,
        Remedy = $"Give it with -{PasswordParameter}.",
    };

    public static ExoException Invalid(Origin origin, string reason, string remedy, Exception? inner = null) => new($"{origin} {reason}.", inner)
    {
        ErrorId = ErrorIds.CertificateInvalid,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = origin.Parameter,
        Target = origin.Target,
        Remedy = remedy,
    };

    public static ExoException Damaged(Origin origin, Exception inner) =>
        Invalid(origin, "is damaged: parts of it cannot be read", "Export the certificate with its private key again.", inner);

    public static ExoException NoPrivateKey(Origin origin, string remedy) => new($"{origin} has no private key, so it cannot sign in.")
    {
        ErrorId = ErrorIds.CertificateNoPrivateKey,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = origin.Parameter,
        Target = origin.Target,
        Remedy = remedy,
    };

    public static ExoException KeyMismatch(Origin origin, Exception? inner = null) => new(
        $"The private key of {origin.InSentence} belongs to another certificate.", inner)
    {
        ErrorId = ErrorIds.CertificateKeyMismatch,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = origin.Parameter,
        Target = origin.Target,
        Remedy = "Use the key that the certificate was made with.",
    };

    public static ExoException KeyUnusable(Origin origin, Exception? inner) => new(
        $"The private key of {origin.InSentence} cannot be used by this account.", inner)
    {
        ErrorId = ErrorIds.CertificateKeyUnusable,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = origin.Parameter,
        Target = origin.Target,
        Remedy = "Give the account the right to read the key (on Windows: Manage Private Keys in certlm.msc), or import the certificate again "
            + "with its key.",
    };

    public static ExoException KeyNotRsa(Origin origin, string algorithm) => new(
        $"The key of {origin.InSentence} is {algorithm}; Microsoft Entra ID signs in with RSA keys only.")
    {
        ErrorId = ErrorIds.CertificateKeyNotRsa,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = origin.Parameter,
        Target = origin.Target,
        Remedy = NewCertificate,
    };

    public static ExoException KeyTooShort(Origin origin, int bits) => new($"{origin} has an RSA key of {bits} bits; at least 2048 are needed.")
    {
        ErrorId = ErrorIds.CertificateKeyTooShort,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = origin.Parameter,
        Target = origin.Target,
        Remedy = NewCertificate,
    };

    public static ExoException Expired(Origin origin, DateTimeOffset notAfter) => new($"{origin} expired on {Date(notAfter)}.")
    {
        ErrorId = ErrorIds.CertificateExpired,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = origin.Parameter,
        Target = origin.Target,
        Remedy = "Make a new certificate, upload its public part to the application in Microsoft Entra ID, and use that.",
    };

    public static ExoException NotYetValid(Origin origin, DateTimeOffset notBefore, DateTimeOffset now) =>
        new($"{origin} is not valid before {Date(notBefore)}; this machine's clock says {Date(now)}.")
        {
            ErrorId = ErrorIds.CertificateNotYetValid,
            Category = ExoErrorCategory.InvalidArgument,
            ParameterName = origin.Parameter,
            Target = origin.Target,
            Remedy = "Check the machine's clock, or wait.",
        };

    public static ExoException Ambiguous(Origin origin, IEnumerable<string> candidates) =>
        new($"{origin} leaves more than one certificate to choose from: {string.Join("; ", candidates)}.")
        {
            ErrorId = ErrorIds.CertificateAmbiguous,
            Category = ExoErrorCategory.InvalidArgument,
            ParameterName = origin.Parameter,
            Target = origin.Target,
            Remedy = "Export the one that is meant into a file of its own, or remove the others.",
        };

    public static ExoException ThumbprintInvalid(string shown, string reason) => new($"'{shown}' is not a certificate thumbprint: {reason}.")
    {
        ErrorId = ErrorIds.CertificateThumbprintInvalid,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = ThumbprintParameter,
        Target = shown,
        Remedy = "Copy the thumbprint again: 40 characters, each 0 to 9 or A to F.",
    };

    public static ExoException NotFound(string thumbprint, string message, string remedy) => new(message)
    {
        ErrorId = ErrorIds.CertificateNotFound,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = ThumbprintParameter,
        Target = thumbprint,
        Remedy = remedy,
    };

    /// <summary>The name of a key's algorithm, for the middle of a sentence.</summary>
    /// <param name="oid">Its object identifier.</param>
    /// <returns>The name.</returns>
    public static string Algorithm(string oid) => oid switch
    {
        EllipticCurveOid => EllipticCurve,
        "1.2.840.10040.4.1" => "DSA",
        "1.2.840.113549.1.1.10" => "RSA for PSS signatures only",
        "1.3.101.112" => "Ed25519",
        _ => $"of another kind ({oid})",
    };

    public static string Date(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>Where a certificate comes from; prints as the subject of a sentence.</summary>
    /// <param name="Text">For example <c>The certificate in '/x/app.pfx'</c>.</param>
    /// <param name="Parameter">The parameter that named it.</param>
    /// <param name="Target">The value of <see cref="ExoException.Target"/>.</param>
    internal sealed record Origin(string Text, string Parameter, object? Target)
    {
        /// <summary>The same in the middle of a sentence.</summary>
        public string InSentence => string.Concat(char.ToLowerInvariant(Text[0]).ToString(), Text.AsSpan(1));

        public override string ToString() => Text;
    }
}
