using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using ExoConnect.LocalTenant.Catalog;

namespace ExoConnect.LocalTenant.Data;

/// <summary>All data of the tenant's Exchange Online and Security &amp; Compliance.</summary>
internal sealed class TenantData : IDisposable
{
    /// <summary>Creates a tenant's data.</summary>
    public TenantData(TenantOptions options, Guid tenantId, Func<RSA> newKey)
    {
        Options = options;
        TenantId = tenantId;
        Key = new SessionKey(newKey);
        Catalog = CmdletCatalog.Load(options.CatalogFile);
        Module = options.ModuleFile is string file ? ModuleText.Load(file) : null;
        var now = options.Clock.GetUtcNow().UtcDateTime;
        Mailboxes = new MailboxDirectory(options.Organization, tenantId, options.Mailboxes, now);
        Audit = new AuditRecords(Mailboxes, now);
        Messages = new MessageTraces(Mailboxes, now);
        Factory = new ObjectFactory(options.Organization);
        Store = new ObjectStore(new SeedData(this).Fill);
        Recipients = new RecipientDirectory(Mailboxes, Store);
        Groups = new GroupMailboxes(Mailboxes, Store);
        Members = new MembershipTable(this);
    }

    /// <summary>The tenant's options.</summary>
    public TenantOptions Options { get; }

    /// <summary>The tenant.</summary>
    public Guid TenantId { get; }

    /// <summary>Its cmdlets.</summary>
    public CmdletCatalog Catalog { get; }

    /// <summary>The module that sessions get instead of the tenant's own; null for its own.</summary>
    public ModuleText? Module { get; }

    /// <summary>Its mailboxes.</summary>
    public MailboxDirectory Mailboxes { get; }

    /// <summary>Its audit log.</summary>
    public AuditRecords Audit { get; }

    /// <summary>Its messages.</summary>
    public MessageTraces Messages { get; }

    /// <summary>Creates objects.</summary>
    public ObjectFactory Factory { get; }

    /// <summary>Its other objects.</summary>
    public ObjectStore Store { get; }

    /// <summary>Its recipients of all kinds.</summary>
    public RecipientDirectory Recipients { get; }

    /// <summary>The mailboxes of Microsoft 365 groups.</summary>
    public GroupMailboxes Groups { get; }

    /// <summary>A mailbox, which may be a group's; null for none.</summary>
    public MailboxRow? FindMailbox(string identity) => Mailboxes.Find(identity) ?? Groups.Find(identity);

    /// <summary>The members of groups.</summary>
    public MembershipTable Members { get; }

    /// <summary>The permissions on mailboxes, recipients and folders.</summary>
    public GrantTable Grants { get; } = new();

    /// <summary>Changed settings of mailboxes by noun and index.</summary>
    public ConcurrentDictionary<(string Noun, int Index), ImmutableDictionary<string, object?>> Configurations { get; } = new();

    /// <summary>The mobile devices that were removed.</summary>
    public ConcurrentDictionary<Guid, bool> RemovedDevices { get; } = new();

    /// <summary>The role groups of a service that a caller's service principal is a member of.</summary>
    public IEnumerable<string> RoleGroupsOf(Caller caller, TenantService service)
    {
        foreach (var principal in Store.Set(service, "ServicePrincipal").From(0))
        {
            // A service principal that was created with the registration's object id, not the service principal's, matches no caller.
            if (!principal.Text("ObjectId").Equals(caller.ObjectId, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            foreach (var group in Store.Set(service, "RoleGroup").From(0))
            {
                if (Members.Of(group).Contains(principal.Guid))
                {
                    yield return group.Name;
                }
            }
        }
    }

    /// <summary>The key that encrypts secrets.</summary>
    public SessionKey Key { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Clock => Options.Clock;

    /// <summary>The initial domain.</summary>
    public string Organization => Options.Organization;

    /// <inheritdoc/>
    public void Dispose() => Key.Dispose();
}
