namespace ExoConnect.Core.RestEntities;

/// <summary>How a comparison compares.</summary>
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

/// <summary>How two conditions are joined.</summary>
internal enum LogicalOperator
{
    And,
    Or,
}

/// <summary>What kind of value stands on the right of a comparison.</summary>
internal enum FilterValueKind
{
    /// <summary>Text in quotation marks, dates among it.</summary>
    Text,

    /// <summary>An unquoted number.</summary>
    Number,

    /// <summary><c>$true</c>, <c>$false</c> or <c>$null</c>; the text is the word without the dollar sign, in lower case.</summary>
    System,
}

/// <summary>The right side of a comparison.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text, without quotation marks or dollar sign.</param>
internal readonly record struct FilterValue(FilterValueKind Kind, string Text);

/// <summary>A filter, taken apart.</summary>
internal abstract record FilterNode;

/// <summary>A property compared with a value.</summary>
/// <param name="Property">The property's name.</param>
/// <param name="Operator">How they are compared.</param>
/// <param name="Value">The value.</param>
/// <param name="IsCollection">Whether the property is a list, of which the elements are compared.</param>
internal sealed record ComparisonNode(string Property, ComparisonOperator Operator, FilterValue Value, bool IsCollection = false) : FilterNode;

/// <summary>The opposite of a condition.</summary>
/// <param name="Operand">The condition.</param>
internal sealed record NotNode(FilterNode Operand) : FilterNode;

/// <summary>Two conditions joined.</summary>
/// <param name="Left">The first.</param>
/// <param name="Operator">How they are joined.</param>
/// <param name="Right">The second.</param>
internal sealed record LogicalNode(FilterNode Left, LogicalOperator Operator, FilterNode Right) : FilterNode;
