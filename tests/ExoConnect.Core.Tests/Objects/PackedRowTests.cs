using ExoConnect.Core.Json;
using ExoConnect.Core.Objects;
using FsCheck;
using FsCheck.Fluent;

namespace ExoConnect.Core.Tests.Objects;

public class PackedRowTests
{
    /// <summary>Rows of all widths and counts, and values of all kinds, those without bytes too.</summary>
    [Fact]
    public void What_is_read_is_what_was_packed()
    {
        var type = Gen.Elements(default(ValueKind), ValueKind.Guid, ValueKind.Int64, ValueKind.HashTable);
        var bare = Gen.Elements(ValueKind.Null, ValueKind.False, ValueKind.True).Select(kind => (Kind: kind, Text: ""));
        var full = Gen.Zip(
            Gen.Elements(ValueKind.Number, ValueKind.String, ValueKind.EscapedString, ValueKind.Array, ValueKind.Object),
            Gen.Elements("", "1", "[]", "{}", "[1]", "some text", new string('x', 3000))).Select(p => (Kind: p.Item1, Text: p.Item2))
            .Where(v => v.Text.Length > 0 || v.Kind == ValueKind.String)
            .Where(v => v.Kind != ValueKind.Array || v.Text.StartsWith('['));
        var value = from v in Gen.OneOf(bare, full) from t in type select (Kind: v.Kind | t, v.Text);
        var packer = new RowPacker();

        Prop.ForAll(Arb.From(Gen.Sized(size => value.ListOf(Math.Max(1, size * 3)))), values =>
        {
            packer.Clear();
            foreach (var (kind, text) in values)
            {
                packer.Add(kind, System.Text.Encoding.UTF8.GetBytes(text));
            }

            var row = packer.Pack();
            return packer.Count == values.Count && values.Select((v, i) => (v, i)).All(p =>
                PackedRow.Read(row, values.Count, p.i, out var bytes) == p.v.Kind && System.Text.Encoding.UTF8.GetString(bytes) == p.v.Text);
        }).QuickCheckThrowOnFailure();
    }
}
