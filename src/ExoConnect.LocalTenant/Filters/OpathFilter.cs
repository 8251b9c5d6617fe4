namespace ExoConnect.LocalTenant.Filters;

/// <summary>Reads the filters of cmdlets: <c>Alias -like 'a*' -and -not (Office -eq $null)</c>.</summary>
internal static class OpathFilter
{
    /// <summary>Reads a filter.</summary>
    /// <exception cref="FormatException">It is none; the message says where.</exception>
    public static Filter Parse(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.StartsWith('{') && trimmed.EndsWith('}'))
        {
            trimmed = trimmed[1..^1];
        }

        var reader = new FilterReader(trimmed);
        var filter = Or(reader);
        return reader.AtEnd ? filter : throw reader.Unexpected("-and, -or or the end");
    }

    private static Filter Or(FilterReader reader)
    {
        var filter = And(reader);
        while (reader.TakeWord("-or"))
        {
            filter = Filter.Or(filter, And(reader));
        }

        return filter;
    }

    private static Filter And(FilterReader reader)
    {
        var filter = Unary(reader);
        while (reader.TakeWord("-and"))
        {
            filter = Filter.And(filter, Unary(reader));
        }

        return filter;
    }

    private static Filter Unary(FilterReader reader)
    {
        var negated = false;
        while (reader.TakeWord("-not") || reader.Take('!'))
        {
            negated = !negated;
        }

        var filter = reader.Take('(') ? reader.Nested(() => Or(reader)) : Comparison(reader);
        return negated ? Filter.Not(filter) : filter;
    }

    private static Filter Comparison(FilterReader reader)
    {
        var property = reader.Word();
        if (property.Length == 0)
        {
            throw reader.Unexpected("a property name");
        }

        var op = Operator(reader);
        return Filter.Compare(property, op, Literal(reader));
    }

    private static FilterOperator Operator(FilterReader reader)
    {
        foreach ((var name, var op) in (ReadOnlySpan<(string, FilterOperator)>)
            [
                ("-eq", FilterOperator.Equal), ("-ne", FilterOperator.NotEqual), ("-gt", FilterOperator.Greater),
                ("-ge", FilterOperator.GreaterOrEqual),
                ("-lt", FilterOperator.Less), ("-le", FilterOperator.LessOrEqual), ("-like", FilterOperator.Like),
                ("-notlike", FilterOperator.NotLike),
            ])
        {
            if (reader.TakeWord(name))
            {
                return op;
            }
        }

        throw reader.Unexpected("an operator");
    }

    private static object? Literal(FilterReader reader)
    {
        switch (reader.Peek())
        {
            case '\'' or '"':
                return reader.Quoted();
            case '$':
                _ = reader.Take('$');
                return reader.Word().ToUpperInvariant() switch
                {
                    "TRUE" => true,
                    "FALSE" => false,
                    "NULL" => null,
                    string other => throw new FormatException($"The variable '${other}' has no value here."),
                };
            default:
                var word = reader.Word("_.-:");
                return word.Length > 0 ? word : throw reader.Unexpected("a value");
        }
    }
}
