using System.Text;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Failures;
using FsCheck;
using FsCheck.Fluent;

namespace ExoConnect.Core.Tests.Http.Failures;

public class ServiceErrorReaderTests
{
    private const string Type = "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException";

    [Theory]
    [InlineData("""{"error":{"code":"NotFound","message":"Error executing cmdlet","details":[{"code":"Context","target":"","message":"Ex6F9304|TYPE|Object 'x' not found."}],"innererror":{"message":"Error executing cmdlet","type":"Microsoft.Exchange.Admin.OData.Core.ODataServiceException","internalexception":{"message":"Object 'x' not found.","type":"TYPE"}}}}""")]
    [InlineData("""{"error":{"code":"NotFound","message":"Error executing cmdlet","details":[{"message":"|TYPE|Object 'x' not found."}],"innererror":{"internalexception":{"message":"Exception of type 'TYPE' was thrown.","type":"TYPE"}}}}""")]
    [InlineData("""{"error":{"code":"NotFound","message":"Error executing cmdlet","details":[{"message":"{\"Message\":\"Object 'x' not found.\",\"TypeName\":\"TYPE\",\"InnerError\":null}"}]}}""")]
    public void The_useful_text_and_type_are_found(string body)
    {
        var error = Read(404, body.Replace("TYPE", Type, StringComparison.Ordinal));

        Assert.Equal("Object 'x' not found.", error.Message);
        Assert.Equal("ManagementObjectNotFoundException", error.ErrorId);
        Assert.Equal(Type, error.ServiceType);
        Assert.Equal(ExoErrorCategory.ObjectNotFound, error.Category);
        Assert.Equal(("id", "server", "x", "NotFound"), (error.ClientRequestId, error.ServerRequestId, error.Target, error.Code));
    }

    [Theory]
    [InlineData(new byte[] { 0x22, 0x80, 0x22 })]
    [InlineData(new byte[] { 0x7B, 0x22, 0x80, 0x22, 0x3A, 0x31, 0x7D })]
    public void JSON_with_bytes_that_are_no_UTF8_is_no_obstacle(byte[] body) =>
        Assert.Equal("Http400", ServiceErrorReader.Read(Request(400), body).ErrorId);

