namespace ExoConnect.Core.Json;

/// <summary>The form of a value in a row: its JSON token, and the .NET type that the service named.</summary>
/// <remarks>The low half is the token, the high half the type, so that a row spends one byte on both.</remarks>
[Flags]
internal enum ValueKind : byte
{
    Null = 0,
    False = 1,
    True = 2,

    /// <summary>The kinds below this one have no bytes; a packed row has two more of them.</summary>
    Number = 5,

    /// <summary>Text whose bytes are the text.</summary>
    String = 6,

    /// <summary>Text that holds JSON escapes.</summary>
    EscapedString = 7,
    Array = 8,
    Object = 9,

    /// <summary>A list of CLIXML, packed: its elements.</summary>
    PackedList = 10,

    /// <summary>A table of CLIXML, packed: its keys and values.</summary>
    PackedTable = 11,

    /// <summary>An object of CLIXML inside another, packed: its type names, members, and the value or text that it is.</summary>
    PackedObject = 12,

    /// <summary>Text of CLIXML with members that follow from it or never change, packed: the number of its head, and the text.</summary>
    PackedText = 13,
    TokenMask = 0x0F,

    Guid = 0x10,
    DateTime = 0x20,
    TimeSpan = 0x30,
    Int16 = 0x40,
    Int32 = 0x50,
    Int64 = 0x60,
    Double = 0x70,
    Decimal = 0x80,
    Bytes = 0x90,
    HashTable = 0xA0,
    Boolean = 0xB0,
    UInt16 = 0xC0,
    UInt64 = 0xD0,
    Version = 0xE0,
    TypeMask = 0xF0,
}
