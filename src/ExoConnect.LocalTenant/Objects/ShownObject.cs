namespace ExoConnect.LocalTenant.Objects;

/// <summary>A value with members of its own: JSON shows its text, PowerShell's serialisation all of it. Immutable.</summary>
/// <param name="Text">Its text.</param>
/// <param name="TypeNames">The .NET types of the service's value, the most derived first.</param>
/// <param name="Members">Its properties, in the service's order.</param>
internal sealed record ShownObject(string Text, IReadOnlyList<string> TypeNames, IReadOnlyList<KeyValuePair<string, object?>> Members)
{
    /// <summary>The number of an enum's value; null for other types.</summary>
    public int? Number { get; init; }

    /// <summary>A value of an enum.</summary>
    /// <param name="type">The enum's type.</param>
    /// <param name="text">The value's name.</param>
    /// <param name="number">The value's number.</param>
    public static ShownObject Enum(string type, string text, int number)
    {
        return new ShownObject(text, [type, "System.Enum", "System.ValueType", "System.Object"], []) { Number = number };
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
