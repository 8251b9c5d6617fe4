using System.Text;
using System.Text.Json;
using ExoConnect.Core.AdminApi;
using ExoConnect.Core.AdminApi.Batches;
using FsCheck;
using FsCheck.Fluent;

namespace ExoConnect.Core.Tests.AdminApi.Batches;

public class BatchBodyTests
{
    [Fact]
    public void A_batch_holds_each_request_with_its_address_headers_and_body()
    {
        var requests = new[] { Request("""{"a":1}"""), Request("""{"b":"ä"}""") };
        var body = BatchBody.Write(
            requests, _ => new Uri("https://outlook.example/adminapi/beta/t/InvokeCommand"), _ => [new("X-CmdletName", "Get-Thing")]);
        using var json = JsonDocument.Parse(body);
        var items = json.RootElement.GetProperty("requests").EnumerateArray().ToList();

        Assert.Equal(["0", "1"], items.Select(i => i.GetProperty("id").GetString()));
        Assert.All(items, i => Assert.Equal("https://outlook.example/adminapi/beta/t/InvokeCommand", i.GetProperty("url").GetString()));
        Assert.All(items, i => Assert.Equal("Get-Thing", i.GetProperty("headers").GetProperty("X-CmdletName").GetString()));
        Assert.Equal("ä", items[1].GetProperty("body").GetProperty("b").GetString());
    }

    [Fact]
    public void Responses_are_read_in_any_order_and_a_missing_one_is_missed()
    {
        var responses = BatchBody.Read(
            """
            {"x":[1],"responses":[
              {"id":"2","status":429,"headers":{"Retry-After":"7","request-id":"r"},"body":"Please wait"},
              {"status":200,"id":"0","body":{"value":[{"Name":"a"}]},"other":{"y":1}}]}
            """u8, 3);

        Assert.Equal("""{"value":[{"Name":"a"}]}""", Encoding.UTF8.GetString(responses[0]!.Body));
        Assert.Null(responses[1]);
        Assert.Equal((429, TimeSpan.FromSeconds(7), "r", "Please wait"),
            (responses[2]!.Status, responses[2]!.RetryAfter(default), responses[2]!.RequestId, Encoding.UTF8.GetString(responses[2]!.Body)));
    }

    [Fact]
    public void Any_bytes_give_responses_or_an_error()
    {
        var fragments = new[] { "{", "}", "[", "]", "\"responses\":[", "{\"id\":\"0\"", ",\"status\":", "200", ",\"body\":", "\"headers\":{", "null",
            "\"x\"", ",", ":" };
        var json = Gen.Elements(fragments).ListOf().Select(l => Encoding.UTF8.GetBytes(string.Concat(l)));
        var started = json.Select(b => (byte[])[.. "{\"responses\":[{\"id\":\"0\""u8, .. b]);
        Prop.ForAll(Arb.From(Gen.OneOf(json, started, ArbMap.Default.GeneratorFor<byte[]>())), bytes =>
        {
            try
            {
                return BatchBody.Read(bytes, 10).Length == 10;
            }
            catch (JsonException)
            {
                return true;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    private static AdminRequest Request(string body) =>
        new() { Path = "InvokeCommand", CmdletName = "Get-Thing", IsRead = true, Body = Encoding.UTF8.GetBytes(body) };
}
