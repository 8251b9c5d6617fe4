using ExoConnect.Core.Errors;

namespace ExoConnect.Core.RestEntities;

/// <summary>
/// Reads a filter. The grammar, with PowerShell's precedence (<c>-and</c> and <c>-or</c> equal, from the left; <c>-not</c> before both):
/// <code>
/// filter     = operand *( ("-and" / "-or") operand )
/// operand    = ("-not" / "!") operand / "(" filter ")" / property operator value
/// </code>
/// </summary>
internal sealed class OpathParser
{
    private const int MaximumUnknownNames = 5;

    private static readonly Dictionary<string, ComparisonOperator> Comparisons =
        Enum.GetValues<ComparisonOperator>().ToDictionary(FilterPrinter.Name, StringComparer.Ordinal);

    private static readonly Dictionary<string, string> Substitutes = new(StringComparer.Ordinal)
    {
        ["contains"] = "To find text within text, write -like '*text*'.",
        ["match"] = "Filters have no regular expressions; write -like '*text*'.",
        ["notcontains"] = "To leave out text within text, write -notlike '*text*'.",
        ["notmatch"] = "Filters have no regular expressions; write -notlike '*text*'.",
        ["in"] = "Write one condition for each value and join them with -or.",
        ["notin"] = "Write one condition with -ne for each value and join them with -and.",
        ["xor"] = "Write (A -or B) -and -not (A -and B).",
        ["startswith"] = "Write -like 'text*'.",
        ["endswith"] = "Write -like '*text'.",
    };

    private readonly string _text;
    private readonly EntitySchema? _schema;
    private readonly OpathLexer _lexer;
    private readonly List<string> _notes = [];
    private readonly HashSet<string> _unknownNames = new(StringComparer.OrdinalIgnoreCase);
    private Token _token;
    private FilterNode? _mixed;

    private OpathParser(string text, EntitySchema? schema)
    {
        _text = text;
        _schema = schema;
        _lexer = new OpathLexer(text);
    }

    /// <summary>Reads a filter.</summary>
    /// <exception cref="ExoException"><c>InvalidFilter</c>.</exception>
    public static (FilterNode Root, IReadOnlyList<string> Notes) Parse(string text, EntitySchema? schema)
    {
        if (text.Length > OpathFilter.MaximumLength)
        {
            throw FilterErrors.At(
                text,
                OpathFilter.MaximumLength,
                $"it has {text.Length:N0} characters, and no more than {OpathFilter.MaximumLength:N0} fit into a request.",
                "Filter for less and choose the rest with Where-Object, or ask in several calls.");
        }

        var parser = new OpathParser(text, schema);
        parser.Advance();
        var root = parser.ParseFilter(0);
        parser.ExpectEnd();
        parser.NoteMixedOperators();
        return (root, parser._notes);
    }

    private void Advance() => _token = _lexer.Next();

    private FilterNode ParseFilter(int depth)
    {
        var node = ParseOperand(depth);
        var sawOr = false;
        var mixed = false;
        while (_token is { Kind: TokenKind.Operator, Text: "and" or "or" })
        {
            var logical = _token.Text == "and" ? LogicalOperator.And : LogicalOperator.Or;
            mixed |= sawOr && logical == LogicalOperator.And;
            sawOr |= logical == LogicalOperator.Or;
            Advance();
            node = new LogicalNode(node, logical, ParseOperand(depth));
        }

        if (mixed)
        {
            _mixed ??= node;
        }

        return node;
    }

    private FilterNode ParseOperand(int depth)
    {
        var start = _token;
        if (depth > OpathFilter.MaximumDepth)
        {
            throw Error(start, $"conditions are nested more than {OpathFilter.MaximumDepth} deep.", "Remove parentheses that aren't needed.");
        }

        switch (start.Kind)
        {
            case TokenKind.Operator when start.Text == "not":
                Advance();
                return new NotNode(ParseOperand(depth + 1));
            case TokenKind.Open:
                Advance();
                var inner = ParseFilter(depth + 1);
                if (_token.Kind != TokenKind.Close)
                {
                    throw AfterCondition($"-and, -or or the ) that belongs to the ( at character {start.Start + 1}");
                }

                Advance();
                return inner;
            case TokenKind.Word:
                return ParseComparison();
            case TokenKind.End when _text.AsSpan().Trim().IsEmpty:
                throw Error(start, "it is empty.", "Write a condition such as \"Alias -like 'a*'\", or leave out -Filter.");
            case TokenKind.Text:
                throw Expected(
                    "a property name, -not or (", "Each condition names its property: \"Alias -eq 'a' -or Alias -eq 'b'\".");
            case TokenKind.Variable when start.Text.StartsWith("$_.", StringComparison.Ordinal):
                throw Expected("a property name, -not or (", $"Write {start.Text[3..]}, without $_. in front.");
            default:
                throw Expected(
                    "a property name, -not or (", "A condition is a property, an operator and a value, as in \"Alias -like 'a*'\".");
        }
    }

