using System.Globalization;

namespace ExoConnect.Core.Objects;

/// <summary>
/// A size as Exchange writes it: <c>99 GB (106,300,440,576 bytes)</c>. It prints as the service wrote it, sorts and compares by its
/// bytes, and converts as Exchange's own type of this name does.
/// </summary>
public readonly struct ByteQuantifiedSize : IComparable<ByteQuantifiedSize>, IComparable, IEquatable<ByteQuantifiedSize>, IFormattable
{
    private const string Ending = " bytes)";

    private readonly string? _text;
    private readonly ulong _bytes;

    /// <summary>Makes a size. PowerShell uses these where a size is compared with a number: <c>$size -gt 50GB</c>.</summary>
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
    {
        _text = text;
        _bytes = bytes;
    }

    /// <summary>The size in bytes; with <see cref="Text"/>, what ConvertTo-Json shows.</summary>
    public ulong Bytes => _bytes;

    /// <summary>The size as the service wrote it.</summary>
    public string Text => ToString();

    /// <summary>Compares by bytes.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>True if equal.</returns>
    public static bool operator ==(ByteQuantifiedSize left, ByteQuantifiedSize right) => left.Equals(right);

    /// <inheritdoc cref="op_Equality"/>
    public static bool operator !=(ByteQuantifiedSize left, ByteQuantifiedSize right) => !left.Equals(right);

    /// <inheritdoc cref="op_Equality"/>
    public static bool operator <(ByteQuantifiedSize left, ByteQuantifiedSize right) => left._bytes < right._bytes;

    /// <inheritdoc cref="op_Equality"/>
    public static bool operator >(ByteQuantifiedSize left, ByteQuantifiedSize right) => left._bytes > right._bytes;

    /// <inheritdoc cref="op_Equality"/>
    public static bool operator <=(ByteQuantifiedSize left, ByteQuantifiedSize right) => left._bytes <= right._bytes;

    /// <inheritdoc cref="op_Equality"/>
    public static bool operator >=(ByteQuantifiedSize left, ByteQuantifiedSize right) => left._bytes >= right._bytes;

    /// <summary>The size in bytes, for sums and for comparisons with a number on the left.</summary>
    /// <param name="size">The size.</param>
    public static explicit operator double(ByteQuantifiedSize size) => size.ToDouble();

    /// <summary>The size in bytes, for comparisons with a number on the left.</summary>
    /// <param name="size">The size.</param>
    /// <exception cref="OverflowException">It is more than 8 EB.</exception>
    public static explicit operator long(ByteQuantifiedSize size) => size.ToInt64();

    /// <summary>Reads a size as the service writes it, or as people do: <c>500MB</c>, <c>1.5 GB</c>, <c>1024</c>.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The size.</returns>
    /// <exception cref="FormatException">It is no size.</exception>
    public static ByteQuantifiedSize Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (TryParse(text, out var size))
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
            : throw new FormatException($"'{text}' is no size. Give a number and B, KB, MB, GB, TB or PB.");
    }

    /// <summary>Reads a size.</summary>
    /// <param name="text">The service's text.</param>
    /// <param name="size">The size.</param>
    /// <returns>False if the text is no size.</returns>
    public static bool TryParse(string text, out ByteQuantifiedSize size)
    {
        size = default;
        if (text is null || text.Length is < 13 or > 64 || !char.IsAsciiDigit(text[0]) || !text.EndsWith(Ending, StringComparison.Ordinal))
        {
            return false;
        }

        var open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0 || !IsQuantity(text.AsSpan(0, open)) || !ulong.TryParse(
            text.AsSpan(open + 1, text.Length - open - 1 - Ending.Length), NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var bytes))
        {
            return false;
        }

        size = new ByteQuantifiedSize(text, bytes);
        return true;
    }

    /// <summary>The size in bytes.</summary>
    /// <returns>Bytes.</returns>
    public ulong ToBytes() => _bytes;

    /// <inheritdoc cref="ToBytes"/>
    public double ToDouble() => _bytes;

    /// <inheritdoc cref="ToBytes"/>
    /// <exception cref="OverflowException">It is more than 8 EB.</exception>
    public long ToInt64() => checked((long)_bytes);

    /// <summary>The size in whole kilobytes (1,024 bytes), rounded down.</summary>
    /// <returns>Kilobytes.</returns>
    public ulong ToKB() => _bytes >> 10;

    /// <summary>The size in whole megabytes, rounded down.</summary>
    /// <returns>Megabytes.</returns>
    public ulong ToMB() => _bytes >> 20;

    /// <summary>The size in whole gigabytes, rounded down.</summary>
    /// <returns>Gigabytes.</returns>
    public ulong ToGB() => _bytes >> 30;

    /// <summary>The size in whole terabytes, rounded down.</summary>
    /// <returns>Terabytes.</returns>
    public ulong ToTB() => _bytes >> 40;

    /// <inheritdoc/>
    public int CompareTo(ByteQuantifiedSize other) => _bytes.CompareTo(other._bytes);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        ByteQuantifiedSize other => CompareTo(other),
        string text when TryParse(text, out var other) => CompareTo(other),
        IConvertible number => ((double)_bytes).CompareTo(number.ToDouble(CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException("A size compares with a size, its text, or a number of bytes.", nameof(obj)),
    };

    /// <inheritdoc/>
    public bool Equals(ByteQuantifiedSize other) => _bytes == other._bytes;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ByteQuantifiedSize other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _bytes.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => _text ?? "0 B (0 bytes)";

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <summary>As Exchange writes sizes: four significant figures, and all bytes.</summary>
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
