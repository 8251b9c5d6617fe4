using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExoConnect.LocalTenant.AdminApi;
using ExoConnect.LocalTenant.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ExoConnect.LocalTenant.Tests;

/// <summary>The tenant's services without a network: requests go in as they would come from the server.</summary>
internal sealed class AdminApiHarness : IDisposable
{
    public const string GlobalAdministrator = "62e90394-69f5-4237-9190-012177145e10";
    public const string ExchangeAdministrator = "29232cdf-9323-42fd-ade2-1d097af3e4de";
    public const string RecipientAdministrator = "31392ffb-586c-42d1-9346-e59415a2cc4e";
    public const string GlobalReader = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
    public const string HelpdeskAdministrator = "729827e3-9c14-49f7-bb1b-9608f156bbb8";
    public const string ComplianceAdministrator = "17315797-102d-40b4-93e0-432062caca18";
    public const string SecurityAdministrator = "194ae4cb-b126-40b2-bd5b-6091b380977d";
    public const string ExchangeHost = "outlook.exoconnect.localhost:8443";
    public const string ComplianceHost = "nam12b.ps.compliance.protection.exoconnect.localhost:8443";

    public static readonly Guid TenantId = new("0d2f7a3e-6c8b-4e51-9a44-5b1d3c2e8f70");

    private readonly TenantKeys _keys = new(new TenantOptions().KeyDirectory);

    public AdminApiHarness(TenantOptions? options = null)
    {
        Service = new AdminApiService(options ?? new TenantOptions(), TenantId, _keys.Create);
    }

    public AdminApiService Service { get; }

    public static Caller Caller(params string[] roles)
    {
        return new Caller(
            "5b1c7d2e-1111-4222-8333-abcdefabcdef", "9f0e8d7c-1111-4222-8333-abcdefabcdef", ["Exchange.ManageAsApp"],
            roles.Length == 0 ? [GlobalAdministrator] : roles)
        {
            IsSearchOnly = true,
        };
    }

    public async Task<HarnessResponse> SendAsync(
        string method, string target, string? body = null, IReadOnlyDictionary<string, string>? headers = null,
        TenantService service = TenantService.ExchangeOnline,
        Caller? caller = null, string? host = null)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.Scheme = "https";
        context.Request.Host = new HostString(host ?? (service == TenantService.SecurityCompliance ? ComplianceHost : ExchangeHost));
        context.Features.Get<IHttpRequestFeature>()!.RawTarget = target;
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body ?? ""));
        foreach ((var name, var value) in headers ?? new Dictionary<string, string>())
        {
            context.Request.Headers[name] = value;
        }

        using var response = new MemoryStream();
        context.Response.Body = response;
        await Service.HandleAsync(context, service, caller ?? Caller());
        return new HarnessResponse(context.Response.StatusCode, context.Response.Headers, response.ToArray());
    }

    public Task<HarnessResponse> InvokeAsync(
        string cmdlet, object? parameters = null, string? query = null, IReadOnlyDictionary<string, string>? headers = null,
        TenantService service = TenantService.ExchangeOnline, Caller? caller = null)
    {
        return SendAsync(
            "POST", $"/adminapi/beta/{TenantId:D}/InvokeCommand{query}", CommandBody(cmdlet, parameters), headers, service, caller);
    }

    public Task<HarnessResponse> GetAsync(string path, IReadOnlyDictionary<string, string>? headers = null, Caller? caller = null)
    {
        return SendAsync("GET", $"/adminapi/beta/{TenantId:D}/{path}", null, headers, TenantService.ExchangeOnline, caller);
    }

    public static string CommandBody(string cmdlet, object? parameters)
    {
        return JsonSerializer.Serialize(new { CmdletInput = new { CmdletName = cmdlet, Parameters = parameters ?? new { } } });
    }

    public void Dispose()
    {
        Service.Dispose();
        _keys.Dispose();
    }
}

internal sealed record HarnessResponse(int Status, IHeaderDictionary Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Headers.ContentEncoding == "gzip" && Status == 200 ? Unzip() : Body);

    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    public JsonArray Value => Json["value"]!.AsArray();

    public JsonObject Only => Assert.Single(Value)!.AsObject();

    public string? NextLink => (string?)Json["@odata.nextLink"];

    public string NextTarget => new Uri(NextLink!).PathAndQuery;

    public string[] Warnings => [.. Json["@adminapi.warnings"]!.AsArray().Select(warning => (string)warning!)];

    public string InternalMessage => (string)Json["error"]!["innererror"]!["internalexception"]!["message"]!;

    public string InternalType => (string)Json["error"]!["innererror"]!["internalexception"]!["type"]!;

    public string Detail => (string)Json["error"]!["details"]![0]!["message"]!;

    public string[] Texts(string property) => [.. Value.Select(item => (string)item![property]!)];

    public HarnessResponse Ok()
    {
        Assert.True(Status == 200, $"{Status}: {Text}");
        return this;
    }

    private byte[] Unzip()
    {
        using var source = new GZipStream(new MemoryStream(Body), CompressionMode.Decompress);
        using var target = new MemoryStream();
        source.CopyTo(target);
        return target.ToArray();
    }
}
