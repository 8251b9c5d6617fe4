using System.Globalization;
using ExoConnect.LocalTenant.Objects;

namespace ExoConnect.LocalTenant.Filters;

/// <summary>The comparison operators of filters.</summary>
internal enum FilterOperator
{
    /// <summary>Equal.</summary>
    Equal,

    /// <summary>Not equal.</summary>
    NotEqual,

    /// <summary>Greater.</summary>
    Greater,

    /// <summary>Greater or equal.</summary>
    GreaterOrEqual,

    /// <summary>Less.</summary>
    Less,

    /// <summary>Less or equal.</summary>
    LessOrEqual,

    /// <summary>Like a pattern with stars.</summary>
    Like,

    /// <summary>Not like a pattern with stars.</summary>
    NotLike,
}

/// <summary>A filter on objects: immutable, thread-safe.</summary>
internal abstract class Filter
{
    /// <summary>Whether an object matches.</summary>
    public abstract bool Accepts(Record record);

    /// <summary>Whether an element of a collection matches, if the filter compares elements.</summary>
    public abstract bool AcceptsElement(object? element);

    /// <summary>The properties that the filter compares.</summary>
    public abstract IEnumerable<string> Properties { get; }

    /// <summary>Both.</summary>
    public static Filter And(Filter left, Filter right) => new AndFilter(left, right);

    /// <summary>Either.</summary>
    public static Filter Or(Filter left, Filter right) => new OrFilter(left, right);

    /// <summary>Not.</summary>
    public static Filter Not(Filter inner) => new NotFilter(inner);

    /// <summary>True if an element of a collection matches.</summary>
    public static Filter Any(string property, Filter inner) => new AnyFilter(property, inner);

    /// <summary>A comparison of a property with a literal: a string, a bool, a number as text, or null.</summary>
    public static Filter Compare(string property, FilterOperator op, object? literal) => new CompareFilter(property, op, literal);

    private sealed class AndFilter(Filter left, Filter right) : Filter
    {
        public override IEnumerable<string> Properties => left.Properties.Concat(right.Properties);

        public override bool Accepts(Record record) => left.Accepts(record) && right.Accepts(record);

        public override bool AcceptsElement(object? element) => left.AcceptsElement(element) && right.AcceptsElement(element);
    }

    private sealed class OrFilter(Filter left, Filter right) : Filter
    {
        public override IEnumerable<string> Properties => left.Properties.Concat(right.Properties);

        public override bool Accepts(Record record) => left.Accepts(record) || right.Accepts(record);

        public override bool AcceptsElement(object? element) => left.AcceptsElement(element) || right.AcceptsElement(element);
    }

    private sealed class NotFilter(Filter inner) : Filter
    {
        public override IEnumerable<string> Properties => inner.Properties;

        public override bool Accepts(Record record) => !inner.Accepts(record);

        public override bool AcceptsElement(object? element) => !inner.AcceptsElement(element);
    }

    private sealed class AnyFilter(string property, Filter inner) : Filter
    {
        public override IEnumerable<string> Properties => [property];

        public override bool Accepts(Record record) =>
            record.TryGet(property, out var value) && value is IReadOnlyList<string> list && list.Any(inner.AcceptsElement);

        public override bool AcceptsElement(object? element) => false;
    }

    private sealed class CompareFilter : Filter
    {
        private readonly string _property;
        private readonly FilterOperator _operator;
        private readonly object? _literal;
        private readonly string _text;
        private readonly string[]? _pattern;
        private readonly bool _negated;

        public CompareFilter(string property, FilterOperator op, object? literal)
        {
            (_property, _literal, _text) = (property, literal, ValueText.Of(literal));
            _negated = op is FilterOperator.NotEqual or FilterOperator.NotLike;
            _operator = op switch { FilterOperator.NotEqual => FilterOperator.Equal, FilterOperator.NotLike => FilterOperator.Like, _ => op };
            _pattern = _operator == FilterOperator.Like ? _text.Split('*') : null;
        }

        public override IEnumerable<string> Properties => [_property];

        public override bool Accepts(Record record)
        {
            _ = record.TryGet(_property, out var value);
            return Matches(value) != _negated;
        }

        public override bool AcceptsElement(object? element) => MatchesOne(element) != _negated;

        private bool Matches(object? value)
        {
            if (value is IReadOnlyList<string> list)
            {
                if (_literal is null)
                {
                    return _operator == FilterOperator.Equal && list.Count == 0;
                }

                foreach (var element in list)
                {
                    if (MatchesOne(element))
                    {
                        return true;
                    }
                }

                return false;
            }

            return MatchesOne(value);
        }

        private bool MatchesOne(object? value)
        {
            if (_literal is null)
            {
                return _operator == FilterOperator.Equal && value is null or "";
            }

            if (_pattern is not null)
            {
                return IsLike(ValueText.Of(value), _pattern);
            }

            return Order(value) is int order && _operator switch
            {
                FilterOperator.Equal => order == 0,
                FilterOperator.Greater => order > 0,
                FilterOperator.GreaterOrEqual => order >= 0,
                FilterOperator.Less => order < 0,
                _ => order <= 0,
            };
        }

        /// <summary>Whether a text is these parts in their order, with anything between them.</summary>
        private static bool IsLike(string text, string[] parts)
        {
            if (parts.Length == 1)
            {
                return text.Equals(parts[0], StringComparison.OrdinalIgnoreCase);
            }

            var (first, last) = (parts[0], parts[^1]);
            if (text.Length < first.Length + last.Length || !text.StartsWith(first, StringComparison.OrdinalIgnoreCase)
                || !text.EndsWith(last, StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }

            var rest = text.AsSpan(first.Length, text.Length - first.Length - last.Length);
            foreach (var part in parts.AsSpan(1, parts.Length - 2))
            {
                var at = rest.IndexOf(part, StringComparison.OrdinalIgnoreCase);
                if (at < 0)
                {
                    return false;
                }

                rest = rest[(at + part.Length)..];
            }

            return true;
        }

        // null if the two cannot be compared: then no comparison is true.
        private int? Order(object? value)
        {
            switch (value)
            {
                case null:
                    return null;
                case bool flag:
                    return bool.TryParse(_text, out var wanted) ? flag.CompareTo(wanted) : null;
                case short or int or long or double:
                    return double.TryParse(_text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                        ? Convert.ToDouble(value, CultureInfo.InvariantCulture).CompareTo(number) : null;
                case Guid guid:
                    return Guid.TryParse(_text, out var other) ? guid.CompareTo(other) : null;
                case DateTime or DateTimeOffset:
                    var time = value is DateTime utc ? new DateTimeOffset(utc.ToUniversalTime()) : (DateTimeOffset)value;
                    return DateTimeOffset.TryParse(_text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
                        ? time.CompareTo(moment) : null;
                default:
                    var text = ValueText.Of(value);
                    return _operator != FilterOperator.Equal && ValueText.TrySize(text, out var size) && ValueText.TrySize(_text, out var limit)
                        ? size.CompareTo(limit)
                        : string.Compare(text, _text, StringComparison.OrdinalIgnoreCase);
            }
        }
    }
}
