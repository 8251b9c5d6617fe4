using ExoConnect.LocalTenant.Objects;

namespace ExoConnect.LocalTenant.Data;

/// <summary>The mobile devices of mailboxes: none to two, computed from the mailbox.</summary>
internal static class MobileDevices
{
    private static readonly (string Model, string Type, string System, string UserAgent)[] Models =
    [
        ("Outlook for iOS and Android", "Outlook", "iOS 18.5", "Outlook-iOS-Android/1.0"),
        ("iPhone16C2", "iPhone", "iOS 18.4.1 22E252", "Apple-iPhone16C2/2204.252"),
        ("SM-S921B", "SamsungDevice", "Android 15", "Android-SAMSUNG-SM-S921B/101.1500"),
    ];

    private const string Container = "ExchangeActiveSyncDevices";

    private static readonly string[] DeviceTypes = ["Microsoft.Exchange.Data.Directory.SystemConfiguration.MobileDevice"];
    private static readonly string[] StatisticsTypes = ["Microsoft.Exchange.Management.AirSync.MobileDeviceConfiguration"];

    /// <summary>The number of devices of a mailbox.</summary>
    public static int CountOf(MailboxRow row) => row.Shape == 0 && row.Directory.IsGenerated(row.Index) ? row.Pick(30, 3) : 0;

    /// <summary>The devices of a mailbox as <c>Get-MobileDevice</c> shows them.</summary>
    public static IEnumerable<StoreObject> Of(MailboxRow row) => Enumerable.Range(0, CountOf(row)).Select(number => Device(row, number));

    /// <summary>The devices of a mailbox as <c>Get-MobileDeviceStatistics</c> shows them.</summary>
    public static IEnumerable<StoreObject> StatisticsOf(MailboxRow row) => Enumerable.Range(0, CountOf(row))
        .Select(number => Statistics(row, number));

    /// <summary>The mailbox and the number of a device by its identity or GUID.</summary>
    public static (MailboxRow Row, int Number)? Find(MailboxDirectory directory, string identity)
    {
        // name\Container\device, domain/.../name/Container/device, or CN=device,CN=Container,CN=name,...
        var at = identity.IndexOf(Container, StringComparison.OrdinalIgnoreCase);
        MailboxRow? row = null;
        if (at > 1 && identity[at - 1] is '\\' or '/')
        {
            row = directory.Find(identity[..(at - 1)]);
        }
        else if (at > 3 && identity.StartsWith("CN=", StringComparison.OrdinalIgnoreCase) && at + Container.Length + 1 < identity.Length)
        {
            row = directory.Find(identity[(at + Container.Length + 1)..]);
        }
        else if (Guid.TryParse(identity, out var guid) && directory.Cipher.TryDecode(guid, out var kind, out var index)
            && kind == IdentityKind.Device)
        {
            row = directory.Row(index / 2);
        }

        if (row is null)
        {
            return null;
        }

        for (var number = 0; number < CountOf(row); number++)
        {
            if (((string[])[IdentityOf(row, number), CanonicalName(row, number), DistinguishedName(row, number)])
                    .Contains(identity, StringComparer.OrdinalIgnoreCase)
                || GuidOf(row, number).ToString("D").Equals(identity, StringComparison.OrdinalIgnoreCase))
            {
                return (row, number);
            }
        }

        return null;
    }

    /// <summary>A device as <c>Get-MobileDevice</c> shows it.</summary>
    public static StoreObject Device(MailboxRow row, int number)
    {
        (var model, var type, var system, var agent) = ModelOf(row, number);
        var first = row.WhenCreated.AddDays(3 + number);
        return new StoreObject(
            DeviceTypes,
            [
                new("FriendlyName", model), new("DeviceMobileOperator", ""), new("DeviceOS", system), new("DeviceTelephoneNumber", ""),
                new("DeviceType", type), new("DeviceUserAgent", agent), new("DeviceModel", model), new("FirstSyncTime", first),
                new("UserDisplayName", row.DisplayName), new("DeviceAccessState", "Allowed"), new("DeviceAccessStateReason", "Global"),
                new("DeviceAccessControlRule", null), new("ClientVersion", "16.1"), new("ClientType", type == "Outlook" ? "Outlook" : "EAS"),
                new("IsManaged", false), new("IsCompliant", false), new("IsDisabled", false), new("AdminDisplayName", ""),
                new("DeviceId", DeviceId(row, number)),
                new("DeviceImei", ""), new("Name", NameOf(row, number)), new("Identity", IdentityOf(row, number)),
                new("DistinguishedName", DistinguishedName(row, number)), new("Guid", GuidOf(row, number)), new("Id", IdentityOf(row, number)),
                new("IsValid", true), new("ObjectState", "Unchanged"),
                new("WhenCreated", MailboxSchema.Local(first)), new("WhenChanged", MailboxSchema.Local(row.WhenChanged)),
                new("OrganizationId", MailboxSchema.OrganizationId(row.Directory.Organization)),
            ]);
    }

