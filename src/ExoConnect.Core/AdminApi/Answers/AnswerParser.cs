using System.Buffers;
using System.Text.Json;

namespace ExoConnect.Core.AdminApi.Answers;

/// <summary>
/// Parses an answer as its bytes arrive: the caller fills <see cref="GetMemory"/>, says how much with <see cref="Advance"/>, and takes
/// what has become complete. An element that ends beyond the buffer is read again when more has come, so the buffer is kept much larger
/// than an element, and doubles where one is larger.
/// </summary>
/// <remarks>
/// Two forms of answer exist (protocol.md): a list under <c>value</c>, and for one REST entity an object whose properties stand at the
/// top. Which it is shows only when <c>value</c> comes or does not, so nothing is let go of before.
/// </remarks>
/// <param name="entity">What the objects are: a cmdlet's noun.</param>
/// <param name="origin">Which request is answered; errors that stand in the answer carry it.</param>
/// <param name="expansion">What the caller wants of each object; null for the object itself.</param>
/// <param name="limit">How many objects to take; what comes behind them is read and left out. Null for all.</param>
internal sealed class AnswerParser(string entity, RequestOrigin origin, RowExpansion? expansion = null, int? limit = null) : IDisposable
{
    private const int InitialBuffer = 128 * 1024;
    private const int MaxElement = 256 * 1024 * 1024;

