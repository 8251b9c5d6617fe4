using System.ComponentModel;
using System.Globalization;
using ExoConnect.Core.Json;

namespace ExoConnect.Core.Objects;

/// <summary>
/// One object of a response: a packed row and its shape. Values are parsed when they are read, so an object that nobody reads costs a copy of its
/// bytes. Concrete types are emitted, one per shape (<see cref="ObjectModel"/>), with a property for each name. Everything public on this class
/// would appear among those properties, so members for hosts are on <see cref="ExoRecord"/>.
/// </summary>
/// <remarks>Reading and assigning are safe from several threads.</remarks>
public abstract class ExoObject
{
    private static readonly object Unset = new();

    private readonly byte[] _data;
    private object?[]? _overlay;

    /// <summary>Called by emitted types.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="data">The packed row.</param>
    protected ExoObject(RowShape shape, byte[] data)
    {
        Shape = shape;
        _data = data;
    }

    internal RowShape Shape { get; }

    /// <summary>A hash of what the service sent.</summary>
    internal int ContentHash
    {
        get
        {
            var hash = default(HashCode);
            hash.AddBytes(_data);
            return hash.ToHashCode();
        }
    }

    /// <summary>A property as the service sent it, whatever was assigned since.</summary>
    internal ValueKind Raw(int index, out ReadOnlySpan<byte> bytes) => PackedRow.Read(_data, Shape.Utf8Names.Length, index, out bytes);

    /// <summary>The identity, so that an object in text shows people which one it is.</summary>
    /// <returns>The identity, or a name, or the object's type.</returns>
    public override string ToString() =>
        (Shape.TitleIndex >= 0 ? Get(Shape.TitleIndex)?.ToString() : null) ?? "ExoConnect." + Shape.Entity;

    /// <summary>Reads a property; called by emitted getters.</summary>
    /// <param name="index">Its index in the shape.</param>
    /// <returns>The value.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected internal object? Get(int index)
    {
        if (Volatile.Read(ref _overlay) is { } overlay && Volatile.Read(ref overlay[index]) is var assigned && assigned != Unset)
        {
            return assigned;
        }

        var kind = Raw(index, out var bytes);
        var value = ValueReader.Read(kind, bytes);
        if (value is long or int && Shape.IsSize(index))
        {
            // The service writes Unlimited as the smallest number.
            return Convert.ToInt64(value, CultureInfo.InvariantCulture) is >= 0 and var size ? new ByteQuantifiedSize(size)
                : ByteQuantifiedSize.NoLimit();
        }

        // A value that can be changed in place must be the same object at the next reading.
        return (kind & ValueKind.TokenMask) >= ValueKind.Array ? Publish(index, value, onlyIfUnset: true) : value;
    }

    /// <summary>Assigns a property; called by emitted setters. Nothing is sent to the service.</summary>
    /// <param name="index">Its index in the shape.</param>
    /// <param name="value">The value.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected internal void Set(int index, object? value) => Publish(index, value, onlyIfUnset: false);

    private object? Publish(int index, object? value, bool onlyIfUnset)
    {
        var overlay = Volatile.Read(ref _overlay);
        if (overlay is null)
        {
            var fresh = new object?[Shape.Utf8Names.Length];
            Array.Fill(fresh, Unset);
            overlay = Interlocked.CompareExchange(ref _overlay, fresh, null) ?? fresh;
        }

        if (onlyIfUnset)
        {
            var before = Interlocked.CompareExchange(ref overlay[index], value, Unset);
            return before == Unset ? value : before;
        }

        Volatile.Write(ref overlay[index], value);
        return value;
    }
}

/// <summary>An object whose shape has no .NET type of its own: too many shapes, or names that no type can have.</summary>
/// <param name="shape">The shape.</param>
/// <param name="data">The packed row.</param>
internal sealed class UntypedExoObject(RowShape shape, byte[] data) : ExoObject(shape, data);
