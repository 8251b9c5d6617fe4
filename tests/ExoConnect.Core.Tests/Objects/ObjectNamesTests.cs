using ExoConnect.Core.Objects;

namespace ExoConnect.Core.Tests.Objects;

public class ObjectNamesTests
{
    [Fact]
    public void The_best_name_wins_and_a_display_name_is_none()
    {
        var all = ObjectNames.Properties.ToDictionary(static n => n, static n => (object?)$"by {n}");
        all["DisplayName"] = "somebody else";
        foreach (var name in ObjectNames.Properties)
        {
            Assert.Equal($"by {name}", ObjectNames.Find(n => all.GetValueOrDefault(n)));
            all.Remove(name);
        }

        Assert.Null(ObjectNames.Find(n => all.GetValueOrDefault(n)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData(null)]
    public void What_says_nothing_is_passed_over(string? nothing) =>
        Assert.Equal("adele", ObjectNames.Find(
            n => n switch { "Guid" => nothing, "Identity" => Guid.Empty, "DistinguishedName" => new[] { "a" }, "Alias" => "adele", _ => null }));

    [Fact]
    public void A_folder_is_its_mailbox_and_its_id() => Assert.Equal("m:f", ObjectNames.Find(n => n switch
    {
        "FolderId" => "f",
        "ContentMailboxGuid" => "m",
        "Identity" => @"adele\Inbox",
        _ => null,
    }));

    [Fact]
    public void A_value_is_no_object()
    {
        Assert.Null(ObjectNames.Identify("Identity", "text"));
        Assert.Null(ObjectNames.Of(5));
    }
}
