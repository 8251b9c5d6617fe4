namespace ExoConnect.Core.Catalog;

/// <summary>One parameter of a cmdlet, as the service's module file declares it. Immutable.</summary>
/// <param name="Name">Its name without the dash: letters, digits, <c>-</c> and <c>_</c> only, safe to place in script text.</param>
/// <param name="TypeName">
/// The type as written, without brackets: <c>string</c>, <c>System.Object[]</c>; <c>System.Object</c> if there is none.
/// </param>
/// <param name="Kind">What the type, or the element of an array type, takes.</param>
/// <param name="IsArray">True for an array or list type.</param>
/// <param name="Sets">The parameter sets it belongs to; never empty.</param>
/// <param name="Aliases">Its other names, under the same rule as names, none used twice in the cmdlet.</param>
/// <param name="ValidValues">The values of its <c>ValidateSet</c>; empty if it has none. Any text: quote it before use in script.</param>
public sealed record CmdletParameter(
    string Name,
    string TypeName,
    ParameterKind Kind,
    bool IsArray,
    IReadOnlyList<ParameterSetMembership> Sets,
    IReadOnlyList<string> Aliases,
    IReadOnlyList<string> ValidValues)
{
    /// <summary>The check of a value; null if the module file declares none.</summary>
    public ValueCheck? Check { get; init; }
}

/// <summary>
/// The checks that the module file declares for a parameter's value (<c>ValidateNotNull</c>, <c>ValidateNotNullOrEmpty</c>, <c>ValidateRange</c>).
/// </summary>
/// <param name="NotNull">It must not be null.</param>
/// <param name="NotEmpty">It must be neither null, nor empty text, nor an empty list.</param>
/// <param name="Least">The least number; null if there is none.</param>
/// <param name="Most">The greatest number; null if there is none.</param>
public sealed record ValueCheck(bool NotNull = false, bool NotEmpty = false, long? Least = null, long? Most = null);

/// <summary>A parameter's role in one parameter set.</summary>
/// <param name="SetName">The set, or <see cref="AllSets"/>. Printable ASCII without quotes, backticks, <c>$</c> and braces.</param>
/// <param name="Mandatory">Whether it must be given.</param>
/// <param name="Position">Its position, from 0; null if it is named only.</param>
/// <param name="FromPipeline">Whether it takes the pipeline's object.</param>
/// <param name="FromPipelineByPropertyName">Whether it takes a property of the pipeline's object that has its name or an alias.</param>
/// <param name="FromRemainingArguments">Whether it takes the remaining arguments.</param>
public sealed record ParameterSetMembership(
    string SetName,
    bool Mandatory = false,
    int? Position = null,
    bool FromPipeline = false,
    bool FromPipelineByPropertyName = false,
    bool FromRemainingArguments = false)
{
    /// <summary>PowerShell's name for "every set".</summary>
    public const string AllSets = "__AllParameterSets";

    internal static ParameterSetMembership Plain { get; } = new(AllSets);
}
