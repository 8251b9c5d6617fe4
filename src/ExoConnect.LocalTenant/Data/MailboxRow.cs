using System.Globalization;

namespace ExoConnect.LocalTenant.Data;

/// <summary>
/// One mailbox: the values of its index, and its changes. Values are computed when read. For one reading; not thread-safe.
/// </summary>
/// <param name="directory">Its directory.</param>
/// <param name="index">Its index.</param>
/// <param name="changes">Properties whose values are no longer the computed ones.</param>
internal sealed class MailboxRow(MailboxDirectory directory, int index, IReadOnlyDictionary<string, object?> changes)
{
    private static readonly DateTime Epoch = new(2019, 1, 7, 8, 0, 0, DateTimeKind.Utc);

    private static readonly string[] Departments =
        ["Sales", "Marketing", "Finance", "Engineering", "Operations", "Legal", "Human Resources", "Support", "Research", "Logistics"];

    private static readonly string[] Titles =
        ["Analyst", "Manager", "Director", "Engineer", "Consultant", "Coordinator", "Specialist", "Assistant", "Lead", "Architect"];

    private static readonly (string City, string Country, string Office)[] Places =
    [
        ("Seattle", "United States", "18/2111"), ("Dublin", "Ireland", "Block B/204"), ("München", "Germany", "M3/1.27"),
        ("Kraków", "Poland", "K1/88"),
        ("São Paulo", "Brazil", "Torre Sul/12"), ("Tokyo", "Japan", "21F/A"), ("Pune", "India", "T2/405"), ("Melbourne", "Australia", "L7"),
    ];

    private string? _alias;
    private string? _displayName;
    private int _shape = -1;

    /// <summary>Its index.</summary>
    public int Index => index;

    /// <summary>Its directory.</summary>
    public MailboxDirectory Directory => directory;

    /// <summary>Properties whose values are no longer the computed ones.</summary>
    public IReadOnlyDictionary<string, object?> Changes => changes;

    /// <summary>What kind of mailbox it is.</summary>
    public string RecipientTypeDetails => Changed("RecipientTypeDetails") as string ?? Shape switch
    {
        1 => "SharedMailbox",
        2 => "RoomMailbox",
        3 => "EquipmentMailbox",
        _ => "UserMailbox",
    };

    /// <summary>The alias that the index gives, which is its name too.</summary>
    public string GeneratedAlias => _alias ??= PersonNames.Address(index) + Shape switch { 1 => ".team", 2 => ".room", 3 => ".equipment", _ => "" };

    /// <summary>The alias.</summary>
    public string Alias => Changed("Alias") as string ?? GeneratedAlias;

    /// <summary>The name, and identity.</summary>
    public string Name => Changed("Name") as string ?? GeneratedAlias;

    /// <summary>The display name.</summary>
    public string DisplayName => Changed("DisplayName") as string
        ?? (_displayName ??= PersonNames.Shown(index) + Shape switch { 1 => " Team", 2 => " Room", 3 => " Equipment", _ => "" });

    /// <summary>The name to sign in with.</summary>
    public string UserPrincipalName => Changed("UserPrincipalName") as string ?? $"{GeneratedAlias}@{directory.Organization}";

    /// <summary>The main address.</summary>
    public string PrimarySmtpAddress => Changed("PrimarySmtpAddress") as string ?? $"{GeneratedAlias}@{directory.Organization}";

    /// <summary>All addresses with their kinds, the main one's in capitals.</summary>
    public IReadOnlyList<string> EmailAddresses => Changed("EmailAddresses") as IReadOnlyList<string> ??
    [
        $"SMTP:{GeneratedAlias}@{directory.Organization}",
        string.Create(CultureInfo.InvariantCulture, $"smtp:m{index}@{directory.Organization}"),
        $"SPO:SPO_{Guid(IdentityKind.Exchange):D}@SPO_{directory.TenantGuidText}",
        $"SIP:{GeneratedAlias}@{directory.Organization}",
    ];

    /// <summary>The distinguished name.</summary>
    public string DistinguishedName =>
        $"CN={Name},OU={directory.Organization},OU=Microsoft Exchange Hosted Organizations,{MailboxDirectory.ForestDn}";

    /// <summary>The distinguished name as a path.</summary>
    public string CanonicalName => $"NAMPR07A004.PROD.OUTLOOK.COM/Microsoft Exchange Hosted Organizations/{directory.Organization}/{Name}";

    /// <summary>The name in the old address book.</summary>
    public string LegacyExchangeDN => Changed("LegacyExchangeDN") as string
        ?? $"/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn={Guid(IdentityKind.Object):N}-{GeneratedAlias}";

