using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Objects;

/// <summary>An object at another position, where several kinds of objects, or sorted ones, make one list.</summary>
internal sealed class PositionedRecord(Record inner, long position) : Record
{
    /// <inheritdoc/>
    public override long Position => position;

    /// <inheritdoc/>
    public override IReadOnlyList<string> TypeNames => inner.TypeNames;

    /// <summary>Puts objects at the positions 0, 1, 2 and so on, and gives those from a position on.</summary>
    public static IEnumerable<Record> InOrder(IEnumerable<Record> records, long start)
    {
        long position = 0;
        foreach (var record in records)
        {
            if (position >= start)
            {
                yield return new PositionedRecord(record, position);
            }

            position++;
        }
    }

    /// <inheritdoc/>
    public override bool TryGet(string name, out object? value) => inner.TryGet(name, out value);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, object?>> Properties(Selection? selection) => inner.Properties(selection);

    /// <inheritdoc/>
    public override void WriteClixml(ClixmlWriter writer, Selection? selection) => inner.WriteClixml(writer, selection);

    /// <inheritdoc/>
    public override void WriteJson(Utf8Sink sink, Selection? selection) => inner.WriteJson(sink, selection);
}
