using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using ExoConnect.Core.AdminApi;
using ExoConnect.Core.AdminApi.Batches;
using ExoConnect.Core.AdminApi.Parameters;
using ExoConnect.Core.AdminApi.Responses;
using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Diagnostics;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Http.Pacing;
using ExoConnect.Core.Http.Transport;
using ExoConnect.Core.Objects;
using ExoConnect.Core.RestEntities;
using ExoConnect.Core.Sessions;
using ExoConnect.Core.Tests.AdminApi;
using ExoConnect.Core.Tests.Certificates;
using ExoConnect.LocalTenant.Filters;
using ExoConnect.LocalTenant.Objects;
using ExoConnect.Tests.Fuzzing;
using OurFilter = ExoConnect.Core.RestEntities.OpathFilter;
using TenantFilter = ExoConnect.LocalTenant.Filters.OpathFilter;

namespace ExoConnect.Core.Tests.Fuzzing;

/// <summary>
/// Everything that somebody else writes and the engine reads, spoiled: what comes of it is a result or an error of ours that says what is wrong,
/// with bounded memory. A row a kind of input. EXOCONNECT_FUZZ says how many inputs (10,000), EXOCONNECT_FUZZ_SEED the seed.
/// </summary>
public class FuzzTests(ITestOutputHelper output)
{
    private const string Clixml = "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">";

    private const string Mailbox = """
        <Obj RefId="1"><TN RefId="1"><T>System.Diagnostics.Process</T><T>System.Object</T></TN><ToString>adele</ToString><Props><S N="psbase">b</S>
        <S N="Name">Ad_x00E8_le &amp; _x005F_x0041_ _xD83D__xDE00_</S><B N="IsShared">true</B><I32 N="Items">24011</I32><I64 N="Bytes">5</I64>
        <Db N="Ratio">1.5</Db><G N="Guid">0d2f9c3f-0000-4000-8000-000000000001</G><BA N="Data">AQL6</BA><Nil N="Nothing" />
        <DT N="WhenUtc">2023-10-04T14:16:04.0000000Z</DT><DT N="When">2023-10-04T14:16:04.0000000+00:00</DT><TS N="Span">P1DT2H</TS><S N="Blank"></S>
        <Obj N="Addresses" RefId="2"><TN RefId="2"><T>Microsoft.Exchange.Data.ProxyAddressCollection</T></TN>
        <LST><S>SMTP:a@b</S><S>smtp:c@d</S></LST></Obj><Obj N="Holds" RefId="3"><TNRef RefId="2" /><LST /></Obj><Ref N="Same" RefId="2" />
        <Obj N="Type" RefId="4"><TN RefId="3"><T>Microsoft.Exchange.Kind</T><T>System.Enum</T><T>System.ValueType</T></TN>
        <ToString>UserMailbox</ToString><I32>1</I32></Obj><Obj N="Quota" RefId="5"><TN RefId="4">
        <T>Microsoft.Exchange.Data.Unlimited`1[[Microsoft.Exchange.Data.ByteQuantifiedSize, X]]</T></TN>
        <ToString>99 GB (106,300,440,576 bytes)</ToString><Props><B N="IsUnlimited">false</B></Props></Obj>
        <Obj N="Table" RefId="7"><DCT><En><S N="Key">k</S><I32 N="Value">7</I32></En></DCT></Obj><S N="PSObject">b</S></Props></Obj>
        """;

    private const string Row = """
        {"psbase":1,"@odata.type":"#Exchange.Mailbox","Identity":"adele","Guid@odata.type":"#Guid","Guid":"0d2f9c3f-0000-4000-8000-000000000001",
        "Items":24011,"WhenCreated@data.type":"System.DateTime","WhenCreated":"2023-10-04T14:16:04Z","Size":"99 GB (106,300,440,576 bytes)",
        "Ratio":1.5e3,"IsShared":true,"Nothing":null,"EmailAddresses@data.type":"#Collection(String)","EmailAddresses":["SMTP:a@b","smtp:\u00fc@d"],
        "Span@odata.type":"#TimeSpan","Span":"1.02:03:04","Table":{"@odata.type":"#Exchange.GenericHashTable","k":7,"l":{"a":[1,2]}},
        "Data":{"@odata.type":"#Exchange.ByteArrayType","Data":[1,2,250]},"PSObject":1}
        """;

