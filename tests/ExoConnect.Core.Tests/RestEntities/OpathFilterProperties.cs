using ExoConnect.Core.Errors;
using ExoConnect.Core.RestEntities;
using FsCheck;
using FsCheck.Fluent;

namespace ExoConnect.Core.Tests.RestEntities;

public sealed class OpathFilterProperties
{
    private static readonly string[] Fragments =
    [
        "Alias", "DisplayName", "a", "_", "9", "-eq", "-ne", "-gt", "-ge", "-lt", "-le", "-like", "-notlike", "-and", "-or", "-not", "!", "(", ")",
        " ", "  ", "\t", "\n", "'", "''", "\"", "\"\"", "'a'", "\"b\"", "'*'", "'a*'", "'*a*'", "'a*b'", "*", "$true", "$null", "$", "$_.Alias",
        "-", "--", "–", "1", "-1", "1.5", "1.", "10MB", "2024-01-01", "True", "’", "“", "{", "}", "=", "&", "`", "#", "%", "\u0000", "\u200E",
        "\ud83d\ude00", "\ud83d", "é", "-contains", "-x",
    ];

    private static readonly ComparisonOperator[] Plain =
        [.. Enum.GetValues<ComparisonOperator>().Where(static o => o < ComparisonOperator.Like)];

    private static Gen<string> Text { get; } = Gen.OneOf(
        Gen.Elements(Fragments.Where(static f => !f.Contains('*', StringComparison.Ordinal)).ToArray()).ListOf()
            .Select(static parts => string.Concat(parts)),
        ArbMap.Default.GeneratorFor<string>().Select(static text => (text ?? string.Empty).Replace("*", string.Empty, StringComparison.Ordinal)));

    private static Gen<string> Property { get; } = Gen.Elements("Alias", "displayname", "_x", "CustomAttribute1", "Z9", "eq", "and", "True", "null");

    private static Gen<FilterNode> Comparison { get; } = Gen.OneOf<FilterNode>(
        from property in Property
        from comparison in Gen.Elements(Plain)
        from text in Text
        select (FilterNode)new ComparisonNode(property, comparison, new FilterValue(FilterValueKind.Text, text)),
        from property in Property
        from comparison in Gen.Elements(ComparisonOperator.Like, ComparisonOperator.NotLike)
        from text in Text
        from head in Gen.Elements(string.Empty, "*", "**")
        from tail in Gen.Elements(string.Empty, "*")
        select (FilterNode)new ComparisonNode(property, comparison, new FilterValue(FilterValueKind.Text, head + text + tail)),
        from property in Property
        from comparison in Gen.Elements(Plain)
        from number in Gen.Elements("0", "-1", "12", "-3.25", "88218628259840")
        select (FilterNode)new ComparisonNode(property, comparison, new FilterValue(FilterValueKind.Number, number)),
        from property in Property
        from comparison in Gen.Elements(ComparisonOperator.Eq, ComparisonOperator.Ne)
        from word in Gen.Elements("true", "false", "null")
        select (FilterNode)new ComparisonNode(property, comparison, new FilterValue(FilterValueKind.System, word)));

    private static Gen<FilterNode> Node(int depth) => depth == 0 ? Comparison : Gen.OneOf<FilterNode>(
        Comparison,
        Node(depth - 1).Select(static operand => (FilterNode)new NotNode(operand)),
        from left in Node(depth - 1)
        from logical in Gen.Elements(LogicalOperator.And, LogicalOperator.Or)
        from right in Node(depth - 1)
        select (FilterNode)new LogicalNode(left, logical, right));

    /// <summary>Texts that look like filters, filters with something cut out, and texts that look like nothing.</summary>
    private static Arbitrary<string> Texts { get; } = Gen.OneOf(
        Gen.Elements(Fragments).ListOf().Select(static parts => string.Concat(parts)),
        Gen.Elements(Fragments).ListOf().Select(static parts => string.Join(' ', parts)),
        ArbMap.Default.GeneratorFor<string>().Select(static text => text ?? string.Empty),
        from node in Node(4)
        from cut in Gen.Choose(0, 1000)
        from fragment in Gen.Elements(Fragments)
        let text = FilterPrinter.ToOpath(node)
        select text[..(cut % (text.Length + 1))] + fragment + text[(cut % (text.Length + 1))..]).ToArbitrary();

