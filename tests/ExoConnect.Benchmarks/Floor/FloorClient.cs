using System.Buffers.Text;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Http.Transport;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.Benchmarks.Floor;

/// <summary>
/// The least a program can do to talk to a tenant: a hand-signed assertion, the requests that ExoConnect sends over the same TLS, nothing made
/// of the responses.
/// </summary>
internal sealed class FloorClient : IDisposable
{
    private readonly TenantDescription _tenant;
    private readonly HttpClient _http;
    private string _token = "";

    public FloorClient(TenantDescription tenant)
    {
        _tenant = tenant;
        _http = EnvironmentTransport.CreateClient(EnvironmentFile.Load(tenant.EnvironmentFile));
        _http.Timeout = Timeout.InfiniteTimeSpan;
    }

    /// <summary>In which form cmdlets respond: <c>json</c> or <c>clixml</c>.</summary>
    public string ResponseFormat { get; set; } = "json";

    public async Task SignInAsync()
    {
        var endpoint = new Uri(_tenant.SignIn, $"/{_tenant.TenantId}/oauth2/v2.0/token").AbsoluteUri;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["client_id"] = $"{_tenant.AppId}",
            ["scope"] = "https://outlook.office365.com/.default",
            ["grant_type"] = "client_credentials",
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = Assertion(endpoint),
        });
        using var response = await _http.PostAsync(endpoint, form);
        using var token = JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync());
        _token = token.RootElement.GetProperty("access_token").GetString()!;
    }

    /// <summary>Starts the session as Connect does: the module file with all cmdlets.</summary>
    public Task<HttpResponseMessage> GetModuleFileAsync() => SendAsync(
        HttpMethod.Get, new Uri(_tenant.Exchange, $"/AdminApi/v1.0/{_tenant.TenantId}/EXOModuleFile?Version=3.7.0"), default, ("CommandName", "*"));

    public Task<HttpResponseMessage> PostAsync(Uri address, ReadOnlyMemory<byte> body) => SendAsync(HttpMethod.Post, address, body);

    public Uri Address(string path) => new(_tenant.Exchange, $"/adminapi/beta/{_tenant.TenantId}/{path}");

    /// <summary>The body as JSON, unpacked where the tenant packs.</summary>
    public static async Task<Stream> OpenAsync(HttpResponseMessage response)
    {
        var stream = await response.Content.ReadAsStreamAsync();
        return response.Content.Headers.ContentEncoding.Contains("gzip") ? new GZipStream(stream, CompressionMode.Decompress) : stream;
    }

    public static async Task<byte[]> ReadAsync(HttpResponseMessage response)
    {
        using var stream = await OpenAsync(response);
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, Uri address, ReadOnlyMemory<byte> body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        request.Headers.Add("Prefer", "odata.maxpagesize=1000");
        request.Headers.Add("X-AnchorMailbox", $"APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{_tenant.TenantId}");
        request.Headers.Add("X-ResponseFormat", ResponseFormat);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        if (!body.IsEmpty)
        {
            request.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") } };
        }

        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return response.StatusCode == HttpStatusCode.OK
            ? response
            : throw new HttpRequestException($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }

    private string Assertion(string endpoint)
    {
        using var certificate = X509CertificateLoader.LoadPkcs12FromFile(_tenant.PfxPath, _tenant.PfxPassword);
        using var key = certificate.GetRSAPrivateKey()!;
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var header = $$"""{"alg":"RS256","typ":"JWT","x5t":"{{Base64Url.EncodeToString(certificate.GetCertHash())}}"}""";
        var claims = $$"""{"aud":"{{endpoint}}","iss":"{{_tenant.AppId}}","sub":"{{_tenant.AppId}}","jti":"{{Guid.NewGuid()}}","nbf":{{now}},"exp":{{now + 300}}}""";
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }
}
