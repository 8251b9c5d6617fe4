namespace ExoConnect.Core.RestEntities;

/// <summary>The operators of a comparison.</summary>
internal enum ComparisonOperator
{
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
    Like,
    NotLike,
}

/// <summary>The operators that join two conditions.</summary>
internal enum LogicalOperator
{
    And,
    Or,
}

/// <summary>The kinds of values on the right of a comparison.</summary>
internal enum FilterValueKind
{
    /// <summary>Text in quotation marks, including dates.</summary>
    Text,

    /// <summary>An unquoted number.</summary>
    Number,

    /// <summary><c>$true</c>, <c>$false</c> or <c>$null</c>; the text is the word without the dollar sign, in lower case.</summary>
    System,
}

/// <summary>The right side of a comparison.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Text">Its text, without quotation marks or dollar sign.</param>
internal readonly record struct FilterValue(FilterValueKind Kind, string Text);

/// <summary>A parsed filter.</summary>
internal abstract record FilterNode;

/// <summary>A property compared with a value.</summary>
/// <param name="Property">The property's name.</param>
/// <param name="Operator">The operator.</param>
/// <param name="Value">The value.</param>
/// <param name="IsCollection">Whether the property is a list, whose elements are compared.</param>
internal sealed record ComparisonNode(string Property, ComparisonOperator Operator, FilterValue Value, bool IsCollection = false) : FilterNode;

/// <summary>The opposite of a condition.</summary>
/// <param name="Operand">The condition.</param>
internal sealed record NotNode(FilterNode Operand) : FilterNode;

/// <summary>Two conditions joined.</summary>
/// <param name="Left">The first.</param>
/// <param name="Operator">The operator.</param>
/// <param name="Right">The second.</param>
internal sealed record LogicalNode(FilterNode Left, LogicalOperator Operator, FilterNode Right) : FilterNode;
