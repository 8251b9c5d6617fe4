using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Objects;

/// <summary>An object that is kept, not computed. Immutable: a change makes another one at the same position.</summary>
internal sealed class StoreObject : Record
{
    private readonly KeyValuePair<WireName, object?>[] _properties;

    /// <summary>Creates an object.</summary>
    /// <param name="typeNames">The .NET types of the service's object.</param>
    /// <param name="properties">Its properties; a repeated name replaces the first.</param>
    public StoreObject(IReadOnlyList<string> typeNames, IEnumerable<KeyValuePair<string, object?>> properties)
        : this(0, typeNames, Merge([], properties))
    {
    }

    private StoreObject(long position, IReadOnlyList<string> typeNames, KeyValuePair<WireName, object?>[] properties)
    {
        (Position, TypeNames, _properties) = (position, typeNames, properties);
    }

    /// <inheritdoc/>
    public override long Position { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> TypeNames { get; }

    /// <summary>Its name.</summary>
    public string Name => Text("Name");

    /// <summary>Its GUID.</summary>
    public Guid Guid => TryGet("Guid", out var value) && value is Guid guid ? guid : Guid.Empty;

    /// <summary>A list; empty when there is none of that name.</summary>
    public IReadOnlyList<string> List(string name) => TryGet(name, out var value) && value is IReadOnlyList<string> list ? list : [];

    /// <summary>The object with changed properties.</summary>
    public StoreObject With(IEnumerable<KeyValuePair<string, object?>> changes) => new(Position, TypeNames, Merge(_properties, changes));

    /// <summary>The object at another position.</summary>
    public StoreObject At(long position) => new(position, TypeNames, _properties);

    /// <summary>Whether it has a property.</summary>
    public bool Has(string name) => TryGet(name, out _);

    /// <inheritdoc/>
    public override bool TryGet(string name, out object? value)
    {
        foreach ((var own, var current) in _properties)
        {
            if (own.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                value = current;
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, object?>> Properties(Selection? selection)
    {
        foreach ((var name, var value) in _properties)
        {
            if (selection is null || selection.Has(name.Name))
            {
                yield return new(name.Name, value);
            }
        }
    }

    /// <inheritdoc/>
    public override void WriteJson(Utf8Sink sink, Selection? selection)
    {
        sink.Write("{"u8);
        var first = true;
        foreach ((var name, var value) in _properties)
        {
            if (selection is not null && !selection.Has(name.Name))
            {
                continue;
            }

            if (!first)
            {
                sink.Write(","u8);
            }

            first = false;
            name.Write(sink, value);
        }

        sink.Write("}"u8);
    }

    private static KeyValuePair<WireName, object?>[] Merge(
        KeyValuePair<WireName, object?>[] properties, IEnumerable<KeyValuePair<string, object?>> changes)
    {
        List<KeyValuePair<WireName, object?>> merged = [.. properties];
        foreach ((var name, var value) in changes)
        {
            var at = merged.FindIndex(property => property.Key.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (at < 0)
            {
                merged.Add(new(WireName.Of(name), value));
            }
            else
            {
                merged[at] = new(merged[at].Key, value);
            }
        }

        return [.. merged];
    }
}