    [Fact]
    public void A_search_that_needs_a_session_of_its_own_has_a_remedy_of_its_own()
    {
        const string Said =
            "Please close the current PowerShell session and open a new session using Connect-IPPSSession with the -EnableSearchOnlySession flag.";
        var error = Read(403, $$$"""{"error":{"code":"Forbidden","message":"Error executing cmdlet","details":[{"message":"|{{{Type}}}|{{{Said}}}"}]}}""");

        Assert.Equal(Said, error.Message);
        Assert.Contains("Connect-IPPSSession -EnableSearchOnlySession", error.Remedy, StringComparison.Ordinal);
        Assert.Contains("Invoke-ExoRequest", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("New-UnifiedGroup", "/v1.0/groups")]
    [InlineData("add-unifiedgrouplinks", "/v1.0/groups")]
    [InlineData("Start-ComplianceSearch", "/v1.0/security/cases/ediscoveryCases")]
    [InlineData("Set-CaseHoldPolicy", "-EnableSearchOnlySession")]
    public void What_applications_cannot_run_has_a_remedy_of_its_own(string cmdlet, string remedy)
    {
        var origin = new RequestOrigin(500, cmdlet, null, "outlook.office365.com", "c", "s");
        var body = """{"error":{"details":[{"message":"Ex1|A.RecipientTaskException|Failed to retrieve executing user."}]}}"""u8;
        Assert.Contains(remedy, ServiceErrorReader.Read(origin, body).Remedy, StringComparison.Ordinal);
        Assert.Null(ServiceErrorReader.Read(origin with { CmdletName = "Set-Mailbox" }, body).Remedy);

        var taken = """{"error":{"details":[{"message":"Ex1|Microsoft.Exchange.Data.Directory.ADObjectAlreadyExistsException|It exists."}]}}"""u8;
        Assert.DoesNotContain("applications", ServiceErrorReader.Read(origin, taken).Remedy ?? "", StringComparison.Ordinal);
    }

    /// <summary>EXO prints id and type of what stands in the details; a text that stands in innererror alone, it prints as it is.</summary>
    [Theory]
    [InlineData("""{"error":{"details":[{"message":"Ex6F9304|A.BException|Gone."}]}}""", "Ex6F9304|A.BException|Gone.")]
    [InlineData("""{"error":{"details":[{"message":"|A.BException|Gone."}]}}""", "|A.BException|Gone.")]
    [InlineData("""{"error":{"innererror":{"internalexception":{"message":"Gone.","type":"A.BException"}}}}""", "Gone.")]
    public void The_message_is_the_one_that_scripts_know(string body, string message)
    {
        var origin = new RequestOrigin(400, "Get-Mailbox", null, "outlook.office365.com", "c", "s");
        Assert.Equal(message, ServiceErrorReader.Read(origin, System.Text.Encoding.UTF8.GetBytes(body)).InExoForm().Message);
    }

    [Theory]
    [InlineData("7", "7")]
    [InlineData("\"InvalidOperation\"", "InvalidOperation")]
    public void The_services_own_category_is_kept(string code, string category)
    {
        var origin = new RequestOrigin(400, "Get-Mailbox", null, "outlook.office365.com", "c", "s");
        var body = """{"error":{"details":[{"code":CODE,"message":"x"}]}}""".Replace("CODE", code, StringComparison.Ordinal);
        Assert.Equal(category, ServiceErrorReader.Read(origin, System.Text.Encoding.UTF8.GetBytes(body)).CategoryName);
    }

    [Fact]
    public void A_403_of_NUL_bytes_names_the_cmdlet_and_the_remedy()
    {
        var error = ServiceErrorReader.Read(Request(403), new byte[200]);

        Assert.Contains("Get-Thing", error.Message, StringComparison.Ordinal);
        Assert.Equal("AccessDenied", error.ErrorId);
        Assert.Equal(ExoErrorCategory.PermissionDenied, error.Category);
        Assert.Contains("Get-ConnectionInformation", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(502, "<html><head><title>502 Bad Gateway</title></head></html>", "502 Bad Gateway", ExoErrorCategory.ResourceUnavailable)]
    [InlineData(503, "", "nothing in it", ExoErrorCategory.ResourceUnavailable)]
    [InlineData(500, "{\"error\":{\"code\":", "can't be read", ExoErrorCategory.ResourceUnavailable)]
    [InlineData(500, """{"error":{"code":"InternalServerError","message":"Odd."}}""", "Odd.", ExoErrorCategory.InvalidResult)]
    [InlineData(429, "You have reached the maximum number of concurrent requests per tenant. Please wait and try again", "maximum number",
        ExoErrorCategory.ResourceUnavailable)]
    [InlineData(400, """{"error":{"code":"BadRequest","message":"Bad."}}""", "Bad.", ExoErrorCategory.InvalidArgument)]
    [InlineData(504, "\0\0\0", "NUL", ExoErrorCategory.OperationTimeout)]
    [InlineData(403, """{"error":{"code":"Forbidden","message":"The role assigned to application 1 isn't supported in this scenario."}}""", "isn't supported", ExoErrorCategory.PermissionDenied)]
    public void Every_body_ends_in_the_right_error(int status, string body, string text, ExoErrorCategory category)
    {
        var error = Read(status, body);

        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.Equal(category, error.Category);
        Assert.Equal(status, error.StatusCode);
    }

    [Theory]
    [InlineData(500, "<html><title>500</title></html>")]
    [InlineData(502, "502")]
    [InlineData(503, "")]
    [InlineData(504, "\0\0")]
    public void A_gateways_response_to_a_write_says_that_nobody_knows_and_what_to_look_at(int status, string body)
    {
        var error = ServiceErrorReader.Read(
            new RequestOrigin(status, "Set-Thing", "adele", "outlook.example", "id", null), Encoding.UTF8.GetBytes(body));

        Assert.True(error.IsOutcomeUnknown);
        Assert.Contains($"responded to 'Set-Thing' with {status} (", error.Message, StringComparison.Ordinal);
        Assert.Contains("isn't known: look at 'adele'", error.Remedy, StringComparison.Ordinal);
        Assert.Equal($"Http{status}", error.ErrorId);
    }

    [Fact]
    public void A_gateways_response_to_a_read_is_only_bad_luck()
    {
        var error = ServiceErrorReader.Read(Request(500) with { IsRead = true }, "<title>500</title>"u8);

        Assert.Equal(
            "A gateway of outlook.example responded to 'Get-Thing' with 500 (InternalServerError) instead of the service: 500", error.Message);
        Assert.StartsWith("Try again later.", error.Remedy, StringComparison.Ordinal);
        Assert.Equal(ExoErrorCategory.ResourceUnavailable, error.Category);
    }

    [Fact]
    public void What_was_refused_for_being_too_much_was_not_carried_out()
    {
        var error = ServiceErrorReader.Read(
            new RequestOrigin(500, "Set-Thing", "adele", "outlook.example", "id",
                null), "You have reached the maximum number of concurrent requests"u8);
        var failure = RequestFailure.FromResponse(error, null, hasCmdletError: false, default);

        Assert.True(failure.NotExecuted);
        Assert.False(failure.Error.IsOutcomeUnknown);
        Assert.Contains("did nothing", failure.Error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_give_an_error_with_a_message_and_an_id()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), Arb.From(Gen.Choose(300, 599)), (body, status) =>
        {
            var error = ServiceErrorReader.Read(Request(status), body);
            return error.Message.Length > 0 && error.ErrorId.Length > 0;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    private static ServiceException Read(int status, string body) => ServiceErrorReader.Read(Request(status), Encoding.UTF8.GetBytes(body));

    private static RequestOrigin Request(int status) => new(status, "Get-Thing", "x", "outlook.example", "id", "server");
}
