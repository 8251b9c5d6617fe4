namespace ExoConnect.Cli.CommandLine;

/// <summary>A word behind the cmdlet: a parameter's name, perhaps with its value, or a value that stands alone.</summary>
/// <param name="Name">The name without dashes; null for a value that stands alone.</param>
/// <param name="Text">The value as text; null if the word has none.</param>
/// <param name="Json">The value where it was given as JSON.</param>
internal sealed record CmdletWord(string? Name, string? Text, JsonValue? Json = null)
{
    /// <summary>True if it comes from a file and not from the command line, so that a secret may stand in it.</summary>
    public bool IsData { get; init; }
}

/// <summary>A value that was given as JSON; it may well be null.</summary>
/// <param name="Value">What it says, in .NET's terms.</param>
internal sealed record JsonValue(object? Value);
