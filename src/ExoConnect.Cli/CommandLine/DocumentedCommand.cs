using System.CommandLine;

namespace ExoConnect.Cli.CommandLine;

/// <summary>A command with the part of its help that is not a list of options.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">Its description, in a line.</param>
internal sealed class DocumentedCommand(string name, string description) : Command(name, description)
{
    /// <summary>Its syntax, without <c>exoconnect</c>.</summary>
    public required string Usage { get; init; }

    /// <summary>Further paragraphs, each a line.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <summary>Lines to copy.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];
}
