using System.Management.Automation.Language;

namespace ExoConnect.Scripts;

/// <summary>A parsed script, scanned once for the rules. Nothing of it is run.</summary>
internal sealed class ParsedScript
{
    /// <summary>Errors that depend on the modules of this machine, not on the script.</summary>
    private static readonly string[] OfMachine = ["ModuleNotFoundDuringParse", "TypeNotFound", "ErrorLoadingAssembly"];

    private readonly HashSet<string> _functions = new(StringComparer.OrdinalIgnoreCase);

    private ParsedScript(ScriptBlockAst ast, Token[] tokens, ParseError[] errors)
    {
        Ast = ast;
        Errors = [.. errors.Where(static e => !OfMachine.Contains(e.ErrorId))];
        Requires = Array.Find(
            tokens, static t => t.Kind == TokenKind.Comment && t.Text.StartsWith("#requires", StringComparison.OrdinalIgnoreCase))?.Extent;
        foreach (var node in ast.FindAll(static _ => true, searchNestedScriptBlocks: true))
        {
            switch (node)
            {
                case CommandAst command when command.GetCommandName() is { Length: > 0 } name:
                    // An unterminated pipe leaves commands without a name behind.
                    Commands.Add(new CalledCommand(command, name));
                    break;
                case FunctionDefinitionAst function:
                    _functions.Add(function.Name);
                    break;
                case StringConstantExpressionAst or ExpandableStringExpressionAst:
                    Texts.Add((ExpressionAst)node);
                    break;
                case MemberExpressionAst { Member: StringConstantExpressionAst } member:
                    Members.Add(member);
                    break;
                case AssignmentStatementAst assignment:
                    Assignments.Add(assignment);
                    break;
                case UsingStatementAst statement:
                    Usings.Add(statement);
                    break;
            }
        }
    }

    /// <summary>The script.</summary>
    public ScriptBlockAst Ast { get; }

    /// <summary>The parser's errors.</summary>
    public IReadOnlyList<ParseError> Errors { get; }

    /// <summary>The first line of the script's requirements; null for none.</summary>
    public IScriptExtent? Requires { get; }

    /// <summary>The commands whose names are constant.</summary>
    public List<CalledCommand> Commands { get; } = [];

    /// <summary>The texts.</summary>
    public List<ExpressionAst> Texts { get; } = [];

    /// <summary>Members that are read or called by a constant name.</summary>
    public List<MemberExpressionAst> Members { get; } = [];

    /// <summary>The assignments.</summary>
    public List<AssignmentStatementAst> Assignments { get; } = [];

    /// <summary>The <c>using</c> statements.</summary>
    public List<UsingStatementAst> Usings { get; } = [];

    /// <summary>Parses a file.</summary>
    /// <param name="path">Its full path.</param>
    /// <returns>The script.</returns>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The account may not read it.</exception>
    public static ParsedScript Parse(string path)
    {
        // PowerShell's parser reads files itself, and reports an unreadable one like a script with an error.
        using var text = new StreamReader(path);
        var ast = Parser.ParseInput(text.ReadToEnd(), path, out var tokens, out var errors);
        return new ParsedScript(ast, tokens, errors);
    }

    /// <summary>Whether the script defines a function of this name.</summary>
    public bool Defines(string function) => _functions.Contains(function);
}

/// <summary>A command that a script calls.</summary>
/// <param name="ast">The call.</param>
/// <param name="name">Its name, with the module if the script names one.</param>
internal sealed class CalledCommand(CommandAst ast, string name)
{
    /// <summary>The call.</summary>
    public CommandAst Ast { get; } = ast;

    /// <summary>The command's name.</summary>
    public string Name { get; } = name[(name.LastIndexOf('\\') + 1)..];

    /// <summary>The module that the script names with it; null if it names none.</summary>
    public string? Module { get; } = name.LastIndexOf('\\') is > 0 and var end ? name[..end] : null;

    /// <summary>Whether it has this name.</summary>
    public bool Is(string command) => Name.Equals(command, StringComparison.OrdinalIgnoreCase);

    /// <summary>The constant text of a parameter; null for none, or if it isn't constant.</summary>
    /// <param name="parameter">The parameter.</param>
    public string? TextOf(string parameter)
    {
        var elements = Ast.CommandElements;
        for (var i = 1; i < elements.Count; i++)
        {
            if (elements[i] is CommandParameterAst given && parameter.StartsWith(given.ParameterName, StringComparison.OrdinalIgnoreCase))
            {
                return Text(given.Argument ?? (i + 1 < elements.Count ? elements[i + 1] : null));
            }
        }

        return null;
    }

    /// <summary>The constant texts among the arguments, including those of lists.</summary>
    public IEnumerable<StringConstantExpressionAst> Texts() =>
        Ast.CommandElements.Skip(1).SelectMany(e => e.FindAll(static n => n is StringConstantExpressionAst, searchNestedScriptBlocks: false))
            .Cast<StringConstantExpressionAst>();

    private static string? Text(Ast? argument) => argument switch
    {
        StringConstantExpressionAst constant => constant.Value,
        ExpandableStringExpressionAst text => text.Value,
        ConstantExpressionAst number => number.Extent.Text,
        _ => null,
    };
}
