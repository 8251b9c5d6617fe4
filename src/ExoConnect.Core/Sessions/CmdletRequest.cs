using System.Collections;
using System.Globalization;
using System.Security;
using System.Text.Json;
using ExoConnect.Core.AdminApi;
using ExoConnect.Core.AdminApi.Parameters;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.Sessions;

/// <summary>A cmdlet to run in the service. Immutable.</summary>
public sealed record CmdletRequest
{
    private const int MaxDepth = 32;

    /// <summary>The cmdlet, for example <c>Get-Mailbox</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What the caller typed for it, in messages and errors: with a session's prefix, for example <c>Get-CloudMailbox</c>.</summary>
    public string Command
    {
        get => field ?? Name;
        init;
    }

    /// <summary>Its parameters, by name without the dash, as .NET values.</summary>
    public IReadOnlyDictionary<string, object?> Parameters { get; init; } = new Dictionary<string, object?>();

    /// <summary>
    /// PowerShell's common parameters that were given, such as ErrorAction and Confirm. The service takes them with the others, but they don't
    /// belong to the cmdlet: no error shows them, and no checkpoint holds them.
    /// </summary>
    public IReadOnlyDictionary<string, object?> CommonParameters { get; init; } = new Dictionary<string, object?>();

    /// <summary>The properties to return; empty for all.</summary>
    public IReadOnlyList<string> Properties { get; init; } = [];

    /// <summary>The form of the response; with a choice of properties it is always JSON.</summary>
    public ResponseFormat ResponseFormat { get; init; }

    /// <summary>The caller's preference for warnings, by PowerShell's name; null for none.</summary>
    public string? WarningAction { get; init; }

    /// <summary>Objects per page, 1 to 1,000; null for the session's.</summary>
    public int? PageSize { get; init; }

    /// <summary>The most objects in its response, if its parameters set a limit; else null.</summary>
    public int? MostObjects => ResultSize is { } size && int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most
        : null;

    /// <summary>Whether its response may be so large that it should be read as it arrives.</summary>
    public bool IsListing => IsRead && ResultSize is not null && MostObjects is not <= 100;

    /// <summary>The object that it names, unchanged; null if it names none.</summary>
    public object? Target => Named(IdentityName) ?? Named("Name");

    /// <summary>Its input, for errors: the object that it names, or else its parameters without secrets.</summary>
    public object Input => Target ?? new Hashtable(
        Parameters.Where(static p => !IsSecret(p.Key, p.Value)).ToDictionary(
            static p => p.Key, static p => p.Value, StringComparer.OrdinalIgnoreCase),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Whether the verb changes nothing, whatever the noun. Search- and Test- don't count: Search-Mailbox deletes, Test-Message sends.
    /// </summary>
    public bool IsRead => Name.Split('-')[0].ToUpperInvariant() is "GET" or "FIND" or "MEASURE" or "COMPARE";

    /// <summary>The parameter that names the object.</summary>
    internal const string IdentityName = "Identity";

    /// <summary>Finds a parameter.</summary>
    /// <param name="name">Its name, in any case.</param>
    /// <param name="value">Its value, without the host's wrapper.</param>
    /// <returns>False if it was left out.</returns>
    internal bool TryFind(string name, out object? value)
    {
        foreach (var (given, wrapped) in Parameters)
        {
            if (given.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                value = wrapped is null ? null : HostTypes.Unwrap(wrapped);
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <summary>Whether a value is blank: null, blank text, or a list of such.</summary>
    internal static bool IsBlank(object? value) => IsBlank(value, depth: 0);

    /// <summary>Whether a parameter is a secret by its name, whatever its value.</summary>
    internal static bool IsSecretName(string name) => name.Contains("Password", StringComparison.OrdinalIgnoreCase)
        || name.Contains("Secret", StringComparison.OrdinalIgnoreCase) || name.Contains("Credential", StringComparison.OrdinalIgnoreCase);

    // Lists can hold themselves; the serializer has an error for that.
    private static bool IsBlank(object? value, int depth) => (value is null ? null : HostTypes.Unwrap(value)) switch
    {
        null or DBNull => true,
        string text => string.IsNullOrWhiteSpace(text),
        JsonElement json => json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined
            || (json.ValueKind == JsonValueKind.String && IsBlank(json.GetString())),
        IDictionary => false,
        IEnumerable list => depth < MaxDepth && list.Cast<object?>().All(item => IsBlank(item, depth + 1)),
        _ => false,
    };

    private static bool IsSecret(string name, object? value, int depth = 0) =>
        depth == MaxDepth || IsSecretName(name) || (value is null ? null : HostTypes.Unwrap(value)) switch
        {
            SecureString or CredentialValue or byte[] => true,
            IDictionary table => table.Keys.Cast<object>().Any(
                key => IsSecret(Convert.ToString(key, CultureInfo.InvariantCulture) ?? "", table[key], depth + 1)),
            string => false,
            IEnumerable list => list.Cast<object?>().Any(item => IsSecret("", item, depth + 1)),
            _ => false,
        };

    private object? Named(string name) => TryFind(name, out var value) && !IsBlank(value) ? value : null;

    private string? ResultSize => Parameters.FirstOrDefault(
        static p => p.Key.Equals("ResultSize", StringComparison.OrdinalIgnoreCase)).Value is { } size
        ? Convert.ToString(size, CultureInfo.InvariantCulture)
        : null;
}
