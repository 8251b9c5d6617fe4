namespace ExoConnect.Core.Authentication;

/// <summary>
/// Which application and organization a person signs in with who names none: what was given counts, then what was configured, then the
/// environment variables. That is the order of the CLI for Microsoft 365.
/// </summary>
public static class PublicClientDefaults
{
    /// <summary>The variable that names the application.</summary>
    public const string AppIdVariable = "EXOCONNECT_APPID";

    /// <summary>The variable that names the organization.</summary>
    public const string TenantVariable = "EXOCONNECT_TENANT";

    /// <summary>Finds the application.</summary>
    /// <param name="given">What was given with the command; null or blank for nothing.</param>
    /// <param name="configured">What is configured; null or blank for nothing.</param>
    /// <returns>The application id; null where nothing says.</returns>
    public static string? AppId(string? given, string? configured = null) => First(given, configured, AppIdVariable);

    /// <summary>Finds the organization.</summary>
    /// <param name="given">What was given with the command; null or blank for nothing.</param>
    /// <param name="configured">What is configured; null or blank for nothing.</param>
    /// <returns>The organization; null where nothing says.</returns>
    public static string? Organization(string? given, string? configured = null) => First(given, configured, TenantVariable);

    private static string? First(string? given, string? configured, string variable) =>
        new[] { given, configured, Environment.GetEnvironmentVariable(variable) }.FirstOrDefault(v => !string.IsNullOrWhiteSpace(v))?.Trim();
}
