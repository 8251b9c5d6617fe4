using ExoConnect.Core.Errors;

namespace ExoConnect.Core.RestEntities;

/// <summary>The parameters that the three cmdlets for whole objects share; each member is the parameter of its name.</summary>
public abstract record EntityOptions
{
    private protected EntityOptions()
    {
    }

    /// <summary><c>-Identity</c> and the parameters that do the same; none means every object.</summary>
    public ObjectIdentity Target { get; init; } = ObjectIdentity.None;

    /// <summary><c>-Anr</c>: part of a name or alias to search for.</summary>
    public string? Anr { get; init; }

    /// <summary><c>-Filter</c>, in OPATH.</summary>
    public string? Filter { get; init; }

    /// <summary><c>-OrganizationalUnit</c>.</summary>
    public string? OrganizationalUnit { get; init; }

    /// <summary><c>-Properties</c>: properties beside those of the set <c>Minimum</c>.</summary>
    public IReadOnlyList<string> Properties { get; init; } = [];

    /// <summary><c>-PropertySets</c>: sets of properties beside <c>Minimum</c>.</summary>
    public IReadOnlyList<string> PropertySets { get; init; } = [];

    /// <summary><c>-ResultSize</c>.</summary>
    public ResultSize ResultSize { get; init; }

    private protected abstract string EntitySet { get; }

    private protected abstract EntitySchema Schema { get; }

    private protected abstract bool TravelsInHeader(string parameter);

    private protected virtual IReadOnlyList<string> WantedSets => PropertySets;

    /// <summary>Makes the request.</summary>
    /// <param name="maximumPageSize">The session's page size, 1 to 1,000.</param>
    /// <returns>The request.</returns>
    /// <exception cref="ExoException">
    /// The parameters cannot work: <c>ParameterCombination</c>, <c>BlankParameter</c>, <c>InvalidIdentity</c>, <c>InvalidFilter</c>,
    /// <c>InvalidPropertySet</c> or <c>InvalidProperty</c>, with the parameter's name and the remedy.
    /// </exception>
    public RestRequest ToRequest(int maximumPageSize = RestRequest.MaximumPageSize)
    {
        var target = Target.Resolve(Schema.CmdletName);
        if (Anr is not null && target is { Parameter: var parameter })
        {
            throw ParameterErrors.Combination(
                Schema.CmdletName, nameof(Anr), parameter, $"Leave one out: -{parameter} names one object, -Anr searches.");
        }

        var request = new RestRequestBuilder(Schema.CmdletName).Filter(Filter, Schema);
        var path = EntitySet;
        var inHeader = target is not null && TravelsInHeader(target.Value.Parameter);
        if (target is { Value: var identity })
        {
            if (inHeader)
            {
                request.IdentityInHeader(identity);
            }
            else
            {
                path = ODataText.Path($"{EntitySet}('{ODataText.Base64(identity)}')");
                request.KeysAreEncoded();
            }
        }

        request.Option(nameof(Anr), Anr).Option(nameof(OrganizationalUnit), OrganizationalUnit);
        AddOwn(request);
        return request.Select(Schema, WantedSets, Properties).Build(path, ResultSize, maximumPageSize) with
        {
            Target = target?.Value,
            IsSingle = target is not null && !inHeader,
        };
    }

    private protected abstract void AddOwn(RestRequestBuilder request);
}

/// <summary>The parameters of <c>Get-EXOMailbox</c>; each member is the parameter of its name.</summary>
public sealed record GetExoMailboxOptions : EntityOptions
{
    private static readonly (string Name, Func<GetExoMailboxOptions, bool> IsOn)[] SwitchTable =
    [
        (nameof(IncludeInactiveMailbox), static o => o.IncludeInactiveMailbox),
        (nameof(InactiveMailboxOnly), static o => o.InactiveMailboxOnly),
        (nameof(SoftDeletedMailbox), static o => o.SoftDeletedMailbox),
        (nameof(Archive), static o => o.Archive),
        (nameof(Async), static o => o.Async),
        (nameof(GroupMailbox), static o => o.GroupMailbox),
        (nameof(Migration), static o => o.Migration),
        (nameof(PublicFolder), static o => o.PublicFolder),
    ];

