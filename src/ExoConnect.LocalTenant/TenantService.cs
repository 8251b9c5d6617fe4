namespace ExoConnect.LocalTenant;

/// <summary>The services of a tenant.</summary>
public enum TenantService
{
    /// <summary>Sign-in.</summary>
    Entra,

    /// <summary>Microsoft Graph.</summary>
    Graph,

    /// <summary>Exchange Online.</summary>
    ExchangeOnline,

    /// <summary>Security &amp; Compliance.</summary>
    SecurityCompliance,
}
