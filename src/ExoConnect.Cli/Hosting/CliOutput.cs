using System.Buffers;
using System.Text;

namespace ExoConnect.Cli.Hosting;

/// <summary>
/// Standard output: text and bytes in one order, buffered until flushed. If the reader has gone (<c>| head</c>), a
/// <see cref="ClosedPipeException"/> ends the command quietly.
/// </summary>
/// <param name="stream">Receives the output; written to without a buffer of its own.</param>
internal sealed class CliOutput(Stream stream) : TextWriter, IBufferWriter<byte>
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly ArrayBufferWriter<byte> _buffer = new(16 * 1024);
    private readonly Encoder _encoder = Utf8.GetEncoder();

    public override Encoding Encoding => Utf8;

    /// <summary>Bytes that are buffered and not flushed yet.</summary>
    public int Pending => _buffer.WrittenCount;

    public void Advance(int count) => _buffer.Advance(count);

    public Memory<byte> GetMemory(int sizeHint = 0) => _buffer.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => _buffer.GetSpan(sizeHint);

    public override void Write(char value) => Write([value]);

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(ReadOnlySpan<char> buffer) => _encoder.Convert(buffer, this, flush: false, out _, out _);

    public override void WriteLine(string? value)
    {
        Write(value);
        Write('\n');
    }

    public override void WriteLine() => Write('\n');

    public override void Flush()
    {
        try
        {
            stream.Write(_buffer.WrittenSpan);
            stream.Flush();
        }
        catch (IOException e) when (ClosedPipeException.Is(e))
        {
            throw new ClosedPipeException(e);
        }
        finally
        {
            _buffer.ResetWrittenCount();
        }
    }

    public override Task FlushAsync() => FlushAsync(CancellationToken.None);

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_buffer.WrittenCount == 0)
        {
            return;
        }

        try
        {
            await stream.WriteAsync(_buffer.WrittenMemory, cancellationToken).ConfigureAwait(false);
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e) when (ClosedPipeException.Is(e))
        {
            throw new ClosedPipeException(e);
        }
        finally
        {
            _buffer.ResetWrittenCount();
        }
    }
}

/// <summary>Nobody reads standard output any longer.</summary>
internal sealed class ClosedPipeException(Exception inner) : Exception("Standard output was closed.", inner)
{
    // EPIPE and ECONNRESET, by the numbers of Linux, macOS and Windows: a pipe or a socket whose other end is closed.
    private static readonly int[] Codes = [32, 54, 104, unchecked((int)0x8007006D), unchecked((int)0x800700E8)];

    public static bool Is(IOException e) => Codes.Contains(e.HResult);
}
