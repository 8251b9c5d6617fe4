using ExoConnect.LocalTenant.AdminApi;
using ExoConnect.LocalTenant.Catalog;

namespace ExoConnect.LocalTenant.Data;

/// <summary>All that the tenant's Exchange Online and Security &amp; Compliance hold.</summary>
internal sealed class TenantData : IDisposable
{
    /// <summary>Makes a tenant's data.</summary>
    public TenantData(TenantOptions options, Guid tenantId)
    {
        Options = options;
        TenantId = tenantId;
        Catalog = CmdletCatalog.Load(options.CatalogFile);
        Mailboxes = new MailboxDirectory(options.Organization, tenantId, options.Mailboxes);
    }

    /// <summary>How the tenant is to be.</summary>
    public TenantOptions Options { get; }

    /// <summary>The tenant.</summary>
    public Guid TenantId { get; }

    /// <summary>Its cmdlets.</summary>
    public CmdletCatalog Catalog { get; }

    /// <summary>Its mailboxes.</summary>
    public MailboxDirectory Mailboxes { get; }

    /// <summary>The key that secrets are sent with.</summary>
    public SessionKey Key { get; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider Clock => Options.Clock;

    /// <summary>The initial domain.</summary>
    public string Organization => Options.Organization;

    /// <inheritdoc/>
    public void Dispose() => Key.Dispose();
}
