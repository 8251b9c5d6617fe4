using System.Globalization;
using System.Text;
using System.Text.Json;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Http.Paging;
using ExoConnect.Core.Http.Transport;
using ExoConnect.Core.Sessions;
using ExoConnect.Core.Tests.ServiceRequests;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.Core.Tests.AdminApi;

/// <summary>What comes of responses that a service should not give.</summary>
public class ExchangeTests
{
    private const string Done = """{"@odata.context":"c","value":[]}""";
    private const string Self = FakeExchange.Host + "/adminapi/beta/t/InvokeCommand";

    [Theory]
    [InlineData(Self)]
    [InlineData(Self + "?$skiptoken=1")]
    public async Task A_change_is_sent_once_whatever_its_response_says(string link)
    {
        await using var exchange = (await FakeExchange.StartAsync()).Responds(Page(1, link));
        var response = await exchange.RunAsync(FakeExchange.Change("a"));

        Assert.Null(response.Error);
        Assert.Single(exchange.Requests);
        Assert.Contains("more results", Assert.Single(response.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_in_a_batch_is_sent_once_whatever_its_response_says()
    {
        await using var exchange = (await FakeExchange.StartAsync()).RespondsToBatches((_, _) => $"\"status\":200,\"body\":{Page(1, Self + "?p=2")}");
        var responses = await exchange.RunBatchAsync(FakeExchange.Change("a"), FakeExchange.Change("b"));

        Assert.All(responses, a => Assert.Null(a.Error));
        Assert.All(responses, a => Assert.Single(a.Warnings));
        Assert.Equal(2, exchange.Requests.Count);
    }

    [Fact]
    public async Task A_search_has_pages()
    {
        await using var exchange = (await FakeExchange.StartAsync()).Responds(Page(2, Self + "?p=2"), Page(1));
        var response = await exchange.RunAsync(FakeExchange.Change() with { CmdletName = "Search-UnifiedAuditLog" });

        Assert.Equal((3, 2), (response.Objects.Count, exchange.Requests.Count));
        exchange.Responds(Page(2, Self + "?p=2"));
        Assert.Equal(2, (await exchange.RunAsync(FakeExchange.Change() with { CmdletName = "Search-Mailbox" })).Objects.Count);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("?p=A", "?p=A")]
    [InlineData("?p=A", "?p=B")]
    public async Task A_listing_that_goes_round_ends_with_an_error(string a, string b)
    {
        await using var exchange = (await FakeExchange.StartAsync()).Responds(
            (c, n) => FakeServices.JsonAsync(c, Page(1, Self + (n % 2 == 0 ? a : b))));
        var error = Assert.IsType<ServiceException>((await exchange.RunAsync(FakeExchange.Read())).Error);

        Assert.Equal("UnreadableResponse", error.ErrorId);
        Assert.Contains("has no end", error.Message, StringComparison.Ordinal);
        Assert.InRange(exchange.Requests.Count, 1, 3);
    }

    [Fact]
    public async Task Empty_pages_without_end_are_an_error_and_some_are_not()
    {
        await using var exchange = await FakeExchange.StartAsync();
        exchange.Responds((c, n) => FakeServices.JsonAsync(c, Page(n == 50 ? 1 : 0, n == 100 ? null : $"{Self}?p={n}")));
        Assert.Single((await exchange.RunAsync(FakeExchange.Read())).Objects);

        exchange.Responds((c, n) => FakeServices.JsonAsync(c, Page(0, $"{Self}?p={n}")));
        var error = Assert.IsType<ServiceException>((await exchange.RunAsync(FakeExchange.Read())).Error);
        Assert.Equal("UnreadableResponse", error.ErrorId);
        Assert.InRange(exchange.Requests.Count, 101, 102 + PageTrail.MostEmptyPages);
    }

    [Theory]
    [InlineData("?p={0}", 1)]
    [InlineData("?p={0}", 7)]
    [InlineData("?p=1#{0}", 1)]
    public async Task Pages_that_come_again_under_ever_new_links_are_an_error(string link, int pages)
    {
        await using var exchange = await FakeExchange.StartAsync();
        exchange.Responds((c, n) => FakeServices.JsonAsync(c, Page(2 + (n % pages), Self + string.Format(CultureInfo.InvariantCulture, link, n))));
        var response = await exchange.RunAsync(FakeExchange.Read());

        Assert.Equal("UnreadableResponse", Assert.IsType<ServiceException>(response.Error).ErrorId);
        Assert.InRange(exchange.Requests.Count, 2, 102 + pages + PageTrail.MostEmptyPages);
    }

    [Theory]
    [InlineData("@odata.nextLink")]
    [InlineData("@odata.NextLink")]
    [InlineData("odata.nextlink")]
    [InlineData("@nextLink")]
    public async Task A_link_is_followed_however_it_is_written(string name)
    {
        await using var exchange = (await FakeExchange.StartAsync()).Responds(
            Page(2, Self + "?p=2").Replace("@odata.nextLink", name, StringComparison.Ordinal), Page(1));

        Assert.Equal(3, (await exchange.RunAsync(FakeExchange.Read())).Objects.Count);
    }

    [Theory]
    [InlineData("\"refused\"")]
    [InlineData("{\"message\":\"refused\"}")]
    [InlineData("5")]
    public async Task Errors_beside_the_objects_that_are_no_list_are_told_too(string errors)
    {
        await using var exchange = (await FakeExchange.StartAsync()).Responds($"{{\"@adminapi.errors\":{errors},\"value\":[]}}");
        var told = new List<ServiceException>();
        await foreach (var chunk in exchange.Client.StreamAsync(FakeExchange.Change(), exchange.Messages))
        {
            told.AddRange(chunk.Errors);
        }

        Assert.NotEmpty(Assert.Single(told).Message);
    }

    [Theory]
    [InlineData("200.5")]
    [InlineData("2e2")]
    [InlineData("-200")]
    public async Task A_status_in_a_batch_that_is_no_whole_number_is_no_success(string status)
    {
        await using var exchange = (await FakeExchange.StartAsync()).RespondsToBatches((_, _) => $"\"status\":{status},\"body\":{Done}");
        var responses = await exchange.RunBatchAsync(FakeExchange.Change("a"), FakeExchange.Change("b"));

        Assert.All(responses, a => Assert.True(Assert.IsType<ServiceException>(a.Error).IsOutcomeUnknown));
    }

    [Theory]
    [InlineData("\"invalid_request\"")]
    [InlineData("[1]")]
    [InlineData("true")]
    public async Task An_error_that_is_no_object_is_an_error_too(string error)
    {
        await using var exchange = (await FakeExchange.StartAsync()).Responds($"{{\"@odata.context\":\"c\",\"error\":{error},\"value\":[]}}");
        Assert.IsType<ServiceException>((await exchange.RunAsync(FakeExchange.Read())).Error);
        Assert.True(Assert.IsType<ServiceException>((await exchange.RunAsync(FakeExchange.Change())).Error).IsOutcomeUnknown);
    }

    [Fact]
    public async Task Objects_without_an_identity_may_repeat()
    {
        await using var exchange = await FakeExchange.StartAsync();
        exchange.Responds((c, n) => FakeServices.JsonAsync(
            c, Page(2, n == 150 ? null : $"{Self}?p={n}").Replace("\"Name\":\"0\"", "\"City\":\"0\"", StringComparison.Ordinal)));
        var response = await exchange.RunAsync(FakeExchange.Read());

        Assert.Null(response.Error);
        Assert.Equal(302, response.Objects.Count);
    }

    [Theory]
    [InlineData("https://login.microsoftonline.com/x")]
    [InlineData("https://graph.microsoft.com/v1.0/x")]
    public async Task No_token_goes_to_a_host_that_runs_no_cmdlets(string elsewhere)
    {
        await using var exchange = await FakeExchange.StartAsync();
        exchange.Responds((c, n) => FakeServices.JsonAsync(c, Page(1, elsewhere)));
        var error = Assert.IsType<ServiceException>((await exchange.RunAsync(FakeExchange.Read())).Error);
        Assert.Equal("UntrustedRedirect", error.ErrorId);
        Assert.Contains("runs no cmdlets", error.Message, StringComparison.Ordinal);

        exchange.Responds((c, _) => RedirectAsync(c, 302, elsewhere));
        error = Assert.IsType<ServiceException>((await exchange.RunAsync(FakeExchange.Read())).Error);
        Assert.Equal("UntrustedRedirect", error.ErrorId);
        Assert.All(exchange.Requests, r => Assert.Equal("outlook.office365.com", r.Host));
    }

    [Fact]
    public async Task A_session_moves_only_to_a_region_that_responds()
    {
        await using var exchange = await FakeExchange.StartAsync();
        exchange.With(o => o with { Environment = o.Environment with { TrustedSuffixes = ["manage.office.com"] } });
        var regionWorks = false;
        exchange.Responds((c, _) => c.Request.Host.Host == "outlook.office365.com" ? RedirectAsync(c, 302, "https://manage.office.com/x")
            : FakeServices.JsonAsync(c, regionWorks ? Done : "{}", regionWorks ? 200 : 404));
        Assert.NotNull((await exchange.RunAsync(FakeExchange.Read())).Error);
        Assert.Equal("outlook.office365.com", exchange.Client.BaseAddress.Host);

        regionWorks = true;
        Assert.Null((await exchange.RunAsync(FakeExchange.Read())).Error);
        Assert.Equal("manage.office.com", exchange.Client.BaseAddress.Host);
    }

    [Fact]
    public async Task A_change_does_not_follow_a_303_which_says_that_it_was_carried_out()
    {
        await using var exchange = (await FakeExchange.StartAsync()).Responds((c, _) => RedirectAsync(c, 303, FakeExchange.Host + "/x"));
        var error = Assert.IsType<ServiceException>((await exchange.RunAsync(FakeExchange.Change("a"))).Error);

        Assert.Single(exchange.Requests);
        Assert.True(error.IsOutcomeUnknown);
    }

    [Theory]
    [InlineData(429, false)]
    [InlineData(503, false)]
    [InlineData(429, true)]
    public async Task A_pause_of_a_day_is_told_and_kept(int status, bool inBatch)
    {
        await using var exchange = await FakeExchange.StartAsync();
        exchange.Responds((c, _) =>
        {
            if (Seen.Of(c).Body.Contains("\"requests\"", StringComparison.Ordinal))
            {
                var part = $"\"status\":{status},\"headers\":{{\"Retry-After\":\"86400\"}}";
                return FakeServices.JsonAsync(c, $"{{\"responses\":[{{\"id\":\"0\",{part}}},{{\"id\":\"1\",{part}}}]}}");
            }

            c.Response.Headers.RetryAfter = inBatch ? default : "86400";
            return FakeServices.JsonAsync(c, inBatch ? Done : "{}", inBatch ? 200 : status);
        });
        var response = inBatch ? (await exchange.RunBatchAsync(FakeExchange.Change("a"), FakeExchange.Change("b")))[1]
            : await exchange.RunAsync(FakeExchange.Change("a"));
        var error = Assert.IsType<ServiceException>(response.Error);
        var sent = exchange.Requests.Count;
        Assert.Equal(inBatch ? 2 : 1, sent);
        Assert.False(error.IsOutcomeUnknown);
        Assert.Matches(@"send nothing before \d{4}-\d\d-\d\d \d\d:\d\d UTC", error.Message);
        Assert.StartsWith("Run it again after", error.Remedy, StringComparison.Ordinal);

        // The next ones aren't sent, nor do they wait.
        foreach (var next in (await exchange.RunBatchAsync(FakeExchange.Change("c"), FakeExchange.Read())).Append(
            await exchange.RunAsync(FakeExchange.Read())))
        {
            var paused = Assert.IsType<ServiceException>(next.Error);
            Assert.Equal(("ServicePaused", ExoErrorCategory.ResourceUnavailable), (paused.ErrorId, paused.Category));
            Assert.Contains("send nothing before", paused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(sent, exchange.Requests.Count);
    }

    [Fact]
    public async Task Pages_of_a_batched_read_that_go_round_are_an_error_too()
    {
        await using var exchange = await FakeExchange.StartAsync();
        exchange.Responds((c, n) => FakeServices.JsonAsync(c, exchange.Requests[^1].Body.Contains("requests", StringComparison.Ordinal)
            ? Both(Page(1, Self + "?p=A"))
            : Page(1, n == 0 ? null : Self + "?p=A")));
        var responses = await exchange.RunBatchAsync(FakeExchange.Read("a"), FakeExchange.Read("b"));

        Assert.All(responses, a => Assert.Equal("UnreadableResponse", Assert.IsType<ServiceException>(a.Error).ErrorId));
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"body\":null")]
    [InlineData(",\"body\":\"\"")]
    [InlineData(",\"body\":{}")]
    [InlineData(",\"body\":{\"message\":\"maintenance\"}")]
    [InlineData(",\"body\":\"maintenance\"")]
    [InlineData(",\"body\":{\"@odata.context\":\"c\",\"value\":[],\"@odata.nextLink\":7}")]
    public async Task In_a_batch_a_success_that_is_no_response_is_an_error_as_alone(string body)
    {
        await using var exchange = (await FakeExchange.StartAsync()).RespondsToBatches((_, _) => "\"status\":200" + body);
        var responses = await exchange.RunBatchAsync(
            FakeExchange.Read("a"), FakeExchange.Read("d"), FakeExchange.Change("b"), FakeExchange.Change("c"));

        Assert.All(responses, a => Assert.Equal("UnreadableResponse", Assert.IsType<ServiceException>(a.Error).ErrorId));
        Assert.All(responses, a => Assert.True(((ServiceException)a.Error!).IsOutcomeUnknown));
        Assert.Equal(2, Parts(exchange).Count(p => p.StartsWith("\"Set-Thing", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_204_is_a_success_of_a_change_and_no_response_to_a_read()
    {
        await using var exchange = (await FakeExchange.StartAsync()).RespondsToBatches((_, _) => "\"status\":204");
        Assert.All(await exchange.RunBatchAsync(FakeExchange.Change("b"), FakeExchange.Change("c")), a => Assert.Null(a.Error));
        Assert.All(await exchange.RunBatchAsync(FakeExchange.Read("b"), FakeExchange.Read("c")), IsUnreadable);

        exchange.Responds((c, _) =>
        {
            c.Response.StatusCode = 204;
            return Task.CompletedTask;
        });
        Assert.Null((await exchange.RunAsync(FakeExchange.Change("b"))).Error);
        IsUnreadable(await exchange.RunAsync(FakeExchange.Read("b")));

        static void IsUnreadable(FakeExchange.Response response) =>
            Assert.Equal("UnreadableResponse", Assert.IsType<ServiceException>(response.Error).ErrorId);
    }

    /// <summary>202 says that it may be done later, 206 that this is a part, and the others nothing.</summary>
    [Theory]
    [InlineData(202)]
    [InlineData(203)]
    [InlineData(206)]
    [InlineData(299)]
    public async Task A_success_that_promises_less_is_none(int status)
    {
        await using var exchange = (await FakeExchange.StartAsync()).Responds((c, _) => FakeServices.JsonAsync(c, Page(1), status));
        var alone = new[] { await exchange.RunAsync(FakeExchange.Read("a")), await exchange.RunAsync(FakeExchange.Change("a")) };
        exchange.RespondsToBatches((_, _) => $"\"status\":{status},\"body\":{Page(1)}");
        var batched = await exchange.RunBatchAsync(FakeExchange.Read("a"), FakeExchange.Change("a"));

        Assert.All(alone.Concat(batched), a => Assert.Equal(status, Assert.IsType<ServiceException>(a.Error).StatusCode));
        Assert.All([alone[1], batched[1]], a => Assert.True(((ServiceException)a.Error!).IsOutcomeUnknown));
        Assert.Equal(2, Parts(exchange).Count(p => p.StartsWith("\"Set-Thing", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Of_two_responses_to_one_request_of_a_batch_neither_is_believed()
    {
        await using var exchange = (await FakeExchange.StartAsync()).RespondsToBatches(
            (_, i) => i == 0 ? $"\"status\":200,\"body\":{Done}}},{{\"id\":\"0\",\"status\":400,\"body\":{{}}" : $"\"status\":200,\"body\":{Done}");
        var responses = await exchange.RunBatchAsync(FakeExchange.Change("a"), FakeExchange.Change("b"));

        var error = Assert.IsType<ServiceException>(responses[0].Error);
        Assert.Equal(("UnansweredRequest", true), (error.ErrorId, error.IsOutcomeUnknown));
        Assert.Null(responses[1].Error);
    }

    [Fact]
    public async Task An_id_that_is_a_token_is_shown_nowhere()
    {
        var token = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJhIn0.c2lnbmF0dXJl";
        await using var exchange = (await FakeExchange.StartAsync()).Responds((c, n) =>
        {
            c.Response.Headers["request-id"] = n == 0 ? $"Bearer {token}" : token;
            return FakeServices.JsonAsync(c, "{}", 400);
        });
        for (var i = 0; i < 2; i++)
        {
            Assert.Null(Assert.IsType<ServiceException>((await exchange.RunAsync(FakeExchange.Read())).Error).ServerRequestId);
        }

        exchange.RespondsToBatches((_, _) => $"\"status\":400,\"headers\":{{\"request-id\":\"{token}\"}},\"body\":{{}}");
        Assert.All(
            await exchange.RunBatchAsync(FakeExchange.Read("a"), FakeExchange.Read("b")),
            a => Assert.Null(Assert.IsType<ServiceException>(a.Error).ServerRequestId));
    }

    [Fact]
    public async Task A_link_longer_than_any_address_is_none()
    {
        await using var exchange = (await FakeExchange.StartAsync()).Responds(Page(1, Self + "?p=" + new string('a', 40_000)));
        var response = await exchange.RunAsync(FakeExchange.Read());

        Assert.Equal("UnreadableResponse", Assert.IsType<ServiceException>(response.Error).ErrorId);
        Assert.All(exchange.Requests, r => Assert.DoesNotContain("aaa", r.Target, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_warnings_without_end_some_are_told_and_the_others_counted()
    {
        var warnings = string.Join(',', Enumerable.Repeat("\"w\"", 5000));
        await using var exchange = (await FakeExchange.StartAsync()).Responds($"{{\"value\":[],\"@adminapi.warnings\":[{warnings}]}}");
        var response = await exchange.RunAsync(FakeExchange.Read());

        Assert.Equal(1001, response.Warnings.Count);
        Assert.StartsWith("4,000 more", response.Warnings[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?p=2")]
    [InlineData("InvokeCommand?p=2")]
    [InlineData("/adminapi/beta/t/InvokeCommand?p=2")]
    public async Task A_relative_link_is_followed_alone_and_in_a_batch(string link)
    {
        await using var exchange = (await FakeExchange.StartAsync()).Responds(Page(2, link), Page(1));
        Assert.Equal(3, (await exchange.RunAsync(FakeExchange.Read())).Objects.Count);
        Assert.EndsWith("/adminapi/beta/t/InvokeCommand?p=2", exchange.Requests[^1].Target, StringComparison.Ordinal);

        exchange.Responds((c, n) => FakeServices.JsonAsync(c, exchange.Requests[^1].Body.Contains("requests", StringComparison.Ordinal)
            ? Both(Page(2, link))
            : Page(1)));
        Assert.All(await exchange.RunBatchAsync(FakeExchange.Read("a"), FakeExchange.Read("b")), a => Assert.Equal(3, a.Objects.Count));
    }

    [Theory]
    [InlineData("""{"message":"The service is in maintenance."}""", "maintenance")]
    [InlineData("""{"Message":"An error has occurred."}""", "error has occurred")]
    [InlineData("{}", "not a response")]
    [InlineData("""{"@odata.context":"c","value":[]} and more""", "Bytes follow")]
    [InlineData("""{"@odata.context":"c","value":[]}{"value":[]}""", "Bytes follow")]
    [InlineData("""{"@odata.context":"c","value":[{"Name":"a"}],"@odata.nextLink":7}""", "not a text")]
    [InlineData("""{"@odata.context":"c","value":[{"Name":"a"}],"@odata.nextLink":{}}""", "not a text")]
    [InlineData("""{"@odata.context":"c","value":[{"Name":"a"}],"@odata.nextLink":""}""", "isn't an https address")]
    [InlineData("""{"@odata.context":"c","value":[{"Name":"a"}],"@odata.nextLink":"http://outlook.office365.com/x"}""", "isn't an https address")]
    [InlineData("""{"@odata.context":"c"}""", "neither a list nor an object")]
    [InlineData("""{"@odata.context":"c","value":null}""", "null")]
    [InlineData("""{"value":[],"@odata.nextLink":"https://outlook.office365.com/x","@odata.nextLink":null}""", "two next pages")]
    [InlineData("""{"value":[{"_cliXml":null}]}""", "not a text")]
    [InlineData("""{"value":[{"_cliXml":7}]}""", "not a text")]
    [InlineData("""{"value":[{"_cliXml":"<Objs><S>a</S></Objs><Objs/>"}]}""", "bytes follow its root")]
    public async Task What_is_no_response_is_an_error_and_no_row(string body, string text)
    {
        await using var exchange = (await FakeExchange.StartAsync()).Responds(body);
        var error = Assert.IsType<ServiceException>((await exchange.RunAsync(FakeExchange.Read())).Error);

        Assert.Equal("UnreadableResponse", error.ErrorId);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.Equal(LostResponse.MostAttempts, exchange.Requests.Count);
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(395, true)]
    [InlineData(400, false)]
    public async Task A_page_that_breaks_off_must_not_come_back_shorter(int rows, bool isError)
    {
        await using var exchange = await FakeExchange.StartAsync();
        exchange.Responds(async (context, n) =>
        {
            var page = Encoding.UTF8.GetBytes(Page(n == 0 ? 400 : rows));
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = page.Length;
            if (n > 0)
            {
                await context.Response.Body.WriteAsync(page);
                return;
            }

            // All rows but the last two bytes.
            await context.Response.Body.WriteAsync(page.AsMemory(0, page.Length - 2));
            await context.Response.Body.FlushAsync();
            await Task.Delay(50);
            context.Abort();
        });
        var response = await exchange.RunAsync(FakeExchange.Read());

        Assert.Equal(400, response.Objects.Count);
        Assert.Equal(isError, response.Error is ServiceException { ErrorId: "UnreadableResponse" });
    }

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(500)]
    public async Task Only_the_layer_of_cmdlets_refuses(int status)
    {
        await using var exchange = await FakeExchange.StartAsync();
        exchange.Responds((c, _) => FakeServices.JsonAsync(c, """{"error":{"code":"ServiceUnavailable","message":"Busy."}}""", status));
        var error = Assert.IsType<ServiceException>((await exchange.RunAsync(FakeExchange.Change("a"))).Error);
        Assert.True(error.IsOutcomeUnknown);
        Assert.Contains("isn't known", error.Remedy, StringComparison.Ordinal);

        exchange.Responds((c, _) => FakeServices.JsonAsync(
            c, """{"error":{"code":"x","message":"y","details":[{"message":"Ex1|Microsoft.Exchange.Some.RefusedException|No."}]}}""", status));
        Assert.False(Assert.IsType<ServiceException>((await exchange.RunAsync(FakeExchange.Change("a"))).Error).IsOutcomeUnknown);

        exchange.Responds((c, _) =>
        {
            c.Response.Headers["x-ExceptionType"] = "RefusedException";
            return FakeServices.JsonAsync(c, """{"error":{"code":"x","message":"No."}}""", status);
        });
        Assert.False(Assert.IsType<ServiceException>((await exchange.RunAsync(FakeExchange.Change("a"))).Error).IsOutcomeUnknown);
        Assert.Equal(3, exchange.Requests.Count);
    }

    [Theory]
    [InlineData("\"status\":\"soon\"")]
    [InlineData("\"status\":99999999999")]
    [InlineData("\"body\":{}")]
    [InlineData("\"status\":302,\"body\":null")]
    public async Task A_status_that_cannot_be_read_leaves_the_outcome_open(string part)
    {
        await using var exchange = (await FakeExchange.StartAsync()).RespondsToBatches((_, _) => part);
        var responses = await exchange.RunBatchAsync(FakeExchange.Change("a"), FakeExchange.Change("b"));

        Assert.All(responses, a => Assert.True(Assert.IsType<ServiceException>(a.Error).IsOutcomeUnknown));
        Assert.Equal(2, exchange.Requests.Count);
    }

    [Fact]
    public async Task A_body_that_falls_silent_ends_with_an_error()
    {
        await using var exchange = (await FakeExchange.StartAsync()).With(
            o => o with { Body = new BodyLimits(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), 1024) });
        exchange.Responds(async (context, _) =>
        {
            await FakeServices.JsonAsync(context, """{"@odata.context":"c","value":[{"Name":"a"},""");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var error = Assert.IsType<ServiceException>((await exchange.RunAsync(FakeExchange.Read())).Error);

        Assert.Equal(("ServiceTimeout", ExoErrorCategory.OperationTimeout), (error.ErrorId, error.Category));
        Assert.Equal(LostResponse.MostAttempts, exchange.Requests.Count);
        Assert.True(Assert.IsType<ServiceException>((await exchange.RunAsync(FakeExchange.Change())).Error).IsOutcomeUnknown);
        Assert.Equal(LostResponse.MostAttempts + 1, exchange.Requests.Count);
    }

    [Theory]
    [InlineData(1_000_000, true)]
    [InlineData(1, false)]
    public async Task A_body_that_drips_is_given_up_and_a_slow_living_one_is_not(int leastPerSecond, bool isGivenUp)
    {
        await using var exchange = (await FakeExchange.StartAsync()).With(
            o => o with { Body = new BodyLimits(TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(50), leastPerSecond) });
        exchange.Responds(async (context, _) =>
        {
            foreach (var piece in Page(10).Chunk(20))
            {
                await context.Response.WriteAsync(new string(piece));
                await context.Response.Body.FlushAsync();
                await Task.Delay(20, context.RequestAborted);
            }
        });
        var response = await exchange.RunAsync(FakeExchange.Change());

        Assert.Equal(isGivenUp ? "ServiceTimeout" : null, (response.Error as ServiceException)?.ErrorId);
        Assert.True(isGivenUp || response.Objects.Count == 10);
    }

    [Fact]
    public async Task A_service_that_does_not_begin_to_respond_is_given_up()
    {
        await using var exchange = (await FakeExchange.StartAsync()).With(o => o with { Timeout = TimeSpan.FromMilliseconds(50) });
        exchange.Responds((context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        var error = Assert.IsType<ServiceException>((await exchange.RunAsync(FakeExchange.Change())).Error);

        Assert.Equal(("ServiceTimeout", true), (error.ErrorId, error.IsOutcomeUnknown));
        Assert.Contains("0.05 seconds", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_service_quotes_is_shown_without_the_token_and_without_what_drives_a_terminal()
    {
        await using var exchange = await FakeExchange.StartAsync();
        const string Token = "eyJ0eXAiOiJKV1QifQ.eyJhdWQiOiJ4In0.c2lnbmF0dXJl";
        exchange.Responds((c, _) => FakeServices.JsonAsync(
            c, JsonSerializer.Serialize(new { error = new { code = "BadRequest", message = $"Refused \u001b[31mBearer {Token}\u001b[0m." } }), 400));
        var error = Assert.IsType<ServiceException>((await exchange.RunAsync(FakeExchange.Read())).Error);
        Assert.Equal("Refused Bearer [removed].", error.Message);

        exchange.Responds(JsonSerializer.Serialize(
            new Dictionary<string, object>
            {
                ["@adminapi.warnings"] = new[] { "\u001b]0;title\u0007Look: " + Token },
                ["value"] = Array.Empty<int>()
            }));
        Assert.Equal("Look: [removed]", Assert.Single((await exchange.RunAsync(FakeExchange.Read())).Warnings));
    }

    [Fact]
    public async Task A_call_its_retries_and_its_pages_share_one_id()
    {
        await using var exchange = await FakeExchange.StartAsync();
        exchange.Responds((c, n) => n == 0 ? FakeServices.JsonAsync(c, "", 503) : FakeServices.JsonAsync(c, Page(1, n == 1 ? Self + "?p=2" : null)));
        await exchange.RunAsync(FakeExchange.Read());
        await exchange.RunAsync(FakeExchange.Read());

        var ids = exchange.Requests.Select(r => r.Headers["client-request-id"]).ToList();
        Assert.Equal(4, ids.Count);
        Assert.Single(ids.Take(3).Distinct());
        Assert.NotEqual(ids[0], ids[3]);
    }

    [Fact]
    public async Task Each_request_of_a_batch_carries_token_and_ids_as_the_batch_does()
    {
        await using var exchange = (await FakeExchange.StartAsync()).RespondsToBatches((_, _) => $"\"status\":200,\"body\":{Done}");
        await exchange.RunBatchAsync(FakeExchange.Read("a"), FakeExchange.Change("b"));

        var batch = exchange.Requests[^1];
        using var body = JsonDocument.Parse(batch.Body);
        var parts = body.RootElement.GetProperty("requests").EnumerateArray().Select(r => r.GetProperty("headers")).ToList();
        Assert.Equal(2, parts.Count);
        foreach (
            var name in (string[])["Authorization", "connection-id", "client-request-id", "Accept-Language", "Accept-Charset", "X-AnchorMailbox"])
        {
            Assert.All(parts, p => Assert.Equal(batch.Headers[name], p.GetProperty(name).GetString()));
        }

        Assert.All(parts, p => Assert.Equal("odata.maxpagesize=1000;odata.continue-on-error", p.GetProperty("Prefer").GetString()));
        Assert.Equal(("odata.continue-on-error", "Set-Thing"), (batch.Headers["Prefer"], batch.Headers["X-CmdletName"]));
        Assert.DoesNotContain(exchange.Messages.Details, m => m.Contains("#1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_language_goes_along_and_the_wire_is_that_of_3_9_2()
    {
        await using var exchange = (await FakeExchange.StartAsync()).Responds(Done);
        await exchange.RunAsync(FakeExchange.Read());

        var headers = exchange.Requests[0].Headers;
        Assert.Equal(("de-AT", "UTF-8", "3.9.2", ""),
            (headers["Accept-Language"], headers["Accept-Charset"], headers["X-ClientModuleVersion"], headers["WarningAction"]));
    }

    [Theory]
    [InlineData(2500, new[] { "1000", "1000", "500" })]
    [InlineData(7, new[] { "7" })]
    [InlineData(null, new[] { "1000", "1000", "1000" })]
    public async Task Pages_are_as_large_as_what_is_still_wanted(int? limit, string[] sizes)
    {
        await using var exchange = await FakeExchange.StartAsync();
        exchange.Responds((c, n) => FakeServices.JsonAsync(
            c, Page(int.Parse(exchange.Requests[^1].Headers["Prefer"].Split('=')[1], CultureInfo.InvariantCulture), n == 2 ? null
                : $"{Self}?p={n}")));
        var response = await exchange.RunAsync(FakeExchange.Read(limit: limit));

        Assert.Equal(sizes, exchange.Requests.Select(r => r.Headers["Prefer"].Split('=')[1]));
        Assert.Equal(limit ?? 3000, response.Objects.Count);
    }

    [Theory]
    [InlineData("DCOverloadedException", true)]
    [InlineData("SuitabilityDirectoryException", true)]
    [InlineData("ServerInMMException", true)]
    [InlineData("ADServerSettingsChangedException", true)]
    [InlineData("StorageTransientException", false)]
    [InlineData("OtherException", null)]
    public async Task Passing_exceptions_are_tried_again_whatever_the_status(string exception, bool? alsoChanges)
    {
        var error = $"{{\"error\":{{\"code\":\"x\",\"message\":\"y\",\"details\":[{{\"message\":\"Ex1|Microsoft.Exchange.{exception}|Later.\"}}]}}}}";
        await using var exchange = await FakeExchange.StartAsync();
        exchange.Responds((c, n) => FakeServices.JsonAsync(c, n < 5 ? error : Done, n < 5 ? 400 : 200));
        Assert.Equal(alsoChanges is null, (await exchange.RunAsync(FakeExchange.Read())).Error is not null);
        Assert.Equal(alsoChanges is null ? 1 : 6, exchange.Requests.Count);

        exchange.Responds((c, n) => FakeServices.JsonAsync(c, n < 1 ? error : Done, n < 1 ? 400 : 200));
        var changed = await exchange.RunAsync(FakeExchange.Change("a"));
        Assert.Equal(alsoChanges != true, changed.Error is not null);
        Assert.Equal(alsoChanges == false, changed.Error is ServiceException { IsOutcomeUnknown: true });

        exchange.RespondsToBatches((n, _) => n == 1 ? $"\"status\":400,\"body\":{error}" : $"\"status\":200,\"body\":{Done}");
        var batched = await exchange.RunBatchAsync(FakeExchange.Read("a"), FakeExchange.Change("b"));
        Assert.Equal((alsoChanges is null, alsoChanges != true), (batched[0].Error is not null, batched[1].Error is not null));
    }

    [Fact]
    public async Task A_token_refused_inside_a_batch_is_replaced_once()
    {
        await using var exchange = (await FakeExchange.StartAsync()).RespondsToBatches(
            (n, i) => n == 1 && i == 1 ? "\"status\":401,\"headers\":{\"WWW-Authenticate\":\"Bearer error=x\"}" : $"\"status\":200,\"body\":{Done}");
        var responses = await exchange.RunBatchAsync(FakeExchange.Read("a"), FakeExchange.Change("b"));
        Assert.All(responses, a => Assert.Null(a.Error));
        Assert.Contains(exchange.Tokens.Asked, a => a.Request.RejectedToken is not null);

        exchange.RespondsToBatches((_, _) => "\"status\":401");
        Assert.All(await exchange.RunBatchAsync(FakeExchange.Read("a"), FakeExchange.Change("b")),
            a => Assert.Equal("TokenRefused", Assert.IsType<ServiceException>(a.Error).ErrorId));
    }

    [Fact]
    public async Task A_refused_token_is_replaced_in_the_requests_of_a_batch_too()
    {
        await using var exchange = await FakeExchange.StartAsync();
        exchange.Responds((c, n) => n == 1
            ? FakeServices.JsonAsync(c, "", 401)
            : FakeServices.JsonAsync(c, n == 0 ? Done : Both(Done)));
        Assert.All(await exchange.RunBatchAsync(FakeExchange.Read("a"), FakeExchange.Change("b")), a => Assert.Null(a.Error));

        var batch = exchange.Requests[^1];
        Assert.NotEqual(exchange.Requests[1].Authorization, batch.Authorization);
        Assert.Equal(2, batch.Body.Split(batch.Authorization!).Length - 1);
    }

    [Fact]
    public void Limits_are_by_cmdlet()
    {
        Assert.Equal(960, ExoConnect.Core.AdminApi.CmdletTimeout.Of("Get-Mailbox").TotalSeconds);
        Assert.Equal(3660, ExoConnect.Core.AdminApi.CmdletTimeout.Of("get-distributiongroupmember").TotalSeconds);
        Assert.Equal(1860, ExoConnect.Core.AdminApi.CmdletTimeout.Of("Set-OrganizationConfig").TotalSeconds);
    }

    private static IEnumerable<string> Parts(FakeExchange exchange) => exchange.Requests.SelectMany(r => r.Body.Split("\"CmdletName\":").Skip(1));

    [Theory]
    [InlineData(408, true)]
    [InlineData(499, true)]
    [InlineData(400, false)]
    public async Task A_gateway_that_gave_up_says_nothing_of_what_was_done(int status, bool isUnknown)
    {
        await using var exchange = (await FakeExchange.StartAsync()).Responds((c, _) => FakeServices.JsonAsync(c, "{}", status));
        var error = Assert.IsType<ServiceException>((await exchange.RunAsync(FakeExchange.Change("a"))).Error);

        Assert.Equal(isUnknown, error.IsOutcomeUnknown);
        Assert.Single(exchange.Requests);
    }

    [Fact]
    public async Task A_banner_that_does_not_come_is_not_waited_for()
    {
        await using var exchange = await FakeExchange.StartAsync();
        exchange.Responds((c, _) => Task.Delay(Timeout.InfiniteTimeSpan, c.RequestAborted));

        Assert.Null(await SessionBanner.ReadAsync(exchange.Client, exchange.Messages, default, TimeSpan.FromMilliseconds(50)));
    }

    private static Task RedirectAsync(HttpContext context, int status, string to)
    {
        context.Response.Headers.Location = to;
        return FakeServices.JsonAsync(context, "", status);
    }

    private static string Page(int rows, string? link = null)
    {
        var objects = Enumerable.Range(0, rows).Select(i => $"{{\"Name\":\"{i}\"}}");
        return $"{{\"@odata.context\":\"c\",{(link is null ? "" : $"\"@odata.nextLink\":\"{link}\",")}\"value\":[{string.Join(',', objects)}]}}";
    }

    private static string Both(string body) =>
        $"{{\"responses\":[{{\"id\":\"0\",\"status\":200,\"body\":{body}}},{{\"id\":\"1\",\"status\":200,\"body\":{body}}}]}}";
}
