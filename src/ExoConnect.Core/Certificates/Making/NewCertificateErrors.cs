using System.Globalization;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Text;

namespace ExoConnect.Core.Certificates.Making;

/// <summary>The errors of making a certificate.</summary>
internal static class NewCertificateErrors
{
    public static ExoException Invalid(string id, string parameter, object? target, string message, string remedy) => new(message)
    {
        ErrorId = id,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = parameter,
        Target = target,
        Remedy = remedy,
    };

    public static ExoException NameInvalid(string name, string reason) => ArgumentErrors.Invalid(
        ErrorIds.NewCertificateNameInvalid, nameof(NewCertificateOptions.CommonName), name,
        $"'{name}' can't be a common name: {reason}.",
        "Give 1 to 64 characters that say what the certificate is for, such as the name of the script.");

    public static ExoException DnsNameInvalid(string name) => ArgumentErrors.Invalid(
        ErrorIds.NewCertificateDnsNameInvalid, "DnsName", name,
        $"'{name}' is not a DNS name.",
        "Give names such as scripts.contoso.com or *.contoso.com, without a scheme, a port or a path.");

    public static ExoException KeyLengthInvalid(int bits) => ArgumentErrors.Invalid(
        ErrorIds.NewCertificateKeyLengthInvalid, nameof(NewCertificateOptions.KeyLength), bits,
        string.Create(CultureInfo.InvariantCulture, $"An RSA key of {bits} bits can't be made."),
        "Choose 2048, 3072 or 4096 bits.");

    public static ExoException HashRefused(string name, string reason) => ArgumentErrors.Invalid(
        ErrorIds.NewCertificateHashRefused, nameof(NewCertificateOptions.HashAlgorithm), name,
        $"{name} is refused as the hash of the signature: {reason}.",
        "Use SHA256, SHA384 or SHA512; every Windows that is still supported reads them. For a PFX file that old Windows opens, use "
            + "-LegacyEncryption.");

    public static ExoException DatesInvalid(string parameter, object? target, string message, string remedy) =>
        ArgumentErrors.Invalid(ErrorIds.NewCertificateDatesInvalid, parameter, target, message, remedy);

    public static ExoException FileNameInvalid(string name) => ArgumentErrors.Invalid(
        ErrorIds.NewCertificateFileNameInvalid, nameof(NewCertificateOptions.FileName), name,
        $"'{name}' can't be the name of a file.",
        "Give a name without a folder and without an extension; the folder goes into -Path.");

    public static ExoException OptionsExclude(string parameter, string message, string remedy) =>
        ArgumentErrors.Invalid(ErrorIds.NewCertificateOptionsExclude, parameter, null, message, remedy);

    public static ExoException PasswordMissing() => ArgumentErrors.Invalid(
        ErrorIds.NewCertificatePasswordMissing, "Password", null,
        "A file with the private key needs a password, and none is given.",
        "Give one with -Password; or write the key unprotected with -NoPassword, and rely on the file's permissions.");

    public static ExoException FolderNotFound(string folder) => ArgumentErrors.Invalid(
        ErrorIds.NewCertificateFolderNotFound, "Path", folder,
        $"The folder '{folder}' does not exist.",
        "Make it first, or name another with -Path.");

    public static ExoException FileExists(IReadOnlyList<string> paths) => new(
        paths.Count == 1 ? $"The file '{paths[0]}' exists already." : $"These files exist already: {string.Join(", ", paths.Select(p => $"'{p}'"))}.")
    {
        ErrorId = ErrorIds.NewCertificateFileExists,
        Category = ExoErrorCategory.ResourceExists,
        ParameterName = "Path",
        Target = paths[0],
        Remedy = "Nothing was written. Choose another folder with -Path or another name with -FileName; -Force replaces them, and a key that is "
            + "replaced is lost.",
    };

    public static ExoException PathIsFolder(string path) => ArgumentErrors.Invalid(
        ErrorIds.NewCertificateFileExists, "Path", path,
        $"'{path}' is a folder.",
        "Nothing was written. Choose another name with -FileName.");

    public static ExoException Unwritable(string path, Exception inner) => new($"'{path}' can't be written: {FailureText.Reason(inner)}.", inner)
    {
        ErrorId = ErrorIds.NewCertificateFileUnwritable,
        Category = inner is UnauthorizedAccessException ? ExoErrorCategory.PermissionDenied : ExoErrorCategory.InvalidOperation,
        ParameterName = "Path",
        Target = path,
        Remedy = "Nothing was left behind. Check that the account that this runs as may write there and that there is room, or name another "
            + "folder with -Path.",
    };

    public static ExoException StoreUnwritable(Exception inner) => new(
        $"The certificate can't be put into {CertificatePlan.StoreName}: {FailureText.Reason(inner)}.", inner)
    {
        ErrorId = ErrorIds.NewCertificateStoreUnwritable,
        Category = ExoErrorCategory.InvalidOperation,
        ParameterName = nameof(NewCertificateOptions.InstallToStore),
        Target = CertificatePlan.StoreName,
        Remedy = "No files were left behind. Check that the account that this runs as has a profile (a home folder), or use files without "
            + "-InstallToStore.",
    };
}
