using System.Runtime.CompilerServices;
using System.Xml;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Objects;

/// <summary>
/// Writes the objects of a page as <c>PSSerializer.Serialize</c> writes a collection: one document, whose root is a list of all of them, inside
/// a JSON string. Not thread-safe.
/// </summary>
/// <param name="sink">Receives the text.</param>
/// <param name="opened">Takes the type of each object instead of the numbers that its tag and its type have in the document, for a template.</param>
internal sealed class ClixmlWriter(Utf8Sink sink, Action<ClixmlType>? opened = null)
{
    private static readonly ConditionalWeakTable<IReadOnlyList<string>, ClixmlType> TypesOfRecords = [];
    private static readonly WireName IsUnlimitedMember = WireName.Of("IsUnlimited");
    private static readonly WireName ValueMember = WireName.Of("Value");
    private static readonly WireName SmtpAddressMember = WireName.Of("SmtpAddress");
    private static readonly WireName AddressStringMember = WireName.Of("AddressString");
    private static readonly WireName ProxyAddressStringMember = WireName.Of("ProxyAddressString");
    private static readonly WireName PrefixMember = WireName.Of("Prefix");
    private static readonly WireName IsPrimaryAddressMember = WireName.Of("IsPrimaryAddress");
    private static readonly WireName PrefixStringMember = WireName.Of("PrefixString");

    // By the types' own numbers: one more than the number in the document; 0 for a type that it hasn't named yet.
    private int[] _types = new int[64];
    private int _typeCount;
    private int _objects;
    private bool _any;

    /// <summary>Begins the document.</summary>
    public void Begin()
    {
        sink.Write("\"<Objs Version=\\\"1.1.0.1\\\" xmlns=\\\"http://schemas.microsoft.com/powershell/2004/04\\\">"u8);
        Open(null, ClixmlType.Page);
    }

    /// <summary>Writes an object, limited to a selection.</summary>
    public void Write(Record record, Selection? selection)
    {
        if (!_any)
        {
            _any = true;
            sink.Write("<LST>"u8);
        }

        Open(null, TypesOfRecords.GetValue(record.TypeNames, static names => ClixmlType.Of([.. names, "System.Object"])));
        var identity = record.Text("Identity");
        Shown(identity.Length > 0 ? identity : record.Text("Name") is { Length: > 0 } name ? name : record.TypeNames[0]);
        sink.Write("<Props>"u8);
        record.WriteClixml(this, selection);
        sink.Write("</Props></Obj>"u8);
    }

    /// <summary>Ends the document.</summary>
    public void End() => sink.Write(_any ? "</LST></Obj></Objs>\""u8 : "<LST /></Obj></Objs>\""u8);

    /// <summary>Adds bytes of a template unchanged.</summary>
    public void Raw(ReadOnlySpan<byte> bytes) => sink.Write(bytes);

    /// <summary>Writes a property.</summary>
    public void Property(WireName name, object? value)
    {
        switch (value)
        {
            case string text when name.Shape.Kind != ClixmlKind.Text:
                Shaped(name, name.Shape, text);
                break;
            case IReadOnlyList<string> list when name.Shape.Kind == ClixmlKind.Address:
                Open(name, ClixmlType.Addresses);
                sink.Write("<LST>"u8);
                foreach (var address in list)
                {
                    Address(null, address);
                }

                sink.Write("</LST></Obj>"u8);
                break;
            default:
                Value(name, value);
                break;
        }
    }

