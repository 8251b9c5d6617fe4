using ExoConnect.Core.Errors;

namespace ExoConnect.Core.RestEntities;

/// <summary>
/// A filter in OPATH, the language of the <c>-Filter</c> parameters, read and checked; it can be written in OData, as the REST entities
/// take it (protocol.md section 5). Reading takes time in proportion to the length and runs nothing.
/// </summary>
public sealed class OpathFilter
{
    /// <summary>
    /// The longest filter taken, in characters. The documentation names no limit; a filter travels in the address, and Windows web
    /// servers take no request whose line and headers are over 16 KB.
    /// </summary>
    public const int MaximumLength = 16_384;

    /// <summary>How deep parentheses and <c>-not</c> may nest.</summary>
    public const int MaximumDepth = 64;

    private OpathFilter(FilterNode root, IReadOnlyList<string> notes)
    {
        Root = root;
        Notes = notes;
    }

    /// <summary>What a user should know although the filter can be used: a likely slip of the pen, a reading that may surprise.</summary>
    public IReadOnlyList<string> Notes { get; }

    internal FilterNode Root { get; }

    /// <summary>Reads a filter.</summary>
    /// <param name="filter">The text, as given to <c>-Filter</c>.</param>
    /// <param name="schema">Whose properties it compares; null to take any name.</param>
    /// <returns>The filter.</returns>
    /// <exception cref="ExoException">
    /// <c>InvalidFilter</c>: it is not a filter, or not one that the service can answer. The message shows the place, the remedy says
    /// what to write.
    /// </exception>
    public static OpathFilter Parse(string filter, EntitySchema? schema = null)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var (root, notes) = OpathParser.Parse(filter, schema);
        return new OpathFilter(root, notes);
    }

    /// <summary>The filter in OData.</summary>
    /// <returns>The value of <c>$filter</c>, not percent-encoded.</returns>
    public string ToOData() => FilterPrinter.ToOData(Root);

    /// <summary>The filter in OPATH, in one spelling.</summary>
    /// <returns>A text that reads as the same filter.</returns>
    public override string ToString() => FilterPrinter.ToOpath(Root);
}
