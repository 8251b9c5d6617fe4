using System.Buffers.Text;
using System.Globalization;
using System.Text;
using ExoConnect.LocalTenant.Objects;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.AdminApi;

/// <summary>The start of the next page, as <c>$skiptoken</c> carries it.</summary>
/// <param name="Start">The first position of the page.</param>
/// <param name="Emitted">How many objects the pages before had.</param>
internal readonly record struct SkipToken(long Start, long Emitted)
{
    /// <summary>The token's text, safe in a URL.</summary>
    public override string ToString()
    {
        return Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Start}:{Emitted}")));
    }

    /// <summary>Reads a text; null stands for the first page.</summary>
    /// <exception cref="ServiceError">This tenant did not issue the token.</exception>
    public static SkipToken Parse(string? text)
    {
        if (text is null)
        {
            return default;
        }

        Span<byte> bytes = stackalloc byte[64];
        if (text.Length <= 80 && Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, bytes, out var length))
        {
            var parts = Encoding.ASCII.GetString(bytes[..length]).Split(':');
            if (parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
                && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var emitted))
            {
                return new SkipToken(start, emitted);
            }
        }

        throw ServiceError.Request(400, "BadRequest", "The skip token in the request is invalid.");
    }
}

/// <summary>One page of objects, read from a lazy list.</summary>
/// <param name="Records">Its objects.</param>
/// <param name="Next">The start of the next page; null for the last.</param>
/// <param name="LimitReached">Whether there are more objects than the caller wants.</param>
internal sealed record ResultPage(IReadOnlyList<Record> Records, SkipToken? Next, bool LimitReached)
{
    /// <summary>Reads a page.</summary>
    /// <param name="source">The objects from <paramref name="token"/>'s position on.</param>
    /// <param name="token">The start of the page.</param>
    /// <param name="size">Its size at most.</param>
    /// <param name="limit">How many objects all pages together should have; null for all.</param>
    public static ResultPage Read(IEnumerable<Record> source, SkipToken token, int size, long? limit)
    {
        var wanted = limit is null ? size : Math.Min(size, Math.Max(0, limit.Value - token.Emitted));
        var records = new List<Record>((int)Math.Min(wanted, 1000));
        foreach (var record in source)
        {
            if (records.Count < wanted)
            {
                records.Add(record);
                continue;
            }

            var emitted = token.Emitted + records.Count;
            return limit is not null && emitted >= limit
                ? new ResultPage(records, null, LimitReached: true)
                : new ResultPage(records, new SkipToken(record.Position, emitted), LimitReached: false);
        }

        return new ResultPage(records, null, LimitReached: false);
    }
}
