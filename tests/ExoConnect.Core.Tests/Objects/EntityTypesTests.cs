using ExoConnect.Core.AdminApi.Responses;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.Tests.Objects;

/// <summary>What is read of REST entities, whose responses annotate nothing that <c>$metadata</c> declares.</summary>
public class EntityTypesTests
{
    private static readonly RequestOrigin Origin = new(200, "Get-EXOMailbox", null, "host", null, null);

    [Theory]
    [InlineData("Mailbox")]
    [InlineData("Selected.Mailbox")]
    public void Texts_become_what_is_declared(string entity)
    {
        var mailbox = Read(
            entity,
            """
            {"DisplayName":"Adele","Identity":"a","ExchangeGuid":"2be93eb2-26cb-4f3c-8b3b-5e6f2d1a9c01","WhenCreated":"2024-05-06T07:08:09.0000000Z",
             "ResetPasswordOnNextLogon":"False","Alias":"2be93eb2-26cb-4f3c-8b3b-5e6f2d1a9c01","WhenSoftDeleted":null,"LitigationHoldDate":"soon"}
            """);

        Assert.Equal(new Guid("2be93eb2-26cb-4f3c-8b3b-5e6f2d1a9c01"), ExoRecord.Value(mailbox, "ExchangeGuid"));
        Assert.Equal(new DateTime(2024, 5, 6, 7, 8, 9, DateTimeKind.Utc), ExoRecord.Value(mailbox, "WhenCreated"));
        Assert.Equal(false, ExoRecord.Value(mailbox, "ResetPasswordOnNextLogon"));
        Assert.IsType<string>(ExoRecord.Value(mailbox, "Alias"));
        Assert.Null(ExoRecord.Value(mailbox, "WhenSoftDeleted"));
        Assert.Equal("soon", ExoRecord.Value(mailbox, "LitigationHoldDate"));
        Assert.Equal("Adele", mailbox.ToString());
    }

    [Fact]
    public void A_type_that_the_response_names_counts_more()
    {
        var mailbox = Read("Mailbox", """{"WhenCreated@data.type":"System.Guid","WhenCreated":"2be93eb2-26cb-4f3c-8b3b-5e6f2d1a9c01"}""");

        Assert.IsType<Guid>(ExoRecord.Value(mailbox, "WhenCreated"));
    }

    [Fact]
    public void Statistics_have_sizes_long_counts_and_no_limit_for_the_smallest_number()
    {
        var statistics = Read(
            "MailboxStatistics",
            $$"""{"TotalItemSize":1024,"DatabaseIssueWarningQuota":2048,"DatabaseProhibitSendQuota":{{long.MinValue}},"ItemCount":7,"Other":8}""");

        Assert.Equal(new ByteQuantifiedSize(1024), ExoRecord.Value(statistics, "TotalItemSize"));
        Assert.Equal(new ByteQuantifiedSize(2048), ExoRecord.Value(statistics, "DatabaseIssueWarningQuota"));
        Assert.True(((ByteQuantifiedSize)ExoRecord.Value(statistics, "DatabaseProhibitSendQuota")!).IsUnlimited);
        Assert.Equal(7L, ExoRecord.Value(statistics, "ItemCount"));
        Assert.Equal(8, ExoRecord.Value(statistics, "Other"));
    }

    [Fact]
    public void Each_Unlimited_is_a_value_of_its_own_since_PowerShell_hangs_type_names_on_instances()
    {
        var mailbox = Read("Mailbox", """{"MaxSendSize":"Unlimited","MaxReceiveSize":"Unlimited"}""");

        Assert.NotSame(ExoRecord.Value(mailbox, "MaxSendSize"), ExoRecord.Value(mailbox, "MaxReceiveSize"));
        Assert.Equal(ByteQuantifiedSize.Unlimited, ExoRecord.Value(mailbox, "MaxSendSize"));
    }

    private static ExoObject Read(string entity, string json)
    {
        using var parser = new ResponseParser(entity, Origin, isEntity: true);
        var bytes = System.Text.Encoding.UTF8.GetBytes("{\"value\":[" + json + "]}");
        bytes.CopyTo(parser.GetMemory());
        parser.Advance(bytes.Length);
        parser.Advance(0);
        return Assert.IsAssignableFrom<ExoObject>(Assert.Single(parser.Take().Objects));
    }
}
