using System.Text;
using ExoConnect.Core.Errors;
using ExoConnect.Core.RestEntities;
using FsCheck;
using FsCheck.Fluent;

namespace ExoConnect.Core.Tests.RestEntities;

public sealed class RestOptionsTests
{
    private const string Id = "2be9b0b4-5a2d-4f3c-9d0e-7b1f6a5c4d3e";

    [Theory]
    [InlineData("anna@contoso.com", "anna@contoso.com")]
    [InlineData("anna_fabrikam.com#EXT#@contoso.com", "anna_fabrikam.com#EXT#@contoso.com")]
    [InlineData(Id, Id + "@T")]
    [InlineData("{2BE9B0B4-5A2D-4F3C-9D0E-7B1F6A5C4D3E}", Id + "@T")]
    [InlineData("anna", null)]
    [InlineData("Änne Müller 安娜", null)]
    [InlineData("änne@contoso.com", null)]
    [InlineData("anna@contoso.com\r\nX-Evil: 1", null)]
    [InlineData("a@b@c", null)]
    [InlineData("@contoso.com", null)]
    [InlineData("CN=Anna,OU=contoso.onmicrosoft.com,OU=Microsoft Exchange Hosted Organizations,DC=EURP,DC=PROD,DC=OUTLOOK,DC=COM", null)]
    [InlineData("contoso.onmicrosoft.com/Users/Anna", null)]
    [InlineData("CONTOSO\\anna", null)]
    [InlineData("/o=ExchangeLabs/ou=Exchange Administrative Group/cn=Recipients/cn=anna", null)]
    public void Identity_of_any_kind_travels_as_base64(string identity, string? anchor)
    {
        var request = new GetExoMailboxFolderStatisticsOptions { Target = ObjectIdentity.Of(identity) }.ToRequest();

        Assert.StartsWith($"/Mailbox('{B64(identity)}')/", request.ToString(), StringComparison.Ordinal);
        Assert.Equal(anchor, request.Anchor.ToHeader("T"));
    }

