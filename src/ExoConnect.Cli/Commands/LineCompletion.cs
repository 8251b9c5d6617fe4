using System.CommandLine;
using System.CommandLine.Completions;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Profiles;
using ExoConnect.Cli.Sessions;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.ServiceRequests;

namespace ExoConnect.Cli.Commands;

/// <summary>Completes an unfinished line: commands, options, and values with a known choice. It doesn't sign in.</summary>
/// <param name="root">The commands.</param>
/// <param name="host">The host, with the profiles.</param>
internal sealed class LineCompletion(RootCommand root, CliHost host)
{
    /// <summary>Writes what the word may become, each a line: the word, a tab, what it is.</summary>
    /// <param name="word">The word at the cursor, as far as it goes.</param>
    /// <param name="before">The words before it, without the program.</param>
    public void Write(string word, IReadOnlyList<string> before)
    {
        foreach (var (text, what) in Find(word, before).Where(f => f.Word.StartsWith(word, StringComparison.OrdinalIgnoreCase)).DistinctBy(
            f => f.Word))
        {
            host.Output.WriteLine($"{text}\t{what}");
        }
    }

    private IEnumerable<(string Word, string What)> Find(string word, IReadOnlyList<string> before)
    {
        Command command = root;
        Option? open = null;
        var used = new HashSet<Option>();
        var given = new Dictionary<string, string>();
        var arguments = new List<string>();
        string? parameter = null;
        foreach (var token in before)
        {
            parameter = null;
            if (open is not null)
            {
                given[open.Name] = token;
                open = null;
            }
            else if (token.StartsWith('-'))
            {
                var option = Options(command).FirstOrDefault(o => o.Name == token.Split('=')[0] || o.Aliases.Contains(token.Split('=')[0]));
                if (option is not null)
                {
                    used.Add(option);
                    open = option.Arity.MaximumNumberOfValues > 0 && !token.Contains('=', StringComparison.Ordinal) ? option : null;
                    if (token.Split('=', 2) is [_, var value])
                    {
                        given[option.Name] = value;
                    }
                }
                else
                {
                    parameter = token.TrimStart('-');
                }
            }
            else if (arguments.Count == 0 && command.Subcommands.FirstOrDefault(c => c.Name == token || c.Aliases.Contains(token)) is { } next)
            {
                command = next;
            }
            else
            {
                arguments.Add(token);
            }
        }

        if (open is not null)
        {
            return open.Name == ManyTenants.ProfilesOption ? MoreProfiles(word) : Values(open);
        }

        var cmdlet = command.Name == RunCommand.Name && arguments.Count > 0 ? Catalog(given)?.Cmdlets.FirstOrDefault(
            c => c.Name.Equals(arguments[0], StringComparison.OrdinalIgnoreCase)) : null;
        if (parameter is not null && !word.StartsWith('-'))
        {
            return cmdlet?.FindParameter(parameter)?.ValidValues.Select(v => (v, "")) ?? [];
        }

        if (word.StartsWith('-'))
        {
            return Options(command).Where(o => !o.Hidden && (!used.Contains(o) || o.Arity.MaximumNumberOfValues > 1))
                .Select(o => (o.Name, FirstSentence(o.Description)))
                .Concat(cmdlet is null ? [] : cmdlet.Parameters.Select(p => ("--" + p.Name, $"A parameter of {cmdlet.Name}.")));
        }

        return command.Subcommands.Count > 0 && arguments.Count > 0 ? []
            : command.Subcommands.Count > 0
            ? command.Subcommands.Where(c => !c.Hidden).SelectMany(
                c => c.Aliases.Prepend(c.Name).Select(name => (name, FirstSentence(c.Description))))
            : arguments.Count >= command.Arguments.Count ? []
            : command.Name == RunCommand.Name ? Catalog(given)?.Cmdlets.Select(c => (c.Name, "A cmdlet.")) ?? []
            : Values(command.Arguments[arguments.Count], command);
    }

    private IEnumerable<(string Word, string What)> Values(Option option) => option.Name switch
    {
        "--profile" => Profiles(),
        "--environment" => CloudEnvironments.All.Select(c => (c.Name, "A cloud.")),
        "--resource" => ServiceTable.Names.Select(n => (n, "A service.")),
        _ when option.HelpName is { } choices && choices.Contains('|', StringComparison.Ordinal)
            && choices.All(c => c is '|' or '-' || char.IsAsciiLetterOrDigit(c)) => choices.Split('|').Select(c => (c, "")),
        _ => option.GetCompletions(CompletionContext.Empty).Select(c => (c.Label, "")),
    };

    private IEnumerable<(string Word, string What)> Values(Argument argument, Command command) =>
        command.Parents.Any(p => p.Name == "connection") ? Profiles()
        : command.Name == "completion" ? CompletionCommand.Shells.Select(s => (s, "A shell."))
        : argument.GetCompletions(CompletionContext.Empty).Select(c => (c.Label, ""));

    /// <summary>
    /// The cmdlets of the profile's last session. An unfinished line can name an unreadable profile, which then has none.
    /// </summary>
    private CmdletCatalog? Catalog(Dictionary<string, string> given)
    {
        try
        {
            var profile = ProfileStore.Open(host.Variable).Find(ProfileName.Chosen(
                given.GetValueOrDefault("--profile") ?? given.GetValueOrDefault(ManyTenants.ProfilesOption)?.Split(',')[0], host));
            ServiceName? service = given.GetValueOrDefault("--service") switch
            {
                "exchange" => ServiceName.Exchange,
                "compliance" => ServiceName.Compliance,
                _ => null,
            };
            return ProfileSessions.CachedCatalogAsync(profile, service, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is UsageException or ExoException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private IEnumerable<(string Word, string What)> Profiles()
    {
        try
        {
            return ProfileStore.Open(host.Variable).Names().Select(n => (n, "A profile."));
        }
        catch (Exception e) when (e is UsageException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The profiles that a list doesn't have yet, each as the whole list would be.</summary>
    private IEnumerable<(string Word, string What)> MoreProfiles(string word)
    {
        var list = word[..(word.LastIndexOf(',') + 1)];
        var there = list.Split(',');
        return Profiles().Where(p => !there.Contains(p.Word, StringComparer.OrdinalIgnoreCase)).Select(p => (list + p.Word, p.What));
    }

    private static IEnumerable<Option> Options(Command command) =>
        command.Options.Concat(command.Parents.OfType<Command>().SelectMany(Options).Where(o => o.Recursive)).Distinct();

    private static string FirstSentence(string? text) => (text ?? "").Split(". ", 2)[0].TrimEnd('.') is { Length: > 0 } sentence ? sentence + "."
        : "";
}
