using System.Text;

namespace ExoConnect.Core.RestEntities;

/// <summary>Writes a filter in OPATH, as a user would, and in OData, as the service takes it (protocol.md section 5).</summary>
internal static class FilterPrinter
{
    // PowerShell gives -and and -or the same precedence and reads from the left, so a joined condition on the right needs parentheses.
    private static readonly Language Opath = new("-", ComparisonToOpath, static (_, side, isRight) => isRight && side is LogicalNode);

    // In OData, and binds tighter than or.
    private static readonly Language OData = new(string.Empty, ComparisonToOData, static (parent, side, _) =>
        parent.Operator == LogicalOperator.And && side is LogicalNode { Operator: LogicalOperator.Or });

    private delegate bool NeedsParentheses(LogicalNode parent, FilterNode side, bool isRight);

    /// <summary>The filter in OPATH.</summary>
    public static string ToOpath(FilterNode node) => Print(node, Opath);

    /// <summary>The filter in OData.</summary>
    public static string ToOData(FilterNode node) => Print(node, OData);

    /// <summary>The name of an operator as both languages write it.</summary>
    public static string Name(ComparisonOperator comparison) => comparison switch
    {
        ComparisonOperator.Eq => "eq",
        ComparisonOperator.Ne => "ne",
        ComparisonOperator.Gt => "gt",
        ComparisonOperator.Ge => "ge",
        ComparisonOperator.Lt => "lt",
        ComparisonOperator.Le => "le",
        ComparisonOperator.Like => "like",
        _ => "notlike",
    };

    private static string Print(FilterNode node, Language language)
    {
        var output = new StringBuilder();
        Write(output, node, language);
        return output.ToString();
    }

    private static void Write(StringBuilder output, FilterNode node, Language language)
    {
        switch (node)
        {
            case ComparisonNode comparison:
                output.Append(language.Comparison(comparison));
                break;
            case NotNode not:
                output.Append(language.Dash).Append("not ");
                Write(output, not.Operand, language, parenthesized: true);
                break;
            case LogicalNode logical:
                WriteChain(output, logical, language);
                break;
        }
    }

    private static void Write(StringBuilder output, FilterNode node, Language language, bool parenthesized)
    {
        output.Append(parenthesized ? "(" : string.Empty);
        Write(output, node, language);
        output.Append(parenthesized ? ")" : string.Empty);
    }

    /// <summary>
    /// Writes a condition joined to the left of another, and that to the left of the next, and so on. A long filter has thousands of them, too many
    /// for the stack.
    /// </summary>
    private static void WriteChain(StringBuilder output, LogicalNode last, Language language)
    {
        var chain = new Stack<LogicalNode>();
        FilterNode first = last;
        while (first is LogicalNode logical)
        {
            chain.Push(logical);
            first = logical.Left;
        }

        output.Append('(', chain.Count(parent => language.NeedsParentheses(parent, parent.Left, isRight: false)));
        Write(output, first, language);
        while (chain.TryPop(out var logical))
        {
            output.Append(' ').Append(language.Dash).Append(logical.Operator == LogicalOperator.And ? "and" : "or").Append(' ');
            Write(output, logical.Right, language, language.NeedsParentheses(logical, logical.Right, isRight: true));
            if (chain.TryPeek(out var parent) && language.NeedsParentheses(parent, logical, isRight: false))
            {
                output.Append(')');
            }
        }
    }

    private static string ComparisonToOpath(ComparisonNode node)
    {
        var value = node.Value.Kind switch
        {
            FilterValueKind.Text => ODataText.Quote(node.Value.Text),
            FilterValueKind.Number => node.Value.Text,
            _ => "$" + node.Value.Text,
        };
        return $"{node.Property} -{Name(node.Operator)} {value}";
    }

    private static string ComparisonToOData(ComparisonNode node) => node switch
    {
        // OData compares the elements of a collection, one after the other.
        { IsCollection: true, Operator: ComparisonOperator.NotLike } =>
            $"not ({ComparisonToOData(node with { Operator = ComparisonOperator.Like })})",
        { IsCollection: true } => $"{node.Property}/any(d:{ComparisonToOData(node with { Property = "d", IsCollection = false })})",
        _ => SingleToOData(node),
    };

    private static string SingleToOData(ComparisonNode node) => node.Operator switch
    {
        ComparisonOperator.Like => PatternToOData(node, equal: "eq", unequal: "ne", static call => call),
        ComparisonOperator.NotLike => PatternToOData(node, equal: "ne", unequal: "eq", static call => $"not ({call})"),
        _ when node.Value.Kind == FilterValueKind.Text => $"{node.Property} {Name(node.Operator)} {ODataText.Quote(node.Value.Text)}",
        _ => $"{node.Property} {Name(node.Operator)} {node.Value.Text}",
    };

    private static string PatternToOData(ComparisonNode node, string equal, string unequal, Func<string, string> call)
    {
        var pattern = LikePattern.Parse(node.Value.Text);
        var text = ODataText.Quote(pattern.Text);
        return pattern.Shape switch
        {
            LikeShape.StartsWith => call($"startswith({node.Property}, {text})"),
            LikeShape.EndsWith => call($"endswith({node.Property}, {text})"),
            LikeShape.Contains => call($"contains({node.Property}, {text})"),
            LikeShape.Anything => $"{node.Property} {unequal} null",
            _ => $"{node.Property} {equal} {text}",
        };
    }

    /// <summary>The differences of the two languages.</summary>
    /// <param name="Dash">The text before the name of a logical operator.</param>
    /// <param name="Comparison">Writes a comparison.</param>
    /// <param name="NeedsParentheses">Whether one side of a joined condition needs parentheses.</param>
    private sealed record Language(string Dash, Func<ComparisonNode, string> Comparison, NeedsParentheses NeedsParentheses);
}
