using ExoConnect.LocalTenant.Objects;

namespace ExoConnect.LocalTenant.Filters;

/// <summary>Reads the filters of REST entities: <c>startswith(Alias, 'a') and DisplayName ne 'x'</c> (protocol.md section 5).</summary>
internal sealed class ODataFilter : FilterParser
{
    private readonly Func<string, bool> _isCollection;

    /// <summary>The name that <c>any</c> gives an element of the collection; null outside it.</summary>
    private string? _element;

    private ODataFilter(string text, Func<string, bool> isCollection)
        : base(text, "") => _isCollection = isCollection;

    /// <summary>Reads a filter.</summary>
    /// <param name="text">The filter.</param>
    /// <param name="isCollection">Whether a property is declared as a collection: of such, only elements compare.</param>
    /// <exception cref="FormatException">The filter is invalid; the message names the place.</exception>
    public static Filter Parse(string text, Func<string, bool> isCollection) => new ODataFilter(text, isCollection).Whole();

    /// <inheritdoc/>
    protected override Filter Condition()
    {
        var name = Reader.Word();
        return name.Length == 0 ? throw Reader.Unexpected("a property name or a function")
            : Reader.Peek() == '(' ? Function(name)
            : Reader.Take('/') ? Any(name)
            : Comparison(name);
    }

    // EmailAddresses/any(d:contains(d, 'x'))
    private Filter Any(string property)
    {
        if (!Reader.TakeWord("any") || !IsCollection(property))
        {
            throw Reader.Unexpected("any, of a property that is a collection");
        }

        var outer = _element;
        Reader.Expect('(');
        _element = Reader.Word();
        Reader.Expect(':');
        var inner = Reader.Nested(Or);
        _element = outer;
        return Filter.Any(property, inner);
    }

    private Filter Function(string name)
    {
        Reader.Expect('(');
        var property = Single(Reader.Word());
        Reader.Expect(',');
        var value = ValueText.Of(Literal());
        Reader.Expect(')');
        var pattern = name.ToUpperInvariant() switch
        {
            "STARTSWITH" => value + "*",
            "ENDSWITH" => "*" + value,
            "CONTAINS" => $"*{value}*",
            _ => throw new FormatException($"There is no function '{name}' for filters."),
        };
        var filter = Filter.Compare(property, FilterOperator.Like, pattern);

        // A function returns a boolean, and may be compared with one.
        return !Reader.TakeWord("eq") || ValueText.Of(Literal()).Equals("true", StringComparison.OrdinalIgnoreCase) ? filter : Filter.Not(filter);
    }

    private Filter Comparison(string property) => TakeOperator(out var found)
        ? Filter.Compare(Single(property), found, Literal())
        : throw Reader.Unexpected("an operator");

    private object? Literal()
    {
        if (Reader.Peek() == '\'')
        {
            return Reader.Quoted();
        }

        var word = Reader.Word("_.-:+$");
        return word.TrimStart('$').ToUpperInvariant() switch
        {
            "" => throw Reader.Unexpected("a value"),
            "NULL" => null,
            "TRUE" => true,
            "FALSE" => false,
            _ => word,
        };
    }

    private bool IsCollection(string name) => name != _element && _isCollection(name);

    private string Single(string name) => !IsCollection(name)
        ? name
        : throw new FormatException($"'{name}' is a collection: compare its elements, as in {name}/any(d:d eq 'x').");
}
