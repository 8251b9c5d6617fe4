using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ExoConnect.Core.Clixml;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Http.Transport;
using ExoConnect.Core.Json;
using ExoConnect.Core.Objects;
using ExoConnect.Core.Text;

namespace ExoConnect.Core.AdminApi.Responses;

/// <summary>
/// Parses a response as its bytes arrive. The caller fills <see cref="GetMemory"/>, reports the number of bytes with <see cref="Advance"/>, and
/// takes the complete objects. If an element ends beyond the buffer, the parser reads it again when more bytes have come. The buffer is therefore
/// kept much larger than an element, and doubles for a larger one.
/// </summary>
/// <remarks>
/// Two forms of response exist (protocol.md): a list under <c>value</c>, and for one REST entity an object whose properties are at the top. Only
/// the presence of <c>value</c> shows which form it is, so the parser delivers nothing before that.
/// </remarks>
/// <param name="entity">The objects' type: a cmdlet's noun.</param>
/// <param name="origin">The request; errors in the response carry it.</param>
/// <param name="expansion">What the caller wants of each object; null for the object itself.</param>
/// <param name="limit">How many objects to take; the parser reads further ones and leaves them out. Null for all.</param>
/// <param name="isEntity">Whether it is the response of a REST entity.</param>
/// <param name="maxElement">The largest element to read, in bytes, including the elements before it in the buffer; smaller for tests.</param>
internal sealed class ResponseParser(
    string entity, RequestOrigin origin, RowExpansion? expansion = null, int? limit = null, bool isEntity = false,
    int maxElement = ResponseParser.MaxElement) : IDisposable
{
    private const int InitialBuffer = 128 * 1024;

    /// <summary>So many warnings, and so many errors, of one response are shown.</summary>
    private const int MostTexts = 1000;

    internal const int MaxElement = 256 * 1024 * 1024;

    /// <summary>A larger buffer is made for one element and not kept: the pool would keep every size it passes.</summary>
    private const int LargestPooled = 8 * 1024 * 1024;

    private static readonly byte[] DocumentName = "_cliXml"u8.ToArray();

    private readonly RowReader _rows = new(entity, isEntity ? RowShape.OfEntity : 0);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialBuffer);
    private Utf8Check _encoding;
    private int _start;
    private int _end;
    private int _worthReading;
    private State _state;
    private bool _isFirst = true;
    private bool _sawValue;
    private bool _sawProperty;
    private ClixmlReader? _document;
    private State _outerState;
    private bool _sawAnnotation;

    private List<object> _objects = [];
    private List<string> _warnings = [];
    private List<ServiceException> _errors = [];
    private string? _confirmation;
    private ExoObject? _first;
    private ExoObject? _last;

    private enum State
    {
        Start,
        Top,
        Rows,
        Document,
        DocumentEnd,
        Done,
    }

    /// <summary>The address of the next page, once the response has named it; null before, or if there is none.</summary>
    public string? NextLink { get; private set; }

    /// <summary>The <c>error</c> of a response that is one, as JSON; null otherwise.</summary>
    public byte[]? Error { get; private set; }

    /// <summary>How many objects were taken.</summary>
    public int Rows { get; private set; }

    /// <summary>
    /// A hash of the first object, the last one and their number, enough to recognise a page that comes again. Null if the objects have no identity:
    /// two of them can be equal and still be two.
    /// </summary>
    public int? ContentHash => _first is null || _last is null || ObjectNames.Of(_first) is null ? null
        : HashCode.Combine(_first.ContentHash, _last.ContentHash, Rows);

    /// <summary>True if the limit left objects out.</summary>
    public bool IsCut { get; private set; }

    /// <summary>True once the whole response was read.</summary>
    public bool IsDone => _state == State.Done;

    /// <summary>Space for the next bytes; at least 16 KB.</summary>
    public Memory<byte> GetMemory()
    {
        const int Least = 16 * 1024;
        if ((_sawValue || IsDone) && _start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_buffer.Length - _end < Least)
        {
            if (_buffer.Length >= maxElement)
            {
                throw new ResponseTooLargeException($"one element of the response is over {maxElement >> 20} MB");
            }

            var larger = Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>Reports how many bytes were put into <see cref="GetMemory"/>, and parses them.</summary>
    /// <param name="count">How many; 0 if the response has ended.</param>
    /// <exception cref="JsonException">The bytes are not a response, it ended too early, or bytes follow it.</exception>
    public void Advance(int count)
    {
        _encoding.Add(_buffer.AsSpan(_end, count));
        _end += count;
        if (IsDone)
        {
            CheckRest();
            return;
        }

        if (count > 0 && _end - _start < _worthReading)
        {
            return;
        }

        var scanner = new JsonScanner(_buffer.AsSpan(_start, _end - _start), isFinal: count == 0);
        var read = 0;
        while (_state != State.Done && (_state == State.Document ? TryDocument(ref scanner) : TryElement(ref scanner)))
        {
            read = scanner.Position;
        }

        if (_state == State.Document)
        {
            // The document's reader already has the bytes that were read.
            read = scanner.Position;
        }

        _start += read;

        // Restarting a large element with every piece would take time proportional to the square of its length.
        var left = _end - _start;
        _worthReading = left > InitialBuffer ? left + (left / 2) : 0;
        if (IsDone)
        {
            Finish();
        }
    }

    /// <summary>Only white space may follow the response.</summary>
    private void CheckRest()
    {
        if (_buffer.AsSpan(_start, _end - _start).ContainsAnyExcept(" \t\r\n"u8))
        {
            throw new JsonException("Bytes follow the response.");
        }

        _start = _end;
    }

    private void Finish()
    {
        if (Error is null && !_sawValue)
        {
            // An entity names its type. Without that, {"message":"..."} comes from a gateway between us and the service.
            if (!_sawAnnotation)
            {
                var said = ServiceErrorReader.Parse(_buffer.AsSpan(0, _start)).Text;
                throw new JsonException("It is not a response of the service" + (said is null ? "." : ": " + said));
            }

            if (_sawProperty)
            {
                ReadEntity();
            }
            else if (origin.IsRead)
            {
                throw new JsonException("It holds neither a list nor an object.");
            }
        }

        CheckRest();
    }

    private static byte[] Rent(int size) =>
        size <= LargestPooled ? ArrayPool<byte>.Shared.Rent(size) : GC.AllocateUninitializedArray<byte>(size);

    private static void Return(byte[] buffer)
    {
        if (buffer.Length is > 0 and <= LargestPooled)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Parses a complete response.</summary>
    /// <param name="response">The response.</param>
    /// <exception cref="JsonException">The bytes are not a response.</exception>
    public void ParseAll(ReadOnlySpan<byte> response)
    {
        for (var count = 1; count > 0;)
        {
            var memory = GetMemory().Span;
            count = Math.Min(memory.Length, response.Length);
            response[..count].CopyTo(memory);
            response = response[count..];
            Advance(count);
        }
    }

    /// <summary>Takes the objects that were completed since the last call.</summary>
    /// <returns>The piece; empty if nothing has.</returns>
    public ResponseChunk Take()
    {
        // Warnings and errors come before the objects in the response, and are shown after them, as Microsoft's client does: a caller that takes
        // the first object only isn't warned that there are more.
        var chunk = IsDone ? new ResponseChunk(_objects, _warnings, _errors, _confirmation) : new ResponseChunk(_objects, [], [], _confirmation);
        if (chunk.IsEmpty)
        {
            return ResponseChunk.Empty;
        }

        _objects = new List<object>(_objects.Count);
        (_warnings, _errors) = IsDone ? ([], []) : (_warnings, _errors);
        _confirmation = null;
        return chunk;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _document?.Dispose();
        var buffer = _buffer;
        _buffer = [];
        Return(buffer);
    }

    /// <summary>Reads one element at the current position.</summary>
    /// <returns>False if more bytes are needed; nothing has changed then.</returns>
    private bool TryElement(ref JsonScanner scanner)
    {
        if (_state == State.Start)
        {
            if (!scanner.TryOpen((byte)'{'))
            {
                return false;
            }

            _state = State.Top;
            return true;
        }

        if (_state == State.DocumentEnd)
        {
            return TryDocumentEnd(ref scanner);
        }

        var isTop = _state == State.Top;
        var item = scanner.Next(isTop ? (byte)'}' : (byte)']', _isFirst);
        if (item == JsonItem.End)
        {
            _state = isTop ? State.Done : State.Top;
        }
        else if (item == JsonItem.Incomplete || !(isTop ? TryProperty(ref scanner) : TryRow(ref scanner)))
        {
            return false;
        }

        // Only a property leads to an opening bracket; its first element follows.
        _isFirst = isTop && _state == State.Rows;
        return true;
    }

    /// <summary>Reads an object of the service, or a plain value (text, a number, a list of them).</summary>
    private bool TryRow(ref JsonScanner scanner)
    {
        if (!scanner.TryPeek(out var first))
        {
            return false;
        }

        if (first == '{' && (Rows == 0 || _document is not null) && IsDocument(scanner) is not false and var isDocument)
        {
            return isDocument is true && TryOpenDocument(ref scanner);
        }

        if (first == '{')
        {
            if (!_rows.TryRead(ref scanner, out var row))
            {
                return false;
            }

            Add(row!);
        }
        else
        {
            if (!scanner.TryValue())
            {
                return false;
            }

            if (ValueReader.Read(scanner.Kind, scanner.Value) is { } plain)
            {
                Add(plain);
            }
        }

        return true;
    }

    /// <summary>Whether an object that begins here holds PowerShell's serialisation; null if that needs more bytes.</summary>
    private static bool? IsDocument(JsonScanner scanner)
    {
        scanner.TryOpen((byte)'{');
        return scanner.Next((byte)'}', isFirst: true) switch
        {
            JsonItem.Incomplete => null,
            JsonItem.End => false,
            _ => !scanner.TryName() ? null : !scanner.Name.SequenceEqual(DocumentName) ? false : !scanner.TryPeek(out var quote) ? null
                : quote == '"' ? true : throw new JsonException("The CLIXML in the response is not a text."),
        };
    }

    private bool TryOpenDocument(ref JsonScanner scanner)
    {
        scanner.TryOpen((byte)'{');
        scanner.Next((byte)'}', isFirst: true);
        scanner.TryName();
        scanner.TryPeek(out _);
        scanner.Skip(1);
        _document?.Dispose();
        _document = new ClixmlReader(entity, Add);
        (_outerState, _state) = (_state, State.Document);
        return true;
    }

    /// <summary>Passes the available bytes of the document to its reader, without their escapes.</summary>
    private bool TryDocument(ref JsonScanner scanner)
    {
        var rest = scanner.Rest;
        var isEnd = JsonText.Unescape(rest, _document!.GetSpan(rest.Length), out var read, out var written);
        scanner.Skip(read);
        _document.Advance(written, isEnd);
        if (isEnd)
        {
            _state = State.DocumentEnd;
        }
        else if (scanner.IsFinal)
        {
            throw new JsonException("The response ended in a string.");
        }

        return isEnd;
    }

    /// <summary>Skips the other members of the object that holds the document.</summary>
    private bool TryDocumentEnd(ref JsonScanner scanner)
    {
        var item = scanner.Next((byte)'}', isFirst: false);
        if (item == JsonItem.End)
        {
            _state = _outerState == State.Rows ? State.Rows : State.Top;
            _isFirst = false;
            return true;
        }

        return item == JsonItem.Found && scanner.TryName() && scanner.TryValue();
    }

    private bool TryProperty(ref JsonScanner scanner)
    {
        if (!scanner.TryName() || !scanner.TryPeek(out var first))
        {
            return false;
        }

        var name = scanner.NameText;
        if (name == "value")
        {
            if (first == '[')
            {
                scanner.TryOpen((byte)'[');
                _state = State.Rows;
            }
            else if (!TryRow(ref scanner))
            {
                return false;
            }
            else if (origin.IsRead && scanner.Kind == ValueKind.Null && first == 'n')
            {
                throw new JsonException("Its value is null.");
            }

            return _sawValue = true;
        }

        if (!scanner.TryValue())
        {
            return false;
        }

        switch (name)
        {
            case var link when IsNextLink(link):
                var next = scanner.Text
                    ?? (scanner.Kind == ValueKind.Null ? null : throw new JsonException("The address of the next page is not a text."));
                NextLink = NextLink is null || NextLink == next ? next : throw new JsonException("It names two next pages.");
                break;
            case "@adminapi.warnings":
                _warnings.AddRange(Texts(scanner).Select(ShownText.Clean));
                break;
            case "@adminapi.errors":
                _errors.AddRange(Texts(scanner).Select(entry => ServiceErrorReader.FromEntry(origin, entry)));
                break;
            case "@adminapi.confirmationmessage":
                _confirmation = scanner.Text is { Length: > 0 } text ? ShownText.Clean(text) : null;
                break;
            case "error" when scanner.Kind != ValueKind.Null:
                Error = scanner.Kind == ValueKind.String ? [(byte)'"', .. scanner.Value, (byte)'"'] : scanner.Value.ToArray();
                break;
            default:
                _sawProperty |= !name.Contains('@', StringComparison.Ordinal);
                break;
        }

        _sawAnnotation |= name.StartsWith("@odata.", StringComparison.Ordinal) || name.StartsWith("@adminapi.", StringComparison.Ordinal);

        return true;
    }

    /// <summary>OData 4.01 lets the prefix out, and a gateway may write names anew. An unknown name would end the listing short.</summary>
    private static bool IsNextLink(string name) =>
        name.EndsWith("nextLink", StringComparison.OrdinalIgnoreCase)
        && (name.Length == "nextLink".Length + 1 ? name[0] == '@' : name.TrimStart('@').Equals("odata.nextLink", StringComparison.OrdinalIgnoreCase));

    private void ReadEntity()
    {
        var scanner = new JsonScanner(_buffer.AsSpan(0, _start), isFinal: true);
        if (_rows.TryRead(ref scanner, out var row))
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
        _last = item as ExoObject;
        _first ??= _last;
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

    /// <summary>The texts in a list; for other elements, their JSON.</summary>
    private static List<string> Texts(in JsonScanner scanner)
    {
        var (texts, more) = (new List<string>(), 0);
        if (scanner.Kind == ValueKind.Array)
        {
            var items = new JsonScanner(scanner.Value, isFinal: true);
            items.TryOpen((byte)'[');
            while (items.Next((byte)']', texts.Count == 0) == JsonItem.Found)
            {
                var start = items.Position;
                items.TryValue();
                if (texts.Count < MostTexts)
                {
                    texts.Add(items.Text ?? Encoding.UTF8.GetString(items.Since(start)).Trim());
                }
                else
                {
                    more++;
                }
            }

            if (more > 0)
            {
                texts.Add(string.Create(CultureInfo.InvariantCulture, $"{more:N0} more came with these and are not shown."));
            }
        }
        else if (scanner.Kind != ValueKind.Null && (scanner.Text ?? Encoding.UTF8.GetString(scanner.Value)) is { Length: > 0 } text)
        {
            texts.Add(text);
        }

        return texts;
    }
}