    /// <summary>A device as <c>Get-MobileDeviceStatistics</c> shows it.</summary>
    public static StoreObject Statistics(MailboxRow row, int number)
    {
        (var model, var type, var system, var agent) = ModelOf(row, number);
        var first = row.WhenCreated.AddDays(3 + number);
        return new StoreObject(
            StatisticsTypes,
            [
                new("FirstSyncTime", first), new("LastPolicyUpdateTime", first), new("LastSyncAttemptTime", row.LastLogon),
                new("LastSuccessSync", row.LastLogon), new("DeviceType", type), new("DeviceID", DeviceId(row, number)), new("DeviceUserAgent", agent),
                new("DeviceWipeSentTime", null), new("DeviceWipeRequestTime", null), new("DeviceWipeAckTime", null),
                new("AccountOnlyDeviceWipeSentTime", null), new("LastPingHeartbeat", null), new("RecoveryPassword", "********"),
                new("DeviceModel", model), new("DeviceImei", ""), new("DeviceFriendlyName", model), new("DeviceOS", system),
                new("DeviceOSLanguage", "en-US"),
                new("DevicePhoneNumber", ""), new("MailboxLogReport", null), new("DeviceEnableOutboundSMS", false), new("DeviceMobileOperator", ""),
                new("Identity", IdentityOf(row, number)), new("Guid", GuidOf(row, number)), new("IsRemoteWipeSupported", true),
                new("Status", "DeviceOk"),
                new("StatusNote", null), new("DeviceAccessState", "Allowed"), new("DeviceAccessStateReason", "Global"),
                new("DeviceAccessControlRule", null),
                new("DevicePolicyApplied", "Default"), new("DevicePolicyApplicationStatus", "AppliedInFull"), new("LastDeviceWipeRequestor", null),
                new("ClientVersion", "16.1"), new("NumberOfFoldersSynced", 6 + row.Pick(31, 20)), new("SyncStateUpgradeTime", null),
                new("ClientType", type == "Outlook" ? "Outlook" : "EAS"), new("IsValid", true), new("ObjectState", "Unchanged"),
            ]);
    }

    private static (string Model, string Type, string System, string UserAgent) ModelOf(MailboxRow row, int number)
    {
        return Models[(row.Pick(32, Models.Length) + number) % Models.Length];
    }

    private static Guid GuidOf(MailboxRow row, int number) => row.Directory.Cipher.Encode(IdentityKind.Device, (row.Index * 2) + number);

    // Outlook's own protocol comes before the type.
    private static string NameOf(MailboxRow row, int number)
    {
        var type = ModelOf(row, number).Type;
        return $"{(type == "Outlook" ? "Hx§" : "")}{type}§{DeviceId(row, number)}";
    }

    private static string DeviceId(MailboxRow row, int number) => GuidOf(row, number).ToString("N").ToUpperInvariant();

    private static string IdentityOf(MailboxRow row, int number)
    {
        return $"{row.Name}\\{Container}\\{NameOf(row, number)}";
    }

    private static string CanonicalName(MailboxRow row, int number)
    {
        return $"{row.CanonicalName}/{Container}/{NameOf(row, number)}";
    }

    private static string DistinguishedName(MailboxRow row, int number)
    {
        return $"CN={NameOf(row, number)},CN={Container},{row.DistinguishedName}";
    }
}
