using System.Collections;
using System.Text;
using ExoConnect.Core.AdminApi.Responses;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.Tests.Objects;

/// <summary>Results that stand inside a response's objects, and how many objects are taken.</summary>
public class RowExpansionTests
{
    private static readonly RequestOrigin Origin = new(200, "Get-EXOThing", null, "host", null, null);

    [Fact]
    public void Elements_of_a_property_become_results_of_their_own()
    {
        var (things, _) = Parse(
            """
            {"value":[{"Id":"a","Things@odata.type":"#Collection(Exchange.Thing)","Things":[
              {"Trustee":"x","Since@data.type":"System.DateTime","Since":"2024-05-06T07:08:09Z"},{"Trustee":"y\u00e9","Since":null}]},
              {"Id":"b","Things":[]},{"Id":"c","Things":[{"Trustee":"z","Since":null}]}]}
            """,
            "Things");

        Assert.Equal(["x", "yé", "z"], things.Select(t => ExoRecord.Value(t, "Trustee")));
        Assert.Equal(new DateTime(2024, 5, 6, 7, 8, 9, DateTimeKind.Utc), ExoRecord.Value(things[0], "Since"));
        Assert.All(things, t => Assert.Equal("Thing", ExoRecord.Shape(t).Entity));
    }

    [Fact]
    public void Elements_of_a_list_are_merged_into_what_holds_them()
    {
        var (things, _) = Parse(
            """
            {"value":[{"Identity":"m","User":"u","List":[{"Rights":["A","B"],"Deny":false},{"Rights":["C"],"Deny":true}],"Last":1},
              {"Identity":"m","User":"v","List":[{"Rights":[],"Deny":false}],"Last":2}]}
            """,
            spread: "list");

        Assert.Equal(["Identity", "User", "Last", "Rights", "Deny"], ExoRecord.Shape(things[0]).Names);
        Assert.Equal(["u", "u", "v"], things.Select(t => ExoRecord.Value(t, "User")));
        Assert.Equal([1, 1, 2], things.Select(t => ExoRecord.Value(t, "Last")));
        Assert.Equal(["A,B", "C", ""], things.Select(t => string.Join(',', ((ArrayList)ExoRecord.Value(t, "Rights")!).Cast<string>())));
        Assert.Equal([false, true, false], things.Select(t => ExoRecord.Value(t, "Deny")));
        Assert.All(things, t => Assert.True(ExoRecord.IsTyped(t)));
        Assert.Equal("m", things[0].ToString());
    }

    [Fact]
    public void Both_at_once()
    {
        var (things, _) = Parse(
            """{"value":[{"Id":"a","Things":[{"User":"u","List":[{"R":1},{"R":2}]},{"User":"v","List":[{"R":3}]}]}]}""", "Things", "List");

        Assert.Equal(["u1", "u2", "v3"], things.Select(t => $"{ExoRecord.Value(t, "User")}{ExoRecord.Value(t, "R")}"));
    }

    [Fact]
    public void Of_two_properties_with_one_name_the_inner_one_stays()
    {
        var (things, _) = Parse("""{"value":[{"Identity":"outer","Deny":true,"List":[{"deny":false}]}]}""", spread: "List");

        Assert.Equal(["Identity", "deny"], ExoRecord.Shape(Assert.Single(things)).Names);
        Assert.Equal(false, ExoRecord.Value(things[0], "Deny"));
    }

    [Theory]
    [InlineData("""{"value":[{"Id":"a"}]}""")]
    [InlineData("""{"value":[{"Id":"a","Things":null,"List":null}]}""")]
    [InlineData("""{"value":[{"Id":"a","Things":"none","List":{"x":1}}]}""")]
    [InlineData("""{"@odata.context":"x","Id":"a","List":[]}""")]
    public void What_lacks_the_property_stays_as_it_is(string json)
    {
        var (things, _) = Parse(json, "Things", "List");

        Assert.Equal("a", ExoRecord.Value(Assert.Single(things), "Id"));
    }

    [Fact]
    public void A_single_entity_is_expanded_too()
    {
        var (things, rows) = Parse("""{"@odata.context":"c","Id":"a","Things":[{"T":1},{"T":2}]}""", "Things");

        Assert.Equal([1, 2], things.Select(t => ExoRecord.Value(t, "T")));
        Assert.Equal(1, rows);
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(1, 2, true)]
    [InlineData(2, 3, false)]
    [InlineData(3, 3, false)]
    public void The_limit_counts_the_services_objects(int limit, int results, bool isCut)
    {
        using var parser = new ResponseParser("Thing", Origin, new RowExpansion("Thing", "Things", null), limit);
        Feed(parser, """{"value":[{"Things":[{"T":1},{"T":2}]},{"Things":[{"T":3}]}]}""");

        Assert.Equal((results, isCut, Math.Min(limit, 2)), (parser.Take().Objects.Count, parser.IsCut, parser.Rows));
    }

    [Fact]
    public void Plain_values_count_too()
    {
        using var parser = new ResponseParser("Thing", Origin, limit: 2);
        Feed(parser, """{"value":["a","b","c"]}""");

        Assert.Equal(["a", "b"], parser.Take().Objects);
        Assert.True(parser.IsCut);
    }

    private static (List<ExoObject> Objects, int Rows) Parse(string json, string? result = null, string? spread = null)
    {
        using var parser = new ResponseParser("Thing", Origin, new RowExpansion("Thing", result, spread));
        Feed(parser, json);
        return (parser.Take().Objects.Cast<ExoObject>().ToList(), parser.Rows);
    }

    private static void Feed(ResponseParser parser, string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        for (var at = 0; at < bytes.Length; at += 5)
        {
            var piece = bytes.AsMemory(at, Math.Min(5, bytes.Length - at));
            piece.CopyTo(parser.GetMemory());
            parser.Advance(piece.Length);
        }

        parser.Advance(0);
        Assert.True(parser.IsDone);
    }
}
