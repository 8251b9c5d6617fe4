namespace ExoConnect.LocalTenant.Filters;

/// <summary>The grammar that the two filter languages share: or, and, not, parentheses. Each language has comparisons of its own.</summary>
/// <param name="text">The filter.</param>
/// <param name="mark">The prefix of the language's operators: <c>-</c> or nothing.</param>
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
    /// <exception cref="FormatException">The filter is invalid; the message names the place.</exception>
    protected Filter Whole()
    {
        var filter = Or();
        return Reader.AtEnd ? filter : throw Reader.Unexpected($"{_and}, {_or} or the end");
    }

    /// <summary>Reads conditions joined by or.</summary>
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

    /// <summary>Skips the word that negates a condition, if it is next.</summary>
    protected virtual bool TakeNot() => Reader.TakeWord(mark + "not");

    /// <summary>Skips an operator of both languages.</summary>
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