    private const string Page = $$$"""
        {"@odata.context":"c","value":[{{{Row}}},{{{Row}}}],"@odata.nextLink":"https://outlook.office365.com/p"}
        """;

    private const string Nothing = """
        {"value":[],"@adminapi.warnings":["w"],"@adminapi.errors":["{\"Message\":\"Text.\",\"TypeName\":\"A.B\"}","|A.B|text"]}
        """;

    private const string ErrorBody = """
        {"error":{"code":"NotFound","message":"Error executing request.","details":[{"code":"Context","target":"","message":
        "Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The object 'a' couldn't be found on 'x'."}],
        "innererror":{"message":"Error executing cmdlet","type":"Microsoft.Exchange.X","internalexception":{"message":"Inner text.","type":"Y"}}}}
        """;

    private const string Signed = "eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c2ln";

    private const string DetailInJson = """
        {"Message":"Text.","TypeName":"A.BException","InnerError":{"TypeName":"C","Message":"d"},"ClassName":"E","localizedString":{"stringId":"Ex1"}}
        """;

    private const string Batch = $$$"""
        {"responses":[{"id":"0","status":200,"headers":{"request-id":"r","Retry-After":"3"},"body":{"value":[{{{Row}}}]}},
        {"id":"1","status":404,"body":{{{ErrorBody}}}},{"id":"2","status":503,"body":"busy"}]}
        """;

    private const string SignInError = """
        {"error":"invalid_client","error_description":"AADSTS700027: The certificate.\r\nTrace ID: x","error_codes":[700027],"correlation_id":"c",
        "trace_id":"t"}
        """;

    private const string Claims = """
        {"aud":"https://outlook.office365.com","tid":"0d2f9c3f-0000-4000-8000-000000000001","appid":"a","exp":4070908800,"roles":["r"],"wids":["w"],
        "scp":"a b","idtyp":"app","upn":"u@x","oid":"o"}
        """;

    private const string Challenge = """
        Bearer realm="", authorization_uri="https://login", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="
        """;

    private const string ModuleText = """
        # <RSAKeyValue><Modulus>w7Y1</Modulus><Exponent>AQAB</Exponent></RSAKeyValue>
        function script:Get-Mailbox
        {
            [CmdletBinding(DefaultParameterSetName='Identity', SupportsShouldProcess=$true, ConfirmImpact='High')]
            param(
            [Parameter(Mandatory=$true, ParameterSetName='Identity', Position=0, ValueFromPipeline=$true)] [Alias('Id')]
            [ValidateSet('a','b''c')] [System.Object] ${Identity},
            [Parameter(ParameterSetName='(All)')] [switch] $Archive,
            [datetime[]] $When, [System.Nullable[System.Int32]] $Count, [securestring] $Password )
            process { "}" <# } #> ; @'
        }
        '@ }
        }
        function Set-CASMailbox { param([Parameter()] $Identity) # it's
        }
        """;

    private const string Lab = """
        "name":"Lab","signIn":"https://login.lab.test:8443","exchange":"https://outlook.lab.test","compliance":"https://ps.lab.test",
        "graph":"https://graph.lab.test", // a comment
        "services":{"sharePoint":"https://lab.sharepoint.test"},
        "resources":{"exchange":"https://outlook.office365.com","sharePoint":"https://x.test"},
        "trustedSuffixes":[".lab.test","other.test"],"address":"127.0.0.1:8443",
        """;

    private const string Logged = """
        {"time":"2026-11-29T12:00:00Z","session":"s","kind":"Cmdlet","operation":"Get-Mailbox","statusCode":200,"durationMs":3,
        "parameters":["Identity"],"values":{"Identity":"a"},"outcome":"Succeeded"}
        """;

    private const string Given = """
        {"Identity":"adele","EmailAddresses":{"Add":["a@b",1,null]},"Password":"x","When":"2026-01-01","Size":1.5}
        """;

