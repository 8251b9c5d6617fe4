using ExoConnect.Cli.Hosting;

namespace ExoConnect.Cli.Tests.Processes;

public class OpenFileLimitTests
{
    [Theory]
    [InlineData("159", "This process may open 159 files")]
    [InlineData("160", null)]
    [InlineData("unlimited", null)]
    [InlineData("", null)]
    public void A_limit_below_what_a_command_needs_is_told(string soft, string? expected)
    {
        var problem = OpenFileLimit.Problem(
            $"Limit              Soft Limit           Hard Limit\nMax open files     {soft,-20} 4096      files\n");
        Assert.Equal(expected is not null, problem is not null);
        Assert.Contains(expected ?? "", problem ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_without_the_limit_is_no_problem() => Assert.Null(OpenFileLimit.Problem("Max cpu time   unlimited   unlimited   seconds\n"));
}
