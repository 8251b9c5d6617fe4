using ExoConnect.Core.Json;

namespace ExoConnect.Core.Objects;

/// <summary>
/// Reads the annotations before a property: <c>Name@data.type</c> and <c>Name@odata.type</c> (protocol.md, typed values).
/// </summary>
internal static class TypeAnnotations
{
    /// <summary>The type that an annotation's value names; 0 for one that changes nothing here (a string, a collection).</summary>
    /// <param name="type">For example <c>System.Guid</c>, <c>#Int64</c>, <c>#Exchange.GenericHashTable</c>.</param>
    /// <returns>One of the type flags of <see cref="ValueKind"/>, or 0.</returns>
    public static ValueKind Read(ReadOnlySpan<byte> type)
    {
        if (type.StartsWith("#"u8))
        {
            type = type[1..];
        }
        else if (type.StartsWith("System."u8))
        {
            type = type["System.".Length..];
        }

        return type switch
        {
            _ when type.SequenceEqual("Guid"u8) => ValueKind.Guid,
            _ when type.SequenceEqual("DateTime"u8) || type.SequenceEqual("DateTimeOffset"u8) => ValueKind.DateTime,
            _ when type.SequenceEqual("TimeSpan"u8) || type.SequenceEqual("Duration"u8) => ValueKind.TimeSpan,
            _ when type.SequenceEqual("Int16"u8) => ValueKind.Int16,
            _ when type.SequenceEqual("Int32"u8) => ValueKind.Int32,
            _ when type.SequenceEqual("Int64"u8) => ValueKind.Int64,
            _ when type.SequenceEqual("UInt16"u8) => ValueKind.UInt16,
            _ when type.SequenceEqual("UInt64"u8) => ValueKind.UInt64,
            _ when type.SequenceEqual("Double"u8) || type.SequenceEqual("Single"u8) => ValueKind.Double,
            _ when type.SequenceEqual("Decimal"u8) => ValueKind.Decimal,
            _ when type.SequenceEqual("Byte[]"u8) || type.SequenceEqual("Binary"u8) || type.SequenceEqual("Exchange.ByteArrayType"u8)
                || type.SequenceEqual("Collection(Byte)"u8) => ValueKind.Bytes,
            _ when type.SequenceEqual("Exchange.GenericHashTable"u8) => ValueKind.HashTable,
            _ => 0,
        };
    }
}
