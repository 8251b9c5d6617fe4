using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using ExoConnect.Cli.Hosting;

namespace ExoConnect.Cli.Input;

/// <summary>
/// The lines of a text, counted. Bytes that don't belong to the encoding are an error with their position, and never a replacement character, which
/// would be written into the directory.
/// </summary>
internal sealed class TextLines : IAsyncDisposable
{
    private readonly PipeReader _reader;
    private readonly Encoding _encoding;
    private readonly string _remedy;
    private readonly CancellationToken _cancellationToken;

    private TextLines(PipeReader reader, Encoding encoding, string remedy, CancellationToken cancellationToken) =>
        (_reader, _encoding, _remedy, _cancellationToken) = (reader, encoding, remedy, cancellationToken);

    /// <summary>The number of the last line, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>The problem of the last line; null for none.</summary>
    public string? Problem { get; private set; }

    /// <summary>Begins to read.</summary>
    /// <param name="stream">The bytes; disposed with this.</param>
    /// <param name="encoding">Their encoding; null for UTF-8, or that of their byte order mark.</param>
    /// <param name="cancellationToken">Stops waiting for them; not every input can be cancelled.</param>
    public static async Task<TextLines> OpenAsync(Stream stream, Encoding? encoding, CancellationToken cancellationToken)
    {
        var bytes = PipeReader.Create(stream);
        var start = await bytes.ReadAtLeastAsync(4, cancellationToken).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        var mark = Mark(start.Buffer.Slice(0, Math.Min(4, start.Buffer.Length)).ToArray());
        var chosen = encoding ?? mark.Encoding ?? Encoding.UTF8;
        bytes.AdvanceTo(start.Buffer.GetPosition(encoding is null || encoding.CodePage == mark.Encoding?.CodePage ? mark.Length : 0));
        var strict = Encoding.GetEncoding(chosen.CodePage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        var remedy = encoding is null && mark.Encoding is null
            ? "Save the file as UTF-8, or say what it is, as in --encoding windows-1252."
            : "Check which encoding the file has.";

        // A line ends with one byte in UTF-8 and in all the national encodings, and with two or four in these.
        return chosen.CodePage is 1200 or 1201 or 12000 or 12001
            ? new TextLines(
                PipeReader.Create(Encoding.CreateTranscodingStream(bytes.AsStream(), strict, Encoding.UTF8)),
                Encoding.UTF8,
                remedy,
                cancellationToken)
            : new TextLines(bytes, strict, remedy, cancellationToken);
    }

    /// <summary>Finds an encoding by its name.</summary>
    /// <param name="name">Its IANA name, such as <c>windows-1252</c>.</param>
    /// <exception cref="UsageException">The name is unknown.</exception>
    public static Encoding Find(string name)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        try
        {
            return Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            throw new UsageException(
                $"--encoding: '{Output.SafeText.Line(name)}' is not an encoding.",
                "Give a name such as utf-8, utf-16, windows-1252, iso-8859-1 or shift_jis.");
        }
    }

    /// <summary>Reads the next line.</summary>
    /// <returns>The line without its end, empty if it has a <see cref="Problem"/>; null at the end.</returns>
    public async ValueTask<string?> NextAsync()
    {
        Number++;
        Problem = null;
        while (true)
        {
            ReadResult read;
            try
            {
                read = await _reader.ReadAsync(_cancellationToken).AsTask().WaitAsync(_cancellationToken).ConfigureAwait(false);
            }
            catch (DecoderFallbackException)
            {
                throw new UsageException($"The text is not valid in its declared encoding, at or after line {Number}.", _remedy);
            }

            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Decode(read.Buffer.Slice(0, end));
                _reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line;
            }

            if (read.IsCompleted)
            {
                var last = read.Buffer.IsEmpty ? null : Decode(read.Buffer);
                _reader.AdvanceTo(read.Buffer.End);
                return last;
            }

            _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Reads the rest.</summary>
    public async Task<string> RestAsync()
    {
        var rest = new StringBuilder();
        while (await NextAsync().ConfigureAwait(false) is { } line)
        {
            if (Problem is { } problem)
            {
                throw new UsageException($"Line {Number}: {problem}", _remedy);
            }

            rest.Append(line).Append('\n');
        }

        return rest.ToString();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _reader.CompleteAsync();

    private static (Encoding? Encoding, int Length) Mark(byte[] start) => start switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding.UTF8, 3),
        [0xFF, 0xFE, 0, 0] => (Encoding.UTF32, 4),
        [0, 0, 0xFE, 0xFF] => (new UTF32Encoding(bigEndian: true, byteOrderMark: true), 4),
        [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
        [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
        _ => (null, 0),
    };

    private string Decode(ReadOnlySequence<byte> bytes)
    {
        var line = bytes.IsSingleSegment ? bytes.FirstSpan : bytes.ToArray();
        line = line is [.. var text, (byte)'\r'] ? text : line;
        try
        {
            return _encoding.GetString(line);
        }
        catch (DecoderFallbackException e)
        {
            var column = Encoding.GetEncoding(_encoding.CodePage).GetCharCount(line[..Math.Max(e.Index, 0)]) + 1;
            Problem = string.Create(
                CultureInfo.InvariantCulture,
                $"Column {column} is not {_encoding.WebName.ToUpperInvariant()} (byte 0x{e.BytesUnknown?.FirstOrDefault():X2}). {_remedy}");
            return "";
        }
    }
}
