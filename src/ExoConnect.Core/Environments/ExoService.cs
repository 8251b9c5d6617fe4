namespace ExoConnect.Core.Environments;

/// <summary>The two services that response the admin API.</summary>
public enum ExoService
{
    /// <summary>Exchange Online.</summary>
    ExchangeOnline,

    /// <summary>Security &amp; Compliance (EXO calls its sessions <c>ExchangeOnlineProtection</c>).</summary>
    SecurityCompliance,
}
