using System.CommandLine;
using System.CommandLine.Parsing;
using ExoConnect.Cli.Hosting;

namespace ExoConnect.Cli.CommandLine;

/// <summary>Describes the mistake in a command line, with the correction.</summary>
internal static class ParseProblems
{
    /// <summary>Makes the error of a failed parse.</summary>
    /// <param name="result">A result with errors.</param>
    public static UsageException Describe(ParseResult result)
    {
        var command = result.CommandResult.Command;
        var path = HelpText.Path(command);
        var help = $"{path} --help tells more.";

        // Unknown arguments come first: a mistyped option makes others seem missing.
        if (result.UnmatchedTokens.OrderBy(t => !t.StartsWith('-')).FirstOrDefault() is { } token)
        {
            var isOption = token.StartsWith('-');
            var known = isOption
                ? AllOptions(command).SelectMany(o => o.Aliases.Append(o.Name))
                : command.Subcommands.Select(c => c.Name);
            var meant = Nearest(isOption ? token.Split('=', ':')[0] : token, known);
            var what = isOption
                ? $"{path} has no option {token.Split('=', ':')[0]}."
                : command.Subcommands.Count > 0 ? $"{path} has no command '{token}'." : $"'{token}' is one word too many for {path}.";
            return new UsageException(what, meant is null ? help : $"Did you mean {meant}? {help}");
        }

        if (command.Subcommands.Count > 0 && command.Action is null)
        {
            return new UsageException(
                $"{path} is not enough.", $"It takes one of: {string.Join(", ", command.Subcommands.Select(c => c.Name))}. {help}");
        }

        if (result.Errors.Select(e => Owner(e.SymbolResult)).OfType<OptionResult>()
            .FirstOrDefault(o => o.Tokens.Count == 0 && !o.Implicit && o.Option.Arity.MinimumNumberOfValues > 0) is { Option: var empty })
        {
            return new UsageException($"{empty.Name} wants a value: {empty.Name} {empty.HelpName}", $"{empty.Description} {help}");
        }

        if (AllOptions(command).FirstOrDefault(o => o.Required && result.GetResult(o) is null or OptionResult { Implicit: true }) is { } missing)
        {
            return new UsageException($"{missing.Name} is missing.", $"{missing.Description} {help}");
        }

        foreach (var (error, option) in result.Errors.Select(e => (e, Owner(e.SymbolResult))))
        {
            if (option is OptionResult { IdentifierTokenCount: > 1, Option: var twice } && twice.Arity.MaximumNumberOfValues == 1)
            {
                return new UsageException($"{twice.Name} is given more than once.", $"Give it once. {help}");
            }

            return command.Arguments.FirstOrDefault(a => result.GetResult(a) is null or { Tokens.Count: 0 }) is { } argument
                ? new UsageException($"{path} is not enough: the {argument.Name.ToLowerInvariant()} is missing.", $"{argument.Description} {help}")
                : new UsageException(error.Message, help);
        }

        return new UsageException("The command line cannot be understood.", help);
    }

    /// <summary>The nearest of some names, if it is near enough to be meant.</summary>
    internal static string? Nearest(string word, IEnumerable<string> words) => words
        .Select(w => (Word: w, Distance: Distance(word, w)))
        .Where(w => w.Distance <= Math.Max(1, word.Length / 3))
        .OrderBy(w => w.Distance)
        .Select(w => w.Word)
        .FirstOrDefault();

    private static SymbolResult? Owner(SymbolResult? symbol) => symbol is ArgumentResult { Parent: OptionResult option } ? option : symbol;

    private static IEnumerable<Option> AllOptions(Command command) =>
        command.Options.Concat(command.Parents.OfType<Command>().SelectMany(AllOptions).Where(o => o.Recursive));

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            (var diagonal, row[0]) = (row[0], i);
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + cost));
            }
        }

        return row[^1];
    }
}