    private const string Checked = "ExoConnect checkpoint 1 T EXCHANGEONLINE\nS 0123-0 aaaa,bbbb\nD 0123-0\nS fedc-0 aaaa\n";
    private const string OpathText = "Alias -like 'a*' -and -not (DisplayName -eq $null -or EmailAddresses -eq 'smtp:a@b')";

    private const string ODataText =
        "startswith(Alias, 'a') and (DisplayName ne 'x' or EmailAddresses/any(d:d eq 'smtp:a'))"
        + " and not (Guid eq 0d2f9c3f-0000-4000-8000-000000000001)";

    private const string ModuleWords =
        "function script:Get-X { } ( ) param( [CmdletBinding( [Parameter( @' '@ <# #> ` $( ${ , = <RSAKeyValue> </Modulus>";

    private const string JsonWords = "value @odata.nextLink @odata.type @adminapi.warnings @adminapi.errors _cliXml error"
        + " \"value\":[ {\"a\":1}, }] #Int64 #Exchange.GenericHashTable \"@odata.nextLink\":\"https://outlook.office365.com/x\""
        + " \"@adminapi.warnings\":[\"w\"]"
        + " \"@adminapi.errors\":[\"|T|x\"] #Decimal #TimeSpan #Guid";

    private const string ClixmlWords = "<Obj </Obj> <LST> </LST> <Ref <Props> </Props> <MS> <DCT> <TN <T> <S N=\" RefId=\"1\" _x0041_ _x &amp; &#0;"
        + " <!-- <?x <![CDATA[";

    private const string FilterWords = "-and -or -not -eq -ne -like -notlike -gt -ge -lt -le ( ) ' \" $null $true $false * {a} Alias DisplayName Guid"
        + " EmailAddresses and or not eq ne startswith( endswith( contains( /any(d:d datetime' guid'0d2f9c3f-0000-4000-8000-000000000001'";

    private static readonly RequestOrigin Origin = new(200, "Get-Thing", null, "outlook.example", null, null);
    private static readonly ExoEnvironment Cloud = CloudEnvironments.O365Default;
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    private static readonly Lazy<TestFolder> Folder = new(() => new TestFolder());

    private static readonly Lazy<CmdletCatalog> Keyed = new(static () => Catalog($"# {TestCertificates.Key.ToXmlString(false)}\n" + ModuleText));

    private static readonly CatalogCacheKey CacheKey =
        new() { TenantId = "t", Identity = "i", Service = ExoService.ExchangeOnline, Environment = Cloud };

    private static readonly SessionDescription Session = new(
        new ConnectOptions { Environment = Cloud, SignIn = new SignInMethod.ManagedIdentity(null), Service = ExoService.ExchangeOnline },
        "ExchangeOnline_1", ("t", "contoso.onmicrosoft.com"), "app", "Certificate", new TokenClaims());

