namespace ExoConnect.Core.Http.Paging;

/// <summary>The requested pages of one listing, so that a listing whose pages repeat ends.</summary>
internal sealed class PageTrail
{
    /// <summary>After this many pages in a row without an object, the listing fails: a directory filters, but not that much.</summary>
    public const int MostEmptyPages = 100;

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private int _empty;

    /// <summary>How many pages were requested.</summary>
    public int Pages => _seen.Count;

    /// <summary>Adds a page before it is requested.</summary>
    /// <param name="page">Its address.</param>
    /// <returns>The problem, as the end of a sentence that begins with the host; null for none.</returns>
    public string? Add(Uri page) => _seen.Add(page.AbsoluteUri) ? null : "links to a page that was read already";

    /// <summary>Notes a page that was read to its end and has a next one.</summary>
    /// <param name="objects">How many objects it held.</param>
    /// <returns>The problem, as the end of a sentence that begins with the host; null for none.</returns>
    public string? Read(int objects)
    {
        _empty = objects > 0 ? 0 : _empty + 1;
        return _empty < MostEmptyPages ? null : $"returned {MostEmptyPages} pages in a row without an object";
    }
}
