using ExoConnect.Core.Catalog;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.AdminApi.Parameters;

/// <summary>What a <see cref="ParameterSerializer"/> needs to know of its session and host.</summary>
public sealed record ParameterSerializerOptions
{
    /// <summary>The service's key, for passwords; null if the session has none. A password is then an error.</summary>
    public ServiceKey? Key { get; init; }

    /// <summary>
    /// Turns a host's own wrapper into its content, before anything else: a <c>PSObject</c> into its base object, a <c>SwitchParameter</c> into a
    /// bool, a <c>PSCredential</c> into a <see cref="CredentialValue"/>. Returns any other value unchanged. Called for every value, also inside
    /// lists and tables.
    /// </summary>
    public Func<object, object?>? Unwrap { get; init; }

    /// <summary>
    /// Turns an object that a cmdlet returned into its identity, for example a mailbox into its Guid. Gets the parameter's name and the object.
    /// Returns null for an object it doesn't know, and throws an <see cref="ExoException"/> if nothing in the object identifies it.
    /// </summary>
    public Func<string, object, object?>? Identify { get; init; }

    /// <summary>
    /// The names and values of a host's property bag, for a parameter that takes a table; null for any other value. For another parameter a bag is
    /// an object, and is sent as its identity.
    /// </summary>
    public Func<object, IEnumerable<KeyValuePair<string, object?>>?>? Entries { get; init; }

    /// <summary>How deep lists and tables may nest; 16 by default.</summary>
    public int MaximumDepth { get; init; } = 16;

    /// <summary>How many values one call may send in all; 1,000,000 by default. Ends an endless enumeration.</summary>
    public int MaximumValues { get; init; } = 1_000_000;
}

/// <summary>A user name with a password, as the engine knows it; hosts convert their own credential type to it.</summary>
/// <param name="UserName">The name.</param>
/// <param name="Password">The password; sent encrypted only.</param>
public sealed record CredentialValue(string UserName, System.Security.SecureString Password)
{
    /// <inheritdoc/>
    public override string ToString() => $"CredentialValue({UserName})";
}
