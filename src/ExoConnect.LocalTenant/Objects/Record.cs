using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Objects;

/// <summary>A hashtable inside an object. Immutable.</summary>
/// <param name="Entries">Its entries in order.</param>
internal sealed record ValueTable(IReadOnlyList<KeyValuePair<string, object?>> Entries)
{
    /// <summary>Writes it as a JSON object, annotations included.</summary>
    public void Write(Utf8Sink sink)
    {
        sink.Write("{"u8);
        for (var i = 0; i < Entries.Count; i++)
        {
            if (i > 0)
            {
                sink.Write(","u8);
            }

            WireName.Of(Entries[i].Key).Write(sink, Entries[i].Value);
        }

        sink.Write("}"u8);
    }
}

/// <summary>One object of a response.</summary>
internal abstract class Record
{
    /// <summary>Its position among its kind; the next page starts after it.</summary>
    public abstract long Position { get; }

    /// <summary>The names of the .NET types that the service's object has, the most derived first.</summary>
    public abstract IReadOnlyList<string> TypeNames { get; }

    /// <summary>A property's value by its name in any case.</summary>
    /// <returns>False when there is no such property.</returns>
    public abstract bool TryGet(string name, out object? value);

    /// <summary>The properties, limited to a selection, in the service's order.</summary>
    public abstract IEnumerable<KeyValuePair<string, object?>> Properties(Selection? selection);

    /// <summary>Writes the properties, limited to a selection, in PowerShell's serialisation.</summary>
    public virtual void WriteClixml(ClixmlWriter writer, Selection? selection)
    {
        foreach ((var name, var value) in Properties(selection))
        {
            writer.Property(WireName.Of(name), value);
        }
    }

    /// <summary>Writes it as a JSON object, limited to a selection.</summary>
    public abstract void WriteJson(Utf8Sink sink, Selection? selection);

    /// <summary>A property's text; empty when it is missing or null.</summary>
    public string Text(string name) => TryGet(name, out var value) ? ValueText.Of(value) : "";
}

/// <summary>The properties that a caller requests. For one request; it keeps the template of each schema it is applied to.</summary>
internal sealed class Selection
{
    private readonly HashSet<string> _names;
    private object? _schema;
    private object? _template;

    /// <summary>Creates a selection of names, in any case.</summary>
    public Selection(IEnumerable<string> names)
    {
        Names = [.. names];
        _names = new HashSet<string>(Names, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The names as they were given.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether a property is selected.</summary>
    public bool Has(string name) => _names.Contains(name);

    /// <summary>The selection of names in a comma-separated text; null for none.</summary>
    public static Selection? Parse(string? text)
    {
        return string.IsNullOrWhiteSpace(text) || text.Trim() == "*"
            ? null
            : new Selection(text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    /// <summary>The template of a schema, created at its first use.</summary>
    public TTemplate Template<TSchema, TTemplate>(TSchema schema, Func<TSchema, Selection, TTemplate> make)
        where TSchema : class
        where TTemplate : class
    {
        if (!ReferenceEquals(_schema, schema))
        {
            _template = make(schema, this);
            _schema = schema;
        }

        return (TTemplate)_template!;
    }
}
