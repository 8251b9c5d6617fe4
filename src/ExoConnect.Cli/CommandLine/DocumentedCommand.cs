using System.CommandLine;

namespace ExoConnect.Cli.CommandLine;

/// <summary>A command with the part of its help that a list of options is not.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">What it does, in a line.</param>
internal sealed class DocumentedCommand(string name, string description) : Command(name, description)
{
    /// <summary>How it is written, without <c>exoconnect</c>.</summary>
    public required string Usage { get; init; }

    /// <summary>What else there is to know: paragraphs, each a line.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <summary>Lines to copy.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];
}
