using ExoConnect.LocalTenant.Objects;

namespace ExoConnect.LocalTenant.Filters;

/// <summary>Reads the filters of REST entities: <c>startswith(Alias, 'a') and DisplayName ne 'x'</c> (protocol.md section 5).</summary>
internal static class ODataFilter
{
    /// <summary>Reads a filter.</summary>
    /// <param name="text">The filter.</param>
    /// <param name="isCollection">Whether a property is declared as a collection: of such, only elements compare.</param>
    /// <exception cref="FormatException">It is none; the message says where.</exception>
    public static Filter Parse(string text, Func<string, bool> isCollection)
    {
        var reader = new FilterReader(text);
        var filter = Or(reader, new Scope(isCollection, null));
        return reader.AtEnd ? filter : throw reader.Unexpected("and, or or the end");
    }

    private static Filter Or(FilterReader reader, Scope scope)
    {
        var filter = And(reader, scope);
        while (reader.TakeWord("or"))
        {
            filter = Filter.Or(filter, And(reader, scope));
        }

        return filter;
    }

    private static Filter And(FilterReader reader, Scope scope)
    {
        var filter = Unary(reader, scope);
        while (reader.TakeWord("and"))
        {
            filter = Filter.And(filter, Unary(reader, scope));
        }

        return filter;
    }

    private static Filter Unary(FilterReader reader, Scope scope)
    {
        var negated = false;
        while (reader.TakeWord("not"))
        {
            negated = !negated;
        }

        var filter = reader.Take('(') ? reader.Nested(() => Or(reader, scope)) : Primary(reader, scope);
        return negated ? Filter.Not(filter) : filter;
    }

    private static Filter Primary(FilterReader reader, Scope scope)
    {
        var name = reader.Word();
        if (name.Length == 0)
        {
            throw reader.Unexpected("a property name or a function");
        }

        return reader.Peek() == '(' ? Function(reader, scope, name) : reader.Take('/') ? Any(reader, scope, name) : Comparison(reader, scope, name);
    }

    // EmailAddresses/any(d:contains(d, 'x'))
    private static Filter Any(FilterReader reader, Scope scope, string property)
    {
        if (!reader.TakeWord("any") || !scope.IsCollection(property))
        {
            throw reader.Unexpected("any, of a property that is a collection");
        }

        reader.Expect('(');
        var element = reader.Word();
        reader.Expect(':');
        var inner = reader.Nested(() => Or(reader, scope with { Element = element }));
        return Filter.Any(property, inner);
    }

    private static Filter Function(FilterReader reader, Scope scope, string name)
    {
        reader.Expect('(');
        var property = scope.Check(reader.Word());
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
        Filter filter = Filter.Compare(property, FilterOperator.Like, pattern);

        // A function is a truth value of its own, and may be compared with one.
        if (reader.TakeWord("eq"))
        {
            return ValueText.Of(Literal(reader)).Equals("true", StringComparison.OrdinalIgnoreCase) ? filter : Filter.Not(filter);
        }

        return filter;
    }

    private static Filter Comparison(FilterReader reader, Scope scope, string property)
    {
        _ = scope.Check(property);
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

    /// <summary>What a name stands for.</summary>
    /// <param name="IsCollection">Whether a property is a collection.</param>
    /// <param name="Element">The name of an element inside <c>any</c>; null outside.</param>
    private sealed record Scope(Func<string, bool> IsCollection, string? Element)
    {
        public string Check(string name) => name == Element || !IsCollection(name)
            ? name
            : throw new FormatException($"'{name}' is a collection: compare its elements, as in {name}/any(d:d eq 'x').");
    }
}
