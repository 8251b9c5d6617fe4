using ExoConnect.Core.Errors;
using ExoConnect.Core.RestEntities;

namespace ExoConnect.Core.Tests.RestEntities;

public sealed class EntitySchemaTests
{
    public static TheoryData<EntitySchema> Schemas =>
        new() { EntitySchema.Mailbox, EntitySchema.Recipient, EntitySchema.CasMailbox, EntitySchema.MailboxStatistics };

    [Fact]
    public void Sets_are_those_of_the_documentation()
    {
        Assert.Equal(
            "Minimum AddressList Archive Audit Custom Delivery Hold Moderation Move Policy PublicFolder Quota Resource Retention SCL SoftDelete "
                + "StatisticsSeed All",
            string.Join(' ', EntitySchema.Mailbox.PropertySetNames));
        Assert.Equal("Minimum Archive Custom MailboxMove Policy All", string.Join(' ', EntitySchema.Recipient.PropertySetNames));
        Assert.Equal("Minimum ActiveSync Ews Imap Mapi Pop ProtocolSettings All", string.Join(' ', EntitySchema.CasMailbox.PropertySetNames));
        Assert.Equal("Minimum All", string.Join(' ', EntitySchema.MailboxStatistics.PropertySetNames));
    }

    [Theory]
    [InlineData("Minimum", 14)]
    [InlineData("AddressList", 6)]
    [InlineData("Archive", 14)]
    [InlineData("Audit", 7)]
    [InlineData("Custom", 21)]
    [InlineData("Delivery", 22)]
    [InlineData("Hold", 9)]
    [InlineData("Moderation", 5)]
    [InlineData("Move", 7)]
    [InlineData("Policy", 13)]
    [InlineData("PublicFolder", 7)]
    [InlineData("Quota", 11)]
    [InlineData("Resource", 6)]
    [InlineData("Retention", 12)]
    [InlineData("SCL", 10)]
    [InlineData("SoftDelete", 6)]
    [InlineData("StatisticsSeed", 4)]
    public void Mailbox_sets_have_as_many_properties_as_documented(string set, int count) =>
        Assert.Equal(count, EntitySchema.Mailbox.PropertiesOf(set).Count);

    [Fact]
    public void Numbered_names_are_spelled_out()
    {
        var custom = EntitySchema.Mailbox.PropertiesOf("custom");
        Assert.Contains("CustomAttribute1", custom);
        Assert.Contains("CustomAttribute15", custom);
        Assert.Contains("ExtensionCustomAttribute5", custom);
        Assert.DoesNotContain("ExtensionCustomAttribute6", custom);
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public void Every_name_is_a_name_and_stands_once(EntitySchema schema)
    {
        Assert.All(schema.PropertyNames, static name => Assert.Matches("^[A-Za-z][A-Za-z0-9]*$", name));
        Assert.Equal(schema.PropertyNames.Count, schema.PropertyNames.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(
            schema.PropertySetNames,
            set => Assert.Equal(schema.PropertiesOf(set).Count, schema.PropertiesOf(set).Distinct(StringComparer.OrdinalIgnoreCase).Count()));
        Assert.All(
            schema.PropertySetNames.SelectMany(schema.PropertiesOf),
            name => Assert.Equal(name, schema.FindProperty(name.ToUpperInvariant())));
    }

    [Fact]
    public void Minimum_is_always_expected_but_only_sent_if_asked_for()
    {
        var none = EntitySchema.Mailbox.Select([], []);
        Assert.Equal((null, null), (none.PropertySet, none.Select));
        Assert.Equal(EntitySchema.Mailbox.PropertiesOf("Minimum"), none.Expected);

        var archive = EntitySchema.Mailbox.Select(["archive"], ["office", "Alias"]);
        Assert.Equal(("Archive", "Office,Alias"), (archive.PropertySet, archive.Select));
        Assert.Equal(
            [
                .. EntitySchema.Mailbox.PropertiesOf("Minimum"),
                .. EntitySchema.Mailbox.PropertiesOf("Archive").Except(["ExternalDirectoryObjectId"]),
                "Office",
            ],
            archive.Expected);
    }

    [Fact]
    public void Repeated_names_are_sent_once_and_no_set_beside_All()
    {
        Assert.Equal("Minimum,Archive", EntitySchema.Mailbox.Select(["Minimum", "ARCHIVE", "minimum", "Archive"], []).PropertySet);
        Assert.Equal("Office,Foo", EntitySchema.Mailbox.Select([], ["office", "Office", "Foo", "foo"]).Select);
        var all = EntitySchema.Mailbox.Select(["Minimum", "all"], ["Office"]);
        Assert.Equal(("All", "Office"), (all.PropertySet, all.Select));
    }

    [Theory]
    [InlineData("Archiv", "Did you mean Archive? There are Minimum, AddressList")]
    [InlineData("r*", "There are Minimum, AddressList")]
    [InlineData("", "There are Minimum, AddressList")]
    public void Unknown_set_is_refused(string name, string remedy)
    {
        var error = Assert.Throws<ExoException>(() => new GetExoMailboxOptions { PropertySets = ["Minimum", name] }.ToRequest());
        Assert.Equal(("InvalidPropertySet", "PropertySets"), (error.ErrorId, error.ParameterName));
        Assert.StartsWith(remedy, error.Remedy, StringComparison.Ordinal);
        Assert.Contains("Get-EXOMailbox has no property set", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*", "-PropertySets All")]
    [InlineData("owa*", "OWAEnabled,OWAforDevicesEnabled,OwaMailboxPolicy")]
    [InlineData("Name,Guid", "as a list")]
    [InlineData("", "as a list")]
    [InlineData("Näme", "as a list")]
    public void What_cannot_be_a_property_is_refused(string name, string remedy)
    {
        var error = Assert.Throws<ExoException>(() => new GetExoCasMailboxOptions { Properties = [name] }.ToRequest());
        Assert.Equal(("InvalidProperty", "Properties"), (error.ErrorId, error.ParameterName));
        Assert.Contains(remedy, error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_property_is_sent_and_noted_if_it_looks_like_a_slip()
    {
        var request = new GetExoMailboxOptions { Properties = ["DispalyName", "BrandNewProperty"], Filter = "Alais -eq 'a'" }.ToRequest();
        Assert.Contains("$select=DispalyName%2CBrandNewProperty", request.PathAndQuery, StringComparison.Ordinal);
        Assert.Collection(
            request.Notes,
            static note => Assert.Contains("did you mean Alias?", note, StringComparison.Ordinal),
            static note => Assert.Contains("did you mean DisplayName?", note, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("DisplayNam", "DisplayName")]
    [InlineData("DipslayName", "DisplayName")]
    [InlineData("displayname", "DisplayName")]
    [InlineData("Nmae", "Name")]
    [InlineData("Xy", null)]
    [InlineData("", null)]
    [InlineData("CompletelyDifferent", null)]
    public void Nearest_name_is_found(string name, string? nearest) =>
        Assert.Equal(nearest, NameSuggestion.Nearest(name, ["Name", "DisplayName", "Alias"]));

    [Fact]
    public void Very_long_name_has_no_nearest_one() => Assert.Null(NameSuggestion.Nearest(new string('a', 5000), [new string('a', 5000)]));
}
