using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text.RegularExpressions;
using ExoConnect.Cli.Hosting;

namespace ExoConnect.Cli.CommandLine;

/// <summary>Prints the help of a command: its description, its syntax, its options, examples.</summary>
/// <param name="host">The host.</param>
internal sealed partial class HelpText(CliHost host) : SynchronousCommandLineAction
{
    private const int WidestLabel = 32;

    /// <summary>Piped output is read in a terminal too, and most have eighty columns.</summary>
    private const int Page = 79;
    private const int WidestPage = 110;

    public override bool ClearsParseErrors => true;

    private int Width => Math.Clamp(host.IsOutputTerminal ? host.Width - 1 : Page, 60, WidestPage);

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
        Paragraph(documented?.Usage ?? "<command> [options]", "Usage: exoconnect ");
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
                Example(example);
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
            Paragraph("0 success, 1 a cmdlet failed, 2 wrong usage, 3 sign-in failed, 4 service unavailable, 130 interrupted.", "Exit codes: ");
        }
    }

    /// <summary>The full name of a command, from the program's name on.</summary>
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
        var all = rows.Select(r => (Label: "  " + r.Name, r.Text)).ToList();
        if (all.Count == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine(title + ":");
        var column = all.Select(r => r.Label.Length).Where(l => l <= WidestLabel).DefaultIfEmpty(WidestLabel).Max() + 2;
        foreach (var (name, text) in all)
        {
            var label = name;
            if (label.Length > column - 2)
            {
                output.WriteLine(label);
                label = "";
            }

            Paragraph(text, label.PadRight(column));
        }
    }

    /// <summary>A command line, continued before an option if it is longer than the page, so that it can be copied.</summary>
    private void Example(string example)
    {
        var line = "  ";
        var text = example.Length <= Width - 2 ? example : Padding().Replace(example, "  #");
        foreach (var part in text.Length <= Width - 2 ? [text] : OptionStart().Split(text))
        {
            if (line.Trim().Length > 0 && line.Length + 1 + part.Length > Width - 2)
            {
                host.Output.WriteLine(line + (OperatingSystem.IsWindows() ? " `" : " \\"));
                line = "     ";
            }

            line += line.Trim().Length > 0 || line.Length > 2 ? " " + part : part;
        }

        host.Output.WriteLine(line);
    }

    [GeneratedRegex(" (?=--?[a-zA-Z]|> )")]
    private static partial Regex OptionStart();

    [GeneratedRegex(" {2,}#")]
    private static partial Regex Padding();

    /// <summary>Text after a label, wrapped at the width of the page.</summary>
    private void Paragraph(string text, string label)
    {
        var width = Width;
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
