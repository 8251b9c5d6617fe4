using System.Collections.Immutable;
using ExoConnect.LocalTenant.Data;
using ExoConnect.LocalTenant.Objects;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Cmdlets;

/// <summary>Distribution groups, Microsoft 365 groups, role groups, and their members.</summary>
internal static class GroupCmdlets
{
    private static readonly string[] Groups = ["DistributionGroup", "UnifiedGroup"];

    /// <summary><c>Get-DistributionGroup</c>.</summary>
    public static IEnumerable<Record> Get(CmdletCall call) => RecipientCmdlets.Kept(call, "DistributionGroup");

    /// <summary><c>Get-Group</c>.</summary>
    public static IEnumerable<Record> GetAny(CmdletCall call) => RecipientCmdlets.Kept(call, Groups);

    /// <summary><c>Get-UnifiedGroup</c>.</summary>
    public static IEnumerable<Record> GetUnified(CmdletCall call) => RecipientCmdlets.Kept(call, "UnifiedGroup");

    /// <summary><c>Set-Group</c>.</summary>
    public static IEnumerable<Record> SetAny(CmdletCall call) => RecipientCmdlets.SetKept(call, Groups);

    /// <summary><c>New-DistributionGroup</c>.</summary>
    public static IEnumerable<Record> Add(CmdletCall call)
    {
        var given = call.Parameters;
        var name = call.Required("Name");
        var alias = given.Text("Alias") ?? name.Replace(" ", "", StringComparison.Ordinal);
        var address = given.Text("PrimarySmtpAddress") ?? $"{alias}@{call.Tenant.Organization}";
        var security = string.Equals(given.Text("Type"), "Security", StringComparison.OrdinalIgnoreCase);
        var details = given.Switch("RoomList") ? "RoomList" : security ? "MailUniversalSecurityGroup" : "MailUniversalDistributionGroup";
        return Add(
            call, name, alias, address, security ? "MailUniversalSecurityGroup" : "MailUniversalDistributionGroup", details,
            RecipientObjects.Group(alias, security), MembershipTable.Members);
    }

    /// <summary><c>New-UnifiedGroup</c>.</summary>
    public static IEnumerable<Record> AddUnified(CmdletCall call)
    {
        var given = call.Parameters;
        var name = given.Text("Name") ?? given.Text("DisplayName") ?? given.Text("Alias") ?? throw ServiceError.MissingParameters(["DisplayName"]);
        var alias = given.Text("Alias") ?? name.Replace(" ", "", StringComparison.Ordinal);
        var address = given.Text("PrimarySmtpAddress") ?? $"{alias}@{call.Tenant.Organization}";
        return Add(
            call, name, alias, address, "MailUniversalDistributionGroup", "GroupMailbox",
            RecipientObjects.UnifiedGroup(call.Tenant.Organization, alias, given.Text("AccessType") ?? "Private"), MembershipTable.Members);
    }

    /// <summary><c>Get-DistributionGroupMember</c>.</summary>
    public static IEnumerable<Record> GetMembers(CmdletCall call) => Shown(call, Require(call, call.Required("Identity")), MembershipTable.Members);

    /// <summary><c>Add-DistributionGroupMember</c>.</summary>
    public static IEnumerable<Record> AddMember(CmdletCall call)
    {
        var group = Require(call, call.Required("Identity"));
        var member = call.Tenant.Recipients.Require(call.Required("Member"));
        if (call.ShouldProcess($"Adding distribution group member \"{member.Name}\" on distribution group \"{group.Name}\"."))
        {
            Add(call, group, member);
        }

        return [];
    }

    /// <summary><c>Remove-DistributionGroupMember</c>.</summary>
    public static IEnumerable<Record> RemoveMember(CmdletCall call)
    {
        var group = Require(call, call.Required("Identity"));
        var member = call.Tenant.Recipients.Require(call.Required("Member"));
        if (call.ShouldProcess($"Removing distribution group member \"{member.Name}\" on distribution group \"{group.Name}\"."))
        {
            Remove(call, group, member);
        }

        return [];
    }

    /// <summary><c>Update-DistributionGroupMember</c>.</summary>
    public static IEnumerable<Record> UpdateMembers(CmdletCall call)
    {
        var group = Require(call, call.Required("Identity"));
        return Replace(call, group, [.. call.Parameters.List("Members").Select(member => call.Tenant.Recipients.Require(member).Guid)]);
    }

    /// <summary><c>Get-DynamicDistributionGroupMember</c>.</summary>
    public static IEnumerable<Record> GetDynamicMembers(CmdletCall call)
    {
        var identity = call.Required("Identity");
        var group = call.Tenant.Store.Set(TenantService.ExchangeOnline, "DynamicDistributionGroup").Find(identity)
            ?? throw ServiceError.ObjectNotFound(identity);
        var filter = MailboxQuery.ReadFilter(group.Text("RecipientFilter") is { Length: > 0 } text ? text : null, _ => true);
        return call.Tenant.Recipients.From(call.Start).Where(view => filter?.Accepts(view) != false);
    }

