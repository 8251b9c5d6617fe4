using ExoConnect.Core.Authentication.Errors;

namespace ExoConnect.Core.Tests.Authentication;

/// <summary>The causes of sign-in errors.</summary>
public class SignInExceptionTests
{
    [Theory]
    [InlineData("client_assertion=eyJhbGciOiJQUzI1NiJ9.eyJhdWQiOiJodHRw.c2ln&scope=x")]
    [InlineData("AADSTS700016: \u001b]0;title\u0007")]
    public void A_cause_that_quotes_the_request_or_drives_a_terminal_is_named_and_not_kept(string response)
    {
        var e = new SignInException("The host refused.", new KeepsResponse($"It failed: {response}", response));

        Assert.Contains(nameof(KeepsResponse), e.ToString(), StringComparison.Ordinal);
        Assert.Contains("It failed", e.InnerException!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", e.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_other_cause_is_kept()
    {
        var cause = new KeepsResponse("It failed.", "{}");
        Assert.Same(cause, new SignInException("The host refused.", cause).InnerException);
    }

    private sealed class KeepsResponse(string message, string response) : Exception(message)
    {
        public override string ToString() => base.ToString() + response;
    }
}
