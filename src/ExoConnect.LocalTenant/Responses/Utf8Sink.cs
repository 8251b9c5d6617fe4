using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace ExoConnect.LocalTenant.Responses;

/// <summary>
/// Gathers the UTF-8 text of a response in a pooled buffer and sends it in large pieces. Not thread-safe.
/// </summary>
/// <param name="target">Receives the pieces; null to keep everything.</param>
internal sealed class Utf8Sink(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask>? target) : IDisposable
{
    private const int FlushSize = 128 * 1024;

    // The characters that JSON needs no escape for; the service escapes all others, non-ASCII too.
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    // The characters that XML inside a JSON string needs no escape for.
    private static readonly SearchValues<char> PlainXml = SearchValues.Create(
        " !#$%'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^`abcdefghijklmnopqrstuvwxyz{|}~");

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(target is null ? 16 * 1024 : FlushSize + (64 * 1024));
    private int _length;

    /// <summary>Whether the buffer is full enough to send.</summary>
    public bool WantsFlush => target is not null && _length >= FlushSize;

    /// <summary>Whether a piece was sent already, so that the whole length is no longer known.</summary>
    public bool HasFlushed { get; private set; }

    /// <summary>The bytes that have not been sent.</summary>
    public ReadOnlyMemory<byte> Gathered => _buffer.AsMemory(0, _length);

    /// <summary>Sends the gathered bytes.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (target is null || _length == 0)
        {
            return;
        }

        HasFlushed = true;
        await target(_buffer.AsMemory(0, _length), cancellationToken).ConfigureAwait(false);
        _length = 0;
    }

    /// <summary>Adds bytes as they are.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _length += bytes.Length;
    }

    /// <summary>Adds a JSON string with its quotes.</summary>
    public void WriteString(string text)
    {
        var special = text.AsSpan().IndexOfAnyExcept(Plain);
        if (special < 0)
        {
            var span = Reserve(text.Length + 2);
            span[0] = (byte)'"';
            _ = Ascii.FromUtf16(text, span[1..], out _);
            span[text.Length + 1] = (byte)'"';
            _length += text.Length + 2;
            return;
        }

        WriteEscaped(text, special);
    }

    /// <summary>Adds text of PowerShell's serialisation, inside a JSON string and without quotes.</summary>
    public void WriteXmlText(string text)
    {
        var special = text.AsSpan().IndexOfAnyExcept(PlainXml);
        if (special < 0)
        {
            _ = Ascii.FromUtf16(text, Reserve(text.Length), out _);
            _length += text.Length;
            return;
        }

        WriteXmlEscaped(text, special);
    }

    /// <summary>Adds a number.</summary>
    public void WriteNumber(long value)
    {
        _ = Utf8Formatter.TryFormat(value, Reserve(20), out var written);
        _length += written;
    }

    /// <summary>Adds a value that formats itself as UTF-8, optionally in quotes.</summary>
    public void WriteFormatted<T>(T value, ReadOnlySpan<char> format, bool quoted)
        where T : IUtf8SpanFormattable
    {
        var span = Reserve(72);
        var offset = quoted ? 1 : 0;
        _ = value.TryFormat(span[offset..], out var written, format, CultureInfo.InvariantCulture);
        if (quoted)
        {
            span[0] = (byte)'"';
            span[written + 1] = (byte)'"';
        }

        _length += written + (offset * 2);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        _length = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void WriteEscaped(string text, int plain)
    {
        // \uXXXX is the longest that one UTF-16 unit becomes.
        var span = Reserve((text.Length * 6) + 2);
        var at = 0;
        span[at++] = (byte)'"';
        _ = Utf8.FromUtf16(text.AsSpan(0, plain), span[at..], out _, out var copied);
        at += copied;
        foreach (var unit in text.AsSpan(plain))
        {
            switch (unit)
            {
                case '"' or '\\':
                    span[at++] = (byte)'\\';
                    span[at++] = (byte)unit;
                    break;
                case '\n':
                    "\\n"u8.CopyTo(span[at..]);
                    at += 2;
                    break;
                case '\r':
                    "\\r"u8.CopyTo(span[at..]);
                    at += 2;
                    break;
                case '\t':
                    "\\t"u8.CopyTo(span[at..]);
                    at += 2;
                    break;
                case >= ' ' and <= '~':
                    span[at++] = (byte)unit;
                    break;
                default:
                    "\\u"u8.CopyTo(span[at..]);
                    _ = ((int)unit).TryFormat(span[(at + 2)..], out _, "x4", CultureInfo.InvariantCulture);
                    at += 6;
                    break;
            }
        }

        span[at++] = (byte)'"';
        _length += at;
    }

    // The serialiser writes characters that XML cannot carry as _xHHHH_, and escapes an underscore that would look like that.
    private void WriteXmlEscaped(string text, int plain)
    {
        var span = Reserve(text.Length * 7);
        _ = Utf8.FromUtf16(text.AsSpan(0, plain), span, out _, out var at);
        for (var i = plain; i < text.Length; i++)
        {
            var unit = text[i];
            var pair = char.IsHighSurrogate(unit) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (pair)
            {
                at += Unit(span[at..], "\\u"u8, unit, default);
                at += Unit(span[at..], "\\u"u8, text[++i], default);
                continue;
            }

            var entity = unit switch
            {
                '&' => "&amp;"u8,
                '<' => "&lt;"u8,
                '>' => "&gt;"u8,
                '"' => "\\\""u8,
                '\\' => "\\\\"u8,
                '_' when i + 1 == text.Length || text[i + 1] is not ('x' or 'X') => "_"u8,
                _ => default,
            };
            if (!entity.IsEmpty)
            {
                entity.CopyTo(span[at..]);
                at += entity.Length;
            }
            else if (unit is < ' ' or '_' or '\x7f' or >= '\ufffe' || char.IsSurrogate(unit))
            {
                at += Unit(span[at..], "_x"u8, unit, "_"u8);
            }
            else if (unit <= '~')
            {
                span[at++] = (byte)unit;
            }
            else
            {
                at += Unit(span[at..], "\\u"u8, unit, default);
            }
        }

        _length += at;
    }

    private static int Unit(Span<byte> span, ReadOnlySpan<byte> before, char unit, ReadOnlySpan<byte> after)
    {
        before.CopyTo(span);
        _ = ((int)unit).TryFormat(span[before.Length..], out var digits, "X4", CultureInfo.InvariantCulture);
        after.CopyTo(span[(before.Length + digits)..]);
        return before.Length + digits + after.Length;
    }

    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + count));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(_length);
    }
}
