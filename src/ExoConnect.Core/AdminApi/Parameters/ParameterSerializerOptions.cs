using ExoConnect.Core.Catalog;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.AdminApi.Parameters;

/// <summary>What a <see cref="ParameterSerializer"/> needs to know of its session and host.</summary>
public sealed record ParameterSerializerOptions
{
    /// <summary>The service's key, for passwords; null where the session has none: then a password is an error.</summary>
    public ServiceKey? Key { get; init; }

    /// <summary>
    /// Turns a host's own wrapper into what is in it, before anything else is tried: a <c>PSObject</c> into its base object, a
    /// <c>SwitchParameter</c> into a bool, a <c>PSCredential</c> into a <see cref="CredentialValue"/>. Returns the value itself where it has
    /// nothing to say. Called for every value, also inside lists and tables.
    /// </summary>
    public Func<object, object?>? Unwrap { get; init; }

    /// <summary>
    /// Turns an object of an earlier response into what identifies it, for example a mailbox into its Guid. Gets the parameter's name and an
    /// object that is no value by itself; returns null where it does not know it, and throws an
    /// <see cref="ExoException"/> where nothing in the object says which one it is.
    /// </summary>
    public Func<string, object, object?>? Identify { get; init; }

    /// <summary>
    /// The names and values of a host's property bag, for a parameter that takes a table; null for what is none. A bag given to another parameter is
    /// an
    /// object, and goes by its identity.
    /// </summary>
    public Func<object, IEnumerable<KeyValuePair<string, object?>>?>? Entries { get; init; }

    /// <summary>How deep lists and tables may nest; 16 by default.</summary>
    public int MaximumDepth { get; init; } = 16;

    /// <summary>How many values one call may send in all; 1,000,000 by default. It ends what would never end.</summary>
    public int MaximumValues { get; init; } = 1_000_000;
}

/// <summary>A user name with a password, as the engine knows it; hosts make it of their own credential type.</summary>
/// <param name="UserName">The name.</param>
/// <param name="Password">The password; sent encrypted only.</param>
public sealed record CredentialValue(string UserName, System.Security.SecureString Password)
{
    /// <inheritdoc/>
    public override string ToString() => $"CredentialValue({UserName})";
}
