namespace ExoConnect.LocalTenant.Filters;

/// <summary>Reads the filters of cmdlets: <c>Alias -like 'a*' -and -not (Office -eq $null)</c>.</summary>
internal sealed class OpathFilter : FilterParser
{
    private OpathFilter(string text)
        : base(text, "-")
    {
    }

    /// <summary>Reads a filter.</summary>
    /// <exception cref="FormatException">The filter is invalid; the message names the place.</exception>
    public static Filter Parse(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.StartsWith('{') && trimmed.EndsWith('}'))
        {
            trimmed = trimmed[1..^1];
        }

        return new OpathFilter(trimmed).Whole();
    }

    /// <inheritdoc/>
    protected override bool TakeNot() => base.TakeNot() || Reader.Take('!');

    /// <inheritdoc/>
    protected override Filter Condition()
    {
        var property = Reader.Word();
        return property.Length > 0 ? Filter.Compare(property, Operator(), Literal()) : throw Reader.Unexpected("a property name");
    }

    private FilterOperator Operator() => TakeOperator(out var found) ? found
        : Reader.TakeWord("-like") ? FilterOperator.Like
        : Reader.TakeWord("-notlike") ? FilterOperator.NotLike
        : throw Reader.Unexpected("an operator");

    private object? Literal()
    {
        switch (Reader.Peek())
        {
            case '\'' or '"':
                return Reader.Quoted();
            case '$':
                _ = Reader.Take('$');
                return Reader.Word().ToUpperInvariant() switch
                {
                    "TRUE" => true,
                    "FALSE" => false,
                    "NULL" => null,
                    string other => throw new FormatException($"The variable '${other}' has no value here."),
                };
            default:
                var word = Reader.Word("_.-:");
                return word.Length > 0 ? word : throw Reader.Unexpected("a value");
        }
    }
}
