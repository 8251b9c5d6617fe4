using ExoConnect.Core.Errors;

namespace ExoConnect.Core.RestEntities;

/// <summary>The parameters of <c>Get-EXOMailboxStatistics</c>; each member is the parameter of its name.</summary>
public sealed record GetExoMailboxStatisticsOptions
{
    private const string Cmdlet = "Get-EXOMailboxStatistics";

    private static readonly (string Name, Func<GetExoMailboxStatisticsOptions, bool> IsOn)[] SwitchTable =
    [
        (nameof(Archive), static o => o.Archive),
        (nameof(IncludeSoftDeletedRecipients), static o => o.IncludeSoftDeletedRecipients),
        (nameof(IncludeMoveHistory), static o => o.IncludeMoveHistory),
        (nameof(IncludeMoveReport), static o => o.IncludeMoveReport),
    ];

    /// <summary><c>-Identity</c> and the parameters that do the same.</summary>
    public ObjectIdentity Target { get; init; } = ObjectIdentity.None;

    /// <summary><c>-Archive</c>: the archive's statistics.</summary>
    public bool Archive { get; init; }

    /// <summary><c>-DatabaseGuid</c>: the mailbox's database. Needs <see cref="ExchangeGuid"/>; together they spare the service a search.</summary>
    public Guid? DatabaseGuid { get; init; }

    /// <summary><c>-ExchangeGuid</c>: the mailbox, by its own GUID.</summary>
    public Guid? ExchangeGuid { get; init; }

    /// <summary><c>-IncludeMoveHistory</c>; reserved by Microsoft.</summary>
    public bool IncludeMoveHistory { get; init; }

    /// <summary><c>-IncludeMoveReport</c>; reserved by Microsoft.</summary>
    public bool IncludeMoveReport { get; init; }

    /// <summary><c>-IncludeSoftDeletedRecipients</c>.</summary>
    public bool IncludeSoftDeletedRecipients { get; init; }

    /// <summary><c>-Properties</c>: properties beside those of the set <c>Minimum</c>.</summary>
    public IReadOnlyList<string> Properties { get; init; } = [];

    /// <summary><c>-PropertySets</c>: <c>Minimum</c> or <c>All</c>.</summary>
    public IReadOnlyList<string> PropertySets { get; init; } = [];

    /// <summary>Makes the request.</summary>
    /// <param name="maximumPageSize">The session's page size, 1 to 1,000.</param>
    /// <returns>The request; with both GUIDs, it has a fall-back.</returns>
    /// <exception cref="ExoException">
    /// <c>ParameterCombination</c>, <c>MissingParameter</c>, <c>BlankParameter</c>, <c>InvalidIdentity</c>, <c>InvalidPropertySet</c> or
    /// <c>InvalidProperty</c>.
    /// </exception>
    public RestRequest ToRequest(int maximumPageSize = RestRequest.MaximumPageSize)
    {
        // An object without a mailbox has zeros there.
        var mailboxGuid = ExchangeGuid == Guid.Empty ? null : ExchangeGuid;
        var databaseGuid = DatabaseGuid == Guid.Empty ? null : DatabaseGuid;
        if (databaseGuid is not null && mailboxGuid is null && !Target.FromPipeline)
        {
            throw ParameterErrors.Missing(
                Cmdlet,
                nameof(ExchangeGuid),
                "-DatabaseGuid names the mailbox's database, not the mailbox.",
                "Add -ExchangeGuid; Get-EXOMailbox -PropertySets StatisticsSeed gives both.");
        }

        var target = Target.Resolve(Cmdlet);
        if (target is null && mailboxGuid is null)
        {
            throw ParameterErrors.Missing(
                Cmdlet,
                nameof(ObjectIdentity.Identity),
                "no mailbox is named.",
                "Name it with -Identity, -UserPrincipalName, -PrimarySmtpAddress or -ExchangeGuid.");
        }

        var anchor = mailboxGuid is { } own ? RestAnchor.ForMailbox(own)
            : target!.Value.Parameter == nameof(ObjectIdentity.ExternalDirectoryObjectId) ? RestAnchor.Session
            : Guid.TryParse(target.Value.Value, out var named) ? RestAnchor.ForMailbox(named)
            : target.Value.Anchor;
        var identity = target?.Value ?? mailboxGuid.ToString()!;
        var byIdentity = Finish(
            new RestRequestBuilder(Cmdlet).KeysAreEncoded(),
            ODataText.Path($"Mailbox('{ODataText.Base64(identity)}')/Exchange.GetMailboxStatistics()"));

        // The pair of GUIDs is that of the primary mailbox as it is now: it leads neither to the archive nor to deleted mailboxes.
        if (mailboxGuid is not { } mailbox || databaseGuid is not { } database || Archive || IncludeSoftDeletedRecipients)
        {
            return byIdentity;
        }

        var byGuids = Finish(
            new RestRequestBuilder(Cmdlet).Switch("UseCopyOnLocalServer"),
            ODataText.Path($"Mailbox/Exchange.GetMailboxStatisticsV2(mailboxGuid={mailbox.ToString()},databaseGuid={database.ToString()})"));
        return byGuids with { Fallback = byIdentity };

        RestRequest Finish(RestRequestBuilder builder, string path)
        {
            var request = builder.Switches(this, SwitchTable).Select(EntitySchema.MailboxStatistics, PropertySets, Properties)
                .Build(path, ResultSize.Unlimited, maximumPageSize);
            return request with { Target = identity, Anchor = anchor, IsSingle = true };
        }
    }
}

