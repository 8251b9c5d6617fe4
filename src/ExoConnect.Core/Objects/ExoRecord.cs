namespace ExoConnect.Core.Objects;

/// <summary>A host's access to an <see cref="ExoObject"/> without its .NET type.</summary>
public static class ExoRecord
{
    /// <summary>The object's shape: its kind and property names.</summary>
    /// <param name="record">The object.</param>
    /// <returns>The shape.</returns>
    public static RowShape Shape(ExoObject record) => record.Shape;

    /// <summary>Whether the object's .NET type has its properties; if not, a host shows them in its own way.</summary>
    /// <param name="record">The object.</param>
    /// <returns>True if it has.</returns>
    public static bool IsTyped(ExoObject record) => record is not UntypedExoObject;

    /// <summary>Reads a property by its index.</summary>
    /// <param name="record">The object.</param>
    /// <param name="index">The index in <see cref="RowShape.Names"/>.</param>
    /// <returns>The value.</returns>
    public static object? Value(ExoObject record, int index) => record.Get(index);

    /// <summary>Reads a property by its name.</summary>
    /// <param name="record">The object.</param>
    /// <param name="name">The name, in any case.</param>
    /// <returns>The value; null if there is no such property.</returns>
    public static object? Value(ExoObject record, string name) => record.Shape.IndexOf(name) is >= 0 and var i ? record.Get(i) : null;
}