    /// <summary><c>Get-UnifiedGroupLinks</c>.</summary>
    public static IEnumerable<Record> GetLinks(CmdletCall call)
    {
        return Shown(call, RequireUnified(call), call.Parameters.Text("LinkType") ?? MembershipTable.Members);
    }

    /// <summary><c>Add-UnifiedGroupLinks</c>.</summary>
    public static IEnumerable<Record> AddLinks(CmdletCall call)
    {
        var group = RequireUnified(call);
        var added = new List<Guid>();
        foreach (var link in call.Parameters.List("Links"))
        {
            // A missing recipient doesn't prevent adding the others.
            if (call.Tenant.Recipients.Find(link) is Recipient recipient)
            {
                added.Add(recipient.Guid);
            }
            else
            {
                call.Fail(ServiceError.ObjectNotFound(link));
            }
        }

        var kind = call.Parameters.Text("LinkType") ?? MembershipTable.Members;
        if (call.ShouldProcess($"Adding {kind} to the group \"{group.Name}\"."))
        {
            var members = call.Tenant.Members.Of(group);
            if (kind == MembershipTable.Owners && added.Exists(owner => !members.Contains(owner)))
            {
                throw ServiceError.Invalid("Only Members can be owners. Please add them as members first.");
            }

            call.Tenant.Members.Change(group, kind, old => [.. old.Union(added)]);
        }

        return [];
    }

    /// <summary><c>Remove-UnifiedGroupLinks</c>.</summary>
    public static IEnumerable<Record> RemoveLinks(CmdletCall call)
    {
        var group = RequireUnified(call);
        Guid[] removed = [.. call.Parameters.List("Links").Select(link => call.Tenant.Recipients.Require(link).Guid)];
        var kind = call.Parameters.Text("LinkType") ?? MembershipTable.Members;
        if (call.ShouldProcess($"Removing {kind} from the group \"{group.Name}\"."))
        {
            call.Tenant.Members.Change(group, kind, old => [.. old.Except(removed)]);
        }

        return [];
    }

    /// <summary><c>New-RoleGroup</c>.</summary>
    public static IEnumerable<Record> AddRoleGroup(CmdletCall call)
    {
        Guid[] members = [.. call.Parameters.List("Members").Select(member => RoleMember(call, member).Guid)];
        string[] roles = [.. call.Parameters.List("Roles")];
        Record[] made =
        [
            .. GenericCmdlets.Add(
                call,
                [new("Roles", roles), new("RoleAssignments", SeedData.RoleAssignments(call.Required("Name"), roles).ToArray())]),
        ];
        if (made is [StoreObject group])
        {
            call.Tenant.Members.Change(group, MembershipTable.Members, _ => [.. members]);
        }

        return made;
    }

    /// <summary><c>Get-RoleGroup</c>.</summary>
    public static IEnumerable<Record> GetRoleGroups(CmdletCall call)
    {
        return GenericCmdlets.Get(call).Cast<StoreObject>().Select(group => group.With(
        [
            new("Members", call.Tenant.Members.Of(group).Select(guid => RoleMember(call, guid.ToString("D")).View.Text("Name")).ToArray()),
        ]));
    }

    /// <summary><c>Get-RoleGroupMember</c>.</summary>
    public static IEnumerable<Record> GetRoleMembers(CmdletCall call)
    {
        var group = RoleGroup(call);
        return PositionedRecord.InOrder(call.Tenant.Members.Of(group).Select(guid => RoleMember(call, guid.ToString("D")).View), call.Start);
    }

    /// <summary><c>Add-RoleGroupMember</c>.</summary>
    public static IEnumerable<Record> AddRoleMember(CmdletCall call)
    {
        var group = RoleGroup(call);
        var member = RoleMember(call, call.Required("Member"));
        if (call.ShouldProcess($"Adding \"{member.Name}\" to the role group \"{group.Name}\"."))
        {
            Add(call, group, member);
        }

        return [];
    }

    /// <summary><c>Remove-RoleGroupMember</c>.</summary>
    public static IEnumerable<Record> RemoveRoleMember(CmdletCall call)
    {
        var group = RoleGroup(call);
        var member = RoleMember(call, call.Required("Member"));
        if (call.ShouldProcess($"Removing \"{member.Name}\" from the role group \"{group.Name}\"."))
        {
            Remove(call, group, member);
        }

        return [];
    }

    /// <summary><c>Update-RoleGroupMember</c>.</summary>
    public static IEnumerable<Record> UpdateRoleMembers(CmdletCall call)
    {
        return Replace(call, RoleGroup(call), [.. call.Parameters.List("Members").Select(member => RoleMember(call, member).Guid)]);
    }

    /// <summary><c>New-ServicePrincipal</c>.</summary>
    public static IEnumerable<Record> AddServicePrincipal(CmdletCall call)
    {
        var appId = call.Required("AppId");
        var objectId = call.Parameters.Text("ObjectId") ?? call.Parameters.Text("ServiceId") ?? call.Required("ObjectId");
        var name = call.Parameters.Text("DisplayName") ?? appId;
        return GenericCmdlets.SetOf(call).Find(appId) is null
            ? GenericCmdlets.Add(
                call, [new("Name", name), new("Identity", objectId), new("DisplayName", name), new("AppId", appId), new("ObjectId", objectId),
                    new("Sid", $"S-1-5-21-{objectId}")])
            : throw ServiceError.AlreadyExists(appId);
    }

