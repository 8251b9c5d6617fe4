using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using ExoConnect.LocalTenant.Catalog;

namespace ExoConnect.LocalTenant.Data;

/// <summary>All that the tenant's Exchange Online and Security &amp; Compliance hold.</summary>
internal sealed class TenantData : IDisposable
{
    /// <summary>Makes a tenant's data.</summary>
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

    /// <summary>How the tenant is to be.</summary>
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

    /// <summary>Makes objects.</summary>
    public ObjectFactory Factory { get; }

    /// <summary>Its other objects.</summary>
    public ObjectStore Store { get; }

    /// <summary>Its recipients of all kinds.</summary>
    public RecipientDirectory Recipients { get; }

    /// <summary>The mailboxes of Microsoft 365 groups.</summary>
    public GroupMailboxes Groups { get; }

    /// <summary>A mailbox, be it a group's; null when there is none.</summary>
    public MailboxRow? FindMailbox(string identity) => Mailboxes.Find(identity) ?? Groups.Find(identity);

    /// <summary>Who is in which group.</summary>
    public MembershipTable Members { get; }

    /// <summary>Who may use which mailbox, recipient and folder.</summary>
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
            // Who names the registration's object id instead of the service principal's has made a principal that nobody is.
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

    /// <summary>The key that secrets are sent with.</summary>
    public SessionKey Key { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Clock => Options.Clock;

    /// <summary>The initial domain.</summary>
    public string Organization => Options.Organization;

    /// <inheritdoc/>
    public void Dispose() => Key.Dispose();
}
