namespace ExoConnect.LocalTenant;

/// <summary>Which of the tenant's services a request is for.</summary>
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
