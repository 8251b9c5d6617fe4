namespace ExoConnect.Core.Authentication.Methods;

/// <summary>
/// The application and organization of a sign-in that names none: parameters count first, then the configuration, then the environment variables.
/// That is the order of the CLI for Microsoft 365. For workloads the platform's own variables come before ours.
/// </summary>
public static class SignInDefaults
{
    /// <summary>The variable that names the application.</summary>
    public const string AppIdVariable = "EXOCONNECT_APPID";

    /// <summary>The variable that names the organization.</summary>
    public const string TenantVariable = "EXOCONNECT_TENANT";

    private const string WorkloadAppIdVariable = "AZURE_CLIENT_ID";
    private const string WorkloadTenantVariable = "AZURE_TENANT_ID";

    /// <summary>Finds the application.</summary>
    /// <param name="given">The parameter's value; null or blank for none.</param>
    /// <param name="configured">The configured value; null or blank for none.</param>
    /// <param name="variable">Reads an environment variable; null for the process's.</param>
    /// <returns>The application id; null if none is set.</returns>
    public static string? AppId(string? given, string? configured = null, Func<string, string?>? variable = null) =>
        First(given, configured, Read(variable, AppIdVariable));

    /// <summary>Finds the organization. A user's name is a better source than a variable that may be meant for other users.</summary>
    /// <param name="given">The parameter's value; null or blank for none.</param>
    /// <param name="configured">The configured value; null or blank for none.</param>
    /// <param name="userPrincipalName">The user who is named; null for none.</param>
    /// <param name="variable">Reads an environment variable; null for the process's.</param>
    /// <returns>The organization; null if none is set.</returns>
    public static string? Organization(
        string? given, string? configured = null, string? userPrincipalName = null, Func<string, string?>? variable = null) =>
        First(given, configured, userPrincipalName is null ? Read(variable, TenantVariable) : null);

    /// <summary>Finds the application of a workload: the parameter, the platform's variable, ours.</summary>
    /// <param name="given">The parameter's value; null or blank for none.</param>
    /// <param name="variable">Reads an environment variable; null for the process's.</param>
    /// <returns>The application id; null if none is set.</returns>
    public static string? WorkloadAppId(string? given, Func<string, string?>? variable = null) =>
        First(given, Read(variable, WorkloadAppIdVariable), Read(variable, AppIdVariable));

    /// <summary>Finds the organization of a workload in the same way.</summary>
    /// <param name="given">The parameter's value; null or blank for none.</param>
    /// <param name="variable">Reads an environment variable; null for the process's.</param>
    /// <returns>The organization; null if none is set.</returns>
    public static string? WorkloadOrganization(string? given, Func<string, string?>? variable = null) =>
        First(given, Read(variable, WorkloadTenantVariable), Read(variable, TenantVariable));

    private static string? Read(Func<string, string?>? variable, string name) => (variable ?? Environment.GetEnvironmentVariable)(name);

    private static string? First(params string?[] values) => Array.Find(values, v => !string.IsNullOrWhiteSpace(v))?.Trim();
}
