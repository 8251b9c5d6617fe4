using ExoConnect.Core.Errors;

namespace ExoConnect.Core.RestEntities;

/// <summary>
/// A filter in OPATH, the language of the <c>-Filter</c> parameters, parsed and checked. It can be written in OData, the language of the REST
/// entities (protocol.md section 5). Parsing takes time in proportion to the length and runs nothing.
/// </summary>
public sealed class OpathFilter
{
    /// <summary>
    /// The longest accepted filter, in characters. The documentation names no limit. A filter travels in the address, and Windows web servers
    /// accept no request whose line and headers are over 16 KB.
    /// </summary>
    public const int MaximumLength = 16_384;

    /// <summary>How deep parentheses and <c>-not</c> may nest.</summary>
    public const int MaximumDepth = 64;

    private OpathFilter(FilterNode root, IReadOnlyList<string> notes)
    {
        Root = root;
        Notes = notes;
    }

    /// <summary>Warnings about a valid filter: a likely typing error, or a surprising order of operators.</summary>
    public IReadOnlyList<string> Notes { get; }

    internal FilterNode Root { get; }

    /// <summary>Reads a filter.</summary>
    /// <param name="filter">The text of <c>-Filter</c>.</param>
    /// <param name="schema">The schema of its properties; null to accept any name.</param>
    /// <returns>The filter.</returns>
    /// <exception cref="ExoException">
    /// <c>InvalidFilter</c>: it is not a filter, or one that the service doesn't support. The message marks the position, the remedy says what to
    /// write.
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