    private void Value(WireName? name, object? value)
    {
        switch (value)
        {
            case null:
                sink.Write("<Nil"u8);
                Name(name);
                sink.Write(" />"u8);
                break;
            case string text:
                Begin("<S"u8, name);
                sink.WriteXmlText(text);
                sink.Write("</S>"u8);
                break;
            case bool flag:
                Begin("<B"u8, name);
                sink.Write(flag ? "true</B>"u8 : "false</B>"u8);
                break;
            case short number:
                Begin("<I16"u8, name);
                sink.WriteNumber(number);
                sink.Write("</I16>"u8);
                break;
            case ushort number:
                Begin("<U16"u8, name);
                sink.WriteNumber(number);
                sink.Write("</U16>"u8);
                break;
            case ulong number:
                Begin("<U64"u8, name);
                sink.WriteFormatted(number, "D", quoted: false);
                sink.Write("</U64>"u8);
                break;
            case Version version:
                Begin("<Version"u8, name);
                sink.WriteXmlText(version.ToString());
                sink.Write("</Version>"u8);
                break;
            case int number:
                Begin("<I32"u8, name);
                sink.WriteNumber(number);
                sink.Write("</I32>"u8);
                break;
            case long number:
                Begin("<I64"u8, name);
                sink.WriteNumber(number);
                sink.Write("</I64>"u8);
                break;
            case double number:
                Begin("<Db"u8, name);
                sink.WriteFormatted(number, "R", quoted: false);
                sink.Write("</Db>"u8);
                break;
            case Guid guid:
                Begin("<G"u8, name);
                sink.WriteFormatted(guid, "D", quoted: false);
                sink.Write("</G>"u8);
                break;
            case DateTime time:
                Begin("<DT"u8, name);
                sink.WriteFormatted(time.ToUniversalTime(), "O", quoted: false);
                sink.Write("</DT>"u8);
                break;
            case DateTimeOffset time:
                Begin("<DT"u8, name);
                sink.WriteFormatted(time, "O", quoted: false);
                sink.Write("</DT>"u8);
                break;
            case TimeSpan span:
                Begin("<TS"u8, name);
                sink.WriteXmlText(XmlConvert.ToString(span));
                sink.Write("</TS>"u8);
                break;
            case byte[] bytes:
                Begin("<BA"u8, name);
                sink.WriteXmlText(Convert.ToBase64String(bytes));
                sink.Write("</BA>"u8);
                break;
            case ShownObject shown:
                Nested(name, shown);
                break;
            case IReadOnlyList<string> list:
                List(name, ClixmlType.Texts, list);
                break;
            case IReadOnlyList<ShownObject> list:
                List(name, ClixmlType.Tables, list);
                break;
            case IReadOnlyList<ValueTable> list:
                List(name, ClixmlType.Tables, list);
                break;
            case ValueTable table:
                Table(name, table);
                break;
            default:
                throw new ArgumentException($"A value of type {value.GetType()} cannot be serialized.", nameof(value));
        }
    }

    private void List(WireName? name, ClixmlType type, IReadOnlyList<object> list)
    {
        Open(name, type);
        if (list.Count == 0)
        {
            sink.Write("<LST /></Obj>"u8);
            return;
        }

        sink.Write("<LST>"u8);
        foreach (var element in list)
        {
            Value(null, element);
        }

        sink.Write("</LST></Obj>"u8);
    }

    private void Table(WireName? name, ValueTable table)
    {
        Open(name, ClixmlType.Table);
        sink.Write("<DCT>"u8);
        foreach ((var key, var entry) in table.Entries)
        {
            sink.Write("<En><S N=\\\"Key\\\">"u8);
            sink.WriteXmlText(key);
            sink.Write("</S>"u8);
            Value(ValueMember, entry);
            sink.Write("</En>"u8);
        }

        sink.Write("</DCT></Obj>"u8);
    }

    private void Nested(WireName? name, ShownObject shown)
    {
        Open(name, ClixmlType.Of(shown.TypeNames));
        Shown(shown.Text);
        if (shown.Number is int number)
        {
            Value(null, number);
        }
        else
        {
            sink.Write("<Props>"u8);
            foreach ((var member, var value) in shown.Members)
            {
                Property(WireName.Of(member), value);
            }

            sink.Write("</Props>"u8);
        }

        sink.Write("</Obj>"u8);
    }

