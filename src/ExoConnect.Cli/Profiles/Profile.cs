using System.Text.Json.Serialization;
using ExoConnect.Core.Environments;

namespace ExoConnect.Cli.Profiles;

/// <summary>
/// What <c>exoconnect connect</c> leaves behind: enough to sign in again, and no secret. Its JSON is a file that people may read, so its
/// members are named for them.
/// </summary>
internal sealed record Profile
{
    /// <summary>The form of the file; a newer one than this program knows is refused.</summary>
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>The profile's name; the file's, so not in it.</summary>
    [JsonIgnore]
    public string Name { get; init; } = "";

    public required ServiceName Service { get; init; }

    public required string Organization { get; init; }

    public required string AppId { get; init; }

    /// <summary>A cloud's name, or the full path of an environment file.</summary>
    public required string Environment { get; init; }

    public required SignIn SignIn { get; init; }

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

/// <summary>What the engine calls a service, and what people do.</summary>
internal static class ServiceNames
{
    public static ExoService Engine(this ServiceName service) =>
        service == ServiceName.Exchange ? ExoService.ExchangeOnline : ExoService.SecurityCompliance;

    public static string Full(this ServiceName service) => service == ServiceName.Exchange ? "Exchange Online" : "Security & Compliance";

    public static string Word(this ServiceName service) => service == ServiceName.Exchange ? "exchange" : "compliance";
}

/// <summary>How a profile signs in. One kind so far; the JSON says which, so that others can join it.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ThumbprintSignIn), "thumbprint")]
[JsonDerivedType(typeof(FileSignIn), "file")]
internal abstract record SignIn;

/// <summary>With a certificate of the machine's store.</summary>
/// <param name="Thumbprint">Its thumbprint.</param>
internal sealed record ThumbprintSignIn(string Thumbprint) : SignIn
{
    public override string ToString() => "thumbprint " + Thumbprint;
}

/// <summary>With a certificate in a file.</summary>
/// <param name="Certificate">The full path of a PFX or PEM file.</param>
/// <param name="Key">The full path of the key's file, where it has one of its own.</param>
/// <param name="Password">Where the password comes from; null where none is needed.</param>
internal sealed record FileSignIn(string Certificate, string? Key = null, PasswordOrigin? Password = null) : SignIn
{
    public override string ToString() => Certificate;
}

/// <summary>Where a password comes from. Never the password.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "from")]
[JsonDerivedType(typeof(VariablePassword), "environment")]
[JsonDerivedType(typeof(FilePassword), "file")]
[JsonDerivedType(typeof(AskedPassword), "prompt")]
internal abstract record PasswordOrigin;

/// <summary>From an environment variable.</summary>
/// <param name="Name">The variable.</param>
internal sealed record VariablePassword(string Name) : PasswordOrigin;

/// <summary>From a file.</summary>
/// <param name="Path">Its full path.</param>
internal sealed record FilePassword(string Path) : PasswordOrigin;

/// <summary>From whoever sits at the terminal.</summary>
internal sealed record AskedPassword : PasswordOrigin;

/// <summary>Reads and writes profiles without reflection.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(Profile))]
internal sealed partial class ProfileJson : JsonSerializerContext;
