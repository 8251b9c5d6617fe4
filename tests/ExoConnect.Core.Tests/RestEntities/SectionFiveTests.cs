using System.Text;
using ExoConnect.Core.RestEntities;

namespace ExoConnect.Core.Tests.RestEntities;

/// <summary>Every row of the table in protocol.md section 5, decoded as it stands there.</summary>
public sealed class SectionFiveTests
{
    private const string Anna = "anna@contoso.com";
    private const string Ben = "ben@contoso.com";
    private const string MailboxGuid = "2be9b0b4-5a2d-4f3c-9d0e-7b1f6a5c4d3e";
    private const string DatabaseGuid = "11111111-2222-3333-4444-555555555555";
    private const string Tenant = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";

    private static readonly string A = B64(Anna);
    private static readonly string B = B64(Ben);

    public static TheoryData<string, RestRequest> Rows()
    {
        var anna = ObjectIdentity.Of(Anna);
        return new()
        {
            { "/Mailbox", new GetExoMailboxOptions { ResultSize = ResultSize.Of(10) }.ToRequest() },
            { "/Mailbox?$select=Alias,Office", new GetExoMailboxOptions { Properties = ["Alias", "Office"] }.ToRequest() },
            { "/Mailbox?PropertySet=Minimum,Archive", new GetExoMailboxOptions { PropertySets = ["Minimum", "Archive"] }.ToRequest() },
            { "/Mailbox?PropertySet=All", new GetExoMailboxOptions { PropertySets = ["All"] }.ToRequest() },
            {
                "/Mailbox?$filter=startswith(Alias, 'user1') and DisplayName ne 'x'",
                new GetExoMailboxOptions { Filter = "Alias -like 'user1*' -and DisplayName -ne 'x'" }.ToRequest()
            },
            {
                "/Mailbox?$filter=not (not (contains(Alias, 'ser'))) or WhenCreated gt '2024-01-01'",
                new GetExoMailboxOptions { Filter = "-not(Alias -notlike '*ser*') -or WhenCreated -gt '2024-01-01'" }.ToRequest()
            },
            { "/Mailbox?Anr=user1", new GetExoMailboxOptions { Anr = "user1" }.ToRequest() },
            {
                "/Mailbox?RecipientTypeDetails=SharedMailbox,RoomMailbox",
                new GetExoMailboxOptions { RecipientTypeDetails = ["SharedMailbox", "RoomMailbox"] }.ToRequest()
            },
            {
                "/Mailbox?InactiveMailboxOnly=True&Archive=True",
                new GetExoMailboxOptions { Archive = true, InactiveMailboxOnly = true }.ToRequest()
            },
            { $"/Mailbox('{A}')?isEncoded=true", new GetExoMailboxOptions { Target = anna }.ToRequest() },
            { $"/Mailbox('{A}')?isEncoded=true", new GetExoMailboxOptions { Target = new() { UserPrincipalName = Anna } }.ToRequest() },
            { $"/Mailbox('{A}')?isEncoded=true", new GetExoMailboxOptions { Target = new() { PrimarySmtpAddress = Anna } }.ToRequest() },
            {
                $"/Mailbox('{B64(MailboxGuid)}')?isEncoded=true",
                new GetExoMailboxOptions { Target = new() { ExternalDirectoryObjectId = MailboxGuid } }.ToRequest()
            },
            { "/Recipient", new GetExoRecipientOptions().ToRequest() },
            { "/Recipient?ReadIdsAndParamsFromHeaders=True", new GetExoRecipientOptions { Target = anna }.ToRequest() },
            { "/CasMailbox", new GetExoCasMailboxOptions().ToRequest() },
            {
                $"/CasMailbox('{A}')?isEncoded=true&PropertySet=Imap",
                new GetExoCasMailboxOptions { Target = anna, PropertySets = ["Imap"] }.ToRequest()
            },
            { $"/Mailbox('{A}')/MailboxPermission?isEncoded=true", new GetExoMailboxPermissionOptions { Target = anna }.ToRequest() },
            {
                $"/Mailbox('{A}')/MailboxPermission?$filter=IsOwner eq true&isEncoded=true",
                new GetExoMailboxPermissionOptions { Target = anna, Owner = true }.ToRequest()
            },
            {
                $"/Mailbox('{A}')/MailboxPermission('{B}')?isEncoded=true",
                new GetExoMailboxPermissionOptions { Target = anna, User = Ben }.ToRequest()
            },
            {
                $"/Recipient('{A}')?$expand=RecipientPermission&isEncoded=true&$select=RecipientPermission, ExternalDirectoryObjectId",
                new GetExoRecipientPermissionOptions { Target = anna }.ToRequest()
            },
            {
                $"/Recipient/Exchange.GetRecipientPermissionByFilters(identity='{A}',trustee='{B}',accessRights=[\"SendAs\"])"
                    + "?$expand=RecipientPermission&isEncoded=true&$select=RecipientPermission, ExternalDirectoryObjectId",
                new GetExoRecipientPermissionOptions { Target = anna, Trustee = Ben, AccessRights = ["SendAs"] }.ToRequest()
            },
            {
                $"/Mailbox('{A}')/Exchange.GetMailboxStatistics()?isEncoded=true",
                new GetExoMailboxStatisticsOptions { Target = anna }.ToRequest()
            },
            {
                $"/Mailbox('{A}')/Exchange.GetMailboxStatistics()?isEncoded=true&Archive=True&PropertySet=All",
                new GetExoMailboxStatisticsOptions { Target = anna, Archive = true, PropertySets = ["All"] }.ToRequest()
            },
            {
                $"/Mailbox/Exchange.GetMailboxStatisticsV2(mailboxGuid={MailboxGuid},databaseGuid={DatabaseGuid})?UseCopyOnLocalServer=True",
                Seeded(anna).ToRequest()
            },
            { $"/Mailbox('{A}')/Exchange.GetMailboxStatistics()?isEncoded=true", Seeded(anna).ToRequest().Fallback! },
            {
                $"/Mailbox('{B64(MailboxGuid)}')/Exchange.GetMailboxStatistics()?isEncoded=true",
                Seeded(ObjectIdentity.None).ToRequest().Fallback!
            },
            {
                $"/Mailbox('{A}')/MailboxFolder/Exchange.GetMailboxFolderStatistics(folderscope=Exchange.ElcFolderType'All')?isEncoded=true",
                new GetExoMailboxFolderStatisticsOptions { Target = anna }.ToRequest()
            },
            {
                $"/Mailbox('{A}')/MailboxFolder('{B64("\\Calendar")}')/MailboxFolderPermission?IsUsingMailboxFolderId=True&isEncoded=true",
                new GetExoMailboxFolderPermissionOptions { Target = ObjectIdentity.Of(Anna + ":\\Calendar") }.ToRequest()
            },
            {
                $"/Mailbox('{A}')/MailboxFolder('{B64("\\Calendar")}')/MailboxFolderPermission('{B}')?IsUsingMailboxFolderId=True&isEncoded=true",
                new GetExoMailboxFolderPermissionOptions { Target = ObjectIdentity.Of(Anna + ":\\Calendar"), User = Ben }.ToRequest()
            },
            {
                $"/Mailbox('{A}')/MobileDevice/Exchange.GetMobileDeviceStatistics()?isEncoded=true",
                new GetExoMobileDeviceStatisticsOptions { Mailbox = Anna }.ToRequest()
            },
            {
                "/GetMobileDeviceStatisticsByIdentity(Identity='XParameter-Identity')?ReadIdsAndParamsFromHeaders=True",
                new GetExoMobileDeviceStatisticsOptions { Target = ObjectIdentity.Of("device") }.ToRequest()
            },
        };
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Request_is_that_of_the_table(string expected, RestRequest request) => Assert.Equal(expected, request.ToString());

    [Theory]
    [MemberData(nameof(Rows))]
    public void Request_survives_the_Uri_class_and_has_only_characters_that_may_travel(string expected, RestRequest request)
    {
        var address = new Uri("https://host/adminapi/beta/tenant/" + request.PathAndQuery);

        Assert.Equal("https://host/adminapi/beta/tenant/" + request.PathAndQuery, address.AbsoluteUri);
        Assert.Equal(expected, Uri.UnescapeDataString(address.PathAndQuery["/adminapi/beta/tenant".Length..]));
        Assert.Matches(@"^[A-Za-z0-9%._~/?&='(),$-]+$", request.PathAndQuery);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Headers_are_those_of_the_page(string expected, RestRequest request)
    {
        _ = expected;
        var size = request.ResultSize.Limit == 10 ? 10 : 1000;
        Assert.Equal($"odata.maxpagesize={size};", Header(request, "Prefer"));
        Assert.Equal("4.0", Header(request, "OData-Version"));
        Assert.Equal("application/json;odata.metadata=minimal", Header(request, "Accept"));
        Assert.Equal(request.PathAndQuery.Contains("FromHeaders", StringComparison.Ordinal), Header(request, "XParameter-Identity") is not null);
    }

    [Fact]
    public void Identity_in_a_header_is_base64()
    {
        Assert.Equal(A, Header(new GetExoRecipientOptions { Target = ObjectIdentity.Of(Anna) }.ToRequest(), "XParameter-Identity"));
        Assert.Equal(
            B64("Gerät 1"),
            Header(new GetExoMobileDeviceStatisticsOptions { Target = ObjectIdentity.Of("Gerät 1") }.ToRequest(), "XParameter-Identity"));
    }

    [Fact]
    public void Lists_and_single_objects_use_the_sessions_anchor()
    {
        var anna = ObjectIdentity.Of(Anna);
        RestRequest[] requests =
        [
            new GetExoMailboxOptions().ToRequest(), new GetExoMailboxOptions { Target = anna }.ToRequest(),
            new GetExoRecipientOptions { Target = anna }.ToRequest(), new GetExoCasMailboxOptions { Target = anna }.ToRequest(),
            new GetExoMailboxPermissionOptions { Target = anna, SoftDeletedMailbox = true }.ToRequest(),
            new GetExoRecipientPermissionOptions { Target = anna }.ToRequest(),
            new GetExoMobileDeviceStatisticsOptions { Target = ObjectIdentity.Of("anna\\devices\\1") }.ToRequest(),
        ];
        Assert.All(requests, static request => Assert.Null(request.Anchor.ToHeader(Tenant)));
    }

    [Fact]
    public void Permissions_statistics_folders_and_devices_of_a_mailbox_are_anchored_to_it()
    {
        var anna = ObjectIdentity.Of(Anna);
        RestRequest[] requests =
        [
            new GetExoMailboxStatisticsOptions { Target = anna }.ToRequest(), new GetExoMailboxPermissionOptions { Target = anna }.ToRequest(),
            new GetExoMailboxFolderStatisticsOptions { Target = anna }.ToRequest(),
            new GetExoMailboxFolderPermissionOptions { Target = ObjectIdentity.Of(Anna + ":\\Calendar") }.ToRequest(),
            new GetExoMobileDeviceStatisticsOptions { Mailbox = Anna }.ToRequest(),
            new GetExoMobileDeviceStatisticsOptions { Target = new() { UserPrincipalName = Anna } }.ToRequest(),
        ];
        Assert.All(requests, static request => Assert.Equal(Anna, request.Anchor.ToHeader(Tenant)));
        RestRequest[] seeded = [Seeded(anna).ToRequest(), Seeded(anna).ToRequest().Fallback!, Seeded(ObjectIdentity.None).ToRequest()];
        Assert.All(seeded, static request => Assert.Equal($"MBX:{MailboxGuid}@{Tenant}", request.Anchor.ToHeader(Tenant)));
        Assert.Equal(
            $"MBX:{MailboxGuid}@{Tenant}",
            new GetExoMailboxStatisticsOptions { Target = ObjectIdentity.Of(MailboxGuid) }.ToRequest().Anchor.ToHeader(Tenant));
        Assert.Equal(
            $"{MailboxGuid}@{Tenant}",
            new GetExoMailboxFolderStatisticsOptions { Target = ObjectIdentity.Of(MailboxGuid) }.ToRequest().Anchor.ToHeader(Tenant));
    }

    [Fact]
    public void Shape_of_the_response_is_told()
    {
        var anna = ObjectIdentity.Of(Anna);
        Assert.False(new GetExoMailboxOptions().ToRequest().IsSingle);
        Assert.True(new GetExoMailboxOptions { Target = anna }.ToRequest().IsSingle);
        Assert.False(new GetExoRecipientOptions { Target = anna }.ToRequest().IsSingle);
        Assert.True(new GetExoMailboxStatisticsOptions { Target = anna }.ToRequest().IsSingle);
        Assert.Equal("RecipientPermission", new GetExoRecipientPermissionOptions { Target = anna }.ToRequest().ResultProperty);
        Assert.Equal("MailboxPermission", new GetExoMailboxPermissionOptions().ToRequest().ResultProperty);
        Assert.Null(new GetExoMailboxPermissionOptions { Target = anna }.ToRequest().ResultProperty);
    }

    [Fact]
    public void What_is_asked_about_is_told()
    {
        Assert.Null(new GetExoMailboxOptions().ToRequest().Target);
        Assert.Equal(Anna, new GetExoRecipientOptions { Target = ObjectIdentity.Of(Anna) }.ToRequest().Target);
        Assert.Equal(MailboxGuid, Seeded(ObjectIdentity.None).ToRequest().Target);
        Assert.Equal(Anna, new GetExoMobileDeviceStatisticsOptions { Mailbox = Anna }.ToRequest().Target);
        var calendar = ObjectIdentity.Of(Anna + ":\\Calendar");
        Assert.Equal(calendar.Identity, new GetExoMailboxFolderPermissionOptions { Target = calendar }.ToRequest().Target);
    }

    private static GetExoMailboxStatisticsOptions Seeded(ObjectIdentity target) => new()
    {
        Target = target,
        ExchangeGuid = Guid.Parse(MailboxGuid),
        DatabaseGuid = Guid.Parse(DatabaseGuid),
    };

    private static string? Header(RestRequest request, string name) => request.Headers.GetValueOrDefault(name);

    private static string B64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