/// <summary>The parameters of <c>Get-EXOMailboxFolderStatistics</c>; each member is the parameter of its name.</summary>
public sealed record GetExoMailboxFolderStatisticsOptions
{
    private const string Cmdlet = "Get-EXOMailboxFolderStatistics";

    private static readonly (string Name, Func<GetExoMailboxFolderStatisticsOptions, bool> IsOn)[] SwitchTable =
    [
        (nameof(Archive), static o => o.Archive),
        (nameof(IncludeOldestAndNewestItems), static o => o.IncludeOldestAndNewestItems),
        (nameof(IncludeSoftDeletedRecipients), static o => o.IncludeSoftDeletedRecipients),
    ];

    /// <summary>The values of <c>-FolderScope</c>.</summary>
    public static IReadOnlyList<string> FolderScopes { get; } =
    [
        "All", "Archive", "Calendar", "Clutter", "Contacts", "ConversationHistory", "DeletedItems", "Drafts", "Inbox", "Journal", "JunkEmail",
        "LegacyArchiveJournals", "ManagedCustomFolder", "NonIpmRoot", "Notes", "Outbox", "Personal", "RecoverableItems", "RssSubscriptions",
        "SentItems", "SyncIssues", "Tasks",
    ];

    /// <summary><c>-Identity</c> and the parameters that do the same.</summary>
    public ObjectIdentity Target { get; init; } = ObjectIdentity.None;

    /// <summary><c>-Archive</c>: the folders of the archive.</summary>
    public bool Archive { get; init; }

    /// <summary><c>-DiagnosticInfo</c>; no longer used by Microsoft.</summary>
    public string? DiagnosticInfo { get; init; }

    /// <summary><c>-FolderScope</c>: one of <see cref="FolderScopes"/>, in any case; null for all.</summary>
    public string? FolderScope { get; init; }

    /// <summary><c>-IncludeOldestAndNewestItems</c>.</summary>
    public bool IncludeOldestAndNewestItems { get; init; }

    /// <summary><c>-IncludeSoftDeletedRecipients</c>.</summary>
    public bool IncludeSoftDeletedRecipients { get; init; }

    /// <summary>Makes the request.</summary>
    /// <param name="maximumPageSize">The session's page size, 1 to 1,000.</param>
    /// <returns>The request.</returns>
    /// <exception cref="ExoException">
    /// <c>ParameterCombination</c>, <c>MissingParameter</c>, <c>BlankParameter</c>, <c>InvalidIdentity</c> or <c>InvalidFolderScope</c>.
    /// </exception>
    public RestRequest ToRequest(int maximumPageSize = RestRequest.MaximumPageSize)
    {
        var target = Target.Require(Cmdlet);
        var path = ODataText.Path($"Mailbox('{ODataText.Base64(target.Value)}')/MailboxFolder/")
            + ODataText.Path($"Exchange.GetMailboxFolderStatistics(folderscope=Exchange.ElcFolderType'{Scope()}')");
        var request = new RestRequestBuilder(Cmdlet).KeysAreEncoded().Switches(this, SwitchTable).Option(nameof(DiagnosticInfo), DiagnosticInfo)
            .Build(path, ResultSize.Unlimited, maximumPageSize);
        return request with { Target = target.Value, Anchor = target.Anchor };
    }

    private string Scope()
    {
        var scope = FolderScope ?? "All";
        return FolderScopes.FirstOrDefault(known => known.Equals(scope, StringComparison.OrdinalIgnoreCase)) ?? throw ParameterErrors.Invalid(
            ErrorIds.InvalidFolderScope,
            nameof(FolderScope),
            scope,
            $"'{scope}' isn't a kind of folder.",
            (NameSuggestion.Nearest(scope, FolderScopes) is { } nearest ? $"Did you mean {nearest}? " : string.Empty)
                + $"There are {string.Join(", ", FolderScopes)}.");
    }
}

