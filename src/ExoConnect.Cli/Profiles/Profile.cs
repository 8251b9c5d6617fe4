using System.Text.Json.Serialization;
using ExoConnect.Core.Environments;

namespace ExoConnect.Cli.Profiles;

/// <summary>
/// The result of <c>exoconnect connect</c>: enough to sign in again, and no secret. People may read its JSON file, so its members are named for
/// them.
/// </summary>
internal sealed record Profile
{
    /// <summary>The version of the file's format; a newer one than this program knows is refused.</summary>
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>The profile's name; the file name holds it, not the file.</summary>
    [JsonIgnore]
    public string Name { get; init; } = "";

    public required ServiceName Service { get; init; }

    public required string Organization { get; init; }

    public required string AppId { get; init; }

    /// <summary>A cloud's name, or the full path of an environment file.</summary>
    public required string Environment { get; init; }

    public required SignIn SignIn { get; init; }

    /// <summary>The language of the service's texts; null for the environment's.</summary>
    public string? Culture { get; init; }

    /// <summary>True for sessions of Security &amp; Compliance that run the compliance searches; null for others.</summary>
    public bool? EnableSearchOnlySession { get; init; }

    /// <summary>When the sign-in last succeeded.</summary>
    public DateTimeOffset? ConnectedAt { get; init; }
}

/// <summary>The services by the names of the command line.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ServiceName>))]
internal enum ServiceName
{
    /// <summary>Exchange Online.</summary>
    [JsonStringEnumMemberName("exchange")]
    Exchange,

    /// <summary>Security &amp; Compliance.</summary>
    [JsonStringEnumMemberName("compliance")]
    Compliance,
}

/// <summary>The engine's and people's names of the services.</summary>
internal static class ServiceNames
{
    public static ExoService Engine(this ServiceName service) =>
        service == ServiceName.Exchange ? ExoService.ExchangeOnline : ExoService.SecurityCompliance;

    public static string Full(this ServiceName service) => service == ServiceName.Exchange ? "Exchange Online" : "Security & Compliance";

    public static string Word(this ServiceName service) => service == ServiceName.Exchange ? "exchange" : "compliance";
}

/// <summary>The way a profile signs in; the JSON names its kind.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ThumbprintSignIn), "thumbprint")]
[JsonDerivedType(typeof(FileSignIn), "file")]
[JsonDerivedType(typeof(SecretSignIn), "clientSecret")]
[JsonDerivedType(typeof(ManagedSignIn), "managedIdentity")]
[JsonDerivedType(typeof(WorkloadSignIn), "workloadIdentity")]
[JsonDerivedType(typeof(DefaultSignIn), "defaultCredential")]
[JsonDerivedType(typeof(TokenSignIn), "accessToken")]
[JsonDerivedType(typeof(DeviceSignIn), "deviceCode")]
[JsonDerivedType(typeof(BrowserSignIn), "browser")]
internal abstract record SignIn;

/// <summary>With a certificate from the machine's store.</summary>
/// <param name="Thumbprint">Its thumbprint.</param>
internal sealed record ThumbprintSignIn(string Thumbprint) : SignIn
{
    public override string ToString() => "thumbprint " + Thumbprint;
}

/// <summary>With a certificate in a file.</summary>
/// <param name="Certificate">The full path of a PFX or PEM file.</param>
/// <param name="Key">The full path of the key's file, if it has one.</param>
/// <param name="Password">The place of the password; null if none is needed.</param>
internal sealed record FileSignIn(string Certificate, string? Key = null, PasswordOrigin? Password = null) : SignIn
{
    public override string ToString() => Certificate;
}

/// <summary>With a client secret.</summary>
/// <param name="Secret">Its place.</param>
internal sealed record SecretSignIn(PasswordOrigin Secret) : SignIn
{
    public override string ToString() => $"client secret from {Secret}";
}