    /// <summary>The first name.</summary>
    public string FirstName => Shape == 0 && directory.IsGenerated(index) ? PersonNames.FirstName(index) : "";

    /// <summary>The last name.</summary>
    public string LastName => Shape == 0 && directory.IsGenerated(index) ? PersonNames.LastName(index) : "";

    /// <summary>The department.</summary>
    public string Department => directory.IsGenerated(index) ? Departments[Pick(1, Departments.Length)] : "";

    /// <summary>The job title.</summary>
    public string Title => Shape == 0 && directory.IsGenerated(index) ? Titles[Pick(2, Titles.Length)] : "";

    /// <summary>City, country and office.</summary>
    public (string City, string Country, string Office) Place => directory.IsGenerated(index)
        ? Places[Pick(3, Places.Length)] : ("", "United States", "");

    /// <summary>A telephone number.</summary>
    public string Phone => Shape == 0 && directory.IsGenerated(index)
        ? string.Create(CultureInfo.InvariantCulture, $"+1 425 555 {index % 10000:0000}") : "";

    /// <summary>The time of its creation.</summary>
    public DateTime WhenCreated => Changed("WhenCreatedUTC") as DateTime? ?? Epoch.AddSeconds(directory.Cipher.Random(index, 4) % 126_000_000);

    /// <summary>The time of its last change.</summary>
    public DateTime WhenChanged => Changed("WhenChangedUTC") as DateTime?
        ?? Earlier(WhenCreated.AddSeconds(3600 + (directory.Cipher.Random(index, 5) % 60_000_000)), directory.Started);

    /// <summary>Whether it has an archive.</summary>
    public bool HasArchive => Changed("ArchiveStatus") is string status ? status == "Active" : directory.IsGenerated(index) && index % 4 == 1;

    /// <summary>The number of items in it.</summary>
    public int ItemCount => HasContent ? 120 + (int)(directory.Cipher.Random(index, 6) % 40_000) : 0;

    /// <summary>The bytes in it.</summary>
    public long ItemBytes => ItemCount * (18_000L + (long)(directory.Cipher.Random(index, 7) % 90_000));

    /// <summary>The number of deleted items that can still be recovered.</summary>
    public int DeletedItemCount => HasContent ? (int)(directory.Cipher.Random(index, 8) % 900) : 0;

    /// <summary>Their bytes.</summary>
    public long DeletedItemBytes => DeletedItemCount * 42_000L;

    /// <summary>The time of its last use: within a month for most, within a year for every eleventh; null for never.</summary>
    public DateTime? LastLogon => HasContent
        ? WholeSeconds(directory.Started).AddSeconds(-60.0 - (directory.Cipher.Random(index, 9) % (index % 11 == 10 ? 30_000_000UL : 2_500_000UL)))
        : null;

    /// <summary>0 a user's, 1 shared, 2 a room's, 3 equipment's.</summary>
    public int Shape => _shape >= 0 ? _shape : _shape = directory.ShapeOf(index);

    /// <summary>Its database.</summary>
    public string Database => string.Create(CultureInfo.InvariantCulture, $"NAMPR07DG{Pick(10, 400):000}-db{Pick(11, 120):000}");

    /// <summary>Its server.</summary>
    public string Server => string.Create(CultureInfo.InvariantCulture, $"bn8pr07mb{Pick(10, 400) + 6000}");

    /// <summary>A GUID of the mailbox.</summary>
    public Guid Guid(IdentityKind kind)
    {
        var given = changes.Count == 0 ? null : kind switch
        {
            IdentityKind.Object => Changed("Guid"),
            IdentityKind.Mailbox => Changed("ExchangeGuid"),
            IdentityKind.Directory => Changed("ExternalDirectoryObjectId"),
            IdentityKind.Exchange => Changed("ExchangeObjectId"),
            _ => null,
        };
        return given is Guid guid || System.Guid.TryParse(given as string, out guid) ? guid : directory.Cipher.Encode(kind, index);
    }

    private bool HasContent => directory.IsGenerated(index) || GroupMailboxes.IsSeeded(index);

    /// <summary>A number from 0 that depends on the index only.</summary>
    public int Pick(int salt, int count) => (int)(directory.Cipher.Random(index, salt) % (ulong)count);

    /// <summary>The changed value of a property, or null.</summary>
    public object? Changed(string name) => changes.Count == 0 ? null : changes.GetValueOrDefault(name);

    private static DateTime Earlier(DateTime left, DateTime right) => left < right ? left : right;

    private static DateTime WholeSeconds(DateTime time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
}
