using ExoConnect.LocalTenant.Data;
using ExoConnect.LocalTenant.Filters;
using ExoConnect.LocalTenant.Objects;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Cmdlets;

/// <summary>Statistics of mailboxes, folders and mobile devices.</summary>
internal static class StatisticsCmdlets
{
    /// <summary><c>Get-MailboxStatistics</c>.</summary>
    public static IEnumerable<Record> GetMailbox(CmdletCall call)
    {
        var identity = call.Required("Identity");
        var row = MailboxQuery.RequireAny(call, identity);
        var archive = call.Parameters.Switch("Archive") || (row.HasArchive && Same(identity, row.Guid(IdentityKind.Archive)));
        return call.Start > row.Index ? [] : [Statistics(row, archive)];
    }

    /// <summary>The statistics of a mailbox or its archive.</summary>
    /// <exception cref="ServiceError">It has no archive.</exception>
    public static Record Statistics(MailboxRow row, bool archive)
    {
        CheckArchive(row, archive);
        return new SchemaRecord(archive ? MailboxViews.ArchiveStatistics : MailboxViews.Statistics, row);
    }

    /// <summary><c>Get-MailboxFolderStatistics</c>.</summary>
    public static IEnumerable<Record> GetFolders(CmdletCall call)
    {
        var identity = call.Required("Identity");
        var row = MailboxQuery.RequireAny(call, identity);
        var archive = call.Parameters.Switch("Archive");
        CheckArchive(row, archive);
        return PositionedRecord.InOrder(MailboxFolders.StatisticsOf(row, call.Parameters.Text("FolderScope"), archive, identity), call.Start);
    }

    /// <summary><c>Get-MobileDevice</c>.</summary>
    public static IEnumerable<Record> GetDevices(CmdletCall call)
    {
        if (call.Parameters.Text("Mailbox") is string mailbox)
        {
            return PositionedRecord.InOrder(Remaining(call, MobileDevices.Of(MailboxQuery.Require(call, mailbox))), call.Start);
        }

        if (call.Parameters.Text("Identity") is string identity)
        {
            (var row, var number) = FindDevice(call.Tenant, identity);
            return [MobileDevices.Device(row, number)];
        }

        var filter = MailboxQuery.ReadFilter(call.Parameters.Text("Filter"), _ => true);
        return AllDevices(call, filter);
    }

    /// <summary><c>Get-MobileDeviceStatistics</c>.</summary>
    public static IEnumerable<Record> GetDeviceStatistics(CmdletCall call)
    {
        if (call.Parameters.Text("Mailbox") is string mailbox)
        {
            return PositionedRecord.InOrder(Remaining(call, MobileDevices.StatisticsOf(MailboxQuery.Require(call, mailbox))), call.Start);
        }

        (var row, var number) = FindDevice(call.Tenant, call.Required("Identity"));
        return [MobileDevices.Statistics(row, number)];
    }

    /// <summary><c>Remove-MobileDevice</c>.</summary>
    public static IEnumerable<Record> RemoveDevice(CmdletCall call)
    {
        (var row, var number) = FindDevice(call.Tenant, call.Required("Identity"));
        var device = MobileDevices.Device(row, number);
        if (call.ShouldProcess($"Removing mobile device Identity:\"{device.Text("Identity")}\"."))
        {
            call.Tenant.RemovedDevices[device.Guid] = true;
        }

        return [];
    }

    /// <summary><c>Clear-MobileDevice</c>.</summary>
    public static IEnumerable<Record> ClearDevice(CmdletCall call)
    {
        (var row, var number) = FindDevice(call.Tenant, call.Required("Identity"));
        _ = call.ShouldProcess($"Clearing mobile device \"{MobileDevices.Device(row, number).Text("Identity")}\".");
        return [];
    }

    /// <summary>Finds a device that was not removed.</summary>
    /// <exception cref="ServiceError">There is none.</exception>
    public static (MailboxRow Row, int Number) FindDevice(TenantData tenant, string identity)
    {
        return MobileDevices.Find(tenant.Mailboxes, identity) is (MailboxRow row, int number)
            && !tenant.RemovedDevices.ContainsKey(MobileDevices.Device(row, number).Guid)
            ? (row, number)
            : throw ServiceError.ObjectNotFound(identity);
    }

    private static IEnumerable<Record> AllDevices(CmdletCall call, Filter? filter)
    {
        // Two positions for each mailbox, since none has more devices.
        foreach (var row in call.Tenant.Mailboxes.From(call.Start / 2))
        {
            var position = row.Index * 2L;
            foreach (var device in MobileDevices.Of(row))
            {
                if (position >= call.Start && !call.Tenant.RemovedDevices.ContainsKey(device.Guid) && filter?.Accepts(device) != false)
                {
                    yield return new PositionedRecord(device, position);
                }

                position++;
            }
        }
    }

    private static IEnumerable<StoreObject> Remaining(CmdletCall call, IEnumerable<StoreObject> devices)
    {
        return devices.Where(device => !call.Tenant.RemovedDevices.ContainsKey(device.Guid));
    }

    private static void CheckArchive(MailboxRow row, bool archive)
    {
        if (archive && !row.HasArchive)
        {
            throw ServiceError.Cmdlet(
                "Ex8A4C1D", "Microsoft.Exchange.Configuration.Tasks.MdbAdminTaskException", $"The mailbox '{row.Name}' doesn't have an archive.");
        }
    }

    private static bool Same(string identity, Guid guid) => Guid.TryParse(identity, out var given) && given == guid;
}
