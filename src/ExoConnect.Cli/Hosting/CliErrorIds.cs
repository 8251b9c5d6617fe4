namespace ExoConnect.Cli.Hosting;

/// <summary>The ids of errors that only the command line has. The engine's are in <see cref="Core.Errors.ErrorIds"/>.</summary>
internal static class CliErrorIds
{
    /// <summary>A command needs the password of a certificate file, and neither a variable nor a terminal gives one.</summary>
    public const string CertificatePasswordMissing = nameof(CertificatePasswordMissing);

    /// <summary>A step of the demo did not show the expected result.</summary>
    public const string DemoFailed = nameof(DemoFailed);

    /// <summary>A command needs a client secret, and neither a variable nor a terminal gives one.</summary>
    public const string SecretMissing = nameof(SecretMissing);
}
