using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using ExoConnect.LocalTenant.Faults;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.LocalTenant.Tests;

public sealed class FaultTests(TenantFixture fixture) : IClassFixture<TenantFixture>, IDisposable
{
    private const string Configuration = "/common/v2.0/.well-known/openid-configuration";

    private readonly TenantClient _client = new(fixture.Tenant);

    private FaultSet Faults => fixture.Tenant.Faults;

    public void Dispose()
    {
        Faults.Clear();
        _client.Dispose();
    }

    [Theory]
    [InlineData(503, FaultBody.Json, "application/json", "{\"error\":{\"code\":\"ServiceUnavailable\"")]
    [InlineData(429, FaultBody.Text, "text/plain", "You have reached the maximum number of concurrent requests per tenant.")]
    [InlineData(502, FaultBody.Html, "text/html", "<html>")]
    [InlineData(200, FaultBody.Html, "text/html", "<html>")]
    public async Task Responds_in_place_of_the_service(int status, FaultBody body, string type, string text)
    {
        Faults.Add(new FaultRule { Status = status, Body = body, RetryAfter = TimeSpan.FromSeconds(7) });

        using var response = await _client.SendAsync(TenantClient.Exchange, _client.Api("InvokeCommand"), token: null);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter!.Delta);
        Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith(text, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Responds_with_nothing()
    {
        Faults.Add(new FaultRule { Status = 500, Body = FaultBody.Empty });

        using var response = await _client.SendAsync(TenantClient.Exchange, "/", token: null);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Null(response.Headers.RetryAfter);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Responds_with_NUL_bytes_that_are_no_gzip()
    {
        Faults.Add(new FaultRule { Status = 403, Body = FaultBody.NulGzip });

        using var response = await _client.SendAsync(TenantClient.Exchange, "/", token: null);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.NotEmpty(body);
        Assert.All(body, b => Assert.Equal(0, b));
    }

    [Fact]
    public async Task Responds_with_a_text_of_ones_own()
    {
        const string Blocked = """{"error":"invalid_grant","error_description":"AADSTS53003: Blocked."}""";
        Faults.Add(new FaultRule { Service = TenantService.Entra, Status = 400, Content = Blocked });

        var (status, json) = await _client.PostTokenAsync([]);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("invalid_grant", (string?)json["error"]);
    }

    [Theory]
    [InlineData(503, 90033)]
    [InlineData(429, 90055)]
    public async Task Entra_ID_fails_in_its_own_words(int status, int code)
    {
        Faults.Add(new FaultRule { Path = "/token", Status = status });

        var (actual, json) = await _client.PostTokenAsync([]);

        Assert.Equal(status, (int)actual);
        Assert.Equal("temporarily_unavailable", (string?)json["error"]);
        Assert.Equal(code, (int)json["error_codes"]![0]!);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Drops_the_connection_before_the_response(string version)
    {
        using var client = new TenantClient(fixture.Tenant, Version.Parse(version));
        Faults.Add(new FaultRule { Drop = FaultDrop.Before, Times = 1 });

        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(TenantClient.SignIn, Configuration, token: null));
        using var response = await client.SendAsync(TenantClient.SignIn, Configuration, token: null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Drops_the_connection_in_the_middle(string version)
    {
        using var client = new TenantClient(fixture.Tenant, Version.Parse(version));
        Faults.Add(new FaultRule { Drop = FaultDrop.Middle });

        using var request = new HttpRequestMessage(HttpMethod.Get, client.Url(TenantClient.SignIn, Configuration))
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var promised = response.Content.Headers.ContentLength!.Value;
        var stream = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[promised];
        var read = 0;
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (await stream.ReadAsync(buffer.AsMemory(read)) is > 0 and var count)
            {
                read += count;
            }
        });

        // A stream's reset may overtake, in the client, what came before it.
        Assert.InRange(read, version == "1.1" ? promised / 2 : 0, promised / 2);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Truncates_the_body(string version)
    {
        using var client = new TenantClient(fixture.Tenant, Version.Parse(version));
        Faults.Add(new FaultRule { TruncateAt = 100 });

        using var response = await client.SendAsync(TenantClient.SignIn, Configuration, token: null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(100, (await response.Content.ReadAsByteArrayAsync()).Length);
    }

    [Fact]
    public async Task Leaves_a_short_body_whole()
    {
        Faults.Add(new FaultRule { TruncateAt = 100_000 });

        using var response = await _client.SendAsync(TenantClient.SignIn, Configuration, token: null);

        Assert.NotNull(JsonNode.Parse(await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Sends_slowly_and_whole()
    {
        Faults.Add(new FaultRule { SlowPerKilobyte = TimeSpan.FromMilliseconds(20) });
        var watch = Stopwatch.StartNew();

        using var response = await _client.SendAsync(TenantClient.SignIn, Configuration, token: null);

        var body = await response.Content.ReadAsStringAsync();
        Assert.True(watch.ElapsedMilliseconds >= 10, "A kilobyte takes 20 ms, by a timer that may be some early.");
        Assert.NotNull(JsonNode.Parse(body));
    }

    [Fact]
    public async Task Waits_before_the_response()
    {
        Faults.Add(new FaultRule { Delay = TimeSpan.FromMilliseconds(50) });
        var watch = Stopwatch.StartNew();

        using var response = await _client.SendAsync(TenantClient.SignIn, Configuration, token: null);

        Assert.True(watch.ElapsedMilliseconds >= 40, "The fault waits 50 ms, by a timer that may be some early.");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Skips_and_counts()
    {
        var fault = Faults.Add(new FaultRule { Path = "OPENID-configuration", Skip = 1, Times = 2, Status = 503 });

        var statuses = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            statuses.Add(await StatusAsync(TenantClient.SignIn, Configuration));
        }

        Assert.Equal([200, 503, 503, 200, 200], statuses);
        Assert.Equal((5, 2), (fault.Matched, fault.Happened));
    }

    [Fact]
    public async Task Picks_requests_by_service_method_cmdlet_and_path()
    {
        Faults.Add(new FaultRule { Service = TenantService.SecurityCompliance, Status = 501 });
        Faults.Add(new FaultRule { Method = "delete", Status = 502 });
        Faults.Add(new FaultRule { Cmdlet = "get-mailbox", Status = 503 });
        Faults.Add(new FaultRule { Path = "?x=1", Status = 504 });

        Assert.Equal(501, await StatusAsync(TenantClient.Compliance, "/"));
        Assert.Equal(502, await StatusAsync(TenantClient.Exchange, "/", HttpMethod.Delete));
        Assert.Equal(503, await StatusAsync(TenantClient.Exchange, "/", headers: ("X-CmdletName", "Get-Mailbox")));
        Assert.Equal(404, await StatusAsync(TenantClient.Exchange, "/", headers: ("X-CmdletName", "Get-MailboxPermission")));
        Assert.Equal(504, await StatusAsync(TenantClient.Exchange, "/?x=1"));
        Assert.Equal(404, await StatusAsync(TenantClient.Exchange, "/?x=2"));
    }

    [Fact]
    public async Task Repeats_its_chances_for_a_seed()
    {
        Faults.Add(new FaultRule { Probability = 0.5, Status = 503 });

        var runs = new List<string>();
        foreach (var seed in new[] { 7, 7, 8 })
        {
            Faults.Seed(seed);
            var statuses = new List<int>();
            for (var i = 0; i < 40; i++)
            {
                statuses.Add(await StatusAsync(TenantClient.SignIn, Configuration));
            }

            runs.Add(string.Join(' ', statuses));
        }

        Assert.Equal(runs[0], runs[1]);
        Assert.NotEqual(runs[0], runs[2]);
        Assert.Contains("503", runs[0], StringComparison.Ordinal);
        Assert.Contains("200", runs[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Can_be_removed_one_by_one_and_all_at_once()
    {
        var first = Faults.Add(new FaultRule { Status = 501 });
        Faults.Add(new FaultRule { Status = 502 });
        Assert.Equal(501, await StatusAsync(TenantClient.SignIn, "/"));

        first.Remove();
        Assert.Equal(502, await StatusAsync(TenantClient.SignIn, "/"));

        Faults.Clear();
        Assert.Empty(Faults.Active);
        Assert.Equal(404, await StatusAsync(TenantClient.SignIn, "/"));
    }

    [Fact]
    public void Reads_every_member_of_a_file()
    {
        const string Json = """
            {
              // All there is.
              "seed": 3,
              "faults": [
                { "path": "InvokeCommand", "cmdlet": "Get-Mailbox", "service": "exchange", "method": "POST",
                  "skip": 1, "times": 2, "probability": 0.5, "status": 503, "retryAfter": 5, "body": "html", "content": "<p>",
                  "drop": "middle", "slow": 20, "delay": 500 },
                { "service": "compliance", "truncate": 100, },
              ]
            }
            """;

        FaultFile.Parse(Json, "The text", Faults);

        Assert.Equal(
            [
                new FaultRule
                {
                    Path = "InvokeCommand",
                    Cmdlet = "Get-Mailbox",
                    Service = TenantService.ExchangeOnline,
                    Method = "POST",
                    Skip = 1,
                    Times = 2,
                    Probability = 0.5,
                    Status = 503,
                    RetryAfter = TimeSpan.FromSeconds(5),
                    Body = FaultBody.Html,
                    Content = "<p>",
                    Drop = FaultDrop.Middle,
                    SlowPerKilobyte = TimeSpan.FromMilliseconds(20),
                    Delay = TimeSpan.FromMilliseconds(500),
                },
                new FaultRule { Service = TenantService.SecurityCompliance, TruncateAt = 100 },
            ],
            Faults.Active.Select(fault => fault.Rule));
    }

    [Theory]
    [InlineData("", "is not JSON: line 1, column 1: ")]
    [InlineData("{\n  \"faults\": [,]\n}", "is not JSON: line 2, column 14: ")]
    [InlineData("[]", "it is not an object with a member 'faults'")]
    [InlineData("{}", "it has no member 'faults'")]
    [InlineData("{\"faults\":{}}", "faults is not an array")]
    [InlineData("{\"faults\":[],\"speed\":1}", "there is no member 'speed'; known are seed and faults")]
    [InlineData("{\"faults\":[],\"seed\":\"x\"}", "seed is not a whole number")]
    [InlineData("{\"faults\":[1]}", "faults[0] is not an object")]
    [InlineData("{\"faults\":[{\"delay\":1},{\"statuz\":1}]}", "faults[1] has an unknown member 'statuz'; known are path, cmdlet, ")]
    [InlineData("{\"faults\":[{\"status\":\"503\"}]}", "faults[0].status is not a whole number")]
    [InlineData("{\"faults\":[{\"status\":99}]}", "faults[0].status: it is not an HTTP status from 200 to 599")]
    [InlineData("{\"faults\":[{\"status\":500,\"body\":\"xml\"}]}", "faults[0].body is not one of json, html, empty, text, nulgzip")]
    [InlineData("{\"faults\":[{\"status\":500,\"service\":\"dns\"}]}", "faults[0].service is not one of entra, graph, exchange, compliance")]
    [InlineData("{\"faults\":[{\"path\":\"x\"}]}", "faults[0].status: the rule does nothing")]
    [InlineData("{\"faults\":[{\"delay\":1,\"probability\":1.5}]}", "faults[0].probability: it is not between 0 and 1")]
    [InlineData("{\"faults\":[{\"delay\":1,\"retryAfter\":3}]}", "faults[0].retryAfter: it needs a status")]
    [InlineData("{\"faults\":[{\"status\":500,\"drop\":\"before\"}]}", "faults[0].drop: a connection dropped before the response has no status")]
    public void Says_where_a_file_has_a_mistake(string json, string text)
    {
        var error = Assert.Throws<TenantException>(() => FaultFile.Parse(json, "The faults file 'x.json'", Faults));

        Assert.StartsWith("The faults file 'x.json' ", error.Message, StringComparison.Ordinal);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.Empty(Faults.Active);
    }

    [Fact]
    public async Task A_missing_file_stops_the_start()
    {
        var error = await Assert.ThrowsAsync<TenantException>(() => Tenant.StartAsync(new TenantOptions { FaultsFile = "/nowhere/faults.json" }));

        Assert.StartsWith("The faults file '/nowhere/faults.json' cannot be read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_senseless_rule_is_refused()
    {
        var error = Assert.Throws<TenantException>(() => Faults.Add(new FaultRule { Times = 0, Status = 500 }));

        Assert.Equal("The fault rule's times makes no sense: it is less than 1.", error.Message);
    }

    private async Task<int> StatusAsync(string host, string path, HttpMethod? method = null, params (string Name, string Value)[] headers)
    {
        using var response = await _client.SendAsync(host, path, token: null, method, headers);
        return (int)response.StatusCode;
    }
}
