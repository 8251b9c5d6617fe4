namespace ExoConnect.Output;

/// <summary>The module of Microsoft's name that Install-ExoCompatibility has installed.</summary>
/// <param name="name">Its name.</param>
/// <param name="version">Its declared version.</param>
/// <param name="scope">Its scope.</param>
/// <param name="path">Its folder.</param>
public sealed class CompatibilityInformation(string name, Version version, string scope, string path)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Its declared version.</summary>
    public Version Version { get; } = version;

    /// <summary><c>Process</c>, <c>CurrentUser</c> or <c>AllUsers</c>.</summary>
    public string Scope { get; } = scope;

    /// <summary>Its folder.</summary>
    public string Path { get; } = path;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Version}";
}