    private ComparisonNode ParseComparison()
    {
        var property = CheckProperty(_token);
        Advance();
        var name = _token;
        if (name.Kind != TokenKind.Operator || name.Text is "and" or "or" or "not")
        {
            throw Expected(
                $"a comparison operator after {property}",
                $"Compare it with a value, as in \"{property} -eq 'text'\" or '{property} -eq $true'.");
        }

        if (!Comparisons.TryGetValue(name.Text, out var comparison))
        {
            throw UnknownOperator(name);
        }

        Advance();
        return new ComparisonNode(property, comparison, ParseValue(comparison), _schema?.IsCollection(property) == true);
    }

    private FilterValue ParseValue(ComparisonOperator comparison)
    {
        var token = _token;
        var isPattern = comparison is ComparisonOperator.Like or ComparisonOperator.NotLike;
        var value = token.Kind switch
        {
            TokenKind.Text => new FilterValue(FilterValueKind.Text, token.Text),
            TokenKind.Number => new FilterValue(FilterValueKind.Number, token.Text),
            TokenKind.Variable => SystemValue(token, token.Text[1..]),
            TokenKind.Word when IsSystemWord(token.Text, "true", "false") => SystemValue(token, token.Text),
            TokenKind.Word or TokenKind.Unquoted => throw Expected(
                "a value", $"Put text and dates in single quotation marks: {ODataText.Quote(Excerpt(OpathLexer.RunAt(_text, token.Start)))}."),
            _ => throw Expected(
                $"a value after -{FilterPrinter.Name(comparison)}",
                "If the filter is in double quotation marks, PowerShell has put a variable's value (nothing, for $null) in its place: "
                + "write `$null, `$true and `$false there, or use single quotation marks around the filter."),
        };

        if (isPattern && value.Kind != FilterValueKind.Text)
        {
            throw Error(
                token,
                $"-{FilterPrinter.Name(comparison)} compares text.",
                "Put the pattern in single quotation marks, or compare with -eq or -ne.");
        }

        if (value.Kind == FilterValueKind.System && comparison is not (ComparisonOperator.Eq or ComparisonOperator.Ne))
        {
            throw Error(token, $"-{FilterPrinter.Name(comparison)} has no meaning with ${value.Text}.", "Compare it with -eq or -ne.");
        }

        if (isPattern && LikePattern.Parse(value.Text).Shape == LikeShape.Inner)
        {
            throw InnerWildcard(token, comparison);
        }

        if (comparison is ComparisonOperator.Eq or ComparisonOperator.Ne && value.Kind == FilterValueKind.Text
            && value.Text.Contains('*', StringComparison.Ordinal))
        {
            AddNote($"In the filter, -{FilterPrinter.Name(comparison)} takes the * of {ODataText.Quote(Excerpt(value.Text))} as it stands. "
                + "For a wildcard use -like or -notlike.");
        }

        Advance();
        return value;
    }

    private FilterValue SystemValue(Token token, string word)
    {
        if (!IsSystemWord(word, "true", "false", "null"))
        {
            throw Expected(
                "a value",
                $"PowerShell hasn't replaced {Excerpt(token.Text)}: put the filter in double quotation marks and the variable in single ones, "
                + $"as in \"Alias -eq '{Excerpt(token.Text)}'\".");
        }

        return new FilterValue(FilterValueKind.System, word.ToLowerInvariant());
    }

