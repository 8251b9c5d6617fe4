using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExoConnect.LocalTenant.Hosting;
using Microsoft.Identity.Client;

namespace ExoConnect.Tests;

/// <summary>
/// An HTTP client of a local tenant that owes nothing to the engine: hand-made assertions, every host at 127.0.0.1, its CA alone trusted.
/// </summary>
internal sealed class TenantClient : IDisposable, IMsalHttpClientFactory
{
    public const string SignIn = "login.exoconnect.localhost";
    public const string Exchange = "outlook.exoconnect.localhost";
    public const string Compliance = "ps.compliance.protection.exoconnect.localhost";
    public const string Graph = "graph.exoconnect.localhost";
    public const string ExchangeScope = "https://outlook.office365.com/.default";
    public const string ComplianceScope = "https://ps.compliance.protection.outlook.com/.default";

    private readonly X509Certificate2 _authority;

    public TenantClient(Tenant tenant, Version? version = null)
    {
        Tenant = tenant;
        _authority = X509CertificateLoader.LoadCertificateFromFile(tenant.CaPath);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(_authority);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, tenant.Port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        handler.SslOptions.CertificateChainPolicy = policy;
        Http = new HttpClient(handler)
        {
            DefaultRequestVersion = version ?? HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    public Tenant Tenant { get; }

    public HttpClient Http { get; }

    public static byte[] Sha1(X509Certificate2 certificate) => certificate.GetCertHash(HashAlgorithmName.SHA1);

    public HttpClient GetHttpClient() => Http;

    public X509Certificate2 LoadApp() => X509CertificateLoader.LoadPkcs12FromFile(Tenant.PfxPath, Tenant.PfxPassword, X509KeyStorageFlags.Exportable);

    public Uri Url(string host, string path) => new($"https://{host}:{Tenant.Port}{path}");

    public string TokenEndpoint(string? tenant = null) => Url(SignIn, $"/{tenant ?? Tenant.Organization}/oauth2/v2.0/token").ToString();

    public Assertion NewAssertion(X509Certificate2? certificate = null) => new(this, certificate);

    public async Task<(HttpStatusCode Status, JsonNode Json)> PostTokenAsync(Dictionary<string, string?> form, string? tenant = null)
    {
        using var content = new FormUrlEncodedContent(form.Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Key, p.Value!)));
        using var response = await Http.PostAsync(new Uri(TokenEndpoint(tenant)), content);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    public Dictionary<string, string?> Form(string assertion, string scope = ExchangeScope, Guid? appId = null) => new()
    {
        ["grant_type"] = "client_credentials",
        ["client_id"] = (appId ?? Tenant.AppId).ToString(),
        ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ["client_assertion"] = assertion,
        ["scope"] = scope,
    };

    public async Task<string> TokenAsync(string scope = ExchangeScope, string? claims = null)
    {
        var form = Form(NewAssertion().ToString(), scope);
        form["claims"] = claims;
        var (status, json) = await PostTokenAsync(form);
        Assert.True(status == HttpStatusCode.OK, json.ToJsonString());
        return (string)json["access_token"]!;
    }

    public async Task<HttpResponseMessage> SendAsync(
        string host,
        string path,
        string? token,
        HttpMethod? method = null,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, Url(host, path))
        {
            Version = Http.DefaultRequestVersion,
            VersionPolicy = Http.DefaultVersionPolicy,
        };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Http.SendAsync(request);
    }

    public string Api(string operation) => $"/adminapi/beta/{Tenant.TenantId}/{operation}";

    public void Dispose()
    {
        Http.Dispose();
        _authority.Dispose();
    }

    /// <summary>A client assertion, whose every part can be spoiled before it is signed.</summary>
    public sealed class Assertion
    {
        private readonly X509Certificate2 _certificate;

        public Assertion(TenantClient client, X509Certificate2? certificate)
        {
            _certificate = certificate ?? client.LoadApp();
            var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            Header = new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT", ["x5t"] = Base64Url.EncodeToString(Sha1(_certificate)) };
            Payload = new JsonObject
            {
                ["aud"] = client.TokenEndpoint(),
                ["iss"] = client.Tenant.AppId.ToString(),
                ["sub"] = client.Tenant.AppId.ToString(),
                ["jti"] = Guid.NewGuid().ToString(),
                ["nbf"] = now,
                ["exp"] = now + 600,
            };
        }

        public JsonObject Header { get; }

        public JsonObject Payload { get; }

        public Assertion With(Action<Assertion> change)
        {
            change(this);
            return this;
        }

        public override string ToString()
        {
            var signed = Encode(Header) + "." + Encode(Payload);
            using var key = _certificate.GetRSAPrivateKey()!;
            var padding = (string?)Header["alg"] == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
            return signed + "." + Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, padding));
        }

        private static string Encode(JsonObject json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));
    }
}
