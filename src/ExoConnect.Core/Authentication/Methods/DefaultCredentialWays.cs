using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Authentication.Methods;

/// <summary>
/// The ways that the default credential tries, in its order: those of Azure.Identity's <c>DefaultAzureCredential</c>, by the names of its
/// <c>Exclude…Credential</c> options. Its broker is not among them: that needs a native component of Windows that is not shipped here.
/// </summary>
public static class DefaultCredentialWays
{
    /// <summary>The only way that needs a person.</summary>
    public const string InteractiveBrowser = "InteractiveBrowser";

    internal const string ManagedIdentity = "ManagedIdentity";

    /// <summary>
    /// The variable that Azure.Identity reads in every program: <c>dev</c>, <c>prod</c>, or one way's name followed by <c>Credential</c>.
    /// </summary>
    private const string Variable = "AZURE_TOKEN_CREDENTIALS";
    private const string Suffix = "Credential";

    private static readonly string[] OfPlatforms = ["Environment", "WorkloadIdentity", ManagedIdentity];
    private static readonly string[] OfDevelopers = ["VisualStudio", "VisualStudioCode", "AzureCli", "AzurePowerShell", "AzureDeveloperCli"];

    /// <summary>All ways.</summary>
    public static IReadOnlyList<string> All { get; } = [.. OfPlatforms, .. OfDevelopers, InteractiveBrowser];

    /// <summary>Finds the ways that are left.</summary>
    /// <param name="excluded">
    /// Names of ways to leave out, in any case; also followed by <c>Credential</c>, as Azure.Identity's types are called.
    /// </param>
    /// <param name="variable">Reads an environment variable; null for the process's.</param>
    /// <returns>The other ways, in their order; at least one.</returns>
    /// <exception cref="ExoException"><c>ExcludeCredentialInvalid</c> or <c>TokenCredentialsVariableInvalid</c>.</exception>
    public static IReadOnlyList<string> Except(IReadOnlyList<string> excluded, Func<string, string?>? variable = null)
    {
        ArgumentNullException.ThrowIfNull(excluded);
        var without = excluded
            .Select(name => Find(name) ?? throw Invalid($"'{name}' is not a way of the default credential.", name))
            .ToHashSet(StringComparer.Ordinal);
        IReadOnlyList<string> rest = [.. Chosen((variable ?? Environment.GetEnvironmentVariable)(Variable)).Where(way => !without.Contains(way))];
        return rest.Count > 0 ? rest : throw Invalid("No way of the default credential is left to try.", string.Join(", ", excluded));
    }

    private static string? Find(string name)
    {
        var given = name.Trim();
        return All.FirstOrDefault(way =>
            given.Equals(way, StringComparison.OrdinalIgnoreCase) || given.Equals(way + Suffix, StringComparison.OrdinalIgnoreCase));
    }

    private static IReadOnlyList<string> Chosen(string? said) => said?.Trim().ToUpperInvariant() switch
    {
        null or "" => All,
        "PROD" => OfPlatforms,
        "DEV" => OfDevelopers,
        _ when Find(said) is { } one && said.Trim().EndsWith(Suffix, StringComparison.OrdinalIgnoreCase) => [one],
        _ => throw new ExoException($"The variable {Variable} does not name a way of the default credential: '{said.Trim()}'.")
        {
            ErrorId = ErrorIds.TokenCredentialsVariableInvalid,
            Category = ExoErrorCategory.InvalidArgument,
            ParameterName = "DefaultCredential",
            Target = said,
            Remedy = $"Set it to dev, prod, or one of {string.Join(", ", All.Select(way => way + Suffix))}; or remove it.",
        },
    };

    private static ExoException Invalid(string message, string target) => new(message)
    {
        ErrorId = ErrorIds.ExcludeCredentialInvalid,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = "ExcludeCredential",
        Target = target,
        Remedy = $"The ways are {string.Join(", ", All)}; leave at least one.",
    };
}
