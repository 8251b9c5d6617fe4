using ExoConnect.LocalTenant.Objects;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Data;

/// <summary>A mailbox in a schema: a changed value takes precedence over a computed one.</summary>
internal sealed class SchemaRecord(Schema<MailboxRow> schema, MailboxRow row) : Record
{
    /// <summary>The mailbox.</summary>
    public MailboxRow Row => row;

    /// <inheritdoc/>
    public override long Position => row.Index;

    /// <inheritdoc/>
    public override IReadOnlyList<string> TypeNames => schema.TypeNames;

    /// <inheritdoc/>
    public override bool TryGet(string name, out object? value)
    {
        var property = schema.Find(name);
        value = property is null ? null : Value(property);
        return property is not null;
    }

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, object?>> Properties(Selection? selection)
    {
        foreach (var property in schema.Properties)
        {
            if (selection is null || selection.Has(property.Name.Name))
            {
                yield return new(property.Name.Name, Value(property));
            }
        }
    }

    /// <inheritdoc/>
    public override void WriteClixml(ClixmlWriter writer, Selection? selection)
    {
        var template = schema.Template(selection);
        if (row.Changes.Count == 0)
        {
            template.WriteClixml(writer, row);
            return;
        }

        foreach (var property in template.Properties)
        {
            writer.Property(property.Name, Value(property));
        }
    }

    /// <inheritdoc/>
    public override void WriteJson(Utf8Sink sink, Selection? selection)
    {
        var template = schema.Template(selection);
        if (row.Changes.Count == 0)
        {
            template.Write(sink, row);
            return;
        }

        var before = "{"u8;
        foreach (var property in template.Properties)
        {
            sink.Write(before);
            property.Name.Write(sink, Value(property));
            before = ","u8;
        }

        sink.Write(template.Properties.Count == 0 ? "{}"u8 : "}"u8);
    }

    private object? Value(SchemaProperty<MailboxRow> property)
    {
        return row.Changes.TryGetValue(property.Name.Name, out var changed)
            ? property.OfChanged is { } shape ? shape(changed) : changed
            : property.Of(row);
    }
}
