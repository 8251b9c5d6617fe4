using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.LocalTenant.Tests;

public sealed class BatchTests : IDisposable
{
    private readonly AdminApiHarness _tenant = new(new TenantOptions { Mailboxes = 1200 });

    public void Dispose() => _tenant.Dispose();

    [Fact]
    public async Task Each_request_has_its_own_response()
    {
        var batch = (await SendAsync(
        [
            Request("1", "Get-Mailbox", new { Identity = "adele.vance" }),
            Request("2", "Get-Mailbox", new { Identity = "nobody" }),
            Request("3", "Get-Mailbox", new { Bogus = 1 }),
            Request("4", "Get-Nothing", new { }),
            Request("5", "Get-MailboxStatistics", new { Identity = "adele.vance" }),
        ])).Ok();

        var responses = Responses(batch);
        Assert.Equal([200, 404, 400, 403, 200], (int[])[.. Enumerable.Range(1, 5).Select(id => (int)responses[$"{id}"]["status"]!)]);
        Assert.Equal("adele.vance", (string)responses["1"]["body"]!["value"]![0]!["Alias"]!);
        Assert.Equal("NotFound", (string)responses["2"]["body"]!["error"]!["code"]!);
        Assert.Null(responses["4"]["body"]);
        Assert.StartsWith("application/json", (string)responses["1"]["headers"]!["Content-Type"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_of_a_request_win_over_those_of_the_batch()
    {
        var headers = new Dictionary<string, string> { ["Prefer"] = "odata.maxpagesize=100;odata.continue-on-error" };
        object parameters = new { ResultSize = "Unlimited" };
        var batch = (await SendAsync(
            [Request("a", "Get-Mailbox", parameters, "?$select=Alias"), Request("b", "Get-Mailbox", parameters, "?$select=Alias", 50)], headers))
                .Ok();

        var responses = Responses(batch);
        Assert.Equal(100, responses["a"]["body"]!["value"]!.AsArray().Count);
        Assert.Equal(50, responses["b"]["body"]!["value"]!.AsArray().Count);
        var next = (string)responses["b"]["body"]!["@odata.nextLink"]!;
        var second =
            (await _tenant.SendAsync("POST", new Uri(next).PathAndQuery, AdminApiHarness.CommandBody("Get-Mailbox", parameters), headers)).Ok();
        Assert.Equal(100, second.Value.Count);
        Assert.DoesNotContain((string)second.Value[0]!["Alias"]!, responses["b"]["body"]!["value"]!.AsArray()
            .Select(item => (string)item!["Alias"]!));
    }

    [Fact]
    public async Task A_rest_request_fits_in_too()
    {
        var batch = (await SendAsync(
            [new { id = "r", method = "GET",
                url = $"https://outlook.exoconnect.localhost:8443/adminapi/beta/{AdminApiHarness.TenantId:D}/CasMailbox?PropertySet=Imap" }])).Ok();

        Assert.Equal(1000, Responses(batch)["r"]["body"]!["value"]!.AsArray().Count);
    }

    [Fact]
    public async Task Ten_go_and_eleven_do_not()
    {
        object[] ten = [.. Enumerable.Range(0, 10).Select(id => Request($"{id}", "Get-Mailbox", new { Identity = "adele.vance" }, "?$select=Alias"))];

        Assert.Equal(10, Responses((await SendAsync(ten)).Ok()).Count);
        var eleven = await SendAsync([.. ten, Request("10", "Get-Mailbox", new { Identity = "adele.vance" })]);
        Assert.Equal(400, eleven.Status);
        Assert.Contains("the most that one may have is 10", (string)eleven.Json["error"]!["message"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("{\"requests\":1}")]
    [InlineData("{\"requests\":[{\"id\":\"1\"}]}")]
    [InlineData("{\"requests\":[{\"id\":\"1\",\"url\":\"/x\"},{\"id\":\"1\",\"url\":\"/x\"}]}")]
    [InlineData("{\"requests\":[{\"id\":\"1\",\"url\":\"$batch\",\"method\":\"POST\"}]}")]
    public async Task A_batch_that_is_none_is_a_bad_request(string body)
    {
        var response = await _tenant.SendAsync("POST", $"/adminapi/beta/{AdminApiHarness.TenantId:D}/$batch", body);

        Assert.Equal(400, response.Status);
    }

    [Fact]
    public async Task A_request_of_a_batch_can_be_throttled_alone()
    {
        var left = 2;
        _tenant.Service.BatchThrottle = _ => Interlocked.Decrement(ref left) < 0 ? TimeSpan.FromSeconds(1.2) : null;
        var batch = (await SendAsync(
            [.. Enumerable.Range(0, 5).Select(id => Request($"{id}", "Get-Mailbox", new { Identity = "adele.vance" }, "?$select=Alias"))])).Ok();

        JsonNode[] throttled = [.. Responses(batch).Values.Where(response => (int)response["status"]! == 429)];
        Assert.Equal(2, throttled.Length);
        Assert.All(throttled, response => Assert.Equal("2", (string)response["headers"]!["Retry-After"]!));
    }

    [Fact]
    public async Task The_tenants_limit_counts_the_requests_of_a_batch()
    {
        var clock = new ManualClock();
        await using var tenant = await Tenant.StartAsync(new TenantOptions { RequestsPerSecond = 4, Clock = clock });
        using var client = new TenantClient(tenant);
        var token = await client.TokenAsync();
        var requests = Enumerable.Range(0, 6).Select(id => new
        {
            id = $"{id}",
            method = "POST",
            url = client.Api("InvokeCommand"),
            body = new { CmdletInput = new { CmdletName = "Get-Mailbox", Parameters = new { Identity = "adele.vance" } } },
        });
        using var content = new StringContent(JsonSerializer.Serialize(new { requests }), Encoding.UTF8, "application/json");
        using var message = new HttpRequestMessage(HttpMethod.Post, client.Url(TenantClient.Exchange, client.Api("$batch"))) { Content = content };
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var batch = await client.Http.SendAsync(message);

        JsonNode[] responses = [.. JsonNode.Parse(await batch.Content.ReadAsStringAsync())!["responses"]!.AsArray().Select(response => response!)];
        Assert.Equal(4, responses.Count(response => (int)response["status"]! == 200));
        Assert.Equal(2, responses.Count(response => (int)response["status"]! == 429));
        Assert.Equal(2, tenant.Requests.Throttled);
    }

    [Fact]
    public async Task Writes_of_a_batch_all_count()
    {
        (await SendAsync(
            [.. Enumerable.Range(1, 10).Select(number => Request(
                $"{number}", "Set-Mailbox", new Dictionary<string,
                object> { ["Identity"] = "adele.vance", [$"CustomAttribute{number}"] = $"value {number}" }))])).Ok();

        var mailbox = (await _tenant.InvokeAsync("Get-Mailbox", new { Identity = "adele.vance" })).Ok().Only;
        Assert.All(Enumerable.Range(1, 10), number => Assert.Equal($"value {number}", (string)mailbox[$"CustomAttribute{number}"]!));
    }

    private static object Request(string id, string cmdlet, object parameters, string query = "", int pageSize = 0)
    {
        return new
        {
            id,
            method = "POST",
            url = $"https://outlook.exoconnect.localhost:8443/adminapi/beta/{AdminApiHarness.TenantId:D}/InvokeCommand{query}",
            headers = pageSize > 0 ? new Dictionary<string, string> { ["Prefer"] = $"odata.maxpagesize={pageSize}" } : [],
            body = new { CmdletInput = new { CmdletName = cmdlet, Parameters = parameters } },
        };
    }

    private static Dictionary<string, JsonNode> Responses(HarnessResponse batch)
    {
        return batch.Json["responses"]!.AsArray().ToDictionary(response => (string)response!["id"]!, response => response!);
    }

    private Task<HarnessResponse> SendAsync(object[] requests, IReadOnlyDictionary<string, string>? headers = null)
    {
        return _tenant.SendAsync("POST", $"/adminapi/beta/{AdminApiHarness.TenantId:D}/$batch", JsonSerializer.Serialize(new { requests }), headers);
    }
}
