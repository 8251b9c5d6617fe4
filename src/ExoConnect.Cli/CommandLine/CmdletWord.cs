namespace ExoConnect.Cli.CommandLine;

/// <summary>An argument after the cmdlet: a parameter's name, perhaps with its value, or a value without a name.</summary>
/// <param name="Name">The name without dashes; null for a value without one.</param>
/// <param name="Text">The value as text; null for none.</param>
/// <param name="Json">The value, if it was given as JSON.</param>
internal sealed record CmdletWord(string? Name, string? Text, JsonValue? Json = null)
{
    /// <summary>True if it comes from a file, not from the command line, so that it may hold a secret.</summary>
    public bool IsData { get; init; }
}

/// <summary>A value that was given as JSON; it may well be null.</summary>
/// <param name="Value">The .NET value.</param>
internal sealed record JsonValue(object? Value);
