using System.Security.Cryptography;
using ExoConnect.Core.Text;

namespace ExoConnect.Core.Tests.Text;

public class FailureTextTests
{
    [Theory]
    [InlineData("The data is invalid.", "The data is invalid")]
    [InlineData("Two. Sentences.\r\n", "Two. Sentences")]
    public void The_reason_is_what_the_failure_says(string message, string expected) =>
        Assert.Equal(expected, FailureText.Reason(new CryptographicException(message)));

    [Theory]
    [InlineData("Success.")]
    [InlineData("The operation completed successfully.")]
    [InlineData("")]
    public void A_failure_that_tells_of_success_gives_its_cause_or_its_number(string message)
    {
        Assert.Equal("the key is damaged", FailureText.Reason(new CryptographicException(message, new IOException("the key is damaged"))));
        var failure = new CryptographicException(message) { HResult = unchecked((int)0x80090020) };
        Assert.Equal("the system gives no reason (0x80090020)", FailureText.Reason(failure));
    }
}
