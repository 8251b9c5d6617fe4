using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Json;

namespace ExoConnect.Core.Json;

/// <summary>
/// Reads JSON (RFC 8259) value by value from incomplete bytes. It checks as strictly as <c>Utf8JsonReader</c>: strings for control characters and
/// escapes, numbers for their form, brackets for their depth. It doesn't check that text is UTF-8.
/// </summary>
/// <remarks>
/// It replaces <c>Utf8JsonReader</c> for two reasons. The rows of a listing repeat themselves: most of their bytes are names and annotations that
/// the row before had too, and <see cref="TryPass"/> skips them in one comparison. And the runtime compiles that reader twice more in the process's
/// first listing, once with counters, but this scanner once, fully optimized.
/// </remarks>
/// <param name="json">The bytes.</param>
/// <param name="isFinal">True if no more bytes will come: an incomplete value is then an error.</param>
internal ref struct JsonScanner(ReadOnlySpan<byte> json, bool isFinal)
{
    /// <summary>How deep arrays and objects may nest.</summary>
    public const int MaxDepth = 128;

    private readonly ReadOnlySpan<byte> _json = json;
    private readonly bool _isFinal = isFinal;

    /// <summary>The position of the next byte. Undefined after a method that needed more bytes.</summary>
    public int Position { get; private set; }

    /// <summary>The kind of the last value.</summary>
    public ValueKind Kind { get; private set; }

    /// <summary>The last value: a string without its quotes; an array or object with its brackets.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>The last name, without its quotes and not decoded.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>Whether the name holds escapes.</summary>
    public bool IsNameEscaped { get; private set; }

    /// <summary>The text of the last value; null if it isn't a string.</summary>
    public readonly string? Text => Kind switch
    {
        ValueKind.String => Encoding.UTF8.GetString(Value),
        ValueKind.EscapedString => Unescape(Value),
        _ => null,
    };

    /// <summary>The text of the last name.</summary>
    public readonly string NameText => IsNameEscaped ? Unescape(Name) : Encoding.UTF8.GetString(Name);

    /// <summary>The text of a JSON string that holds escapes.</summary>
    /// <param name="bytes">The bytes between the quotes.</param>
    /// <returns>The text; unchanged if the escapes make no valid text (half a surrogate pair).</returns>
    public static string Unescape(ReadOnlySpan<byte> bytes)
    {
        var quoted = new byte[bytes.Length + 2];
        quoted[0] = quoted[^1] = (byte)'"';
        bytes.CopyTo(quoted.AsSpan(1));
        try
        {
            var reader = new Utf8JsonReader(quoted);
            return reader.Read() ? reader.GetString()! : "";
        }
        catch (Exception e) when (e is InvalidOperationException or JsonException)
        {
            return Encoding.UTF8.GetString(bytes);
        }
    }

    /// <summary>Whether no more will come.</summary>
    public readonly bool IsFinal => _isFinal;

    /// <summary>The remaining bytes.</summary>
    public readonly ReadOnlySpan<byte> Rest => _json[Position..];

    /// <summary>Skips bytes.</summary>
    public void Skip(int count) => Position += count;

    /// <summary>The bytes from a position to the current one.</summary>
    public readonly ReadOnlySpan<byte> Since(int start) => _json[start..Position];

    /// <summary>Skips the given bytes, if they come next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPass(ReadOnlySpan<byte> bytes)
    {
        if (!_json[Position..].StartsWith(bytes))
        {
            return false;
        }

        Position += bytes.Length;
        return true;
    }

    /// <summary>Moves to the first byte that is not white space.</summary>
    /// <returns>False if it needs more bytes; so for all methods that follow.</returns>
    /// <exception cref="JsonException">The bytes are not JSON, or have ended; so for all methods that follow.</exception>
    public bool TryPeek(out byte next)
    {
        while (Position < _json.Length)
        {
            next = _json[Position];
            if (next is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
            {
                return true;
            }

            Position++;
        }

        next = 0;
        return NeedsMore();
    }

    /// <summary>Enters an array or object.</summary>
    /// <param name="bracket">Its opening bracket.</param>
    public bool TryOpen(byte bracket)
    {
        if (!TryPeek(out var next))
        {
            return false;
        }

        if (next != bracket)
        {
            throw Malformed();
        }

        Position++;
        return true;
    }

    /// <summary>Moves to the next item of the current array or object, or out of it.</summary>
    /// <param name="bracket">Its closing bracket.</param>
    /// <param name="isFirst">True if it was just opened: no comma comes before the item.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public JsonItem Next(byte bracket, bool isFirst)
    {
        if (!TryPeek(out var next))
        {
            return JsonItem.Incomplete;
        }

        if (next == bracket)
        {
            Position++;
            return JsonItem.End;
        }

        if (isFirst)
        {
            return JsonItem.Found;
        }

        if (next != ',')
        {
            throw Malformed();
        }

        Position++;
        return JsonItem.Found;
    }

    /// <summary>Reads the name of an object's member, and the colon, into <see cref="Name"/>.</summary>
    public bool TryName()
    {
        if (!TryName(out var name, out var isEscaped))
        {
            return false;
        }

        Name = name;
        IsNameEscaped = isEscaped;
        return true;
    }

    /// <summary>Reads a value into <see cref="Kind"/> and <see cref="Value"/>.</summary>
    public bool TryValue() => TryValue(depth: 0);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryName(out ReadOnlySpan<byte> name, out bool isEscaped)
    {
        name = default;
        isEscaped = false;
        if (!TryPeek(out var next))
        {
            return false;
        }

        if (next != '"')
        {
            throw Malformed();
        }

        if (!TryString(out name, out isEscaped) || !TryPeek(out next))
        {
            return false;
        }

        if (next != ':')
        {
            throw Malformed();
        }

        Position++;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryValue(int depth)
    {
        if (!TryPeek(out var first))
        {
            return false;
        }

        switch (first)
        {
            case (byte)'"':
                return TryString(out var text, out var isEscaped) && Set(isEscaped ? ValueKind.EscapedString : ValueKind.String, text);

            case (byte)'{':
                return TryContainer((byte)'}', ValueKind.Object, depth);
            case (byte)'[':
                return TryContainer((byte)']', ValueKind.Array, depth);
            case (byte)'n':
                return TryLiteral("null"u8, ValueKind.Null);
            case (byte)'f':
                return TryLiteral("false"u8, ValueKind.False);
            case (byte)'t':
                return TryLiteral("true"u8, ValueKind.True);
            default:
                return TryNumber();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryContainer(byte bracket, ValueKind kind, int depth)
    {
        if (depth == MaxDepth)
        {
            throw new JsonException($"The JSON is nested deeper than {MaxDepth} levels.");
        }

        var start = Position++;
        for (var isFirst = true; ; isFirst = false)
        {
            switch (Next(bracket, isFirst))
            {
                case JsonItem.Incomplete:
                    return false;
                case JsonItem.End:
                    return Set(kind, Since(start));
            }

            if ((kind == ValueKind.Object && !TryName(out _, out _)) || !TryValue(depth + 1))
            {
                return false;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryString(out ReadOnlySpan<byte> text, out bool isEscaped)
    {
        var start = Position + 1;
        var at = start;
        isEscaped = false;
        while (TryFindSpecial(ref at))
        {
            switch (_json[at])
            {
                case (byte)'"':
                    text = _json[start..at];
                    Position = at + 1;
                    return true;

                case (byte)'\\':
                    isEscaped = true;
                    var length = EscapeLength(_json[at..]);
                    if (length == 0)
                    {
                        text = default;
                        return NeedsMore();
                    }

                    at += length;
                    break;

                default:
                    Position = at;
                    throw Malformed();
            }
        }

        text = default;
        return NeedsMore();
    }

    /// <summary>Finds the bytes that must not stand in a string unescaped: a quote, a backslash, a control character.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool TryFindSpecial(ref int at)
    {
        for (; at <= _json.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            var bytes = Vector128.Create(_json.Slice(at, Vector128<byte>.Count));
            var special = Vector128.Equals(bytes, Vector128.Create((byte)'"')) | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))
                | Vector128.Equals(bytes, Vector128.Min(bytes, Vector128.Create((byte)0x1F)));
            if (special != Vector128<byte>.Zero)
            {
                at += BitOperations.TrailingZeroCount(special.ExtractMostSignificantBits());
                return true;
            }
        }

        for (; at < _json.Length; at++)
        {
            if (_json[at] is (byte)'"' or (byte)'\\' or <= 0x1F)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The length of an escape; 0 if the bytes end in it.</summary>
    private readonly int EscapeLength(ReadOnlySpan<byte> escape)
    {
        const int Unicode = 6;
        if (escape.Length < 2)
        {
            return 0;
        }

        if (escape[1] != 'u')
        {
            return "\"\\/bfnrt"u8.Contains(escape[1]) ? 2 : throw Malformed();
        }

        foreach (var digit in escape[2..Math.Min(Unicode, escape.Length)])
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                throw Malformed();
            }
        }

        return escape.Length < Unicode ? 0 : Unicode;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryLiteral(ReadOnlySpan<byte> literal, ValueKind kind)
    {
        var rest = _json[Position..];
        if (!rest.StartsWith(literal))
        {
            return literal.StartsWith(rest) ? NeedsMore() : throw Malformed();
        }

        Position += literal.Length;
        return Set(kind, default);
    }

    private bool TryNumber()
    {
        var end = Position;
        while (end < _json.Length && _json[end] is (>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'+' or (byte)'.' or (byte)'e' or (byte)'E')
        {
            end++;
        }

        if (end == _json.Length && !_isFinal)
        {
            return false;
        }

        var number = _json[Position..end];
        if (!IsNumber(number))
        {
            throw Malformed();
        }

        Position = end;
        return Set(ValueKind.Number, number);
    }

    private static bool IsNumber(ReadOnlySpan<byte> number)
    {
        number = number.StartsWith("-"u8) ? number[1..] : number;
        var whole = Digits(ref number);
        var isNumber = whole.Length == 1 || (whole.Length > 1 && whole[0] != '0');
        if (number.StartsWith("."u8))
        {
            number = number[1..];
            isNumber &= Digits(ref number).Length > 0;
        }

        if (number.Length > 0 && number[0] is (byte)'e' or (byte)'E')
        {
            number = number.Length > 1 && number[1] is (byte)'+' or (byte)'-' ? number[2..] : number[1..];
            isNumber &= Digits(ref number).Length > 0;
        }

        return isNumber && number.IsEmpty;
    }

    private static ReadOnlySpan<byte> Digits(ref ReadOnlySpan<byte> text)
    {
        var length = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var digits = length < 0 ? text : text[..length];
        text = text[digits.Length..];
        return digits;
    }

    private bool Set(ValueKind kind, ReadOnlySpan<byte> value)
    {
        Kind = kind;
        Value = value;
        return true;
    }

    private readonly bool NeedsMore() => _isFinal ? throw new JsonException("The JSON ended too early.") : false;

    private readonly JsonException Malformed() => new($"This is not JSON at byte {Position}.");
}

/// <summary>The next item in an array or object.</summary>
internal enum JsonItem
{
    /// <summary>Not enough bytes.</summary>
    Incomplete,

    /// <summary>An item.</summary>
    Found,

    /// <summary>No further item; its closing bracket was read.</summary>
    End,
}
