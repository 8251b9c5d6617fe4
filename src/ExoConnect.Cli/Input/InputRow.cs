using ExoConnect.Cli.CommandLine;

namespace ExoConnect.Cli.Input;

/// <summary>One call's row in a file.</summary>
/// <param name="Place">Its position, for errors: <c>line 12</c>.</param>
/// <param name="Words">The parameters.</param>
/// <param name="Problem">Why it cannot be read; null if it can.</param>
internal sealed record InputRow(string Place, IReadOnlyList<CmdletWord> Words, string? Problem = null);
