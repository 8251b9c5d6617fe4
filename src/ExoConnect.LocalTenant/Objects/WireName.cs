using System.Collections.Concurrent;
using System.Security;
using System.Text;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Objects;

/// <summary>
/// A property's name with the bytes before its value in a response: the annotations for its value's type, which come first
/// (protocol.md section 4), and the name itself.
/// </summary>
internal sealed class WireName
{
    private static readonly ConcurrentDictionary<string, WireName> Known = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, WireName> KnownDeclared = new(StringComparer.Ordinal);

    private readonly byte[] _plain;
    private readonly byte[] _guid;
    private readonly byte[] _date;
    private readonly byte[] _int16;
    private readonly byte[] _uint16;
    private readonly byte[] _uint64;
    private readonly byte[] _int32;
    private readonly byte[] _int64;
    private readonly byte[] _double;
    private readonly byte[] _timeSpan;
    private readonly byte[] _list;
    private readonly byte[] _bytes;
    private readonly byte[] _table;
    private readonly byte[] _tables;

    private WireName(string name, bool isDeclared = false)
    {
        Name = name;
        Attribute = Encoding.UTF8.GetBytes($" N=\\\"{SecurityElement.Escape(name)}\\\"");
        Shape = ClixmlShape.Of(name);
        _plain = Before(null, null);
        _guid = isDeclared ? _plain : Before("System.Guid", "#Guid");
        _date = isDeclared ? _plain : Before("System.DateTime", null);
        _int16 = isDeclared ? _plain : Before("System.Int16", "#Int16");
        _uint16 = isDeclared ? _plain : Before("System.UInt16", "#Decimal");
        _uint64 = isDeclared ? _plain : Before("System.UInt64", "#Decimal");
        _int32 = isDeclared ? _plain : Before("System.Int32", null);
        _int64 = isDeclared ? _plain : Before("System.Int64", "#Int64");
        _double = isDeclared ? _plain : Before("System.Double", null);
        _timeSpan = isDeclared ? _plain : Before("System.TimeSpan", null);
        _list = isDeclared ? _plain : Before(null, "#Collection(String)");
        _bytes = isDeclared ? _plain : Before("System.Byte[]", null);
        _table = isDeclared ? _plain : Before(null, "#Exchange.GenericHashTable");
        _tables = isDeclared ? _plain : Before(null, "#Collection(Exchange.GenericHashTable)");
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The name as an attribute of PowerShell's serialisation, inside a JSON string.</summary>
    public byte[] Attribute { get; }

    /// <summary>The type of the property's text in PowerShell.</summary>
    public ClixmlShape Shape { get; }

    /// <summary>The one instance of a name.</summary>
    public static WireName Of(string name) => Known.GetOrAdd(name, static key => new WireName(key));

    /// <summary>A name of a property that <c>$metadata</c> declares: its values have no annotations, since their type is known.</summary>
    public static WireName Declared(string name) => KnownDeclared.GetOrAdd(name, static key => new WireName(key, isDeclared: true));

    /// <summary>Writes annotations, name and value; no comma.</summary>
    /// <param name="sink">Receives the text.</param>
    /// <param name="value">
    /// null, a string, bool, short, ushort, int, long, ulong, double, Guid, Version, DateTime (written as UTC), DateTimeOffset (with its offset),
    /// TimeSpan, bytes (written as base64), a list of strings, a <see cref="ValueTable"/>, a <see cref="ShownObject"/> (written as its text) or a
    /// list of them.
    /// </param>
    public void Write(Utf8Sink sink, object? value)
    {
        sink.Write(value switch
        {
            null or string or bool or Version or ShownObject => _plain,
            Guid => _guid,
            DateTime or DateTimeOffset => _date,
            short => _int16,
            ushort => _uint16,
            ulong => _uint64,
            int => _int32,
            long => _int64,
            double => _double,
            TimeSpan => _timeSpan,
            IReadOnlyList<string> or IReadOnlyList<ShownObject> => _list,
            byte[] => _bytes,
            ValueTable => _table,
            IReadOnlyList<ValueTable> => _tables,
            _ => _plain,
        });
        WriteValue(sink, value);
    }

    /// <summary>Writes a value without a name.</summary>
    public static void WriteValue(Utf8Sink sink, object? value)
    {
        switch (value)
        {
            case null:
                sink.Write("null"u8);
                break;
            case string text:
                sink.WriteString(text);
                break;
            case bool flag:
                sink.Write(flag ? "true"u8 : "false"u8);
                break;
            case short number:
                sink.WriteNumber(number);
                break;
            case ushort number:
                sink.WriteNumber(number);
                break;
            case int number:
                sink.WriteNumber(number);
                break;
            case long number:
                sink.WriteNumber(number);
                break;
            case ulong number:
                sink.WriteFormatted(number, "D", quoted: false);
                break;
            case Version version:
                sink.WriteString(version.ToString());
                break;
            case double number:
                sink.WriteFormatted(number, "R", quoted: false);
                break;
            case Guid guid:
                sink.WriteFormatted(guid, "D", quoted: true);
                break;
            case DateTime time:
                sink.WriteFormatted(time.ToUniversalTime(), "O", quoted: true);
                break;
            case DateTimeOffset time:
                sink.WriteFormatted(time, "O", quoted: true);
                break;
            case TimeSpan span:
                sink.WriteFormatted(span, "c", quoted: true);
                break;
            case byte[] bytes:
                sink.WriteString(Convert.ToBase64String(bytes));
                break;
            case ShownObject shown:
                sink.WriteString(shown.Text);
                break;
            case IReadOnlyList<ShownObject> list:
                WriteList(sink, [.. list.Select(shown => shown.Text)]);
                break;
            case IReadOnlyList<string> list:
                WriteList(sink, list);
                break;
            case ValueTable table:
                table.Write(sink);
                break;
            case IReadOnlyList<ValueTable> tables:
                WriteTables(sink, tables);
                break;
            default:
                throw new ArgumentException($"A value of type {value.GetType()} has no form on the wire.", nameof(value));
        }
    }

    private static void WriteList(Utf8Sink sink, IReadOnlyList<string> list)
    {
        sink.Write("["u8);
        for (var i = 0; i < list.Count; i++)
        {
            if (i > 0)
            {
                sink.Write(","u8);
            }

            sink.WriteString(list[i]);
        }

        sink.Write("]"u8);
    }

    private static void WriteTables(Utf8Sink sink, IReadOnlyList<ValueTable> tables)
    {
        sink.Write("["u8);
        for (var i = 0; i < tables.Count; i++)
        {
            if (i > 0)
            {
                sink.Write(","u8);
            }

            tables[i].Write(sink);
        }

        sink.Write("]"u8);
    }

    private byte[] Before(string? dataType, string? odataType)
    {
        var text = new StringBuilder();
        if (dataType is not null)
        {
            text.Append('"').Append(Name).Append("@data.type\":\"").Append(dataType).Append("\",");
        }

        if (odataType is not null)
        {
            text.Append('"').Append(Name).Append("@odata.type\":\"").Append(odataType).Append("\",");
        }

        return Encoding.UTF8.GetBytes(text.Append('"').Append(Name).Append("\":").ToString());
    }
}
