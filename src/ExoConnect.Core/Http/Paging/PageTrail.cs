namespace ExoConnect.Core.Http.Paging;

/// <summary>The pages of one listing that were asked for, so that a listing that goes round ends.</summary>
internal sealed class PageTrail
{
    /// <summary>So many pages without an object in a row, and the listing is given up: a directory filters, but not that much.</summary>
    public const int MostEmptyPages = 100;

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private int _empty;

    /// <summary>How many pages were asked for.</summary>
    public int Pages => _seen.Count;

    /// <summary>Notes a page that will be asked for.</summary>
    /// <param name="page">Its address.</param>
    /// <returns>What is wrong with it, as the end of a sentence that begins with the host; null for nothing.</returns>
    public string? Add(Uri page) => _seen.Add(page.AbsoluteUri) ? null : "names as the next page one that was read already";

    /// <summary>Notes a page that was read to its end and has a next one.</summary>
    /// <param name="objects">How many objects it held.</param>
    /// <returns>What is wrong with it, as the end of a sentence that begins with the host; null for nothing.</returns>
    public string? Read(int objects)
    {
        _empty = objects > 0 ? 0 : _empty + 1;
        return _empty < MostEmptyPages ? null : $"gave {MostEmptyPages} pages in a row without an object, and always a next one";
    }
}