    private static readonly IReadOnlyList<HostileInput> Inputs =
    [
        new("module text", [ModuleText], ModuleWords, ReadCatalog) { Share = 120 },
        new("session start", [StartOf(ModuleText)], "\"fileName\" \"fileContent\" \"exportedCmdlets\" .psm1", ReadStart) { Share = 50 },
        new("JSON response", [Page, Row, Nothing], JsonWords, static (bytes, random) => ReadResponse(bytes, random)) { Share = 150, Allows = IsLost },
        new("CLIXML response",
            [$"{Clixml}<Obj RefId=\"0\"><TN RefId=\"0\"><T>Collection</T></TN><LST>{Mailbox}{Mailbox}</LST></Obj></Objs>",
                $"{Clixml}{Mailbox}</Objs>"],
            ClixmlWords, ReadClixml) { Share = 150, Allows = IsLost },
        new("batch response", [Batch], "\"responses\" \"id\" \"status\" \"headers\" \"body\" \"Retry-After\"", ReadBatch)
            { Share = 60, Allows = IsLost },
        new("error body",
            [ErrorBody, DetailInJson, "<html><title>Gate &amp; way</title></html>", "{\"error\":\"e\",\"error_description\":\"d\"}", "plain\0text",
                "{\"odata.error\":{\"code\":\"c\",\"message\":{\"lang\":\"en\",\"value\":\"v\"}}}", $"Bearer {Signed}"],
            "error details message code innererror internalexception InnerError Message TypeName | Exception", ReadError) { Share = 90 },
        new("sign-in error", [SignInError], "AADSTS AADSTS50034: \"error_codes\":[ error error_description claims suberror", ReadSignInError)
            { Share = 40 },
        new("token", [Claims], "exp aud tid . = eyJ - _ Bearer 1e30 -1e30", ReadToken) { Share = 50 },
        new("claims challenge", [Challenge, "Basic, Bearer claims=eyJhIjoxfQ, PoP x=\"a\\\"b\""], "Bearer claims= error= , = \" \\", ReadChallenge)
            { Share = 20 },
        new("certificate", [], "-----BEGIN -----END CERTIFICATE PRIVATE KEY ENCRYPTED ----- MII", ReadCertificate)
            { Share = 15, Binaries = Certificates() },
        new("environment file", [$"{{{Lab}}}", $"{{{Lab}\"certificateAuthority\":\"missing.pem\"}}"],
            "name signIn exchange https:// http:// /x ?q # user@ [::1] 127.0.0.1 :0 :99999 .com com. xn--", ReadEnvironment) { Share = 50 },
        new("certificate authority", [], "-----BEGIN -----END CERTIFICATE ----- MII", ReadAuthority) { Share = 10, Binaries = Certificates() },
        new("cache file", [], "\n ExchangeOnline https://", ReadCache)
            { Share = 30, MostMemory = 80 << 20, Binaries = [CatalogFile.Write(CacheKey.Hash(), Catalog(ModuleText), Cloud.Exchange, Now)] },
        new("checkpoint", [Checked, "ExoConnect checkpoint 1 U EXCHANGEONLINE\n", ""], "S D R - , ExoConnect checkpoint", ReadCheckpoint)
            { Share = 10 },
        new("filter", [OpathText, "{WhenCreated -gt '2026-01-01'}", "Alias -eq \"a''b\""], FilterWords, ReadFilter) { Share = 90 },
        new("filter of the local tenant", [OpathText, ODataText], FilterWords, ReadTenantFilter)
            { Share = 60, Allows = static e => e is FormatException },
        new("name",
            ["Get-Mailbox", "Identity", "DisplayName", "Alias,Guid", "contoso/adele", "adele@contoso.com:\\Inbox", "1000", "Unlimited", "2/3"],
            "Get- Set- - _ : \\ / * ? , .. % %2F ; \r\nX-Header:", ReadName) { Share = 60 },
        new("parameter value", [Given], "Identity Filter RecipientFilter ResultSize Mailbox add remove $true", ReadParameters) { Share = 70 },
        new("header",
            ["120", "Sun, 29 Nov 2026 12:00:00 GMT", "2026-11-29T12:00:00Z", "https://nam12b.admin.protection.outlook.com:446/x",
                "/adminapi/beta/t/p?$skiptoken=1"],
            "https:// http:// //evil.example/ @evil.example \\ .outlook.office365.com xn--", ReadHeader) { Share = 40, Allows = IsLost },
        new("log file", [Logged], "time duration status parameters \n", ReadLog) { Share = 10 },
    ];

