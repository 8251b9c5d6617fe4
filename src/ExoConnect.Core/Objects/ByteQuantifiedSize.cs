using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ExoConnect.Core.Objects;

/// <summary>
/// A size as Exchange writes it: <c>99 GB (106,300,440,576 bytes)</c>, or <c>Unlimited</c>. As text it is the service's text. It has the members of
/// Exchange's own type of this name, and sorts and compares by its bytes.
/// </summary>
/// <remarks>
/// It is a <see cref="Uri"/>, a relative one, for one reason: of the types that ConvertTo-Json writes as text, only that one can be a base class. A
/// real string would sort as text.
/// </remarks>
[SuppressMessage("Design", "CA1036:Override methods on comparable types", Justification = "The operators are there.")]
[SuppressMessage("Usage", "CA2225:Operator overloads have named alternates", Justification = "It is the text's, which has none.")]
[SuppressMessage("Globalization", "CA1304:Specify CultureInfo", Justification = "These are the text's own methods, as scripts call them.")]
[SuppressMessage(
    "Globalization", "CA1307:Specify StringComparison for clarity", Justification = "These are the text's own methods, as scripts call them.")]
[SuppressMessage("Globalization", "CA1308:Normalize strings to uppercase", Justification = "These are the text's own methods, as scripts call them.")]
[SuppressMessage(
    "Globalization", "CA1310:Specify StringComparison for correctness", Justification = "These are the text's own methods, as scripts call them.")]
[SuppressMessage("Globalization", "CA1311:Specify a culture or use an invariant version",
    Justification = "These are the text's own methods, as scripts call them.")]
public sealed class ByteQuantifiedSize : Uri, IComparable<ByteQuantifiedSize>, IComparable, IEquatable<ByteQuantifiedSize>
{
    private const string UnlimitedText = "Unlimited";
    private const string Ending = " bytes)";

    private readonly string _text;
    private readonly ulong _bytes;

    /// <summary>Makes a size. PowerShell calls this to compare a size with a number: <c>$size -gt 50GB</c>.</summary>
    /// <param name="bytes">Bytes; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, not finite, or more than 16 EB.</exception>
    public ByteQuantifiedSize(double bytes)
        : this(bytes is >= 0 and < 18446744073709551616d ? (ulong)bytes : throw new ArgumentOutOfRangeException(nameof(bytes)))
    {
    }

    /// <inheritdoc cref="ByteQuantifiedSize(double)"/>
    public ByteQuantifiedSize(int bytes)
        : this((long)bytes)
    {
    }

    /// <inheritdoc cref="ByteQuantifiedSize(double)"/>
    public ByteQuantifiedSize(long bytes)
        : this(bytes >= 0 ? (ulong)bytes : throw new ArgumentOutOfRangeException(nameof(bytes)))
    {
    }

    /// <inheritdoc cref="ByteQuantifiedSize(double)"/>
    public ByteQuantifiedSize(ulong bytes)
        : this(TextOf(bytes), bytes)
    {
    }

    private ByteQuantifiedSize(string text, ulong bytes)
        : base(text, UriKind.Relative)
    {
        _text = text;
        _bytes = bytes;
    }

    /// <summary>No limit. It is larger than every size.</summary>
    public static ByteQuantifiedSize Unlimited { get; } = NoLimit();

    /// <summary>Whether it means no limit.</summary>
    public bool IsUnlimited => ReferenceEquals(_text, UnlimitedText);

    /// <summary>The size itself, as in Exchange's <c>Unlimited&lt;ByteQuantifiedSize&gt;</c>; null if it is unlimited.</summary>
    public ByteQuantifiedSize? Value => IsUnlimited ? null : this;

    /// <summary>How many characters the text has.</summary>
    public int Length => _text.Length;

    /// <summary>The size in bytes; the largest number if it is unlimited.</summary>
    public ulong Bytes => _bytes;

    /// <summary>The size as the service wrote it.</summary>
    public string Text => ToString();

    /// <summary>Compares by bytes.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>True if equal.</returns>
    public static bool operator ==(ByteQuantifiedSize? left, ByteQuantifiedSize? right) => left is null ? right is null : left.Equals(right);

    /// <inheritdoc cref="op_Equality"/>
    public static bool operator !=(ByteQuantifiedSize? left, ByteQuantifiedSize? right) => !(left == right);

    /// <inheritdoc cref="op_Equality"/>
    public static bool operator <(ByteQuantifiedSize? left, ByteQuantifiedSize? right) => Compare(left, right) < 0;

    /// <inheritdoc cref="op_Equality"/>
    public static bool operator >(ByteQuantifiedSize? left, ByteQuantifiedSize? right) => Compare(left, right) > 0;

