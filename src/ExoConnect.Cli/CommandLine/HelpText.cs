using System.CommandLine;
using System.CommandLine.Invocation;
using ExoConnect.Cli.Hosting;

namespace ExoConnect.Cli.CommandLine;

/// <summary>Prints the help of a command: what it does, how it is written, its options, examples.</summary>
/// <param name="host">Where to.</param>
internal sealed class HelpText(CliHost host) : SynchronousCommandLineAction
{
    private const int FirstColumn = 34;
    private const int WidestPage = 110;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        Write(parseResult.CommandResult.Command);
        return ExitCodes.Success;
    }

    /// <summary>Prints the help.</summary>
    public void Write(Command command)
    {
        var output = host.Output;
        var documented = command as DocumentedCommand;
        Paragraph(command.Description ?? "", "");
        output.WriteLine();
        output.WriteLine("Usage: exoconnect " + (documented?.Usage ?? "<command> [options]"));
        foreach (var detail in documented?.Details ?? [])
        {
            output.WriteLine();
            Paragraph(detail, "");
        }

        Section("Commands", command.Subcommands.Where(c => !c.Hidden).Select(
            c => (string.Join(", ", c.Aliases.Prepend(c.Name)), c.Description ?? "")));
        var recursive = command.Parents.OfType<Command>().SelectMany(Ancestors).SelectMany(c => c.Options).Where(o => o.Recursive);
        Section("Options", command.Options.Concat(recursive).Where(o => !o.Hidden).Distinct().Select(o => (Label(o), o.Description ?? "")));
        if (documented is { Examples.Count: > 0 })
        {
            output.WriteLine();
            output.WriteLine(documented.Examples.Count == 1 ? "Example:" : "Examples:");
            foreach (var example in documented.Examples)
            {
                output.WriteLine("  " + example);
            }
        }

        if (command.Subcommands.Count > 0)
        {
            output.WriteLine();
            output.WriteLine($"Help on one of them: {Path(command)} <command> --help");
        }

        if (command is RootCommand)
        {
            output.WriteLine();
            output.WriteLine("Exit codes: 0 success, 1 a cmdlet failed, 2 wrong usage, 3 sign-in failed, 4 service unavailable, 130 interrupted.");
        }
    }

    /// <summary>How a command is called, from the program's name on.</summary>
    public static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Path(parent)} {command.Name}" : "exoconnect";

    private static IEnumerable<Command> Ancestors(Command command) => command.Parents.OfType<Command>().SelectMany(Ancestors).Prepend(command);

    private static string Label(Option option)
    {
        var names = string.Join(", ", option.Aliases.Where(a => a.StartsWith('-') && a is not "-?").Order().Append(option.Name).Distinct());
        return option.Arity.MaximumNumberOfValues > 0 ? $"{names} {option.HelpName ?? "VALUE"}" : names;
    }

    private void Section(string title, IEnumerable<(string Name, string Text)> rows)
    {
        var output = host.Output;
        var first = true;
        foreach (var (name, text) in rows)
        {
            if (first)
            {
                output.WriteLine();
                output.WriteLine(title + ":");
                first = false;
            }

            var label = "  " + name;
            if (label.Length > FirstColumn - 2)
            {
                output.WriteLine(label);
                label = "";
            }

            Paragraph(text, label.PadRight(FirstColumn));
        }
    }

    /// <summary>Text behind a label, broken at the width of the page.</summary>
    private void Paragraph(string text, string label)
    {
        var width = Math.Clamp(host.IsOutputTerminal ? host.Width - 1 : WidestPage, 60, WidestPage);
        var line = label;
        var empty = true;
        foreach (var word in text.Split(' '))
        {
            if (!empty && line.Length + 1 + word.Length > width)
            {
                host.Output.WriteLine(line);
                line = new string(' ', label.Length);
                empty = true;
            }

            line += empty ? word : " " + word;
            empty = false;
        }

        host.Output.WriteLine(line);
    }
}
