using System.Collections.Frozen;
using System.Globalization;
using ExoConnect.LocalTenant.Catalog;
using ExoConnect.LocalTenant.Objects;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Data;

/// <summary>
/// A type of the REST entities as the service's <c>$metadata</c> declares it. Microsoft's OData client refuses a response with a value of another
/// type, and doesn't show undeclared properties.
/// </summary>
internal sealed class EntityType
{
    private static readonly FrozenDictionary<string, EntityType> All = Load();

    private readonly FrozenDictionary<string, char> _properties;
    private readonly (WireName Name, char Kind)[] _declared;

    private EntityType(string name, IReadOnlyList<KeyValuePair<string, char>> properties)
    {
        Name = name;
        _properties = properties.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _declared = [.. properties.Select(property => (WireName.Declared(property.Key), property.Value))];
        Mailboxes = new Schema<MailboxRow>([], []);
    }

    /// <summary>The name, without the namespace.</summary>
    public string Name { get; }

    /// <summary>The properties of mailboxes as this type; empty for none.</summary>
    public Schema<MailboxRow> Mailboxes { get; private init; }

    /// <summary>A type by its name.</summary>
    public static EntityType Of(string name) => All[name];

    /// <summary>Whether a property is declared as a collection of texts.</summary>
    public bool IsCollection(string property) => _properties.TryGetValue(property, out var type) && type == 's';

    /// <summary>Whether a property is declared.</summary>
    public bool Has(string property) => _properties.ContainsKey(property);

    /// <summary>An object as this type.</summary>
    public Record Shape(Record record) => record is SchemaRecord mailbox && Mailboxes.Properties.Count > 0
        ? new SchemaRecord(Mailboxes, mailbox.Row)
        : new ShapedRecord(this, record);

    private static FrozenDictionary<string, EntityType> Load()
    {
        var types = new Dictionary<string, EntityType>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in CmdletCatalog.Resource("entities.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '#')
            {
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var name = line[..colon];
            var declared = new EntityType(
                name,
                [.. line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(property => property.Split('/'))
                    .Select(parts => new KeyValuePair<string, char>(parts[0], parts.Length == 1 ? 't' : parts[1][0]))]);
            var source = name switch
            {
                "Mailbox" => MailboxSchema.Mailbox,
                "CasMailbox" => MailboxViews.CasMailbox,
                "Recipient" => MailboxViews.Recipient,
                _ => null,
            };
            types.Add(name, source is null ? declared : declared.Of(source));
        }

        return types.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    // The service writes an object's properties in the order in which they are declared.
    private EntityType Of(Schema<MailboxRow> source)
    {
        return new EntityType(Name, [.. _declared.Select(property => new KeyValuePair<string, char>(property.Name.Name, property.Kind))])
        {
            Mailboxes = new Schema<MailboxRow>(
                source.TypeNames, _declared.Select(property => source.Find(property.Name.Name)).OfType<SchemaProperty<MailboxRow>>().Select(Shape)),
        };
    }

    private SchemaProperty<MailboxRow> Shape(SchemaProperty<MailboxRow> property)
    {
        var type = _properties[property.Name.Name];
        return property with
        {
            Name = WireName.Declared(property.Name.Name),
            Constant = Convert(property.Constant, type),
            Compute = property.Compute is { } compute ? row => Convert(compute(row), type) : null,
            OfChanged = changed => Convert(changed, type),
        };
    }

    // Kept objects have texts for sizes, numbers and dates alike; the declaration gives the type here.
    private static object? Convert(object? value, char type)
    {
        return type switch
        {
            't' => value is null or string or Guid or DateTime or DateTimeOffset ? value : ValueText.Of(value),
            'b' => value is bool ? value : bool.TryParse(ValueText.Of(value), out var flag) ? flag : null,
            'g' => value is Guid ? value : Guid.TryParse(ValueText.Of(value), out var guid) ? guid : null,
            'i' => Number(value) is long number ? (int)number : null,
            'l' => Number(value),
            's' => value as IReadOnlyList<string> ?? (value is null or "" ? Array.Empty<string>() : [ValueText.Of(value)]),
            'y' => Array.Empty<string>(),
            _ => value,
        };
    }

    private static long? Number(object? value)
    {
        return value switch
        {
            null => null,
            int or short or long or double => System.Convert.ToInt64(value, CultureInfo.InvariantCulture),
            _ => ValueText.TrySize(ValueText.Of(value), out var bytes) ? bytes : null,
        };
    }

    private sealed class ShapedRecord(EntityType type, Record inner) : Record
    {
        public override long Position => inner.Position;

        public override IReadOnlyList<string> TypeNames => inner.TypeNames;

        public override bool TryGet(string name, out object? value)
        {
            value = null;
            if (!type._properties.TryGetValue(name, out var kind) || !inner.TryGet(name, out value))
            {
                return false;
            }

            value = Convert(value, kind);
            return true;
        }

        // Without a selection an object has all declared properties.
        private bool IsWhole => type.Name is "MailboxFolderStatistics" or "MobileDeviceStatistics";

        public override IEnumerable<KeyValuePair<string, object?>> Properties(Selection? selection)
        {
            return Declared(selection).Select(property => new KeyValuePair<string, object?>(property.Name.Name, property.Value));
        }

        public override void WriteJson(Utf8Sink sink, Selection? selection)
        {
            var before = "{"u8;
            foreach ((var name, var value) in Declared(selection))
            {
                sink.Write(before);
                before = ","u8;
                name.Write(sink, value);
            }

            sink.Write(before[0] == (byte)'{' ? "{}"u8 : "}"u8);
        }

        private IEnumerable<(WireName Name, object? Value)> Declared(Selection? selection)
        {
            foreach ((var name, var kind) in type._declared)
            {
                if (selection?.Has(name.Name) == false)
                {
                    continue;
                }

                if (inner.TryGet(name.Name, out var value))
                {
                    yield return (name, Convert(value, kind));
                }
                else if (selection is null && IsWhole && name.Name != "ObjectKey")
                {
                    yield return (name, Convert(null, kind));
                }
            }
        }
    }
}