    /// <inheritdoc cref="op_Equality"/>
    public static bool operator <=(ByteQuantifiedSize? left, ByteQuantifiedSize? right) => Compare(left, right) <= 0;

    /// <inheritdoc cref="op_Equality"/>
    public static bool operator >=(ByteQuantifiedSize? left, ByteQuantifiedSize? right) => Compare(left, right) >= 0;

    /// <summary>The size as text, followed by another text.</summary>
    /// <param name="left">The size.</param>
    /// <param name="right">The text; of another size its text.</param>
    /// <returns>The text.</returns>
    public static string operator +(ByteQuantifiedSize? left, string? right) => $"{left}{right}";

    /// <summary>The size in bytes, for sums and for comparisons with a number on the left.</summary>
    /// <param name="size">The size.</param>
    public static explicit operator double(ByteQuantifiedSize? size) => size?.ToDouble() ?? 0;

    /// <summary>The size in bytes, for comparisons with a number on the left.</summary>
    /// <param name="size">The size.</param>
    /// <exception cref="OverflowException">It is more than 8 EB.</exception>
    public static explicit operator long(ByteQuantifiedSize? size) => size?.ToInt64() ?? 0;

    /// <summary>
    /// No limit, as a separate instance: PowerShell attaches what it adds to an object, such as type names, to that very instance.
    /// </summary>
    internal static ByteQuantifiedSize NoLimit() => new(UnlimitedText, ulong.MaxValue);

    /// <summary>Reads a size as the service or people write it: <c>500MB</c>, <c>1.5 GB</c>, <c>1024</c>.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The size.</returns>
    /// <exception cref="FormatException">The text isn't a size.</exception>
    public static ByteQuantifiedSize Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (TryParse(text) is { } size)
        {
            return size;
        }

        var number = text.AsSpan().Trim();
        var unit = number.Length;
        while (unit > 0 && char.IsAsciiLetter(number[unit - 1]))
        {
            unit--;
        }

