using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace ExoConnect.Core.Catalog;

/// <summary>
/// The bytes of one cached catalog: a mark with the format's number, a header of a few lines, the compressed text, and a SHA-256 over all of it.
/// </summary>
internal static class CatalogFile
{
    /// <summary>No catalog comes near this size; a larger file is not ours.</summary>
    public const int MaximumLength = 16 * 1024 * 1024;

    private const int MaximumTextLength = 64 * 1024 * 1024;
    private const int MaximumHeaderLength = 4096;
    private const int HeaderFields = 6;

    private const int Quality = 4;

    /// <summary>
    /// The logarithm of the compressor's window. Unpacking takes that much native memory at once. With the usual 4 MB, each connect took a megabyte
    /// on its thread, and glibc kept that, with as much again, in the heap of every such thread.
    /// </summary>
    private const int Window = 16;

    // The number changes with the layout, or with what the text must hold: an older file then counts as missing.
    private static ReadOnlySpan<byte> Mark => "EXOCAT2\n"u8;

    public static byte[] Write(string keyHash, CmdletCatalog catalog, Uri host, DateTimeOffset created)
    {
        var header = Encoding.UTF8.GetBytes(string.Join('\n', [
            keyHash,
            created.UtcTicks.ToString(CultureInfo.InvariantCulture),
            host.AbsoluteUri,
            catalog.Service.ToString(),
            catalog.Cmdlets.Count.ToString(CultureInfo.InvariantCulture),
            catalog.TextLength.ToString(CultureInfo.InvariantCulture),
        ]));

        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(catalog.TextLength)];
        if (!BrotliEncoder.TryCompress(catalog.Text.Span, packed, out var packedLength, Quality, Window))
        {
            throw new InvalidOperationException("The text could not be compressed.");
        }

        using var stream = new MemoryStream(packedLength + header.Length + 64);
        stream.Write(Mark);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        stream.Write(packed, 0, packedLength);
        stream.Write(SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        return stream.ToArray();
    }

    /// <summary>Reads a file's bytes.</summary>
    /// <param name="file">All of them.</param>
    /// <param name="keyHash">The hash of the expected key.</param>
    /// <param name="key">The expected key.</param>
    /// <returns>The catalog, or null for anything that <see cref="Write"/> did not write for this key.</returns>
    public static CachedCatalog? Read(ReadOnlyMemory<byte> file, string keyHash, CatalogCacheKey key)
    {
        var bytes = file.Span;
        var headerStart = Mark.Length + 4;
        if (bytes.Length < headerStart + SHA256.HashSizeInBytes || !bytes.StartsWith(Mark)
            || !SHA256.HashData(bytes[..^SHA256.HashSizeInBytes]).AsSpan().SequenceEqual(bytes[^SHA256.HashSizeInBytes..]))
        {
            return null;
        }

        var headerLength = BinaryPrimitives.ReadInt32LittleEndian(bytes[Mark.Length..]);
        var textStart = headerStart + headerLength;
        if (headerLength is <= 0 or > MaximumHeaderLength || textStart > bytes.Length - SHA256.HashSizeInBytes)
        {
            return null;
        }

        var header = Encoding.UTF8.GetString(bytes.Slice(headerStart, headerLength)).Split('\n');
        if (header.Length != HeaderFields || header[0] != keyHash || header[3] != key.Service.ToString()
            || !long.TryParse(header[1], NumberStyles.None, CultureInfo.InvariantCulture, out var created)
            || created > DateTimeOffset.MaxValue.UtcTicks
            || !Uri.TryCreate(header[2], UriKind.Absolute, out var host) || !key.Environment.OwnsService(host)
            || !int.TryParse(header[4], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || !int.TryParse(header[5], NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > MaximumTextLength)
        {
            return null;
        }

        var text = Decompress(bytes[textStart..^SHA256.HashSizeInBytes], length);
        if (text is null)
        {
            return null;
        }

        // The same reader reads what the service sends, with the same rules for names: the text is only ever data.
        var catalog = CmdletCatalog.ParseKept(text, key.Service);
        return catalog.Cmdlets.Count == count && catalog.UnreadableCount == 0
            ? new CachedCatalog(catalog, host, new DateTimeOffset(created, TimeSpan.Zero))
            : null;
    }

    private static byte[]? Decompress(ReadOnlySpan<byte> compressed, int length)
    {
        var text = new byte[length];
        return BrotliDecoder.TryDecompress(compressed, text, out var written) && written == length ? text : null;
    }
}
