namespace ExoConnect.LocalTenant.Data;

/// <summary>Reads the filters of REST entities: <c>startswith(Alias, 'a') and DisplayName ne 'x'</c> (protocol.md section 5).</summary>
internal static class ODataFilter
{
    /// <summary>Reads a filter.</summary>
    /// <exception cref="FormatException">It is none; the message says where.</exception>
    public static Filter Parse(string text)
    {
        var reader = new FilterReader(text);
        var filter = Or(reader);
        return reader.AtEnd ? filter : throw reader.Unexpected("and, or or the end");
    }

    private static Filter Or(FilterReader reader)
    {
        var filter = And(reader);
        while (reader.TakeWord("or"))
        {
            filter = Filter.Or(filter, And(reader));
        }

        return filter;
    }

    private static Filter And(FilterReader reader)
    {
        var filter = Unary(reader);
        while (reader.TakeWord("and"))
        {
            filter = Filter.And(filter, Unary(reader));
        }

        return filter;
    }

    private static Filter Unary(FilterReader reader)
    {
        var negated = false;
        while (reader.TakeWord("not"))
        {
            negated = !negated;
        }

        var filter = reader.Take('(') ? reader.Nested(() => Or(reader)) : Primary(reader);
        return negated ? Filter.Not(filter) : filter;
    }

    private static Filter Primary(FilterReader reader)
    {
        var name = reader.Word();
        if (name.Length == 0)
        {
            throw reader.Unexpected("a property name or a function");
        }

        return reader.Peek() == '(' ? Function(reader, name) : Comparison(reader, name);
    }

    private static Filter Function(FilterReader reader, string name)
    {
        reader.Expect('(');
        var property = reader.Word();
        reader.Expect(',');
        var value = ValueText.Of(Literal(reader));
        reader.Expect(')');
        var pattern = name.ToUpperInvariant() switch
        {
            "STARTSWITH" => value + "*",
            "ENDSWITH" => "*" + value,
            "CONTAINS" => $"*{value}*",
            _ => throw new FormatException($"There is no function '{name}' for filters."),
        };
        var filter = Filter.Compare(property, FilterOperator.Like, pattern);

        // A function is a truth value of its own, and may be compared with one.
        if (reader.TakeWord("eq"))
        {
            return ValueText.Of(Literal(reader)).Equals("true", StringComparison.OrdinalIgnoreCase) ? filter : Filter.Not(filter);
        }

        return filter;
    }

    private static Filter Comparison(FilterReader reader, string property)
    {
        foreach ((var name, var op) in (ReadOnlySpan<(string, FilterOperator)>)
            [
                ("eq", FilterOperator.Equal), ("ne", FilterOperator.NotEqual), ("gt", FilterOperator.Greater), ("ge", FilterOperator.GreaterOrEqual),
                ("lt", FilterOperator.Less), ("le", FilterOperator.LessOrEqual),
            ])
        {
            if (reader.TakeWord(name))
            {
                return Filter.Compare(property, op, Literal(reader));
            }
        }

        throw reader.Unexpected("an operator");
    }

    private static object? Literal(FilterReader reader)
    {
        if (reader.Peek() == '\'')
        {
            return reader.Quoted();
        }

        var word = reader.Word("_.-:+$");
        return word.TrimStart('$').ToUpperInvariant() switch
        {
            "" => throw reader.Unexpected("a value"),
            "NULL" => null,
            "TRUE" => true,
            "FALSE" => false,
            _ => word,
        };
    }
}
