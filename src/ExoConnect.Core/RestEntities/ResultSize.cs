using System.Globalization;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.RestEntities;

/// <summary>The number of results: the value of <c>-ResultSize</c>. The default is 1,000.</summary>
public readonly record struct ResultSize
{
    private readonly int _limit;

    private ResultSize(int limit) => _limit = limit;

    /// <summary>All objects.</summary>
    public static ResultSize Unlimited { get; } = new(-1);

    /// <summary>True if the caller gave no size, so that a cut brings a warning.</summary>
    public bool IsDefault => _limit == 0;

    /// <summary>The most objects to return; null for no limit.</summary>
    public int? Limit => _limit switch
    {
        0 => RestRequest.MaximumPageSize,
        < 0 => null,
        _ => _limit,
    };

    /// <summary>A number of objects.</summary>
    /// <param name="count">At least 1.</param>
    /// <returns>The size.</returns>
    /// <exception cref="ExoException"><c>InvalidResultSize</c>.</exception>
    public static ResultSize Of(int count) => count > 0 ? new ResultSize(count) : throw Invalid(count.ToString(CultureInfo.InvariantCulture));

    /// <summary>Reads a user's value.</summary>
    /// <param name="text">A whole number from 1 to 2,147,483,647, or <c>Unlimited</c> in any case.</param>
    /// <returns>The size.</returns>
    /// <exception cref="ExoException"><c>InvalidResultSize</c>.</exception>
    public static ResultSize Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        return trimmed.Equals("Unlimited", StringComparison.OrdinalIgnoreCase) ? Unlimited
            : int.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? new ResultSize(count)
            : throw Invalid(text);
    }

    /// <summary>The size as a user writes it.</summary>
    /// <returns>A number, or <c>Unlimited</c>.</returns>
    public override string ToString() => Limit?.ToString(CultureInfo.InvariantCulture) ?? "Unlimited";

    /// <summary>The <c>n</c> of <c>Prefer: odata.maxpagesize=n</c>.</summary>
    internal int PageSize(int maximum) => Math.Min(Limit ?? maximum, maximum);

    private static ExoException Invalid(string text) => ParameterErrors.Invalid(
        ErrorIds.InvalidResultSize,
        "ResultSize",
        text,
        $"'{text}' isn't a number of results.",
        $"Give a whole number from 1 to {int.MaxValue.ToString("N0", CultureInfo.InvariantCulture)}, or Unlimited.");
}
