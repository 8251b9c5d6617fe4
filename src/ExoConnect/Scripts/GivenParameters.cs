using System.Management.Automation.Language;

namespace ExoConnect.Scripts;

/// <summary>A parameter that a call names.</summary>
/// <param name="Name">Its name in the script.</param>
/// <param name="At">Its position.</param>
internal sealed record GivenParameter(string Name, IScriptExtent At);

/// <summary>The parameters that a call names, by itself and in the tables that it splats.</summary>
internal sealed class GivenParameters
{
    private readonly ParsedScript _script;
    private readonly List<GivenParameter> _items = [];

    private GivenParameters(ParsedScript script)
    {
        _script = script;
    }

    /// <summary>The parameters.</summary>
    public IReadOnlyList<GivenParameter> Items => _items;

    /// <summary>The splatted variable whose content can't be seen in the script; null if there is none.</summary>
    public string? Unseen { get; private set; }

    /// <summary>Collects the parameters of a call.</summary>
    public static GivenParameters Of(CalledCommand command, ParsedScript script)
    {
        var given = new GivenParameters(script);
        foreach (var element in command.Ast.CommandElements.Skip(1))
        {
            switch (element)
            {
                case CommandParameterAst parameter:
                    given._items.Add(new GivenParameter(parameter.ParameterName, parameter.Extent));
                    break;
                case VariableExpressionAst { Splatted: true } variable when !given.Splat(variable):
                    given.Unseen = variable.VariablePath.UserPath;
                    break;
            }
        }

        return given;
    }

    /// <summary>
    /// Reads the table that was last put into the variable before the call, in the same function or else outside of functions, and what was added to
    /// it in between.
    /// </summary>
    private bool Splat(VariableExpressionAst variable)
    {
        var name = variable.VariablePath.UserPath;
        var scope = Function(variable);
        var before = _script.Assignments.Where(a => a.Extent.EndOffset <= variable.Extent.StartOffset).ToList();
        var last = before.LastOrDefault(a => IsNewValue(a, name) && Function(a) == scope) ?? before.LastOrDefault(a => IsNewValue(a, name)
            && Function(a) is null);
        if (last is null || Table(last.Right) is not { } table)
        {
            return false;
        }

        var isSeen = Take(table);
        foreach (var later in before.Where(a => a.Extent.StartOffset > last.Extent.EndOffset))
        {
            isSeen &= later.Left switch
            {
                MemberExpressionAst { Member: StringConstantExpressionAst member } m when Is(m.Expression, name) => Take(member.Value, member.Extent),
                IndexExpressionAst { Index: StringConstantExpressionAst index } i when Is(i.Target, name) => Take(index.Value, index.Extent),
                IndexExpressionAst i when Is(i.Target, name) => false,
                _ when Is(later.Left, name) => later.Operator == TokenKind.PlusEquals && Table(later.Right) is { } more && Take(more),
                _ => true,
            };
        }

        foreach (var call in _script.Members.OfType<InvokeMemberExpressionAst>().Where(m => Is(m.Expression, name)
            && m.Extent.StartOffset > last.Extent.EndOffset && m.Extent.EndOffset <= variable.Extent.StartOffset
            && ((StringConstantExpressionAst)m.Member).Value.Equals("Add", StringComparison.OrdinalIgnoreCase)))
        {
            isSeen &= call.Arguments is [StringConstantExpressionAst key, ..] && Take(key.Value, key.Extent);
        }

        return isSeen;
    }

    private bool Take(HashtableAst table)
    {
        var isSeen = true;
        foreach (var (key, _) in table.KeyValuePairs)
        {
            isSeen &= key is StringConstantExpressionAst name && Take(name.Value, name.Extent);
        }

        return isSeen;
    }

    private bool Take(string name, IScriptExtent at)
    {
        _items.Add(new GivenParameter(name, at));
        return true;
    }

    private static bool IsNewValue(AssignmentStatementAst assignment, string name) =>
        assignment.Operator == TokenKind.Equals && Is(assignment.Left, name);

    private static bool Is(Ast expression, string variable) => expression switch
    {
        VariableExpressionAst v => v.VariablePath.UserPath.Equals(variable, StringComparison.OrdinalIgnoreCase),
        ConvertExpressionAst typed => Is(typed.Child, variable),
        _ => false,
    };

    private static HashtableAst? Table(Ast value) => value switch
    {
        HashtableAst table => table,
        CommandExpressionAst expression => Table(expression.Expression),
        PipelineAst { PipelineElements: [var only] } => Table(only),
        ConvertExpressionAst converted => Table(converted.Child),
        _ => null,
    };

    private static FunctionDefinitionAst? Function(Ast node)
    {
        for (var parent = node.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is FunctionDefinitionAst function)
            {
                return function;
            }
        }

        return null;
    }
}
