using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ExoConnect.Core.Http.Paging;

/// <summary>The requested pages of one listing, so that a listing whose pages repeat ends.</summary>
internal sealed class PageTrail
{
    /// <summary>After this many pages in a row without a new object, the listing fails: a directory filters, but not that much.</summary>
    public const int MostEmptyPages = 100;

    // Hashes: an address can have 32 KB, and a listing can have a hundred thousand pages.
    private readonly HashSet<UInt128> _seen = [];
    private readonly HashSet<int> _contents = [];
    private int _empty;

    /// <summary>How many pages were requested.</summary>
    public int Pages => _seen.Count;

    /// <summary>Adds a page before it is requested.</summary>
    /// <param name="page">Its address.</param>
    /// <returns>The problem, as the end of a sentence that begins with the host; null for none.</returns>
    public string? Add(Uri page)
    {
        // A fragment isn't sent.
        var address = page.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);
        return _seen.Add(BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(address))))
            ? null
            : "links to a page that was read already";
    }

    /// <summary>Notes a page that was read to its end and has a next one.</summary>
    /// <param name="objects">How many objects it held.</param>
    /// <param name="content">
    /// A hash of them, if they have identities: a page like an earlier one brings nothing new. Null if objects without identities may repeat.
    /// </param>
    /// <returns>The problem, as the end of a sentence that begins with the host; null for none.</returns>
    public string? Read(int objects, int? content)
    {
        var isNew = objects > 0 && (content is not { } hash || _contents.Add(hash));
        _empty = isNew ? 0 : _empty + 1;
        return _empty < MostEmptyPages ? null : $"returned {MostEmptyPages} pages in a row without a new object";
    }
}