    [Fact]
    public void Any_text_is_OData_or_an_InvalidFilter() => Prop.ForAll(Texts, static text =>
    {
        try
        {
            return OpathFilter.Parse(text, EntitySchema.Mailbox).ToOData().Length > 0;
        }
        catch (ExoException e)
        {
            return e is { ErrorId: "InvalidFilter", ParameterName: "Filter", Remedy.Length: > 0 };
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));

    [Fact]
    public void Printed_filter_reads_as_the_same_filter() =>
        Prop.ForAll(Node(5).ToArbitrary(), static node => OpathFilter.Parse(FilterPrinter.ToOpath(node)).Root == node)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void Text_is_found_again_in_the_OData() => Prop.ForAll(Text.ToArbitrary(), static text =>
    {
        var odata = OpathFilter.Parse($"Alias -eq '{text.Replace("'", "''", StringComparison.Ordinal)}'").ToOData();
        return odata.StartsWith("Alias eq '", StringComparison.Ordinal) && odata[10..^1].Replace("''", "'", StringComparison.Ordinal) == text;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void OData_means_what_the_filter_means() => Prop.ForAll(Node(5).ToArbitrary(), static node =>
    {
        // Both are evaluated with the truth of a condition drawn from its text: OData by a reader that knows only OData's precedence.
        var odata = FilterPrinter.ToOData(node);
        return new ODataReader(odata).Evaluate() == Evaluate(node);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    private static bool Evaluate(FilterNode node) => node switch
    {
        NotNode not => !Evaluate(not.Operand),
        LogicalNode { Operator: LogicalOperator.And } and => Evaluate(and.Left) & Evaluate(and.Right),
        LogicalNode or => Evaluate(or.Left) | Evaluate(or.Right),

        // -notlike with a wildcard is written as the opposite of a call.
        ComparisonNode { Operator: ComparisonOperator.NotLike, Value: var value } negated
            when LikePattern.Parse(value.Text).Shape is LikeShape.StartsWith or LikeShape.EndsWith or LikeShape.Contains =>
                !Evaluate(negated with { Operator = ComparisonOperator.Like }),
        _ => Truth(FilterPrinter.ToOData(node)),
    };

    private static bool Truth(string condition) => condition.Aggregate(17, static (hash, c) => (hash * 31) + c) % 2 == 0;

    /// <summary>Reads OData's boolean expressions: not, then and, then or.</summary>
    private sealed class ODataReader(string text)
    {
        private int _position;

        public bool Evaluate()
        {
            var value = Or();
            Assert.Equal(text.Length, _position);
            return value;
        }

        private bool Or()
        {
            var value = And();
            while (Take(" or "))
            {
                value |= And();
            }

            return value;
        }

        private bool And()
        {
            var value = Operand();
            while (Take(" and "))
            {
                value &= Operand();
            }

            return value;
        }

        private bool Operand()
        {
            if (Take("not "))
            {
                return !Operand();
            }

            if (Take("("))
            {
                var value = Or();
                Assert.True(Take(")"));
                return value;
            }

            return Condition();
        }

        private bool Condition()
        {
            var start = _position;
            var quoted = false;
            var depth = 0;
            for (; _position < text.Length; _position++)
            {
                var rest = text.AsSpan(_position);
                if (text[_position] == '\'')
                {
                    quoted = !quoted;
                }
                else if (!quoted && text[_position] == '(')
                {
                    depth++;
                }
                else if (!quoted && text[_position] == ')' && depth-- == 0)
                {
                    break;
                }
                else if (!quoted && (rest.StartsWith(" and ", StringComparison.Ordinal) || rest.StartsWith(" or ", StringComparison.Ordinal)))
                {
                    break;
                }
            }

            return Truth(text[start.._position]);
        }

        private bool Take(string word)
        {
            if (!text.AsSpan(_position).StartsWith(word, StringComparison.Ordinal))
            {
                return false;
            }

            _position += word.Length;
            return true;
        }
    }
}
