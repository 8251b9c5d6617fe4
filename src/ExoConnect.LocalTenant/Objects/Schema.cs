using System.Collections.Frozen;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Objects;

/// <summary>
/// The properties of one kind of generated object: each a constant or computed from a row. Constants between computed ones are rendered once, so
/// that a large object is mostly copied.
/// </summary>
/// <typeparam name="T">The row.</typeparam>
internal sealed class Schema<T>
{
    private readonly FrozenDictionary<string, SchemaProperty<T>> _byName;

    /// <summary>Creates a schema.</summary>
    /// <param name="typeNames">The .NET types of the service's object.</param>
    /// <param name="properties">The properties in the service's order.</param>
    public Schema(IReadOnlyList<string> typeNames, IEnumerable<SchemaProperty<T>> properties)
    {
        TypeNames = typeNames;
        Properties = [.. properties];
        _byName = Properties.ToFrozenDictionary(property => property.Name.Name, StringComparer.OrdinalIgnoreCase);
        Full = new SchemaTemplate<T>(Properties);
    }

    /// <summary>The .NET types of the service's object.</summary>
    public IReadOnlyList<string> TypeNames { get; }

    /// <summary>The properties in the service's order.</summary>
    public IReadOnlyList<SchemaProperty<T>> Properties { get; }

    /// <summary>The template of all properties.</summary>
    public SchemaTemplate<T> Full { get; }

    /// <summary>A property by its name in any case; null when there is none.</summary>
    public SchemaProperty<T>? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The template of a selection.</summary>
    public SchemaTemplate<T> Template(Selection? selection)
    {
        return selection is null
            ? Full
            : selection.Template(this, static (schema, wanted) =>
                new SchemaTemplate<T>([.. schema.Properties.Where(property => wanted.Has(property.Name.Name))]));
    }
}

/// <summary>A property of a schema.</summary>
/// <typeparam name="T">The row.</typeparam>
/// <param name="Name">Its name.</param>
/// <param name="Constant">Its value if every row has the same.</param>
/// <param name="Compute">Computes its value from a row; null for a constant.</param>
internal sealed record SchemaProperty<T>(WireName Name, object? Constant, Func<T, object?>? Compute)
{
    /// <summary>Converts a changed value to its own; null for no conversion.</summary>
    public Func<object?, object?>? OfChanged { get; init; }

    /// <summary>Its value for a row.</summary>
    public object? Of(T row) => Compute is null ? Constant : Compute(row);
}

/// <summary>Properties rendered as far as they are constant.</summary>
/// <typeparam name="T">The row.</typeparam>
internal sealed class SchemaTemplate<T>
{
    private readonly (byte[] Before, SchemaProperty<T> Property)[] _computed;
    private readonly byte[] _end;
    private readonly Lazy<ClixmlTemplate<T>> _clixml;

    /// <summary>Renders the constants.</summary>
    public SchemaTemplate(IReadOnlyList<SchemaProperty<T>> properties)
    {
        Properties = properties;
        _clixml = new(() => new ClixmlTemplate<T>(properties));
        var computed = new List<(byte[], SchemaProperty<T>)>();
        using var constant = new PieceWriter();
        constant.Sink.Write("{"u8);
        for (var i = 0; i < properties.Count; i++)
        {
            if (i > 0)
            {
                constant.Sink.Write(","u8);
            }

            if (properties[i].Compute is null)
            {
                properties[i].Name.Write(constant.Sink, properties[i].Constant);
            }
            else
            {
                computed.Add((constant.Take(), properties[i]));
            }
        }

        constant.Sink.Write("}"u8);
        _end = constant.Take();
        _computed = [.. computed];
    }

    /// <summary>The properties of the template.</summary>
    public IReadOnlyList<SchemaProperty<T>> Properties { get; }

    /// <summary>Writes the JSON object of a row.</summary>
    public void Write(Utf8Sink sink, T row)
    {
        foreach ((var before, var property) in _computed)
        {
            sink.Write(before);
            property.Name.Write(sink, property.Compute!(row));
        }

        sink.Write(_end);
    }