    private readonly RowReader _rows = new(entity);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialBuffer);
    private int _start;
    private int _end;
    private bool _final;
    private JsonReaderState _state = new(AnswerJson.Options);
    private Place _place;
    private bool _sawValue;
    private bool _sawProperty;

    private List<object> _objects = [];
    private List<string> _warnings = [];
    private List<ServiceException> _errors = [];
    private string? _confirmation;

    private enum Place
    {
        Start,
        Top,
        Rows,
        Done,
    }

    /// <summary>Where the next page is, once the answer has said so; null if it has not, or there is none.</summary>
    public string? NextLink { get; private set; }

    /// <summary>The <c>error</c> object of an answer that is one, as JSON; null otherwise.</summary>
    public byte[]? Error { get; private set; }

    /// <summary>How many objects of the service were taken.</summary>
    public int Rows { get; private set; }

    /// <summary>True if the limit left objects out.</summary>
    public bool IsCut { get; private set; }

    /// <summary>True once the whole answer was read.</summary>
    public bool IsDone => _place == Place.Done;

    /// <summary>Space for the bytes that come next; at least 16 KB.</summary>
    public Memory<byte> GetMemory()
    {
        const int Least = 16 * 1024;
        if (_sawValue && _start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_buffer.Length - _end < Least)
        {
            if (_buffer.Length >= MaxElement)
            {
                throw new JsonException($"One element of the answer is over {MaxElement >> 20} MB.");
            }

            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>Says how many bytes were put into <see cref="GetMemory"/>, and parses them.</summary>
    /// <param name="count">How many; 0 where the answer has ended.</param>
    /// <exception cref="JsonException">The bytes are no answer, or it ended too early.</exception>
    public void Advance(int count)
    {
        _end += count;
        _final = count == 0;
        while (_place != Place.Done && Step())
        {
        }

        if (_final && _place != Place.Done)
        {
            throw new JsonException("The answer ended too early.");
        }
    }

    /// <summary>Parses an answer that is there as a whole.</summary>
    /// <param name="answer">The answer.</param>
    /// <exception cref="JsonException">The bytes are no answer.</exception>
    public void ParseAll(ReadOnlySpan<byte> answer)
    {
        while (!IsDone)
        {
            var memory = GetMemory().Span;
            var count = Math.Min(memory.Length, answer.Length);
            answer[..count].CopyTo(memory);
            answer = answer[count..];
            Advance(count);
        }
    }

    /// <summary>Takes what has become complete since the last call.</summary>
    /// <returns>The piece; empty where nothing has.</returns>
    public AnswerChunk Take()
    {
        var chunk = new AnswerChunk(_objects, _warnings, _errors, _confirmation);
        if (chunk.IsEmpty)
        {
            return AnswerChunk.Empty;
        }

        _objects = new List<object>(_objects.Count);
        _warnings = [];
        _errors = [];
        _confirmation = null;
        return chunk;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads elements until one is incomplete or the place changes.</summary>
    /// <returns>False if more bytes are needed.</returns>
    private bool Step()
    {
        var bytes = _buffer.AsSpan(_start, _end - _start);
        var reader = new Utf8JsonReader(bytes, _final, _state);
        var consumed = 0L;
        var state = _state;
        var place = _place;
        while (_place == place && TryElement(ref reader, bytes))
        {
            consumed = reader.BytesConsumed;
            state = reader.CurrentState;
        }

        var changed = _place != place;
        if (changed)
        {
            consumed = reader.BytesConsumed;
            state = reader.CurrentState;
        }

        _start += (int)consumed;
        _state = state;
        if (_place == Place.Done && !_sawValue && Error is null && _sawProperty)
        {
            ReadEntity();
        }

        return changed;
    }

    private bool TryElement(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes)
    {
        if (!reader.Read())
        {
            return false;
        }

        switch (_place)
        {
            case Place.Start:
                _place = reader.TokenType == JsonTokenType.StartObject ? Place.Top : throw new JsonException("The answer is no JSON object.");
                return true;

            case Place.Top when reader.TokenType == JsonTokenType.EndObject:
                _place = Place.Done;
                return true;

            case Place.Top:
                return TryProperty(ref reader, bytes);

            default:
                return TryRow(ref reader, bytes);
        }
    }

    private bool TryRow(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.EndArray:
                _place = Place.Top;
                return true;

            case JsonTokenType.StartObject:
                if (!_rows.TryRead(ref reader, bytes, out var row))
                {
                    return false;
                }

                Add(row!);
                return true;

            default:
                return TryValue(ref reader, bytes);
        }
    }

    private bool TryProperty(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes)
    {
        var name = AnswerJson.Text(ref reader);
        if (!reader.Read())
        {
            return false;
        }

        if (name == "value")
        {
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                _sawValue = true;
                _place = Place.Rows;
                return true;
            }

            if (reader.TokenType == JsonTokenType.StartObject ? !TryRow(ref reader, bytes) : !TryValue(ref reader, bytes))
            {
                return false;
            }

            return _sawValue = true;
        }

        var start = (int)reader.TokenStartIndex;
        var text = reader.TokenType == JsonTokenType.String ? AnswerJson.Text(ref reader) : null;
        if (!reader.TrySkip())
        {
            return false;
        }

        var raw = bytes[start..(int)reader.BytesConsumed];
        switch (name)
        {
            case "@odata.nextLink" or "odata.nextLink":
                NextLink = text;
                break;
            case "@adminapi.warnings":
                _warnings.AddRange(Texts(raw));
                break;
            case "@adminapi.errors":
                _errors.AddRange(Texts(raw).Select(entry => ServiceErrorReader.FromEntry(origin, entry)));
                break;
            case "@adminapi.confirmationmessage":
                _confirmation = string.IsNullOrEmpty(text) ? null : text;
                break;
            case "error" when raw[0] == '{':
                Error = raw.ToArray();
                break;
            default:
                _sawProperty |= !name.Contains('@', StringComparison.Ordinal);
                break;
        }

        return true;
    }

    /// <summary>Adds a plain value (text, a number, a list of them).</summary>
    private bool TryValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes)
    {
        var start = (int)reader.TokenStartIndex;
        var kind = AnswerJson.Kind(reader);
        ReadOnlySpan<byte> value = kind is ValueKind.Array ? default : reader.ValueSpan;
        if (kind is ValueKind.Array)
        {
            if (!reader.TrySkip())
            {
                return false;
            }

            value = bytes[start..(int)reader.BytesConsumed];
        }

        if (ValueReader.Read(kind, value) is { } plain)
        {
            Add(plain);
        }

        return true;
    }

    private void ReadEntity()
    {
        var bytes = _buffer.AsSpan(0, _start);
        var reader = new Utf8JsonReader(bytes, AnswerJson.Options);
        reader.Read();
        if (_rows.TryRead(ref reader, bytes, out var row))
        {
            Add(row!);
        }
    }

    private void Add(object item)
    {
        if (Rows == limit)
        {
            IsCut = true;
            return;
        }

        Rows++;
        if (expansion is not null && item is ExoObject row)
        {
            _objects.AddRange(expansion.Expand(row).Select(Presentable));
        }
        else
        {
            _objects.Add(Presentable(item));
        }
    }

    private static object Presentable(object item) => item is ExoObject row && !ExoRecord.IsTyped(row) ? HostTypes.Present(row) : item;

    private static List<string> Texts(ReadOnlySpan<byte> json)
    {
        var texts = new List<string>();
        using var document = JsonDocument.Parse(json.ToArray(), new JsonDocumentOptions { MaxDepth = AnswerJson.Options.MaxDepth });
        if (document.RootElement.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in document.RootElement.EnumerateArray())
            {
                texts.Add(AnswerJson.Text(item) ?? item.GetRawText());
            }
        }
        else if (AnswerJson.Text(document.RootElement) is { Length: > 0 } text)
        {
            texts.Add(text);
        }

        return texts;
    }
}
