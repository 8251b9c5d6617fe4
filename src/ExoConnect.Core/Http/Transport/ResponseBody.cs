using System.IO.Compression;
using System.Net;

namespace ExoConnect.Core.Http.Transport;

/// <summary>
/// Opens a response's body. The HTTP stack doesn't unpack it: Exchange Online sends 403s that declare gzip and are NUL bytes, and a stack that
/// unpacks blindly loses the status (protocol.md, errors).
/// </summary>
/// <param name="limits">How long a body may take.</param>
/// <param name="clock">The clock.</param>
internal sealed class ResponseBody(BodyLimits limits, TimeProvider clock)
{
    private const int LongestError = 1024 * 1024;
    private const int PieceSize = 64 * 1024;

    /// <summary>Opens a body for streaming.</summary>
    public async Task<Stream> OpenAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = new TimedStream(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), limits, clock);
        if (!response.Content.Headers.ContentEncoding.Contains("gzip", StringComparer.OrdinalIgnoreCase))
        {
            return body;
        }

        var head = new byte[2];
        var length = await body.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        var whole = new PrefixedStream(head.AsMemory(0, length), body);
        return length == 2 && head is [0x1F, 0x8B] ? new UnpackedStream(whole) : whole;
    }

    /// <summary>Reads a whole body.</summary>
    /// <param name="response">The response.</param>
    /// <param name="limit">The most bytes to read.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The bytes.</returns>
    /// <exception cref="ResponseTooLargeException">It is larger.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        var body = await ReadUpToAsync(response, limit + 1, cancellationToken).ConfigureAwait(false);
        return body.Length <= limit ? body : throw new ResponseTooLargeException($"it is larger than {limit / (1024 * 1024)} MB");
    }

    /// <summary>Reads a body up to a limit.</summary>
    private async Task<ReadOnlyMemory<byte>> ReadUpToAsync(HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        var stream = await OpenAsync(response, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            // Pieces below the large object heap, joined once: doubling a buffer would take over three times the memory of a module file, and large
            // objects are collected late.
            var pieces = new List<byte[]>();
            // One byte more than the declared length, to reach the end in the first piece.
            var piece = new byte[(int)Math.Min(limit - 1L, response.Content.Headers.ContentLength ?? (PieceSize - 1)) + 1];
            var total = 0;
            while (true)
            {
                var read = await stream.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
                total += read;
                if (read < piece.Length || total == limit)
                {
                    return pieces.Count == 0 ? piece.AsMemory(0, read) : Join(pieces, piece.AsSpan(0, read), total);
                }

                pieces.Add(piece);
                piece = new byte[Math.Min(limit - total, PieceSize)];
            }
        }
    }

    private static byte[] Join(List<byte[]> pieces, ReadOnlySpan<byte> last, int total)
    {
        var whole = GC.AllocateUninitializedArray<byte>(total);
        var rest = whole.AsSpan();
        foreach (var piece in pieces)
        {
            piece.CopyTo(rest);
            rest = rest[piece.Length..];
        }

        last.CopyTo(rest);
        return whole;
    }

    /// <summary>Reads the readable part of an error response's body: a broken one must not hide the status.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.NoContent)
        {
            return default;
        }

        try
        {
            return await ReadUpToAsync(response, LongestError, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or HttpRequestException)
        {
            return default;
        }
    }

    /// <summary>Unpacks gzip, and checks that it is complete: .NET's stream ends without an error when the packed data break off.</summary>
    private sealed class UnpackedStream : ReadOnlyAsyncStream
    {
        private readonly TailStream _packed;
        private readonly GZipStream _unpacked;
        private long _count;

        public UnpackedStream(Stream packed)
        {
            _packed = new TailStream(packed);
            _unpacked = new GZipStream(_packed, CompressionMode.Decompress);
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await _unpacked.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            _count += count;

            // RFC 1952: the last four bytes are the length. With several members they are the last one's length, which is less than that of all.
            return count > 0 || buffer.IsEmpty || (_packed.IsWhole && _packed.Tail <= (uint)_count)
                ? count
                : throw new InvalidDataException("its packed data break off.");
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _unpacked.Dispose();
            }

            base.Dispose(disposing);
        }
    }

    /// <summary>Keeps the last four bytes.</summary>
    private sealed class TailStream(Stream packed) : ReadOnlyAsyncStream
    {
        private const int LeastLength = 18;
        private long _count;

        public uint Tail { get; private set; }

        public bool IsWhole => _count >= LeastLength;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await packed.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            _count += count;
            foreach (var value in buffer.Span[Math.Max(0, count - sizeof(uint))..count])
            {
                Tail = (Tail >> 8) | ((uint)value << 24);
            }

            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                packed.Dispose();
            }

            base.Dispose(disposing);
        }
    }

    private sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) : ReadOnlyAsyncStream
    {
        private ReadOnlyMemory<byte> _prefix = prefix;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_prefix.IsEmpty)
            {
                return await rest.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            }

            var length = Math.Min(buffer.Length, _prefix.Length);
            _prefix[..length].CopyTo(buffer);
            _prefix = _prefix[length..];
            return length;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                rest.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
