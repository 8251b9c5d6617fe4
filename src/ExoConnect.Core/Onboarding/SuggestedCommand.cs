using System.Text;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Environments;

namespace ExoConnect.Core.Onboarding;

/// <summary>An argument of a command to copy.</summary>
/// <param name="Name">The PowerShell parameter, without the dash.</param>
/// <param name="Value">Its value; null for a switch.</param>
/// <param name="IsExpression">True if the value is a PowerShell expression, not text: a value that only a person can give.</param>
public sealed record SuggestedArgument(string Name, string? Value, bool IsExpression = false);

/// <summary>A command to copy. Printed, it is PowerShell; other hosts write it in their own way.</summary>
/// <param name="Name">The cmdlet.</param>
/// <param name="Arguments">Its arguments, in order.</param>
public sealed record SuggestedCommand(string Name, IReadOnlyList<SuggestedArgument> Arguments)
{
    /// <summary>The command as PowerShell.</summary>
    /// <returns>One line.</returns>
    public override string ToString()
    {
        var text = new StringBuilder(Name);
        foreach (var argument in Arguments)
        {
            text.Append(" -").Append(argument.Name);
            if (argument.Value is { } value)
            {
                text.Append(' ').Append(argument.IsExpression || IsPlain(value) ? value : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'");
            }
        }

        return text.ToString();
    }

    private static bool IsPlain(string value) => value.Length > 0 && value[0] is not ('-' or '@')
        && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '/' or '\\' or ':');
}

/// <summary>An application, its tenant, and how it signs in: the arguments that every command about it repeats.</summary>
public sealed record ApplicationArguments
{
    /// <summary>The application (client) id.</summary>
    public required string AppId { get; init; }

    /// <summary>The organization.</summary>
    public required string Organization { get; init; }

    /// <summary>Its certificate; null if none was given.</summary>
    public CertificateSource? Certificate { get; init; }

    /// <summary>The cloud or environment file as the user gave it; null for the worldwide cloud.</summary>
    public string? EnvironmentName { get; init; }

    /// <summary>The command that connects to a service.</summary>
    /// <param name="service">The service.</param>
    public SuggestedCommand Connect(ExoService service) =>
        new(service == ExoService.ExchangeOnline ? "Connect-ExchangeOnline" : "Connect-IPPSSession", [.. Common()]);

    /// <summary>The command that says what is missing.</summary>
    public SuggestedCommand Test() => new("Test-ExoApplication", [.. Common()]);

    /// <summary>The command that repairs what is missing.</summary>
    /// <param name="role">The role to assign; null to leave roles alone.</param>
    internal SuggestedCommand Register(string? role) =>
        new("Register-ExoApplication", [.. Common(), .. role is null ? Array.Empty<SuggestedArgument>() : [new("Role", role)], Administrator]);

    /// <summary>The command that attaches the certificate.</summary>
    internal SuggestedCommand Rotate() => new("Update-ExoApplicationCertificate", [.. Common(), Administrator]);

    private static SuggestedArgument Administrator => new("Device", null);

    private IEnumerable<SuggestedArgument> Common()
    {
        yield return new("AppId", AppId);
        yield return new("Organization", Organization);
        switch (Certificate)
        {
            case CertificateSource.Thumbprint(var thumbprint):
                yield return new("CertificateThumbprint", string.Concat(thumbprint.Where(char.IsAsciiHexDigit)));
                break;
            case CertificateSource.File(var path, var password, var key):
                yield return new("CertificateFilePath", path);
                if (password is { Length: > 0 })
                {
                    yield return new("CertificatePassword", "(Read-Host -AsSecureString)", IsExpression: true);
                }

                if (key is not null)
                {
                    yield return new("CertificateKeyPath", key);
                }

                break;
            case null:
                break;
            default:
                yield return new("Certificate", "$certificate", IsExpression: true);
                break;
        }

        if (EnvironmentName is { } environment && !environment.Equals(CloudEnvironments.O365Default.Name, StringComparison.OrdinalIgnoreCase))
        {
            yield return new("ExchangeEnvironmentName", environment);
        }
    }
}