/// <summary>With the identity that Azure gives this machine or container.</summary>
/// <param name="AccountId">The client id of a user-assigned one; null for the system-assigned one.</param>
internal sealed record ManagedSignIn(string? AccountId = null) : SignIn
{
    public override string ToString() => AccountId is null ? "managed identity" : "managed identity " + AccountId;
}

/// <summary>With the platform's token.</summary>
/// <param name="TokenFile">The file with the platform's token; null for that of the platform's variables.</param>
/// <param name="ServiceConnectionId">The service connection of an Azure pipeline; null if its variables name it.</param>
internal sealed record WorkloadSignIn(string? TokenFile = null, string? ServiceConnectionId = null) : SignIn
{
    public override string ToString() => TokenFile is null ? "workload identity" : "workload identity, token file " + TokenFile;
}

/// <summary>With the first way that the default credential finds.</summary>
/// <param name="Excluded">The ways that it leaves out.</param>
/// <param name="AccountId">The client id of a user-assigned managed identity; null for the found one.</param>
/// <param name="AppId">The application of a workload or of a person; null for the found one. The profile's own is the found one.</param>
internal sealed record DefaultSignIn(IReadOnlyList<string> Excluded, string? AccountId = null, string? AppId = null) : SignIn
{
    public bool Equals(DefaultSignIn? other) =>
        other is not null && (AccountId, AppId) == (other.AccountId, other.AppId) && Excluded.SequenceEqual(other.Excluded);

    public override int GetHashCode() => HashCode.Combine(AccountId, AppId, Excluded.Count);

    public override string ToString() => Excluded.Count == 0 ? "default credential" : "default credential without " + string.Join(", ", Excluded);
}

/// <summary>With a token from elsewhere.</summary>
/// <param name="Token">Its place.</param>
internal sealed record TokenSignIn(PasswordOrigin Token) : SignIn
{
    public override string ToString() => $"access token from {Token}";
}

/// <summary>As a user, whose sign-in the platform stores between commands.</summary>
/// <param name="User">The user; null for any.</param>
/// <param name="AllowPlaintext">Whether a file that isn't encrypted may store it.</param>
internal abstract record UserSignIn(string? User, bool AllowPlaintext) : SignIn
{
    /// <summary>The option for this way.</summary>
    [JsonIgnore]
    public abstract string Option { get; }
}

/// <summary>As a user who enters a code in a browser anywhere.</summary>
internal sealed record DeviceSignIn(string? User = null, bool AllowPlaintext = false) : UserSignIn(User, AllowPlaintext)
{
    [JsonIgnore]
    public override string Option => "--device";

    public override string ToString() => $"user {User} (device code)";
}

/// <summary>As a user, in this machine's browser.</summary>
internal sealed record BrowserSignIn(string? User = null, bool AllowPlaintext = false) : UserSignIn(User, AllowPlaintext)
{
    [JsonIgnore]
    public override string Option => "--browser";

    public override string ToString() => $"user {User} (browser)";
}

/// <summary>The place of a password or another secret. Never the secret.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "from")]
[JsonDerivedType(typeof(VariablePassword), "environment")]
[JsonDerivedType(typeof(FilePassword), "file")]
[JsonDerivedType(typeof(PromptedPassword), "prompt")]
internal abstract record PasswordOrigin;

/// <summary>From an environment variable.</summary>
/// <param name="Name">The variable.</param>
internal sealed record VariablePassword(string Name) : PasswordOrigin
{
    public override string ToString() => "the variable " + Name;
}

/// <summary>From a file.</summary>
/// <param name="Path">Its full path.</param>
internal sealed record FilePassword(string Path) : PasswordOrigin
{
    public override string ToString() => Path;
}

/// <summary>From the person at the terminal.</summary>
internal sealed record PromptedPassword : PasswordOrigin
{
    public override string ToString() => "the keyboard";
}

/// <summary>Reads and writes profiles without reflection.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Profile))]
internal sealed partial class ProfileJson : JsonSerializerContext;
