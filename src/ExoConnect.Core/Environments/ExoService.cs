namespace ExoConnect.Core.Environments;

/// <summary>The two services with the admin API.</summary>
public enum ExoService
{
    /// <summary>Exchange Online.</summary>
    ExchangeOnline,

    /// <summary>Security &amp; Compliance (EXO calls its sessions <c>ExchangeOnlineProtection</c>).</summary>
    SecurityCompliance,
}
