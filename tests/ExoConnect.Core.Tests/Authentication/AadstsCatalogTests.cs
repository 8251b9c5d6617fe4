using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Methods;
using FsCheck;
using FsCheck.Fluent;

namespace ExoConnect.Core.Tests.Authentication;

public sealed class AadstsCatalogTests
{
    private static readonly SignInIdentity Identity =
        SignInIdentity.Create(new Uri("https://login.microsoftonline.com/"), "contoso.onmicrosoft.com", Guid.Empty.ToString(), "0123ABCD");

    private static SignInException Refused(int status, string? body) =>
        SignInErrors.Refused(Identity, "https://outlook.office365.com", status, body, null, TimeProvider.System, null).Exception;

    [Fact]
    public void Every_entry_makes_a_whole_message()
    {
        Assert.True(AadstsCatalog.Codes.Count() > 100);
        foreach (var code in AadstsCatalog.Codes)
        {
            var e = Refused(400, $$"""{"error":"x","error_description":"AADSTS{{code}}: Words. Trace ID: 1","error_codes":[{{code}}],"trace_id":"t","correlation_id":"c"}""");
            var entry = AadstsCatalog.Find(code)!;
            Assert.Equal(entry.ErrorId, e.ErrorId);
            Assert.Equal($"AADSTS{code}", e.AadstsCode);
            Assert.Equal(("t", "c"), (e.TraceId, e.CorrelationId));
            Assert.DoesNotContain('{', e.Message + e.Remedy);
            Assert.EndsWith($". The sign-in host says: AADSTS{code}: Words.", e.Message, StringComparison.Ordinal);
            Assert.True(char.IsUpper(entry.ErrorId[0]) && entry.ErrorId.All(char.IsAsciiLetter));
        }
    }

    [Theory]
    [InlineData(700016, "ApplicationNotFound")]
    [InlineData(90002, "TenantNotFound")]
    [InlineData(700027, "CertificateNotRegistered")]
    [InlineData(700024, "ClockWrong")]
    [InlineData(7000222, "CredentialExpired")]
    [InlineData(7000215, "ClientSecretInvalid")]
    [InlineData(65001, "ConsentMissing")]
    [InlineData(50034, "UserNotFound")]
    [InlineData(53003, "ConditionalAccessBlocked")]
    [InlineData(50076, "MfaRequired")]
    [InlineData(70016, "DeviceCodePending")]
    public void The_usual_numbers_are_in_it(int code, string errorId) => Assert.Equal(errorId, AadstsCatalog.Find(code)?.ErrorId);

    [Fact]
    public void An_unknown_number_is_passed_on_with_the_hosts_words()
    {
        var e = Refused(400, """{"error":"invalid_grant","error_description":"AADSTS99999: Something new.\r\nTrace ID: t"}""");
        Assert.Equal("AADSTS99999", e.AadstsCode);
        Assert.Equal("SignInRefused", e.ErrorId);
        Assert.EndsWith("AADSTS99999: Something new.", e.Message, StringComparison.Ordinal);
        Assert.Contains("error?code=99999", e.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_only_in_the_list_counts()
    {
        Assert.Equal("AADSTS90002", Refused(400, """{"error":"x","error_codes":[90002]}""").AadstsCode);
        Assert.Null(Refused(400, """{"error":"x","error_codes":["90002"]}""").AadstsCode);
    }

    [Fact]
    public void Any_response_makes_an_error() => Prop.ForAll<string?, int>((text, status) =>
    {
        var bodies = new[] { text, $$"""{"error":"{{text}}"}""", $$"""{"error":"x","error_description":{{text}},"error_codes":[{{status}}]}""" };
        return bodies.All(body => Refused(Math.Abs(status % 600), body) is { Message.Length: > 0 and < 2000, ErrorId.Length: > 0 });
    }).QuickCheckThrowOnFailure();
}
