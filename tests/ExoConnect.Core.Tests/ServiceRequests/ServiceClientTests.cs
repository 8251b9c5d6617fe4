using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.ServiceRequests;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.Core.Tests.ServiceRequests;

/// <summary>Requests to services over real TLS: what goes where, what is tried again, and what becomes of refusals.</summary>
public class ServiceClientTests
{
    [Theory]
    [InlineData("https://graph.microsoft.com/v1.0/users?$top=1", "https://graph.microsoft.com")]
    [InlineData("/v1.0/users?$top=1", "https://graph.microsoft.com")]
    [InlineData("https://contoso.sharepoint.com/_api/web", "https://contoso.sharepoint.com")]
    [InlineData("https://contoso-admin.sharepoint.com/_api/web", "https://contoso-admin.sharepoint.com")]
    [InlineData("https://manage.office.com/api/v1.0/x", "https://manage.office.com")]
    [InlineData("https://management.azure.com/subscriptions", "https://management.azure.com")]
    [InlineData("https://outlook.office365.com/adminapi/beta/x", "https://outlook.office365.com")]
    public async Task Each_host_gets_the_token_that_is_for_it(string uri, string resource)
    {
        await using var services = await FakeServices.StartAsync();

        var response = await services.Client().SendAsync(HttpMethod.Get, uri);

        var seen = Assert.Single(services.Requests);
        Assert.Equal($"Bearer {resource}#0", seen.Authorization);
        Assert.EndsWith(seen.Target, uri, StringComparison.Ordinal);
        Assert.Equal("application/json", seen.Headers["Accept"]);
        Assert.Equal(response.ClientRequestId, seen.Headers["client-request-id"]);
        Assert.Equal(JsonValueKind.Object, response.Content?.ValueKind);
    }

