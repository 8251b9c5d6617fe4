namespace ExoConnect.LocalTenant.Filters;

/// <summary>The grammar that the two filter languages share: or, and, not, parentheses. What stands between them is each language's own.</summary>
/// <param name="text">The filter.</param>
/// <param name="mark">What stands before the words of the language: <c>-</c> or nothing.</param>
internal abstract class FilterParser(string text, string mark)
{
    private static readonly (string Name, FilterOperator Operator)[] Comparisons =
    [
        ("eq", FilterOperator.Equal), ("ne", FilterOperator.NotEqual), ("gt", FilterOperator.Greater), ("ge", FilterOperator.GreaterOrEqual),
        ("lt", FilterOperator.Less), ("le", FilterOperator.LessOrEqual),
    ];

    private readonly string _or = mark + "or";
    private readonly string _and = mark + "and";

    /// <summary>The filter's text.</summary>
    protected FilterReader Reader { get; } = new(text);

    /// <summary>Reads the whole filter.</summary>
    /// <exception cref="FormatException">It is none; the message says where.</exception>
    protected Filter Whole()
    {
        var filter = Or();
        return Reader.AtEnd ? filter : throw Reader.Unexpected($"{_and}, {_or} or the end");
    }

    /// <summary>Reads conditions of which one must hold.</summary>
    protected Filter Or()
    {
        var filter = And();
        while (Reader.TakeWord(_or))
        {
            filter = Filter.Or(filter, And());
        }

        return filter;
    }

    /// <summary>Reads one condition without not and without parentheses.</summary>
    protected abstract Filter Condition();

    /// <summary>Steps over a word that turns a condition round, if it is the next.</summary>
    protected virtual bool TakeNot() => Reader.TakeWord(mark + "not");

    /// <summary>Steps over an operator that both languages have.</summary>
    /// <param name="found">The operator.</param>
    /// <returns>Whether one was next.</returns>
    protected bool TakeOperator(out FilterOperator found)
    {
        foreach (var (name, candidate) in Comparisons)
        {
            if (Reader.TakeWord(mark + name))
            {
                found = candidate;
                return true;
            }
        }

        found = default;
        return false;
    }

    private Filter And()
    {
        var filter = Unary();
        while (Reader.TakeWord(_and))
        {
            filter = Filter.And(filter, Unary());
        }

        return filter;
    }

    private Filter Unary()
    {
        var isNegated = false;
        while (TakeNot())
        {
            isNegated = !isNegated;
        }

        var filter = Reader.Take('(') ? Reader.Nested(Or) : Condition();
        return isNegated ? Filter.Not(filter) : filter;
    }
}
