using ExoConnect.Core.Errors;
using ExoConnect.Core.Sessions;

namespace ExoConnect.Core.Tests.Errors;

public class ExoExceptionTests
{
    [Fact]
    public void What_an_error_quotes_drives_no_terminal_and_shows_no_token()
    {
        var e = new ExoException("a\u001B[2Jb eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c2ln") { Remedy = "c\u0007d https://u:pass@proxy/" };

        Assert.Equal("ab [removed]", e.Message);
        Assert.Equal("cd https://[removed]@proxy/", e.Remedy);
    }

    [Fact]
    public void What_an_error_quotes_has_an_end() => Assert.InRange(new ExoException(new string('x', 1_000_000)).Message.Length, 1000, 10_000);

    [Fact]
    public void A_name_with_control_characters_is_refused_in_readable_words()
    {
        var e = RequestCheck.Find(new CmdletRequest { Name = "Get-\u001B]0;x\u0007Mailbox" });

        Assert.StartsWith("'Get-Mailbox' is ", e!.Message, StringComparison.Ordinal);
    }
}