    [Fact]
    public async Task Body_and_headers_go_as_they_are_given()
    {
        await using var services = await FakeServices.StartAsync();
        services.Respond = context => FakeServices.JsonAsync(context, """{"id":"7"}""", 201);

        var response = await services.Client().SendAsync(
            HttpMethod.Post, "/v1.0/applications", new JsonObject { ["displayName"] = "É" },
            new Dictionary<string, string> { ["ConsistencyLevel"] = "eventual", ["Accept"] = "application/json;odata.metadata=none" });

        var seen = Assert.Single(services.Requests);
        Assert.Equal("É", JsonDocument.Parse(seen.Body).RootElement.GetProperty("displayName").GetString());
        Assert.Equal("application/json; charset=utf-8", seen.Headers["Content-Type"]);
        Assert.Equal("eventual", seen.Headers["ConsistencyLevel"]);
        Assert.Equal("application/json;odata.metadata=none", seen.Headers["Accept"]);
        Assert.Equal(201, response.StatusCode);
        Assert.Equal("7", response.Content!.Value.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Any_other_body_says_what_it_is()
    {
        await using var services = await FakeServices.StartAsync();
        services.Respond = context =>
        {
            context.Response.ContentType = "text/csv";
            return context.Response.WriteAsync("a,b");
        };

        var response = await services.Client().SendAsync(new ServiceRequest
        {
            Method = HttpMethod.Put, Uri = "https://contoso.sharepoint.com/file", Body = "hi"u8.ToArray(), ContentType = "text/plain",
        });

        Assert.Equal("text/plain", Assert.Single(services.Requests).Headers["Content-Type"]);
        Assert.Null(response.Content);
        Assert.Equal("a,b", response.Text);
        Assert.Empty(response.Items());
    }

    [Fact]
    public async Task All_pages_are_read_in_turn()
    {
        await using var services = await FakeServices.StartAsync();
        services.Respond = context => FakeServices.JsonAsync(context, context.Request.Query["$skiptoken"].ToString() switch
        {
            "" => """{"value":[1,2],"@odata.nextLink":"https://graph.microsoft.com/v1.0/users?$skiptoken=a"}""",
            "a" => """{"value":[3],"@odata.nextLink":"https://graph.microsoft.com/v1.0/users?$skiptoken=b"}""",
            _ => """{"value":[]}""",
        });
        var items = new List<int>();
        await foreach (var item in services.Client().ItemsAsync(new ServiceRequest
        {
            Uri = "/v1.0/users", Headers = new Dictionary<string, string> { ["ConsistencyLevel"] = "eventual" },
        }))
        {
            items.Add(item.GetInt32());
        }

        Assert.Equal([1, 2, 3], items);
        Assert.Equal(3, services.Requests.Count);
        Assert.All(services.Requests, seen => Assert.Equal("eventual", seen.Headers["ConsistencyLevel"]));
    }

    [Theory]
    [InlineData("https://stranger.example/v1.0/users")]
    [InlineData("https://outlook.office365.com/v1.0/users")]
    [InlineData("https://graph.microsoft.com:8443/v1.0/users")]
    [InlineData("http://graph.microsoft.com/v1.0/users")]
    [InlineData("https://graph.microsoft.com.stranger.example/v1.0/users")]
    [InlineData("https://user@graph.microsoft.com/v1.0/users")]
    public async Task A_page_link_to_elsewhere_is_not_followed(string link)
    {
        await using var services = await FakeServices.StartAsync();
        services.Respond = context => FakeServices.JsonAsync(context, $$"""{"value":[1],"@odata.nextLink":"{{link}}"}""");
        var pages = services.Client().PagesAsync(new ServiceRequest { Uri = "/v1.0/users" }).GetAsyncEnumerator();

        Assert.True(await pages.MoveNextAsync());
        var error = await Assert.ThrowsAsync<ServiceException>(async () => await pages.MoveNextAsync());

        Assert.Equal("UntrustedRedirect", error.ErrorId);
        Assert.Single(services.Requests);
    }

    [Fact]
    public async Task Pages_that_go_in_a_circle_end()
    {
        await using var services = await FakeServices.StartAsync();
        services.Respond = context => FakeServices.JsonAsync(
            context, """{"value":[1],"@odata.nextLink":"https://graph.microsoft.com/v1.0/users?$skip=1"}""");

        var error = await Assert.ThrowsAsync<ServiceException>(async () =>
        {
            await foreach (var _ in services.Client().PagesAsync(new ServiceRequest { Uri = "/v1.0/users" }))
            {
            }
        });

        Assert.Equal("UnreadableResponse", error.ErrorId);
        Assert.Equal(2, services.Requests.Count);
    }

    [Fact]
    public async Task Only_GET_has_pages()
    {
        await using var services = await FakeServices.StartAsync();

        var error = Assert.Throws<ExoException>(
            () => services.Client().PagesAsync(new ServiceRequest { Method = HttpMethod.Post, Uri = "/v1.0/users" }));

        Assert.Equal("PagingNeedsGet", error.ErrorId);
    }

    [Fact]
    public async Task A_redirect_to_another_host_is_followed_without_the_token()
    {
        await using var services = await FakeServices.StartAsync();
        services.Respond = context =>
        {
            if (context.Request.Host.Host == "graph.microsoft.com")
            {
                context.Response.Redirect("https://stranger.example/download?sig=x");
                return Task.CompletedTask;
            }

            return context.Response.WriteAsync("content");
        };

        var response = await services.Client().SendAsync(
            HttpMethod.Get, "/v1.0/me/drive/items/1/content", headers: new Dictionary<string, string> { ["X-Secret"] = "s" });

        var stranger = services.Requests.Last();
        Assert.Equal("stranger.example", stranger.Host);
        Assert.Null(stranger.Authorization);
        Assert.False(stranger.Headers.ContainsKey("X-Secret"));
        Assert.Equal("content", response.Text);
    }

    [Fact]
    public async Task A_stranger_cannot_send_the_token_on()
    {
        await using var services = await FakeServices.StartAsync();
        services.Respond = context =>
        {
            switch (context.Request.Host.Host, context.Request.Path.Value)
            {
                case ("graph.microsoft.com", "/v1.0/a"):
                    context.Response.Redirect("https://stranger.example/");
                    return Task.CompletedTask;
                case ("stranger.example", _):
                    context.Response.Redirect("https://graph.microsoft.com/v1.0/secret");
                    return Task.CompletedTask;
                default:
                    return FakeServices.JsonAsync(context, "{}");
            }
        };

        await services.Client().SendAsync(HttpMethod.Get, "/v1.0/a");

        Assert.Equal(["Bearer https://graph.microsoft.com#0", null, null], services.Requests.Select(r => r.Authorization));
    }

    [Theory]
    [InlineData(307)]
    [InlineData(302)]
    public async Task A_write_is_not_redirected_to_another_host(int status)
    {
        await using var services = await FakeServices.StartAsync();
        services.Respond = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "https://stranger.example/";
            return Task.CompletedTask;
        };

        var error = await Assert.ThrowsAsync<ServiceException>(
            () => services.Client().SendAsync(HttpMethod.Post, "/v1.0/a", new JsonObject { ["x"] = 1 }));

        Assert.Equal("UntrustedRedirect", error.ErrorId);
        Assert.Single(services.Requests);
    }

    [Fact]
    public async Task A_redirect_within_the_service_takes_everything_along()
    {
        await using var services = await FakeServices.StartAsync();
        services.Respond = context =>
        {
            if (context.Request.Path == "/v1.0/a")
            {
                context.Response.StatusCode = 308;
                context.Response.Headers.Location = "/v1.0/b";
                return Task.CompletedTask;
            }

            return FakeServices.JsonAsync(context, "{}");
        };

        await services.Client().SendAsync(HttpMethod.Post, "/v1.0/a", new JsonObject { ["x"] = 1 });

        var second = services.Requests.Last();
        Assert.Equal(("POST", "/v1.0/b", "{\"x\":1}"), (second.Method, second.Target, second.Body));
        Assert.NotNull(second.Authorization);
    }

    [Fact]
    public async Task Redirects_without_end_are_given_up()
    {
        await using var services = await FakeServices.StartAsync();
        services.Respond = context =>
        {
            context.Response.Redirect("https://graph.microsoft.com/v1.0/a");
            return Task.CompletedTask;
        };

        var error = await Assert.ThrowsAsync<ServiceException>(() => services.Client().SendAsync(HttpMethod.Get, "/v1.0/a"));

        Assert.Equal("TooManyRedirects", error.ErrorId);
        Assert.Equal(6, services.Requests.Count);
    }

    [Fact]
    public async Task A_challenge_is_answered_once_with_its_claims()
    {
        await using var services = await FakeServices.StartAsync();
        var claims = """{"access_token":{"nbf":{"essential":true}}}""";
        services.Respond = context =>
        {
            if (context.Request.Headers.Authorization == "Bearer https://graph.microsoft.com#1")
            {
                return FakeServices.JsonAsync(context, "{}");
            }

            context.Response.Headers.WWWAuthenticate =
                $"Bearer error=\"insufficient_claims\", claims=\"{Convert.ToBase64String(Encoding.UTF8.GetBytes(claims))}\"";
            return FakeServices.JsonAsync(context, """{"error":{"code":"InvalidAuthenticationToken","message":"Revoked."}}""", 401);
        };

        await services.Client().SendAsync(HttpMethod.Post, "/v1.0/a", new JsonObject());

        Assert.Equal(["https://graph.microsoft.com#0"], services.Tokens.Asked.Select(a => a.Request.RejectedToken).OfType<string>());
        Assert.Equal(claims, services.Tokens.Asked.Last().Request.Claims);
    }

    [Fact]
    public async Task A_fresh_token_that_is_refused_too_is_an_error()
    {
        await using var services = await FakeServices.StartAsync();
        services.Respond = context => FakeServices.JsonAsync(
            context, """{"error":{"code":"InvalidAuthenticationToken","message":"Access token validation failure."}}""", 401);

        var error = await Assert.ThrowsAsync<ServiceException>(() => services.Client().SendAsync(HttpMethod.Get, "/v1.0/a"));

        Assert.Equal(("InvalidAuthenticationToken", ExoErrorCategory.AuthenticationError, 401), (error.ErrorId, error.Category, error.StatusCode));
        Assert.Equal(2, services.Requests.Count);
    }

    [Theory]
    [InlineData(
        404, """{"error":{"code":"Request_ResourceNotFound","message":"Resource 'x' does not exist.","innerError":{"request-id":"r","date":"d"}}}""",
        "Request_ResourceNotFound", "Resource 'x' does not exist.", ExoErrorCategory.ObjectNotFound)]
    [InlineData(
        403, """{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}""",
        "Authorization_RequestDenied", "Insufficient privileges to complete the operation.", ExoErrorCategory.PermissionDenied)]
    [InlineData(
        403, """{"odata.error":{"code":"-2147024891, System.UnauthorizedAccessException","message":{"lang":"en-US","value":"Access denied."}}}""",
        "UnauthorizedAccessException", "Access denied.", ExoErrorCategory.PermissionDenied)]
    [InlineData(400, """{"error":{"code":"AF20022","message":"No subscription found."}}""", "AF20022", "No subscription found.", ExoErrorCategory.InvalidArgument)]
    [InlineData(
        403, "", "AccessDenied", "graph.microsoft.com responded to GET /v1.0/a with 403 and no reason.", ExoErrorCategory.PermissionDenied)]
    public async Task A_refusal_keeps_the_services_own_code_and_words(int status, string body, string id, string message, ExoErrorCategory category)
    {
        await using var services = await FakeServices.StartAsync();
        services.Respond = context =>
        {
            context.Response.Headers["request-id"] = "server-1";
            return FakeServices.JsonAsync(context, body, status);
        };

        var error = await Assert.ThrowsAsync<ServiceException>(() => services.Client().SendAsync(HttpMethod.Get, "/v1.0/a?secret=1"));

        Assert.Equal((id, message, category), (error.ErrorId, error.Message, error.Category));
        Assert.Equal("server-1", error.ServerRequestId);
        Assert.Equal(services.Requests.Single().Headers["client-request-id"], error.ClientRequestId);
        Assert.False(string.IsNullOrWhiteSpace(error.Remedy));
        Assert.DoesNotContain("secret", error + error.CmdletName + error.Target, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", 503, 3)]
    [InlineData("GET", 500, 3)]
    [InlineData("GET", 429, 3)]
    [InlineData("POST", 429, 3)]
    [InlineData("POST", 504, 1)]
    [InlineData("PATCH", 500, 1)]
    public async Task What_is_transient_is_tried_again_where_that_is_safe(string method, int status, int requests)
    {
        await using var services = await FakeServices.StartAsync();
        var left = 2;
        services.Respond = context =>
        {
            context.Response.Headers.RetryAfter = status == 429 ? "0" : default;
            return FakeServices.JsonAsync(context, """{"error":{"code":"Busy","message":"Busy."}}""", left-- > 0 ? status : 200);
        };
        var sending = services.Client().SendAsync(new HttpMethod(method), "/v1.0/a");

        if (requests == 1)
        {
            Assert.Equal(status, (await Assert.ThrowsAsync<ServiceException>(() => sending)).StatusCode);
        }
        else
        {
            await sending;
        }

        Assert.Equal(requests, services.Requests.Count);
    }

    [Fact]
    public async Task Cancelling_stops_the_waiting_at_once()
    {
        await using var services = await FakeServices.StartAsync();
        using var stop = new CancellationTokenSource();
        services.Respond = async context =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => services.Client().SendAsync(HttpMethod.Get, "/v1.0/a", cancellationToken: stop.Token));
    }

    [Fact]
    public async Task No_response_in_time_is_an_error_that_says_so()
    {
        await using var services = await FakeServices.StartAsync();
        services.Respond = context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

        var error = await Assert.ThrowsAsync<ServiceException>(() =>
            services.Client().SendAsync(new ServiceRequest { Method = HttpMethod.Post, Uri = "/v1.0/a", Timeout = TimeSpan.FromMilliseconds(50) }));

        Assert.Equal("ServiceTimeout", error.ErrorId);
        Assert.True(error.IsOutcomeUnknown);
    }

    [Fact]
    public async Task Yammer_is_refused_to_an_application_before_any_request()
    {
        await using var services = await FakeServices.StartAsync();

        var request = await Assert.ThrowsAsync<ExoException>(
            () => services.Client().SendAsync(HttpMethod.Get, "https://www.yammer.com/api/v1/messages.json"));
        var token = await Assert.ThrowsAsync<ExoException>(async () => await services.Client().GetTokenAsync("Yammer"));

        Assert.Equal(("AppOnlyNotSupported", "AppOnlyNotSupported"), (request.ErrorId, token.ErrorId));
        Assert.Empty(services.Tokens.Asked);
        Assert.Empty(services.Requests);

        await services.Client(isAppOnly: false).SendAsync(HttpMethod.Get, "https://www.yammer.com/api/v1/messages.json");
        Assert.Equal("Bearer https://api.yammer.com#0", services.Requests.Single().Authorization);
    }

    [Theory]
    [InlineData("Authorization", "Bearer x")]
    [InlineData("host", "x")]
    [InlineData("Cookie", "x")]
    [InlineData("X-Fine", "a\r\nAuthorization: x")]
    [InlineData("X Bad", "a")]
    public async Task Some_headers_are_not_the_callers(string name, string value)
    {
        await using var services = await FakeServices.StartAsync();

        var error = await Assert.ThrowsAsync<ExoException>(() =>
            services.Client().SendAsync(HttpMethod.Get, "/v1.0/a", headers: new Dictionary<string, string> { [name] = value }));

        Assert.Equal("HeaderNotAllowed", error.ErrorId);
        Assert.Empty(services.Requests);
    }

    [Fact]
    public async Task An_unknown_host_gets_the_token_of_the_resource_that_was_named()
    {
        await using var services = await FakeServices.StartAsync();

        var error = await Assert.ThrowsAsync<ExoException>(() => services.Client().SendAsync(HttpMethod.Get, "https://vault.example/secrets"));
        Assert.Equal("ResourceRequired", error.ErrorId);
        Assert.Empty(services.Tokens.Asked);

        await services.Client().SendAsync(new ServiceRequest { Uri = "https://vault.example/secrets", Resource = "https://vault.azure.net/" });
        Assert.Equal("Bearer https://vault.azure.net#0", services.Requests.Single().Authorization);
    }

    [Theory]
    [InlineData("text/csv", false)]
    [InlineData("application/json", false)]
    [InlineData("text/csv", true)]
    public async Task A_packed_body_that_breaks_off_does_not_pass_for_a_whole_one(string type, bool isWhole)
    {
        await using var services = await FakeServices.StartAsync();
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 1000))));
        }

        services.Respond = c =>
        {
            c.Response.ContentType = type;
            c.Response.Headers.ContentEncoding = "gzip";
            return c.Response.Body.WriteAsync(packed.ToArray().AsMemory(0, (int)packed.Length - (isWhole ? 0 : 20))).AsTask();
        };
        var reading = services.Client().SendAsync(HttpMethod.Get, "/v1.0/reports");

        if (isWhole)
        {
            Assert.EndsWith("\n999", (await reading).Text, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal("UnreadableResponse", (await Assert.ThrowsAsync<ServiceException>(() => reading)).ErrorId);
        }
    }

    [Fact]
    public async Task Throttling_of_one_service_does_not_hold_up_another()
    {
        await using var services = await FakeServices.StartAsync();
        var throttled = new TaskCompletionSource();
        services.Respond = context =>
        {
            if (context.Request.Host.Host == "graph.microsoft.com")
            {
                context.Response.Headers.RetryAfter = "200";
                context.Response.OnCompleted(() => Task.FromResult(throttled.TrySetResult()));
                return FakeServices.JsonAsync(context, "{}", 429);
            }

            return FakeServices.JsonAsync(context, "{}");
        };
        var client = services.Client();
        using var stop = new CancellationTokenSource();
        var waiting = client.SendAsync(HttpMethod.Get, "/v1.0/a", cancellationToken: stop.Token);
        await throttled.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await client.SendAsync(HttpMethod.Get, "https://contoso.sharepoint.com/_api/web").WaitAsync(TimeSpan.FromSeconds(30));

        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