/// <summary>The parameters of <c>Get-EXOMobileDeviceStatistics</c>; each member is the parameter of its name.</summary>
public sealed record GetExoMobileDeviceStatisticsOptions
{
    private const string Cmdlet = "Get-EXOMobileDeviceStatistics";

    private static readonly (string Name, Func<GetExoMobileDeviceStatisticsOptions, bool> IsOn)[] SwitchTable =
    [
        (nameof(ActiveSync), static o => o.ActiveSync),
        (nameof(OWAforDevices), static o => o.OWAforDevices),
        (nameof(RestApi), static o => o.RestApi),
        (nameof(UniversalOutlook), static o => o.UniversalOutlook),
        (nameof(ShowRecoveryPassword), static o => o.ShowRecoveryPassword),
        (nameof(GetMailboxLog), static o => o.GetMailboxLog),
    ];

    /// <summary>
    /// <c>-Identity</c>, which here names a device, and <c>-ExternalDirectoryObjectId</c>, <c>-PrimarySmtpAddress</c> and
    /// <c>-UserPrincipalName</c>, which name a mailbox.
    /// </summary>
    public ObjectIdentity Target { get; init; } = ObjectIdentity.None;

    /// <summary><c>-Mailbox</c>: the mailbox whose devices to get, by any name.</summary>
    public string? Mailbox { get; init; }

    /// <summary><c>-ActiveSync</c>: only devices that use Exchange ActiveSync.</summary>
    public bool ActiveSync { get; init; }

    /// <summary><c>-GetMailboxLog</c>; reserved by Microsoft.</summary>
    public bool GetMailboxLog { get; init; }

    /// <summary><c>-NotificationEmailAddresses</c>; reserved by Microsoft.</summary>
    public IReadOnlyList<string> NotificationEmailAddresses { get; init; } = [];

    /// <summary><c>-OWAforDevices</c>: only devices that use Outlook on the web for devices.</summary>
    public bool OWAforDevices { get; init; }

    /// <summary><c>-RestApi</c>: only devices that use the REST API.</summary>
    public bool RestApi { get; init; }

    /// <summary><c>-ShowRecoveryPassword</c>; reserved by Microsoft.</summary>
    public bool ShowRecoveryPassword { get; init; }

    /// <summary><c>-UniversalOutlook</c>: only devices that use Mail and Calendar.</summary>
    public bool UniversalOutlook { get; init; }

    /// <summary>Makes the request.</summary>
    /// <param name="maximumPageSize">The session's page size, 1 to 1,000.</param>
    /// <returns>The request.</returns>
    /// <exception cref="ExoException">
    /// <c>ParameterCombination</c>, <c>MissingParameter</c>, <c>BlankParameter</c> or <c>InvalidIdentity</c>.
    /// </exception>
    public RestRequest ToRequest(int maximumPageSize = RestRequest.MaximumPageSize)
    {
        var target = Target.Resolve(Cmdlet);
        var mailbox = ParameterErrors.NotBlank(nameof(Mailbox), Mailbox);
        if (mailbox is not null && target is { Parameter: var other })
        {
            throw ParameterErrors.Combination(Cmdlet, nameof(Mailbox), other, "Leave one out: each says whose devices are wanted, or which one.");
        }

        if (mailbox is null && target is null)
        {
            throw ParameterErrors.Missing(
                Cmdlet,
                nameof(Mailbox),
                "no mailbox or device is named.",
                "Name a mailbox with -Mailbox or -UserPrincipalName, or a device with -Identity.");
        }

        var request = new RestRequestBuilder(Cmdlet);
        var isDevice = target is { Parameter: nameof(ObjectIdentity.Identity) };
        var path = "GetMobileDeviceStatisticsByIdentity(Identity='XParameter-Identity')";
        var anchor = RestAnchor.Session;
        if (isDevice)
        {
            request.IdentityInHeader(target!.Value.Value);
            anchor = target.Value.Anchor.Kind == RestAnchorKind.Address ? target.Value.Anchor : anchor;
        }
        else
        {
            path = ODataText.Path(
                $"Mailbox('{ODataText.Base64(mailbox ?? target!.Value.Value)}')/MobileDevice/Exchange.GetMobileDeviceStatistics()");
            anchor = target?.Anchor ?? RestAnchor.For(mailbox);
            request.KeysAreEncoded();
        }

        var built = request.Switches(this, SwitchTable).Option(nameof(NotificationEmailAddresses), NotificationEmailAddresses)
            .Build(path, ResultSize.Unlimited, maximumPageSize);
        return built with { Target = mailbox ?? target!.Value.Value, Anchor = anchor, IsSingle = isDevice };
    }
}