    /// <summary>Writes the properties of a row in PowerShell's serialisation.</summary>
    public void WriteClixml(ClixmlWriter writer, T row) => _clixml.Value.Write(writer, row);
}

/// <summary>
/// Properties rendered in PowerShell's serialisation as far as they are constant: all but the numbers of objects and types, which each document
/// gives anew.
/// </summary>
/// <typeparam name="T">The row.</typeparam>
internal sealed class ClixmlTemplate<T>
{
    private readonly (byte[] Before, ClixmlType? Opened, SchemaProperty<T>? Property)[] _steps;
    private readonly byte[] _end;

    /// <summary>Renders the constants.</summary>
    public ClixmlTemplate(IReadOnlyList<SchemaProperty<T>> properties)
    {
        var steps = new List<(byte[], ClixmlType?, SchemaProperty<T>?)>();
        using var constant = new PieceWriter();
        var writer = new ClixmlWriter(constant.Sink, type => steps.Add((constant.Take(), type, null)));
        foreach (var property in properties)
        {
            if (property.Compute is null)
            {
                writer.Property(property.Name, property.Constant);
            }
            else
            {
                steps.Add((constant.Take(), null, property));
            }
        }

        _end = constant.Take();
        _steps = [.. steps];
    }

    /// <summary>Writes the properties of a row.</summary>
    public void Write(ClixmlWriter writer, T row)
    {
        foreach ((var before, var opened, var property) in _steps)
        {
            writer.Raw(before);
            if (opened is not null)
            {
                writer.Number(opened);
            }
            else
            {
                writer.Property(property!.Name, property.Compute!(row));
            }
        }

        writer.Raw(_end);
    }
}

/// <summary>Gathers the constant text, piece by piece.</summary>
file sealed class PieceWriter : IDisposable
{
    private int _taken;

    public Utf8Sink Sink { get; } = new(null);

    public byte[] Take()
    {
        var piece = Sink.Gathered[_taken..].ToArray();
        _taken += piece.Length;
        return piece;
    }

    public void Dispose() => Sink.Dispose();
}

/// <summary>Collects the properties of a schema.</summary>
/// <typeparam name="T">The row.</typeparam>
internal sealed class SchemaBuilder<T>
{
    private static readonly string[] NoStrings = [];

    private readonly List<SchemaProperty<T>> _properties = [];

    /// <summary>The collected properties.</summary>
    public IReadOnlyList<SchemaProperty<T>> Properties => _properties;

    /// <summary>Adds properties that are always null.</summary>
    public SchemaBuilder<T> Nulls(params string[] names) => Same(null, names);

    /// <summary>Adds properties that are always false.</summary>
    public SchemaBuilder<T> Falses(params string[] names) => Same(false, names);

    /// <summary>Adds properties that are always true.</summary>
    public SchemaBuilder<T> Trues(params string[] names) => Same(true, names);

    /// <summary>Adds properties that are always the empty text.</summary>
    public SchemaBuilder<T> Blanks(params string[] names) => Same("", names);

    /// <summary>Adds properties that are always the empty list.</summary>
    public SchemaBuilder<T> Empties(params string[] names) => Same(NoStrings, names);

    /// <summary>Adds properties that always have one value.</summary>
    public SchemaBuilder<T> Same(object? value, params string[] names)
    {
        foreach (var name in names)
        {
            _properties.Add(new SchemaProperty<T>(WireName.Of(name), value, null));
        }

        return this;
    }

    /// <summary>Adds a property that is always the same list.</summary>
    public SchemaBuilder<T> List(string name, params string[] values) => Same(values, name);

    /// <summary>Adds a computed property.</summary>
    public SchemaBuilder<T> Add(string name, Func<T, object?> compute)
    {
        _properties.Add(new SchemaProperty<T>(WireName.Of(name), null, compute));
        return this;
    }
}