    public static TheoryData<string> Names => [.. Inputs.Select(static i => i.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Spoiled_input_gives_a_result_or_an_error_of_ours(string name)
    {
        Inputs.Single(i => i.Name == name).Run(output.WriteLine);
    }

    /// <summary>The same through the client, over TLS: whatever the response, the caller gets an error of ours, and no token leaves.</summary>
    [Theory]
    [InlineData("JSON response")]
    [InlineData("CLIXML response")]
    [InlineData("batch response")]
    [InlineData("error body")]
    public async Task Spoiled_responses_end_a_call_with_a_result_or_an_error_of_ours(string name)
    {
        var input = Inputs.Single(i => i.Name == name) with { Share = 5 };
        var (seeds, words) = (input.Seeds.Select(Encoding.UTF8.GetBytes).ToList(), input.Words.Split(' ').Select(Encoding.UTF8.GetBytes).ToList());
        await using var exchange = await FakeExchange.StartAsync();
        exchange.With(static o => o with { Timeout = TimeSpan.FromSeconds(60) });
        var taken = 0;
        for (var i = 0; i < input.Count; i++)
        {
            var random = new Random(unchecked(HostileInput.Seed + i));
            var bytes = Mutator.Next(seeds, words, random);
            var body = name == "CLIXML response" ? InResponse(bytes) : bytes;
            var status = name == "error body" ? random.Next(400, 600) : 200;
            exchange.Responds((context, _) =>
            {
                context.Response.StatusCode = status;
                return context.Response.Body.WriteAsync(body).AsTask();
            });
            var requests = random.Next(2) == 0 ? new[] { FakeExchange.Read() } : [FakeExchange.Change("a")];
            var responses = name == "batch response"
                ? await exchange.RunBatchAsync(FakeExchange.Read("a"), FakeExchange.Change("b"), FakeExchange.Read("c"))
                : [await exchange.RunAsync(requests[0])];
            foreach (var response in responses)
            {
                taken += response.Error is null ? 1 : 0;
                Assert.True(
                    response.Error is null or ExoException,
                    $"{name}, seed {HostileInput.Seed}, input {i}, {Convert.ToBase64String(bytes)}: {response.Error}");
                if (response.Error is ExoException error)
                {
                    HostileInput.Check(error);
                }
            }
        }

        Assert.True(taken > 0 || name == "error body");
        Assert.All(exchange.Requests, static r => Assert.True(r.Authorization is null || r.Host == "outlook.office365.com"));
        output.WriteLine($"{name} through the client: {input.Count} inputs of seed {HostileInput.Seed}, {taken} taken.");
    }

    /// <summary>What the client takes as a lost response, and tells so (see <c>FaultMatrixTests</c>).</summary>
    private static bool IsLost(Exception e) => LostResponse.Is(e) || e is ResponseTooLargeException;

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    private static CmdletCatalog Catalog(string text) => CmdletCatalog.Parse(text, ExoService.ExchangeOnline);

    private static void ReadCatalog(byte[] bytes, Random random)
    {
        var exported = random.Next(3) == 0 ? new[] { "Get-Mailbox", "Set-CASMailbox", Text(bytes)[..Math.Min(30, Text(bytes).Length)] } : null;
        Read(CmdletCatalog.Parse(bytes, ExoService.ExchangeOnline, exported));
    }

    private static string StartOf(string module) =>
        $"{{\"value\":[{{\"fileName\":\"a.psm1\",\"fileContent\":{JsonSerializer.Serialize(module)}}}],\"exportedCmdlets\":[\"Get-Mailbox\"]}}";

    private static void ReadStart(byte[] bytes, Random random) => Read(ModuleFileResponse.Read(bytes, ExoService.ExchangeOnline));

    private static void ReadChallenge(byte[] bytes, Random random) => ClaimsChallenge.Parse(Text(bytes));

    private static void Read(CmdletCatalog catalog)
    {
        foreach (var cmdlet in catalog.Cmdlets)
        {
            Assert.Matches("^[A-Za-z]+-[A-Za-z0-9_]+\\z", cmdlet.Name);
            foreach (var parameter in cmdlet.Parameters)
            {
                Assert.Matches("^[A-Za-z0-9_-]+\\z", parameter.Name);
                Assert.All(parameter.Aliases, static alias => Assert.Matches("^[A-Za-z0-9_-]+\\z", alias));
                _ = parameter.ToString();
            }
        }
    }

    private static List<ExoObject> ReadResponse(byte[] response, Random random)
    {
        using var parser = new ResponseParser("Thing", Origin);
        var piece = random.Next(1, 9000);
        var objects = new List<ExoObject>();
        for (int read = 0, count = 1; count > 0;)
        {
            var memory = parser.GetMemory();
            count = Math.Min(Math.Min(memory.Length, piece), response.Length - read);
            response.AsMemory(read, count).CopyTo(memory);
            parser.Advance(count);
            read += count;
            if (parser.Error is { } error)
            {
                throw ServiceErrorReader.Read(Origin, [.. "{\"error\":"u8, .. error, (byte)'}']);
            }

            var chunk = parser.Take();
            chunk.Errors.ToList().ForEach(static e => HostileInput.CheckText(e.Message));
            chunk.Warnings.ToList().ForEach(HostileInput.CheckText);
            objects.AddRange(chunk.Objects.OfType<ExoObject>());
        }

        if (parser.NextLink is { } link)
        {
            Assert.Equal(Uri.UriSchemeHttps, PageLink.Resolve(Cloud.Exchange, link).Scheme);
        }

        foreach (var item in objects)
        {
            Assert.True(item.GetType().Assembly.IsDynamic || !ExoRecord.IsTyped(item));
            _ = item.ToString();
            for (var p = 0; p < ExoRecord.Shape(item).Names.Count; p++)
            {
                _ = ExoRecord.Value(item, p)?.ToString();
            }
        }

        return objects;
    }

    private static void ReadClixml(byte[] bytes, Random random) => ReadResponse(InResponse(bytes), random);

    private static byte[] InResponse(byte[] document) => JsonSerializer.SerializeToUtf8Bytes(
        new Dictionary<string, object> { ["value"] = new[] { new Dictionary<string, string> { ["_cliXml"] = Text(document) } } });

    private static void ReadBatch(byte[] bytes, Random random)
    {
        foreach (var response in BatchBody.Read(bytes, 10).OfType<BatchResponse>())
        {
            Assert.InRange(response.RetryAfter(Now) ?? TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMinutes(5));
            if (response.Status is >= 200 and < 300)
            {
                ReadResponse(response.Body, random);
            }
            else
            {
                var origin = Origin with { StatusCode = response.Status, ServerRequestId = response.RequestId };
                HostileInput.Check(ServiceErrorReader.Read(origin, response.Body));
            }
        }
    }

    private static void ReadError(byte[] bytes, Random random)
    {
        int[] statuses = [0, 200, 400, 401, 403, 404, 408, 429, 500, 503, 504, 599, -1, int.MaxValue];
        var origin = Origin with { StatusCode = statuses[random.Next(statuses.Length)], IsRead = random.Next(2) == 0, Target = "a" };
        foreach (var e in (ServiceException[])[ServiceErrorReader.Read(origin, bytes), ServiceErrorReader.FromEntry(origin, Text(bytes))])
        {
            HostileInput.Check(e);
            foreach (var text in (string?[])[e.Code, e.ServiceType, e.MessageId, e.CategoryName])
            {
                HostileInput.CheckText(text);
                Assert.DoesNotContain(Signed, text ?? "", StringComparison.Ordinal);
            }

            Assert.DoesNotContain(Signed, e.Message + e.Remedy, StringComparison.Ordinal);
        }
    }

    private static void ReadSignInError(byte[] bytes, Random random)
    {
        var identity = new SignInIdentity(Cloud.SignIn, "contoso.onmicrosoft.com", "app", "thumb") { IsUser = random.Next(2) == 0 };
        var status = random.Next(200, 600);
        HostileInput.Check(
            SignInErrors.Refused(identity, "https://graph.microsoft.com", status, Text(bytes), Now.AddDays(1), TimeProvider.System, null).Exception);
    }

    private static void ReadToken(byte[] bytes, Random random)
    {
        // The claims spoiled, or the text that they are in.
        var claimed = Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var token = random.Next(3) == 0 ? Text(bytes) : $"eyJhbGciOiJub25lIn0.{claimed}.c2ln";
        var claims = TokenReader.Read(token);
        var decoded = DecodedToken.Of(new AccessToken("r", token, claims.ExpiresOn ?? Now, claims));
        _ = $"{claims} {decoded} {decoded.Header?.GetRawText()} {decoded.Payload?.GetRawText()}";
        _ = DirectoryRoles.Of(claims);
        using var secret = TestCertificates.Secure(token.Length > 60_000 ? "x" : token);
        _ = new AccessTokenProvider("contoso.onmicrosoft.com", secret, TimeProvider.System).ToString();
    }

    private static List<byte[]> Certificates()
    {
        using var certificate = TestCertificates.Rsa();
        var pfx = certificate.Pfx("p");
        using var key = certificate.GetRSAPrivateKey()!;
        var kdf = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10);
        var pem = certificate.ExportCertificatePem();
        return
        [
            pfx, certificate.Pfx(), certificate.RawData, Encoding.UTF8.GetBytes(Convert.ToBase64String(pfx)),
            Encoding.UTF8.GetBytes(pem + "\n" + key.ExportPkcs8PrivateKeyPem()), Encoding.UTF8.GetBytes(pem + "\n" + key.ExportRSAPrivateKeyPem()),
            Encoding.UTF8.GetBytes(pem + "\n" + key.ExportEncryptedPkcs8PrivateKeyPem("p", kdf)), Encoding.Unicode.GetBytes(pem),
        ];
    }

    private static void ReadCertificate(byte[] bytes, Random random)
    {
        using var password = random.Next(4) == 0 ? null : TestCertificates.Secure("p");
        using var opened = new CertificateSource.Bytes(bytes, password).Open();
        HostileInput.CheckText(opened.ToString());
    }

    private static void ReadEnvironment(byte[] bytes, Random random)
    {
        var environment = EnvironmentFile.Parse(bytes, "/lab/environment.json");
        Assert.False(environment.Owns(new Uri("https://evil.example/")));
        Assert.Equal(Uri.UriSchemeHttps, environment.SignIn.Scheme);
        _ = environment.GetHashCode();
    }

    private static void ReadAuthority(byte[] bytes, Random random)
    {
        Folder.Value.Write("authority.pem", bytes);
        var environment = EnvironmentFile.Parse(
            Encoding.UTF8.GetBytes($"{{{Lab}\"certificateAuthority\":\"authority.pem\"}}"),
            Path.Combine(Folder.Value.Path, "environment.json"));
        Assert.NotEmpty(environment.CertificateAuthorities!);
    }

    private static void ReadCache(byte[] bytes, Random random)
    {
        // With its checksum right, as somebody would write it who knows the format; nothing else of the file would be read otherwise.
        if (bytes.Length > SHA256.HashSizeInBytes && random.Next(10) > 0)
        {
            SHA256.HashData(bytes.AsSpan(0, bytes.Length - SHA256.HashSizeInBytes)).CopyTo(bytes.AsSpan(bytes.Length - SHA256.HashSizeInBytes));
        }

        if (CatalogFile.Read(bytes, CacheKey.Hash(), CacheKey) is { } cached)
        {
            Assert.True(Cloud.Owns(cached.Host));
            Read(cached.Catalog);
        }
    }

    private static void ReadCheckpoint(byte[] bytes, Random random)
    {
        using var checkpoint = Checkpoint.Open(Folder.Value.Write("checkpoint", bytes), Session);
        var parameters = new Dictionary<string, object?> { ["Identity"] = "a", ["Office"] = "b" };
        var entry = checkpoint.Find(new CmdletRequest { Name = "Set-Mailbox", Parameters = parameters });
        checkpoint.Note(entry, CheckpointState.Sent);
        checkpoint.Note(entry, CheckpointState.Done);
    }

    private static void ReadFilter(byte[] bytes, Random random)
    {
        var text = Text(bytes);
        _ = FilterText.Translate(text);
        var filter = OurFilter.Parse(text);
        _ = filter.ToOData();
        Assert.Equal(filter.ToOData(), OurFilter.Parse(filter.ToString()).ToOData());
        _ = new GetExoMailboxOptions { Filter = text }.ToRequest();
        _ = new GetExoRecipientOptions { RecipientPreviewFilter = text }.ToRequest();
    }

    private static void ReadTenantFilter(byte[] bytes, Random random)
    {
        var text = Text(bytes);
        var filter = random.Next(2) == 0 ? TenantFilter.Parse(text) : ODataFilter.Parse(text, static name => name == "EmailAddresses");
        _ = filter.Properties.Count();
        foreach (var value in (object?[])["abc", 7, Guid.Empty, Now, null])
        {
            _ = filter.Accepts(new OneProperty(value));
        }
    }

    private static void ReadName(byte[] bytes, Random random)
    {
        var text = Text(bytes);
        var which = random.Next(8);
        var request = new CmdletRequest
        {
            Name = which == 0 ? text : "Get-Mailbox",
            Properties = which == 1 ? [text] : [],
            Parameters = new Dictionary<string, object?> { [which == 2 ? text : "Identity"] = which == 3 ? text : "a" },
        };
        if (RequestCheck.Find(request) is { } wrong)
        {
            throw wrong;
        }

        Assert.DoesNotContain('\n', request.Name + string.Concat(request.Properties));
        _ = which switch
        {
            4 => new GetExoMailboxOptions { Target = ObjectIdentity.Of(text), Properties = [text], OrganizationalUnit = text }.ToRequest(),
            5 => new GetExoMailboxOptions { PropertySets = [text], ResultSize = ResultSize.Parse(text), Anr = text }.ToRequest(),
            6 => new GetExoMailboxFolderPermissionOptions { Target = ObjectIdentity.Of(text), User = text }.ToRequest(),
            7 => (object)Shard.Parse(text, static _ => null),
            _ => request.ToString(),
        };
    }

    private static void ReadParameters(byte[] bytes, Random random)
    {
        Dictionary<string, object?> parameters;
        try
        {
            var json = JsonDocument.Parse(bytes).RootElement.Clone();
            parameters = json.ValueKind != JsonValueKind.Object ? [] : json.EnumerateObject().DistinctBy(static p => p.Name).ToDictionary(
                static p => p.Name, static p => p.Value.ValueKind == JsonValueKind.String ? p.Value.GetString() : (object?)p.Value);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            parameters = new()
            {
                ["Identity"] = Text(bytes), [random.Next(3) == 0 ? Text(bytes) : "FileData"] = bytes, ["Filter"] = Text(bytes),
                ["Name"] = Encoding.Unicode.GetString(bytes), ["Password"] = TestCertificates.Secure(Text(bytes[..Math.Min(60, bytes.Length)])),
            };
        }

        var catalog = new SessionCatalog(Keyed.Value, null!);
        var request = new CmdletRequestBuilder(Session, catalog).Build(new CmdletRequest { Name = "Set-Mailbox", Parameters = parameters });
        using var body = JsonDocument.Parse(request.Body);
        Assert.Equal("Set-Mailbox", body.RootElement.GetProperty("CmdletInput").GetProperty("CmdletName").GetString());
        Assert.DoesNotContain('\n', request.Anchor ?? "");
        _ = new CmdletRequest { Name = "Get-Mailbox", Parameters = parameters }.Input.ToString();
        _ = OperationText(parameters);
    }

    /// <summary>The values as a log at its highest level has them.</summary>
    private static string OperationText(Dictionary<string, object?> parameters) => string.Concat(
        parameters.Select(static p => LoggedValue.Of(p.Key, p.Value)));

    private static void ReadHeader(byte[] bytes, Random random)
    {
        var text = Text(bytes);
        Assert.InRange(RateLimitHeaders.RetryAfter(text, Now) ?? TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        var response = new HttpResponseMessage();
        foreach (var name in (string[])["Rate-Limit-Remaining", "Rate-Limit-Reset", "Rate-Limit-Limit"])
        {
            response.Headers.TryAddWithoutValidation(name, random.Next(3) == 0 ? "5" : text);
        }

        Assert.InRange((RateLimitHeaders.Read(response.Headers, Now)?.Reset ?? Now) - Now, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        if (Uri.TryCreate(Cloud.Exchange, text, out var location)
            && RegionalRedirect.Resolve(Cloud, (ExoService)random.Next(2), location) is { } target)
        {
            Assert.True(Cloud.Owns(target) && target.Host.EndsWith(".com", StringComparison.OrdinalIgnoreCase));
        }

        _ = Cloud.Owns(PageLink.Resolve(Cloud.Exchange, text));
    }

    private static void ReadLog(byte[] bytes, Random random) =>
        Assert.All(LogReader.Read(Folder.Value.Write("exo.log", bytes)), static r => Assert.NotNull(r.ToString()));

    private sealed class OneProperty(object? value) : ExoConnect.LocalTenant.Objects.Record
    {
        public override long Position => 0;

        public override IReadOnlyList<string> TypeNames => [];

        public override bool TryGet(string name, out object? found) => (found = value) is not null;

        public override IEnumerable<KeyValuePair<string, object?>> Properties(Selection? selection) => [];

        public override void WriteJson(ExoConnect.LocalTenant.Responses.Utf8Sink sink, Selection? selection)
        {
        }
    }
}