    private void Shaped(WireName name, ClixmlShape shape, string text)
    {
        switch (shape.Kind)
        {
            case ClixmlKind.Enum when text.Length > 0 && (shape.Values is null || shape.Values.Contains(text)):
                TextObject(name, shape.Type!, text);
                sink.Write("</Obj>"u8);
                break;
            case ClixmlKind.Size:
                TextObject(name, ClixmlType.Size, text);
                sink.Write("</Obj>"u8);
                break;
            case ClixmlKind.UnlimitedSize when text.Length > 0:
                Unlimited(name, text);
                break;
            case ClixmlKind.Address when text.Contains(':', StringComparison.Ordinal):
                Address(name, text);
                break;
            default:
                Value(name, text);
                break;
        }
    }

    private void Unlimited(WireName name, string text)
    {
        Open(name, ClixmlType.UnlimitedSize);
        Shown(text);
        sink.Write("<Props>"u8);
        var unlimited = text.Equals("Unlimited", StringComparison.OrdinalIgnoreCase);
        if (!unlimited)
        {
            Open(ValueMember, ClixmlType.Size);
            Shown(text);
            sink.Write("<Props /></Obj>"u8);
        }

        Value(IsUnlimitedMember, unlimited);
        sink.Write("</Props></Obj>"u8);
    }

    private void Address(WireName? name, string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var prefix = colon < 0 ? "smtp" : text[..colon];
        var address = text[(colon + 1)..];
        var smtp = prefix.Equals("smtp", StringComparison.OrdinalIgnoreCase);
        TextObject(name, smtp ? ClixmlType.SmtpAddress : ClixmlType.OtherAddress, text);
        sink.Write("<MS>"u8);
        if (smtp)
        {
            Value(SmtpAddressMember, address);
        }

        Value(AddressStringMember, address);
        Value(ProxyAddressStringMember, text);
        Value(PrefixMember, prefix.ToUpperInvariant());
        Value(IsPrimaryAddressMember, prefix.Equals(prefix.ToUpperInvariant(), StringComparison.Ordinal));
        Value(PrefixStringMember, prefix);
        sink.Write("</MS></Obj>"u8);
    }

    // A string that has the type names of the service's value: scripts compare and cut these as text.
    private void TextObject(WireName? name, ClixmlType type, string text)
    {
        Open(name, type);
        Shown(text);
        Value(null, text);
    }

    private void Shown(string text)
    {
        sink.Write("<ToString>"u8);
        sink.WriteXmlText(text);
        sink.Write("</ToString>"u8);
    }

    private void Open(WireName? name, ClixmlType type)
    {
        sink.Write("<Obj"u8);
        Name(name);
        sink.Write(" RefId=\\\""u8);
        if (opened is null)
        {
            Number(type);
        }
        else
        {
            opened(type);
        }
    }

    /// <summary>Writes an object's number, the end of its tag, and its type.</summary>
    public void Number(ClixmlType type)
    {
        sink.WriteNumber(_objects++);
        if (type.Index >= _types.Length)
        {
            Array.Resize(ref _types, Math.Max(_types.Length * 2, type.Index + 1));
        }

        ref var number = ref _types[type.Index];
        if (number > 0)
        {
            sink.Write("\\\"><TNRef RefId=\\\""u8);
            sink.WriteNumber(number - 1);
            sink.Write("\\\" />"u8);
            return;
        }

        sink.Write("\\\"><TN RefId=\\\""u8);
        sink.WriteNumber(_typeCount);
        number = ++_typeCount;
        sink.Write("\\\">"u8);
        sink.Write(type.Elements);
        sink.Write("</TN>"u8);
    }

    private void Begin(ReadOnlySpan<byte> tag, WireName? name)
    {
        sink.Write(tag);
        Name(name);
        sink.Write(">"u8);
    }

    private void Name(WireName? name)
    {
        if (name is not null)
        {
            sink.Write(name.Attribute);
        }
    }
}