    private static Record[] Add(
        CmdletCall call, string name, string alias, string address, string type, string details, KeyValuePair<string, object?>[] own, string link)
    {
        foreach (var key in (ReadOnlySpan<string>)[name, alias, address])
        {
            MailboxChanges.CheckFree(call, Guid.Empty, key);
        }

        Guid[] members = [.. call.Parameters.List("Members").Select(member => call.Tenant.Recipients.Require(member).Guid)];
        var owners = MailboxChanges.Names(call, [.. call.Parameters.List("ManagedBy"), .. call.Parameters.List("Owner")]);
        var guid = Guid.NewGuid();
        var properties = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach ((var property, var value) in RecipientObjects.Common(
            call.Tenant.Organization, name, alias, call.Parameters.Text("DisplayName") ?? name, address, type, details, guid).Concat(own))
        {
            properties[property] = call.Parameters.Has(property) && property is not ("ManagedBy" or "EmailAddresses")
                ? PropertyValues.Convert(call.Parameters[property], value) : value;
        }

        properties["Guid"] = guid;
        if (details == GroupMailboxes.Details)
        {
            properties["ExchangeGuid"] = GroupMailboxes.ExchangeGuid(guid);
        }

        if (owners.Length > 0)
        {
            properties["ManagedBy"] = owners;
        }

        Record[] made = [.. GenericCmdlets.Add(call, properties)];
        if (made is [StoreObject group])
        {
            Guid[] ownerGuids = [.. owners.Select(owner => call.Tenant.Recipients.Require(owner).Guid)];
            call.Tenant.Members.Change(group, link, _ => [.. members.Union(group.Text("RecipientTypeDetails") == "GroupMailbox" ? ownerGuids : [])]);
            call.Tenant.Members.Change(group, MembershipTable.Owners, _ => [.. ownerGuids]);
        }

        return made;
    }

    private static IEnumerable<Record> Shown(CmdletCall call, StoreObject group, string link)
    {
        return PositionedRecord.InOrder(
            call.Tenant.Members.Of(group, link).Select(guid => call.Tenant.Recipients.Find(guid.ToString("D"))).OfType<Recipient>()
                .Select(member => member.View),
            call.Start);
    }

    private static IEnumerable<Record> Replace(CmdletCall call, StoreObject group, ImmutableArray<Guid> members)
    {
        if (call.ShouldProcess($"Updating the members of the group \"{group.Name}\"."))
        {
            call.Tenant.Members.Change(group, MembershipTable.Members, _ => members);
        }

        return [];
    }

    private static void Add(CmdletCall call, StoreObject group, Recipient member) =>
        call.Tenant.Members.Change(group, MembershipTable.Members, old => old.Contains(member.Guid)
            ? throw ServiceError.Cmdlet(
                "Ex5C8E4F", "Microsoft.Exchange.Management.Tasks.MemberAlreadyExistsException",
                $"The recipient \"{member.Name}\" is already a member of the group \"{group.Name}\".")
            : old.Add(member.Guid));

    private static void Remove(CmdletCall call, StoreObject group, Recipient member) =>
        call.Tenant.Members.Change(group, MembershipTable.Members, old => old.Contains(member.Guid)
            ? old.Remove(member.Guid)
            : throw ServiceError.Cmdlet(
                "ExE0C7A1", "Microsoft.Exchange.Management.Tasks.MemberNotFoundException",
                $"The recipient \"{member.Name}\" isn't a member of the group \"{group.Name}\"."));

    private static StoreObject Require(CmdletCall call, string identity)
    {
        return call.Tenant.Recipients.Find(identity) is { Kind: "DistributionGroup" or "UnifiedGroup", Object: StoreObject group }
            ? group : throw ServiceError.ObjectNotFound(identity);
    }

    private static StoreObject RequireUnified(CmdletCall call)
    {
        var identity = call.Required("Identity");
        return call.Tenant.Store.Set(TenantService.ExchangeOnline, "UnifiedGroup").Find(identity) ?? throw ServiceError.ObjectNotFound(identity);
    }

    private static StoreObject RoleGroup(CmdletCall call)
    {
        var identity = call.Required("Identity");
        return call.Tenant.Store.Set(call.Service, "RoleGroup").Find(identity) ?? throw ServiceError.ObjectNotFound(identity);
    }

    private static Recipient RoleMember(CmdletCall call, string identity)
    {
        if (call.Tenant.Recipients.Find(identity) is Recipient recipient)
        {
            return recipient;
        }

        foreach (var kind in (ReadOnlySpan<string>)["ServicePrincipal", "RoleGroup"])
        {
            if (call.Tenant.Store.Set(call.Service, kind).Find(identity) is StoreObject found)
            {
                return RecipientDirectory.Of(found, kind);
            }
        }

        throw ServiceError.ObjectNotFound(identity);
    }
}