    [Fact]
    public void Any_identity_comes_back_from_the_address() => Prop.ForAll(
        ArbMap.Default.GeneratorFor<string>().Where(static s => !string.IsNullOrWhiteSpace(s)).ToArbitrary(),
        static identity =>
        {
            var request = new GetExoMailboxOptions { Target = ObjectIdentity.Of(identity) }.ToRequest();
            var address = new Uri("https://h/" + request.PathAndQuery);
            var key = Uri.UnescapeDataString(address.AbsolutePath["/Mailbox('".Length..^2]);
            return Encoding.UTF8.GetString(Convert.FromBase64String(key)) == Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(identity))
                && address.Query == "?isEncoded=true";
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Any_value_stays_within_its_query_option() => Prop.ForAll(
        ArbMap.Default.GeneratorFor<string>().Where(static s => !string.IsNullOrWhiteSpace(s)).ToArbitrary(),
        static value =>
        {
            var request = new GetExoMailboxOptions { Anr = value, OrganizationalUnit = value, MailboxPlan = value }.ToRequest();
            var options = new Uri("https://h/" + request.PathAndQuery).Query[1..].Split('&').Select(static o => o.Split('=')).ToArray();
            var text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value));
            return options.Select(static o => o[0]).SequenceEqual(["Anr", "OrganizationalUnit", "MailboxPlan"])
                && options.All(o => o.Length == 2 && Uri.UnescapeDataString(o[1]) == text);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Every_parameter_is_sent()
    {
        Assert.Equal(
            "/Mailbox?$filter=Alias eq 'a'&Anr=x&OrganizationalUnit=OU&MailboxPlan=P&RecipientTypeDetails=UserMailbox&IncludeInactiveMailbox=True"
                + "&InactiveMailboxOnly=True&SoftDeletedMailbox=True&Archive=True&Async=True&GroupMailbox=True&Migration=True&PublicFolder=True"
                + "&PropertySet=Hold&$select=Office",
            new GetExoMailboxOptions
            {
                Filter = "Alias -eq 'a'", Anr = "x", OrganizationalUnit = "OU", MailboxPlan = "P", RecipientTypeDetails = ["UserMailbox"],
                IncludeInactiveMailbox = true, InactiveMailboxOnly = true, SoftDeletedMailbox = true, Archive = true, Async = true,
                GroupMailbox = true, Migration = true, PublicFolder = true, PropertySets = ["Hold"], Properties = ["Office"],
            }.ToRequest().ToString());
        Assert.Equal(
            "/Recipient?ReadIdsAndParamsFromHeaders=True&OrganizationalUnit=OU&RecipientPreviewFilter=(mail=*)&RecipientType=MailUser,UserMailbox"
                + "&RecipientTypeDetails=MailUser&IncludeSoftDeletedRecipients=True&$select=Title",
            new GetExoRecipientOptions
            {
                Target = ObjectIdentity.Of("x"), OrganizationalUnit = "OU", RecipientPreviewFilter = "(mail=*)",
                RecipientType = ["MailUser", "UserMailbox"], RecipientTypeDetails = ["MailUser"], IncludeSoftDeletedRecipients = true,
                Properties = ["title"],
            }.ToRequest().ToString());
        Assert.Equal(
            "/CasMailbox?SendLogsTo=a@b.c&ActiveSyncDebugLogging=True&GetImapProtocolLog=True&GetPopProtocolLog=True&IgnoreDefaultScope=True"
                + "&ReadIsOptimizedForAccessibility=True&PropertySet=ProtocolSettings",
            new GetExoCasMailboxOptions
            {
                SendLogsTo = ["a@b.c"], ActiveSyncDebugLogging = true, GetImapProtocolLog = true, GetPopProtocolLog = true,
                IgnoreDefaultScope = true, ProtocolSettings = true, ReadIsOptimizedForAccessibility = true,
            }.ToRequest().ToString());
        Assert.Equal(
            $"/Mailbox('{B64("x")}')/MailboxPermission?isEncoded=true&SoftDeletedMailbox=True",
            new GetExoMailboxPermissionOptions { Target = ObjectIdentity.Of("x"), SoftDeletedMailbox = true }.ToRequest().ToString());
        Assert.Equal(
            $"/Mailbox('{B64("x")}')/Exchange.GetMailboxStatistics()?isEncoded=true&IncludeSoftDeletedRecipients=True&IncludeMoveHistory=True"
                + "&IncludeMoveReport=True&$select=LastLogonTime",
            new GetExoMailboxStatisticsOptions
            {
                Target = ObjectIdentity.Of("x"), IncludeSoftDeletedRecipients = true, IncludeMoveHistory = true, IncludeMoveReport = true,
                Properties = ["LastLogonTime"],
            }.ToRequest().ToString());
        Assert.Equal(
            $"/Mailbox('{B64("x")}')/MailboxFolder/Exchange.GetMailboxFolderStatistics(folderscope=Exchange.ElcFolderType'RssSubscriptions')"
                + "?isEncoded=true&Archive=True&IncludeOldestAndNewestItems=True&IncludeSoftDeletedRecipients=True&DiagnosticInfo=d",
            new GetExoMailboxFolderStatisticsOptions
            {
                Target = ObjectIdentity.Of("x"), FolderScope = "rsssubscriptions", Archive = true, IncludeOldestAndNewestItems = true,
                IncludeSoftDeletedRecipients = true, DiagnosticInfo = "d",
            }.ToRequest().ToString());
        Assert.Equal(
            $"/Mailbox('{B64("x")}')/MobileDevice/Exchange.GetMobileDeviceStatistics()?isEncoded=true&ActiveSync=True&OWAforDevices=True&RestApi=True"
                + "&UniversalOutlook=True&ShowRecoveryPassword=True&GetMailboxLog=True&NotificationEmailAddresses=a@b.c,d@e.f",
            new GetExoMobileDeviceStatisticsOptions
            {
                Mailbox = "x", ActiveSync = true, OWAforDevices = true, RestApi = true, UniversalOutlook = true, ShowRecoveryPassword = true,
                GetMailboxLog = true, NotificationEmailAddresses = ["a@b.c", "d@e.f"],
            }.ToRequest().ToString());
    }

    [Fact]
    public void Permissions_of_everything_come_with_their_objects()
    {
        Assert.Equal(
            "/Mailbox?$expand=MailboxPermission&$select=MailboxPermission, ExternalDirectoryObjectId",
            new GetExoMailboxPermissionOptions().ToRequest().ToString());
        Assert.Equal(
            "/Recipient?$expand=RecipientPermission&$select=RecipientPermission, ExternalDirectoryObjectId",
            new GetExoRecipientPermissionOptions { AccessRights = ["sendas"] }.ToRequest().ToString());
    }

    [Theory]
    [InlineData("anna@contoso.com:\\Calendar", "anna@contoso.com", "\\Calendar")]
    [InlineData("anna@contoso.com:\\Marketing\\Reports", "anna@contoso.com", "\\Marketing\\Reports")]
    [InlineData("anna@contoso.com:\\Plan: B\\C:\\D", "anna@contoso.com", "\\Plan: B\\C:\\D")]
    [InlineData("Änne Müller:\\Kalender", "Änne Müller", "\\Kalender")]
    [InlineData("smtp:anna@contoso.com:\\Calendar", "smtp:anna@contoso.com", "\\Calendar")]
    [InlineData("anna@contoso.com:\\", "anna@contoso.com", "\\")]
    [InlineData("anna@contoso.com", "anna@contoso.com", "\\")]
    [InlineData("CONTOSO\\anna", "CONTOSO\\anna", "\\")]
    [InlineData("CONTOSO\\anna:\\Calendar", "CONTOSO\\anna", "\\Calendar")]
    [InlineData("anna@contoso.com:LgAAAABXsG8Ma7S5T5xC+mf/zWAAAQ==", "anna@contoso.com", "LgAAAABXsG8Ma7S5T5xC+mf/zWAAAQ==")]
    [InlineData(Id + ":\\Calendar", Id, "\\Calendar")]
    public void Folder_is_told_from_its_mailbox(string identity, string mailbox, string folder) => Assert.Equal(
        $"/Mailbox('{B64(mailbox)}')/MailboxFolder('{B64(folder)}')/MailboxFolderPermission?IsUsingMailboxFolderId=True&isEncoded=true",
        new GetExoMailboxFolderPermissionOptions { Target = ObjectIdentity.Of(identity) }.ToRequest().ToString());

    [Theory]
    [InlineData("anna@contoso.com:Calendar", "anna@contoso.com:\\Calendar")]
    [InlineData("anna@contoso.com:", "anna@contoso.com:\\Calendar")]
    [InlineData("\\Calendar", "Write the mailbox first")]
    [InlineData(":\\Calendar", "Write the mailbox first")]
    public void Folder_without_path_or_mailbox_is_refused(string identity, string remedy)
    {
        var error = Assert.Throws<ExoException>(
            () => new GetExoMailboxFolderPermissionOptions { Target = ObjectIdentity.Of(identity) }.ToRequest());
        Assert.Equal(("InvalidIdentity", "Identity"), (error.ErrorId, error.ParameterName));
        Assert.Contains(remedy, error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Group_mailbox_is_a_switch_of_folder_permissions() => Assert.EndsWith(
        "&isEncoded=true&GroupMailbox=True",
        new GetExoMailboxFolderPermissionOptions { Target = ObjectIdentity.Of("group"), GroupMailbox = true }.ToRequest().ToString(),
        StringComparison.Ordinal);

    public static TheoryData<string, string, string, Func<RestRequest>> Mistakes() => new()
    {
        { "ParameterCombination", "Identity", "UserPrincipalName", () => Mailbox(new() { Identity = "a", UserPrincipalName = "b" }) },
        {
            "ParameterCombination", "PrimarySmtpAddress", "ExternalDirectoryObjectId",
            () => Mailbox(new() { PrimarySmtpAddress = "a", ExternalDirectoryObjectId = Id })
        },
        {
            "ParameterCombination", "Anr", "Identity",
            static () => new GetExoRecipientOptions { Anr = "a", Target = ObjectIdentity.Of("a") }.ToRequest()
        },
        { "BlankParameter", "Identity", "blank", () => Mailbox(ObjectIdentity.Of("")) },
        { "BlankParameter", "UserPrincipalName", "blank", () => Mailbox(new() { UserPrincipalName = " " }) },
        { "BlankParameter", "Anr", "blank", static () => new GetExoMailboxOptions { Anr = "" }.ToRequest() },
        {
            "BlankParameter", "RecipientTypeDetails", "blank",
            static () => new GetExoMailboxOptions { RecipientTypeDetails = ["UserMailbox", ""] }.ToRequest()
        },
        { "InvalidFilter", "Filter", "empty", static () => new GetExoMailboxOptions { Filter = "" }.ToRequest() },
        { "InvalidIdentity", "ExternalDirectoryObjectId", "'anna' isn't a GUID", () => Mailbox(new() { ExternalDirectoryObjectId = "anna" }) },
        { "MissingParameter", "Identity", "-Owner needs a mailbox", static () => new GetExoMailboxPermissionOptions { Owner = true }.ToRequest() },
        { "MissingParameter", "Identity", "-User needs a mailbox", static () => new GetExoMailboxPermissionOptions { User = "a" }.ToRequest() },
        {
            "MissingParameter", "Identity", "-SoftDeletedMailbox needs",
            static () => new GetExoMailboxPermissionOptions { SoftDeletedMailbox = true }.ToRequest()
        },
        { "BlankParameter", "User", "blank", static () => new GetExoMailboxPermissionOptions { User = "" }.ToRequest() },
        {
            "ParameterCombination", "Owner", "User",
            static () => new GetExoMailboxPermissionOptions { Target = ObjectIdentity.Of("a"), Owner = true, User = "b" }.ToRequest()
        },
        {
            "MissingParameter", "Identity", "-Trustee needs a recipient",
            static () => new GetExoRecipientPermissionOptions { Trustee = "a" }.ToRequest()
        },
        {
            "InvalidAccessRight", "AccessRights", "FullAccess",
            static () => new GetExoRecipientPermissionOptions { AccessRights = ["SendAs", "FullAccess"] }.ToRequest()
        },
        { "MissingParameter", "Identity", "no mailbox", static () => new GetExoMailboxStatisticsOptions().ToRequest() },
        {
            "MissingParameter", "ExchangeGuid", "not the mailbox",
            static () => new GetExoMailboxStatisticsOptions { Target = ObjectIdentity.Of("a"), DatabaseGuid = Guid.Parse(Id) }.ToRequest()
        },
        {
            "InvalidPropertySet", "PropertySets", "Hold",
            static () => new GetExoMailboxStatisticsOptions { Target = ObjectIdentity.Of("a"), PropertySets = ["Hold"] }.ToRequest()
        },
        { "MissingParameter", "Identity", "no mailbox", static () => new GetExoMailboxFolderStatisticsOptions().ToRequest() },
        {
            "InvalidFolderScope", "FolderScope", "Calender",
            static () => new GetExoMailboxFolderStatisticsOptions { Target = ObjectIdentity.Of("a"), FolderScope = "Calender" }.ToRequest()
        },
        { "MissingParameter", "Identity", "no mailbox", static () => new GetExoMailboxFolderPermissionOptions().ToRequest() },
        { "MissingParameter", "Mailbox", "no mailbox or device", static () => new GetExoMobileDeviceStatisticsOptions().ToRequest() },
        {
            "ParameterCombination", "Mailbox", "Identity",
            static () => new GetExoMobileDeviceStatisticsOptions { Mailbox = "a", Target = ObjectIdentity.Of("b") }.ToRequest()
        },
        { "BlankParameter", "Mailbox", "blank", static () => new GetExoMobileDeviceStatisticsOptions { Mailbox = "" }.ToRequest() },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Mistake_is_refused_before_any_request(string errorId, string parameter, string text, Func<RestRequest> make)
    {
        var error = Assert.Throws<ExoException>(make);
        Assert.Equal((errorId, parameter, ExoErrorCategory.InvalidArgument), (error.ErrorId, error.ParameterName, error.Category));
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.False(string.IsNullOrWhiteSpace(error.Remedy));
    }

    [Fact]
    public void Piped_object_is_named_by_its_best_property()
    {
        var mailbox = new ObjectIdentity
        {
            FromPipeline = true, Identity = "Anna", UserPrincipalName = "anna@contoso.com", PrimarySmtpAddress = "a@contoso.com",
            ExternalDirectoryObjectId = Id,
        };

        Assert.Equal($"/Mailbox('{B64(Id)}')?isEncoded=true", Mailbox(mailbox).ToString());
        Assert.Equal($"/Mailbox('{B64("anna@contoso.com")}')?isEncoded=true", Mailbox(mailbox with { ExternalDirectoryObjectId = "" }).ToString());
        Assert.Equal(
            $"/Mailbox('{B64("Anna")}')?isEncoded=true",
            Mailbox(new() { FromPipeline = true, Identity = "Anna", UserPrincipalName = " " }).ToString());
        Assert.Null(new GetExoMailboxStatisticsOptions { Target = mailbox }.ToRequest().Anchor.ToHeader("T"));
        Assert.Equal(Id + "@T", new GetExoMailboxFolderStatisticsOptions { Target = mailbox }.ToRequest().Anchor.ToHeader("T"));

        var devices = new GetExoMobileDeviceStatisticsOptions { Target = mailbox }.ToRequest();
        Assert.Equal($"/Mailbox('{B64(Id)}')/MobileDevice/Exchange.GetMobileDeviceStatistics()?isEncoded=true", devices.ToString());

        var folder = new GetExoMailboxFolderPermissionOptions { Target = mailbox with { Identity = "anna:\\Calendar" } }.ToRequest();
        Assert.StartsWith($"/Mailbox('{B64("anna")}')/MailboxFolder('{B64("\\Calendar")}')", folder.ToString(), StringComparison.Ordinal);
        Assert.Equal(Id + "@T", folder.Anchor.ToHeader("T"));
        var root = new GetExoMailboxFolderPermissionOptions { Target = mailbox with { Identity = "Team: Anna" } }.ToRequest();
        Assert.StartsWith($"/Mailbox('{B64(Id)}')/MailboxFolder('{B64("\\")}')", root.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Piped_object_with_only_a_database_needs_no_more() => Assert.Equal(
        $"/Mailbox('{B64("a")}')/Exchange.GetMailboxStatistics()?isEncoded=true",
        new GetExoMailboxStatisticsOptions { Target = new() { FromPipeline = true, Identity = "a" }, DatabaseGuid = Guid.NewGuid() }
            .ToRequest().ToString());

    [Fact]
    public void Zeros_are_no_guid() => Assert.Equal(
        $"/Mailbox('{B64("a")}')/Exchange.GetMailboxStatistics()?isEncoded=true",
        new GetExoMailboxStatisticsOptions { Target = ObjectIdentity.Of("a"), ExchangeGuid = Guid.Empty, DatabaseGuid = Guid.Empty }
            .ToRequest().ToString());

    [Fact]
    public void Archive_is_not_looked_for_by_the_primary_mailboxs_place()
    {
        var request = new GetExoMailboxStatisticsOptions { ExchangeGuid = Guid.Parse(Id), DatabaseGuid = Guid.NewGuid(), Archive = true }.ToRequest();
        Assert.Equal($"/Mailbox('{B64(Id)}')/Exchange.GetMailboxStatistics()?isEncoded=true&Archive=True", request.ToString());
        Assert.Null(request.Fallback);
    }

    [Fact]
    public void Object_id_of_Entra_is_no_mailbox_guid_for_routing()
    {
        var entra = new ObjectIdentity { ExternalDirectoryObjectId = Id };
        Assert.Null(new GetExoMailboxStatisticsOptions { Target = entra }.ToRequest().Anchor.ToHeader("T"));
        Assert.Equal(Id + "@T", new GetExoMailboxFolderStatisticsOptions { Target = entra }.ToRequest().Anchor.ToHeader("T"));
        Assert.Equal(Id + "@T", new GetExoMailboxFolderPermissionOptions { Target = entra }.ToRequest().Anchor.ToHeader("T"));
    }

    [Fact]
    public void A_recipient_is_a_key_of_the_collection_by_what_is_unique_and_searched_for_by_name()
    {
        var byName = new GetExoRecipientOptions { Target = ObjectIdentity.Of("anna") }.ToRequest();
        Assert.Equal("/Recipient?ReadIdsAndParamsFromHeaders=True", byName.ToString());
        Assert.Equal(
            $"/Recipient('{B64("a@contoso.com")}')?isEncoded=true",
            new GetExoRecipientOptions { Target = new() { PrimarySmtpAddress = "a@contoso.com" } }.ToRequest().ToString());
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void An_inactive_mailbox_is_searched_for_and_no_key(bool include, bool only)
    {
        var request = new GetExoMailboxOptions
        {
            Target = ObjectIdentity.Of("anna"), IncludeInactiveMailbox = include, InactiveMailboxOnly = only,
        }.ToRequest();
        Assert.StartsWith("/Mailbox?ReadIdsAndParamsFromHeaders=True", request.ToString(), StringComparison.Ordinal);
        Assert.Equal(B64("anna"), request.Headers["XParameter-Identity"]);
        Assert.False(request.IsSingle);
    }

    [Theory]
    [InlineData("EmailAddresses -like '*x*'", "EmailAddresses/any(d:contains(d, 'x'))")]
    [InlineData("EmailAddresses -notlike 'smtp:x*'", "not (EmailAddresses/any(d:startswith(d, 'smtp:x')))")]
    [InlineData("GrantSendOnBehalfTo -eq 'x'", "GrantSendOnBehalfTo/any(d:d eq 'x')")]
    [InlineData("InPlaceHolds -ne $null -and Alias -eq 'a'", "InPlaceHolds/any(d:d ne null) and Alias eq 'a'")]
    [InlineData("ExtensionCustomAttribute3 -like '*x'", "ExtensionCustomAttribute3/any(d:endswith(d, 'x'))")]
    [InlineData("Name -like '*x'", "endswith(Name, 'x')")]
    public void Elements_of_a_list_are_compared(string filter, string odata) =>
        Assert.Equal(odata, OpathFilter.Parse(filter, EntitySchema.Mailbox).ToOData());

    [Theory]
    [InlineData(null, true, "trustee='',accessRights=[\"SendAs\"]")]
    [InlineData("bob", false, "trustee='Ym9i',accessRights=[]")]
    [InlineData("bob", true, "trustee='Ym9i',accessRights=[\"SendAs\"]")]
    public void Of_a_recipients_permissions_only_what_was_chosen_is_named(string? trustee, bool rights, string arguments)
    {
        var request = new GetExoRecipientPermissionOptions
        {
            Target = ObjectIdentity.Of("anna"), Trustee = trustee, AccessRights = rights ? ["SendAs"] : [],
        }.ToRequest();
        Assert.StartsWith(
            $"/Recipient/Exchange.GetRecipientPermissionByFilters(identity='{B64("anna")}',{arguments})",
            request.ToString(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 1000, 1000, true)]
    [InlineData("10", 10, 10, false)]
    [InlineData(" 2500 ", 2500, 1000, false)]
    [InlineData("2147483647", int.MaxValue, 1000, false)]
    [InlineData("unlimited", null, 1000, false)]
    public void Result_size_gives_limit_and_page(string? text, int? limit, int page, bool isDefault)
    {
        var size = text is null ? default : ResultSize.Parse(text);
        Assert.Equal((limit, isDefault), (size.Limit, size.IsDefault));
        Assert.Equal($"odata.maxpagesize={page};", new GetExoMailboxOptions { ResultSize = size }.ToRequest().Headers["Prefer"]);
        Assert.Equal($"odata.maxpagesize={Math.Min(page, 100)};", new GetExoMailboxOptions { ResultSize = size }.ToRequest(100).Headers["Prefer"]);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("1,000")]
    [InlineData("2147483648")]
    [InlineData("all")]
    [InlineData("")]
    public void Other_result_sizes_are_refused(string text)
    {
        var error = Assert.Throws<ExoException>(() => ResultSize.Parse(text));
        Assert.Equal(("InvalidResultSize", "ResultSize"), (error.ErrorId, error.ParameterName));
        Assert.Throws<ExoException>(static () => ResultSize.Of(0));
    }

    [Fact]
    public void Result_size_is_written_as_users_write_it()
    {
        Assert.Equal("Unlimited", ResultSize.Unlimited.ToString());
        Assert.Equal("5", ResultSize.Of(5).ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public void Page_size_has_the_services_bounds(int size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new GetExoMailboxOptions().ToRequest(size));

    private static RestRequest Mailbox(ObjectIdentity target) => new GetExoMailboxOptions { Target = target }.ToRequest();

    private static string B64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