    private static bool IsSystemWord(string word, params ReadOnlySpan<string> words)
    {
        foreach (var candidate in words)
        {
            if (word.Equals(candidate, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private string CheckProperty(Token token)
    {
        if (!token.Text.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            throw Error(
                token, $"{Excerpt(token.Text)} isn't a property name.", "Property names have letters A to Z, digits and underscores only.");
        }

        if (_schema is null)
        {
            return token.Text;
        }

        if (_schema.IsUnfilterable(token.Text))
        {
            AddNote($"According to the documentation, {_schema.CmdletName} can't filter by {token.Text}. If the service refuses, "
                + $"{_schema.CmdletName.Replace("-EXO", "-", StringComparison.Ordinal)} takes the same filter.");
        }

        if (_schema.FindProperty(token.Text) is { } known)
        {
            return known;
        }

        if (!_schema.IsUnfilterable(token.Text) && _unknownNames.Count < MaximumUnknownNames && _unknownNames.Add(token.Text)
            && NameSuggestion.Nearest(token.Text, _schema.PropertyNames) is { } nearest)
        {
            AddNote($"The filter's property {token.Text} isn't a known one of {_schema.CmdletName}; did you mean {nearest}?");
        }

        return token.Text;
    }

    private void ExpectEnd()
    {
        if (_token.Kind == TokenKind.Close)
        {
            throw Error(_token, "this ) has no ( before it.", "Remove it, or add the missing (.");
        }

        if (_token.Kind != TokenKind.End)
        {
            throw AfterCondition("-and, -or or the end");
        }
    }

    /// <summary>The error after a complete condition to which no next one is joined.</summary>
    private ExoException AfterCondition(string expected)
    {
        var touches = _token.Start > 0 && _text[_token.Start - 1] is '\'' or '"';
        return _token.Kind switch
        {
            TokenKind.Word or TokenKind.Text or TokenKind.Number or TokenKind.Unquoted when touches => Expected(
                expected, "Double a quotation mark that is part of the text, as in 'O''Brien'."),
            TokenKind.Operator when _token.Text != "not" => Expected(
                expected, "Each condition compares one property with one value; join conditions with -and or -or."),
            TokenKind.End => Expected(expected, "Add the missing )."),
            _ => Expected(expected, "Join conditions with -and or -or; put text with blanks in single quotation marks."),
        };
    }

    private ExoException UnknownOperator(Token token)
    {
        var name = token.Text;
        var known = Comparisons.Keys.Append("and").Append("or").Append("not");
        var remedy = Substitutes.TryGetValue(name, out var substitute) ? substitute
            : name[0] is 'i' or 'c' && Comparisons.ContainsKey(name[1..]) ? $"Write -{name[1..]}; the service ignores upper and lower case."
            : NameSuggestion.Nearest(name, known) is { } nearest ? $"Did you mean -{nearest}?"
            : "The comparison operators are -eq, -ne, -gt, -ge, -lt, -le, -like and -notlike.";
        return Error(token, $"-{Excerpt(name)} isn't an operator of filters.", remedy);
    }

    private ExoException InnerWildcard(Token token, ComparisonOperator comparison)
    {
        // The position in the filter, not in the value: doubled quotation marks move the following text.
        var raw = _text.AsSpan(token.Start + 1, token.End - token.Start - 2);
        var first = raw.IndexOfAnyExcept('*');
        var star = token.Start + 1 + first + raw[first..].IndexOf('*');
        var parts = token.Text.Split('*', StringSplitOptions.RemoveEmptyEntries);
        var (join, name) = comparison == ComparisonOperator.Like ? ("-and", "-like") : ("-or", "-notlike");
        var head = token.Text.StartsWith('*') ? "*" : string.Empty;
        var tail = token.Text.EndsWith('*') ? "*" : string.Empty;
        var (start, end) = (ODataText.Quote(Excerpt(head + parts[0] + "*")), ODataText.Quote(Excerpt("*" + parts[^1] + tail)));
        return FilterErrors.At(
            _text,
            star,
            "the service finds * at the start and the end of a pattern, not inside.",
            $"Search for the parts, as in {name} {start} {join} … {name} {end}, and choose from what comes with Where-Object.");
    }

    private void NoteMixedOperators()
    {
        if (_mixed is not null)
        {
            AddNote("The filter has -and after -or without parentheses. PowerShell reads it from the left, so -and joins everything "
                + "before it. Put parentheses around each group.");
        }
    }

    private void AddNote(string note)
    {
        if (!_notes.Contains(note))
        {
            _notes.Add(note);
        }
    }

    private ExoException Expected(string expected, string remedy)
    {
        var found = _token.Kind == TokenKind.End ? "the filter ends" : $"found {Excerpt(_text[_token.Start.._token.End])}";
        return Error(_token, $"expected {expected}, but {found}.", remedy);
    }

    private ExoException Error(Token token, string problem, string remedy) => FilterErrors.At(_text, token.Start, problem, remedy);

    private static string Excerpt(string text) => FilterErrors.Printable(text.Length <= 40 ? text : text[..39] + "…");
}
