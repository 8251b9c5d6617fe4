using System.Text.Json;

namespace ExoConnect.Benchmarks.Floor;

/// <summary>Reads a response token by token as it arrives, and keeps of it only how much it was and where the next page is.</summary>
internal sealed class PageTokens
{
    private const int RowDepth = 2;

    private byte[] _buffer = new byte[128 * 1024];

    public long Bytes { get; private set; }

    public long Objects { get; private set; }

    public Uri? NextLink { get; private set; }

    public async Task ReadAsync(Stream body)
    {
        NextLink = null;
        var state = default(JsonReaderState);
        var length = 0;
        while (true)
        {
            if (length == _buffer.Length)
            {
                Array.Resize(ref _buffer, length * 2);
            }

            var read = await body.ReadAsync(_buffer.AsMemory(length));
            Bytes += read;
            length += read;
            var consumed = Read(_buffer.AsSpan(0, length), read == 0, ref state);
            _buffer.AsSpan(consumed, length - consumed).CopyTo(_buffer);
            length -= consumed;
            if (read == 0)
            {
                return;
            }
        }
    }

    private int Read(ReadOnlySpan<byte> bytes, bool isFinal, ref JsonReaderState state)
    {
        var reader = new Utf8JsonReader(bytes, isFinal, state);
        var consumed = 0L;
        state = reader.CurrentState;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartObject && reader.CurrentDepth == RowDepth)
            {
                Objects++;
            }
            else if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("@odata.nextLink"u8))
            {
                // Name and value together, or the name would be behind us when the value comes.
                if (!reader.Read())
                {
                    return (int)consumed;
                }

                NextLink = new Uri(reader.GetString()!);
            }

            consumed = reader.BytesConsumed;
            state = reader.CurrentState;
        }

        return (int)consumed;
    }
}