        var power = number[unit..].ToString().ToUpperInvariant() switch
        {
            "" or "B" => 0,
            "KB" => 10,
            "MB" => 20,
            "GB" => 30,
            "TB" => 40,
            "PB" => 50,
            _ => -1,
        };
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands;
        return power >= 0 && double.TryParse(number[..unit].Trim(), Style, CultureInfo.InvariantCulture, out var value)
            ? new ByteQuantifiedSize(value * (1L << power))
            : throw new FormatException($"'{text}' is not a size. Give a number and B, KB, MB, GB, TB or PB.");
    }

    /// <summary>Reads a size.</summary>
    /// <param name="text">The service's text.</param>
    /// <returns>The size; null if the text isn't one.</returns>
    public static ByteQuantifiedSize? TryParse(string text)
    {
        if (text is null || text.Length is < 9 or > 64)
        {
            return null;
        }

        if (text == UnlimitedText)
        {
            return NoLimit();
        }

        if (!char.IsAsciiDigit(text[0]) || !text.EndsWith(Ending, StringComparison.Ordinal))
        {
            return null;
        }

        var open = text.IndexOf('(', StringComparison.Ordinal);
        return open >= 0 && IsQuantity(text.AsSpan(0, open)) && ulong.TryParse(
            text.AsSpan(open + 1, text.Length - open - 1 - Ending.Length), NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var bytes)
            ? new ByteQuantifiedSize(text, bytes)
            : null;
    }

    /// <summary>The size in bytes.</summary>
    /// <returns>Bytes.</returns>
    /// <exception cref="InvalidOperationException">It is unlimited.</exception>
    public ulong ToBytes() => IsUnlimited ? throw new InvalidOperationException("Unlimited has no number of bytes: look at IsUnlimited first.")
        : _bytes;

    /// <inheritdoc cref="ToBytes"/>
    public double ToDouble() => IsUnlimited ? double.PositiveInfinity : _bytes;

    /// <inheritdoc cref="ToBytes"/>
    /// <exception cref="OverflowException">It is more than 8 EB.</exception>
    public long ToInt64() => checked((long)ToBytes());

    /// <summary>The size in whole kilobytes (1,024 bytes), rounded down.</summary>
    /// <returns>Kilobytes.</returns>
    public ulong ToKB() => ToBytes() >> 10;

    /// <summary>The size in whole megabytes, rounded down.</summary>
    /// <returns>Megabytes.</returns>
    public ulong ToMB() => ToBytes() >> 20;

    /// <summary>The size in whole gigabytes, rounded down.</summary>
    /// <returns>Gigabytes.</returns>
    public ulong ToGB() => ToBytes() >> 30;

    /// <summary>The size in whole terabytes, rounded down.</summary>
    /// <returns>Terabytes.</returns>
    public ulong ToTB() => ToBytes() >> 40;

    /// <inheritdoc/>
    public int CompareTo(ByteQuantifiedSize? other) => Compare(this, other);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        ByteQuantifiedSize other => CompareTo(other),
        string text => TryParse(text) is { } other ? CompareTo(other) : string.Compare(_text, text, StringComparison.OrdinalIgnoreCase),
        IConvertible number => ToDouble().CompareTo(number.ToDouble(CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException("A size compares with a size, its text, or a number of bytes.", nameof(obj)),
    };

    /// <inheritdoc/>
    public bool Equals(ByteQuantifiedSize? other) => other is not null && _bytes == other._bytes;

    /// <inheritdoc/>
    public override bool Equals(object? comparand) => comparand switch
    {
        ByteQuantifiedSize other => Equals(other),
        string text => _text.Equals(text, StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    /// <inheritdoc/>
    public override int GetHashCode() => _bytes.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => _text;

    /// <inheritdoc cref="string.Split(char[])"/>
    public string[] Split(params char[] separator) => _text.Split(separator);

    /// <inheritdoc cref="string.Split(string, StringSplitOptions)"/>
    public string[] Split(string separator) => _text.Split(separator);

    /// <inheritdoc cref="string.Replace(string, string)"/>
    public string Replace(string oldValue, string? newValue) => _text.Replace(oldValue, newValue);

    /// <inheritdoc cref="string.Substring(int)"/>
    public string Substring(int startIndex) => _text.Substring(startIndex);

    /// <inheritdoc cref="string.Substring(int, int)"/>
    public string Substring(int startIndex, int length) => _text.Substring(startIndex, length);

    /// <inheritdoc cref="string.Contains(string)"/>
    public bool Contains(string value) => _text.Contains(value);

    /// <inheritdoc cref="string.StartsWith(string)"/>
    public bool StartsWith(string value) => _text.StartsWith(value);

    /// <inheritdoc cref="string.EndsWith(string)"/>
    public bool EndsWith(string value) => _text.EndsWith(value);

    /// <inheritdoc cref="string.IndexOf(string)"/>
    public int IndexOf(string value) => _text.IndexOf(value);

    /// <inheritdoc cref="string.LastIndexOf(string)"/>
    public int LastIndexOf(string value) => _text.LastIndexOf(value);

    /// <inheritdoc cref="string.Remove(int)"/>
    public string Remove(int startIndex) => _text.Remove(startIndex);

    /// <inheritdoc cref="string.Remove(int, int)"/>
    public string Remove(int startIndex, int count) => _text.Remove(startIndex, count);

    /// <inheritdoc cref="string.Trim(char[])"/>
    public string Trim(params char[] trimChars) => _text.Trim(trimChars);

    /// <inheritdoc cref="string.TrimEnd(char[])"/>
    public string TrimEnd(params char[] trimChars) => _text.TrimEnd(trimChars);

    /// <inheritdoc cref="string.TrimStart(char[])"/>
    public string TrimStart(params char[] trimChars) => _text.TrimStart(trimChars);

    /// <inheritdoc cref="string.PadLeft(int)"/>
    public string PadLeft(int totalWidth) => _text.PadLeft(totalWidth);

    /// <inheritdoc cref="string.PadRight(int)"/>
    public string PadRight(int totalWidth) => _text.PadRight(totalWidth);

    /// <inheritdoc cref="string.ToLower()"/>
    public string ToLower() => _text.ToLower();

    /// <inheritdoc cref="string.ToUpper()"/>
    public string ToUpper() => _text.ToUpper();

    /// <inheritdoc cref="string.ToCharArray()"/>
    public char[] ToCharArray() => _text.ToCharArray();

    private static int Compare(ByteQuantifiedSize? left, ByteQuantifiedSize? right) =>
        left is null || right is null ? (left is null ? 0 : 1) - (right is null ? 0 : 1) : left._bytes.CompareTo(right._bytes);

    /// <summary>Exchange's form of sizes: four significant figures, and all bytes.</summary>
    private static string TextOf(ulong bytes)
    {
        string[] units = ["B", "KB", "MB", "GB", "TB", "PB", "EB"];
        var unit = 0;
        double value = bytes;
        for (; value >= 1024 && unit < units.Length - 1; unit++)
        {
            value /= 1024;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:G4} {units[unit]} ({bytes:N0} bytes)");
    }

    private static bool IsQuantity(ReadOnlySpan<char> text)
    {
        text = text.TrimEnd();
        var unit = text.LastIndexOf(' ');
        return unit > 0 && text[(unit + 1)..] is "B" or "KB" or "MB" or "GB" or "TB" or "PB" or "EB";
    }
}
