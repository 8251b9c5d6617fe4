namespace ExoConnect.Output;

/// <summary>The module of Microsoft's name that Install-ExoCompatibility has laid down.</summary>
/// <param name="name">What it is called.</param>
/// <param name="version">The version it says it has.</param>
/// <param name="scope">Whom it is for.</param>
/// <param name="path">Where it lies.</param>
public sealed class CompatibilityInformation(string name, Version version, string scope, string path)
{
    /// <summary>What it is called.</summary>
    public string Name { get; } = name;

    /// <summary>The version it says it has.</summary>
    public Version Version { get; } = version;

    /// <summary><c>Process</c>, <c>CurrentUser</c> or <c>AllUsers</c>.</summary>
    public string Scope { get; } = scope;

    /// <summary>Where it lies.</summary>
    public string Path { get; } = path;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Version}";
}