    /// <summary>The values of <c>-RecipientTypeDetails</c> that Microsoft documents.</summary>
    public static IReadOnlyList<string> KnownRecipientTypeDetails { get; } =
    [
        "DiscoveryMailbox", "EquipmentMailbox", "LegacyMailbox", "LinkedMailbox", "LinkedRoomMailbox", "RoomMailbox", "SchedulingMailbox",
        "SharedMailbox", "TeamMailbox", "UserMailbox",
    ];

    /// <summary><c>-Archive</c>: only mailboxes with an archive.</summary>
    public bool Archive { get; init; }

    /// <summary><c>-Async</c>; reserved by Microsoft.</summary>
    public bool Async { get; init; }

    /// <summary><c>-GroupMailbox</c>; reserved by Microsoft.</summary>
    public bool GroupMailbox { get; init; }

    /// <summary><c>-InactiveMailboxOnly</c>.</summary>
    public bool InactiveMailboxOnly { get; init; }

    /// <summary><c>-IncludeInactiveMailbox</c>.</summary>
    public bool IncludeInactiveMailbox { get; init; }

    /// <summary><c>-MailboxPlan</c>.</summary>
    public string? MailboxPlan { get; init; }

    /// <summary><c>-Migration</c>; reserved by Microsoft.</summary>
    public bool Migration { get; init; }

    /// <summary><c>-PublicFolder</c>; reserved by Microsoft.</summary>
    public bool PublicFolder { get; init; }

    /// <summary><c>-RecipientTypeDetails</c>.</summary>
    public IReadOnlyList<string> RecipientTypeDetails { get; init; } = [];

    /// <summary><c>-SoftDeletedMailbox</c>.</summary>
    public bool SoftDeletedMailbox { get; init; }

    private protected override string EntitySet => "Mailbox";

    private protected override EntitySchema Schema => EntitySchema.Mailbox;

    // A key of the collection finds no inactive mailbox.
    private protected override bool TravelsInHeader(string parameter) => IncludeInactiveMailbox || InactiveMailboxOnly;

    private protected override void AddOwn(RestRequestBuilder request) => request
        .Option(nameof(MailboxPlan), MailboxPlan)
        .Option(nameof(RecipientTypeDetails), RecipientTypeDetails)
        .Switches(this, SwitchTable);
}

/// <summary>The parameters of <c>Get-EXORecipient</c>; each member is the parameter of its name.</summary>
public sealed record GetExoRecipientOptions : EntityOptions
{
    /// <summary>The values of <c>-RecipientType</c> that Microsoft documents.</summary>
    public static IReadOnlyList<string> KnownRecipientTypes { get; } =
    [
        "DynamicDistributionGroup", "MailContact", "MailNonUniversalGroup", "MailUniversalDistributionGroup", "MailUniversalSecurityGroup",
        "MailUser", "PublicFolder", "UserMailbox",
    ];

    /// <summary>The values of <c>-RecipientTypeDetails</c> that Microsoft documents.</summary>
    public static IReadOnlyList<string> KnownRecipientTypeDetails { get; } =
    [
        "DiscoveryMailbox", "DynamicDistributionGroup", "EquipmentMailbox", "GroupMailbox", "GuestMailUser", "LegacyMailbox", "LinkedMailbox",
        "LinkedRoomMailbox", "MailContact", "MailForestContact", "MailNonUniversalGroup", "MailUniversalDistributionGroup",
        "MailUniversalSecurityGroup", "MailUser", "PublicFolder", "PublicFolderMailbox", "RemoteEquipmentMailbox", "RemoteRoomMailbox",
        "RemoteSharedMailbox", "RemoteTeamMailbox", "RemoteUserMailbox", "RoomList", "RoomMailbox", "SchedulingMailbox", "SharedMailbox",
        "SharedWithMailUser", "TeamMailbox", "UserMailbox",
    ];

