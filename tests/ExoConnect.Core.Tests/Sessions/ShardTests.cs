using System.Globalization;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Sessions;

namespace ExoConnect.Core.Tests.Sessions;

public class ShardTests
{
    private static readonly Func<string, string?> Nothing = static _ => null;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Each_call_belongs_to_exactly_one_part_and_the_parts_are_alike_in_size(int count)
    {
        var shards = Enumerable.Range(1, count).Select(i => Part(string.Create(CultureInfo.InvariantCulture, $"{i}/{count}"))).ToList();
        var taken = Enumerable.Range(0, 2000).Select(i => Call(("Identity", $"user{i}@contoso.com"), ("CustomAttribute1", i)))
            .Select(c => Assert.Single(shards, s => s.Takes(c)).Index).ToList();

        Assert.All(shards, s => Assert.InRange(taken.Count(i => i == s.Index), 1400 / count, 2600 / count));
    }

    /// <summary>What a release of this program took must be what the next one takes: a list may be half done between them.</summary>
    [Theory]
    [InlineData("adele@contoso.com", 1)]
    [InlineData("ADELE@contoso.com ", 1)]
    [InlineData("bob", 4)]
    public void The_part_of_a_name_never_changes(string identity, int expected) =>
        Assert.Equal(expected, Enumerable.Range(1, 5).Single(i => Part($"{i}/5").Takes(Call(("Identity", identity)))));

    [Fact]
    public void Calls_that_name_the_same_object_stay_together_whatever_else_they_say()
    {
        var part = Enumerable.Range(1, 16).Select(i => Part($"{i}/16")).Single(s => s.Takes(Call(("Identity", "adele"))));

        Assert.True(part.Takes(Call(("identity", "Adele"), ("Name", "x"), ("CustomAttribute1", "y"))));
        Assert.True(part.Takes(Call(("Mailbox", "ADELE"), ("Name", "a rule"))));
        Assert.True(part.Takes(Call(("Name", "adele"), ("Identity", null))));
    }

    [Fact]
    public void Calls_that_name_nothing_are_told_apart_by_all_that_they_say()
    {
        var one = Enumerable.Range(1, 64).Single(i => Part($"{i}/64").Takes(Call(("A", 1), ("B", "x"))));

        Assert.True(Part($"{one}/64").Takes(Call(("b", "x"), ("a", 1))));
        Assert.NotEqual(one, Enumerable.Range(1, 64).Single(i => Part($"{i}/64").Takes(Call(("A", 2), ("B", "x")))));
    }

    [Theory]
    [InlineData("auto", "3/4", "JOB_COMPLETION_INDEX=2", "JOB_COMPLETIONS=4")]
    [InlineData("auto/4", "1/4", "JOB_COMPLETION_INDEX=0")]
    [InlineData("AUTO", "1/2", "STRATEGY_JOB_INDEX=0", "STRATEGY_JOB_TOTAL=2")]
    [InlineData("auto", "2/3", "SYSTEM_JOBPOSITIONINPHASE=2", "SYSTEM_TOTALJOBSINPHASE=3")]
    [InlineData("auto", "5/5", "CI_NODE_INDEX=5", "CI_NODE_TOTAL=5")]
    public void A_platform_says_which_part_this_is(string text, string expected, params string[] variables) =>
        Assert.Equal(expected, Shard.Parse(text, Variables(variables)).ToString());

    [Theory]
    [InlineData("0/4", "not a part")]
    [InlineData("5/4", "not a part")]
    [InlineData("1", "not a part")]
    [InlineData("-1/4", "not a part")]
    [InlineData("1/2/3", "not a part")]
    [InlineData("1/9999999", "not a part")]
    [InlineData("auto", "JOB_COMPLETION_INDEX")]
    [InlineData("auto", "set JOB_COMPLETIONS", "JOB_COMPLETION_INDEX=0")]
    [InlineData("auto/2", "'2'", "JOB_COMPLETION_INDEX=2")]
    [InlineData("auto", "'x'", "CI_NODE_INDEX=x", "CI_NODE_TOTAL=2")]
    public void What_is_no_part_is_an_error_that_says_why(string text, string says, params string[] variables)
    {
        var error = Assert.Throws<ExoException>(() => Shard.Parse(text, Variables(variables)));

        Assert.Equal(ErrorIds.ShardInvalid, error.ErrorId);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_part_has_a_checkpoint_of_its_own() => Assert.Equal("a.checkpoint.2-of-4", Part("2/4").CheckpointPath("a.checkpoint"));

    private static Shard Part(string text) => Shard.Parse(text, Nothing);

    private static Func<string, string?> Variables(string[] lines) =>
        name => lines.Select(l => l.Split('=')).FirstOrDefault(l => l[0] == name)?[1];

    private static CmdletRequest Call(params (string Name, object? Value)[] parameters) =>
        new() { Name = "Set-Mailbox", Parameters = parameters.ToDictionary(p => p.Name, p => p.Value) };
}
