using ExoConnect.Core.Text;

namespace ExoConnect.Core.Tests.Text;

public class ShownTextTests
{
    [Theory]
    [InlineData("Token eyJ0eXAiOiJKV1QifQ.eyJhIjoxfQ.c2lnLW5h_A is bad.", "Token [removed] is bad.")]
    [InlineData("eyJ0eXAiOiJKV1QifQ.eyJhIjoxfQ.c2ln cut", "[removed] cut")]
    [InlineData("Authorization: Bearer 0.AXkAd9fYpQ12~x", "Authorization: Bearer [removed]")]
    [InlineData("bearer abcdefghijklmnopqrstuvwxyz", "bearer [removed]")]
    [InlineData("Basic dXNlcjpwYXNzMTIz", "Basic [removed]")]
    [InlineData("proxy http://joe:s3cret@proxy.contoso.com:8080 refused", "proxy http://[removed]@proxy.contoso.com:8080 refused")]
    [InlineData("Password: S3cr3tValue is wrong", "Password: [removed] is wrong")]
    [InlineData("client_assertion=abc.def&scope=x", "client_assertion=[removed]&scope=x")]
    [InlineData("{\"client_secret\": \"abc\"}", "{\"client_secret\": \"[removed]\"}")]
    [InlineData("\u001b[1;31mred\u001b[0m \u009b2Jand \u001b]0;title\u0007more\u0000", "red and more")]
    [InlineData("ey\u0000J0eXAiOiJKV1QifQ.eyJhIjoxfQ.c2ln", "[removed]")]
    [InlineData("to the \u202eleft", "to the left")]
    [InlineData("eyJ0eXAiOiJ\u200bKV1QifQ.eyJhIj\u2060oxfQ.c2ln cut", "[removed] cut")]
    [InlineData("eyJ0eXAiOiJKV1QifQ.eyJhIjoxfQ\r\nLm9mZmljZTM2NS5jb20iLCAi\r\naXNzIjogImh0dHBzOi8vc3Rz end", "[removed] end")]
    [InlineData("eyJ0eXAiOiJKV1QifQ.eyJhIjoxfQ.c2ln of 26043600-057e-41f0-91bc-fc6c3d4182dc", "[removed] of 26043600-057e-41f0-91bc-fc6c3d4182dc")]
    public void Secrets_and_what_drives_a_terminal_are_taken_out(string text, string shown) => Assert.Equal(shown, ShownText.Clean(text));

    [Theory]
    [InlineData(
        "There are more results, use the following command to get more. Get-MessageTraceV2 -StartDate \"11/01/2026 07:00:00\" -ResultSize 5000")]
    [InlineData("The bearer of this mailbox is unknown.\r\n\tBearer realm=\"\"")]
    [InlineData("Password: required. Pwd: letters")]
    [InlineData("The password must have 8 characters. See https://aka.ms/x and mail a@b.c.")]
    [InlineData("Postfach „Müller“ 日本 \U0001F600")]
    [InlineData("https://outlook.office365.com:443/path?mail=a@contoso.com")]
    public void Other_text_is_the_same_object(string text) => Assert.Same(text, ShownText.Clean(text));
}