    /// <summary><c>-IncludeSoftDeletedRecipients</c>.</summary>
    public bool IncludeSoftDeletedRecipients { get; init; }

    /// <summary><c>-RecipientPreviewFilter</c>; reserved by Microsoft.</summary>
    public string? RecipientPreviewFilter { get; init; }

    /// <summary><c>-RecipientType</c>.</summary>
    public IReadOnlyList<string> RecipientType { get; init; } = [];

    /// <summary><c>-RecipientTypeDetails</c>.</summary>
    public IReadOnlyList<string> RecipientTypeDetails { get; init; } = [];

    private protected override string EntitySet => "Recipient";

    private protected override EntitySchema Schema => EntitySchema.Recipient;

    // A unique identity is a key of the collection; several objects can have one name, so a name is a search.
    private protected override bool TravelsInHeader(string parameter) => parameter == nameof(ObjectIdentity.Identity);

    private protected override void AddOwn(RestRequestBuilder request) => request
        .Option(nameof(RecipientPreviewFilter), RecipientPreviewFilter)
        .Option(nameof(RecipientType), RecipientType)
        .Option(nameof(RecipientTypeDetails), RecipientTypeDetails)
        .Switch(nameof(IncludeSoftDeletedRecipients), IncludeSoftDeletedRecipients);
}

/// <summary>The parameters of <c>Get-EXOCasMailbox</c>; each member is the parameter of its name.</summary>
public sealed record GetExoCasMailboxOptions : EntityOptions
{
    private static readonly (string Name, Func<GetExoCasMailboxOptions, bool> IsOn)[] SwitchTable =
    [
        (nameof(ActiveSyncDebugLogging), static o => o.ActiveSyncDebugLogging),
        (nameof(GetImapProtocolLog), static o => o.GetImapProtocolLog),
        (nameof(GetPopProtocolLog), static o => o.GetPopProtocolLog),
        (nameof(IgnoreDefaultScope), static o => o.IgnoreDefaultScope),
        (nameof(ReadIsOptimizedForAccessibility), static o => o.ReadIsOptimizedForAccessibility),
    ];

    /// <summary><c>-ActiveSyncDebugLogging</c>; reserved by Microsoft.</summary>
    public bool ActiveSyncDebugLogging { get; init; }

    /// <summary><c>-GetImapProtocolLog</c>; reserved by Microsoft.</summary>
    public bool GetImapProtocolLog { get; init; }

    /// <summary><c>-GetPopProtocolLog</c>; reserved by Microsoft.</summary>
    public bool GetPopProtocolLog { get; init; }

    /// <summary><c>-IgnoreDefaultScope</c>; reserved by Microsoft.</summary>
    public bool IgnoreDefaultScope { get; init; }

    /// <summary>
    /// <c>-ProtocolSettings</c>: also the servers, ports and encryption of IMAP, POP and SMTP, the property set of that name.
    /// </summary>
    public bool ProtocolSettings { get; init; }

    /// <summary><c>-ReadIsOptimizedForAccessibility</c>; reserved by Microsoft.</summary>
    public bool ReadIsOptimizedForAccessibility { get; init; }

    /// <summary><c>-SendLogsTo</c>; reserved by Microsoft.</summary>
    public IReadOnlyList<string> SendLogsTo { get; init; } = [];

    private protected override string EntitySet => "CasMailbox";

    private protected override EntitySchema Schema => EntitySchema.CasMailbox;

    private protected override bool TravelsInHeader(string parameter) => false;

    private protected override IReadOnlyList<string> WantedSets => ProtocolSettings
        && !PropertySets.Contains(nameof(ProtocolSettings), StringComparer.OrdinalIgnoreCase)
        ? [.. PropertySets, nameof(ProtocolSettings)]
        : PropertySets;

    private protected override void AddOwn(RestRequestBuilder request) => request
        .Option(nameof(SendLogsTo), SendLogsTo)
        .Switches(this, SwitchTable);
}
