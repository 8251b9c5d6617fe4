using ExoConnect.Core.Sessions;

namespace ExoConnect.Core.Tests.Sessions;

public class RequestCheckTests
{
    [Theory]
    [InlineData("Get-Mailbox", false)]
    [InlineData("Get-Mailbox\n", true)]
    [InlineData("Get-Mailbox\r\n", true)]
    [InlineData("GetMailbox", true)]
    [InlineData("Get-Mailbox X-Header: y", true)]
    public void A_name_goes_into_headers_so_it_holds_no_line_break(string name, bool isRefused) =>
        Assert.Equal(isRefused, ExoSession.IsRefused(new CmdletRequest { Name = name }));

    [Theory]
    [InlineData("DisplayName", false)]
    [InlineData("DisplayName\n", true)]
    [InlineData("Display,Name", true)]
    public void A_property_goes_into_the_address_so_it_holds_no_line_break(string property, bool isRefused) =>
        Assert.Equal(isRefused, ExoSession.IsRefused(new CmdletRequest { Name = "Get-Mailbox", Properties = [property] }));
}
