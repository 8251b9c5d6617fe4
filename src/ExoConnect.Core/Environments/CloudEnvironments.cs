namespace ExoConnect.Core.Environments;

/// <summary>The clouds that Microsoft and 21Vianet run, by the names that ExchangeOnlineManagement gives them (protocol.md section 1).</summary>
public static class CloudEnvironments
{
    /// <summary>The worldwide cloud, which includes GCC.</summary>
    public static ExoEnvironment O365Default { get; } = Cloud(
        "O365Default",
        "login.microsoftonline.com",
        "outlook.office365.com",
        "ps.compliance.protection.outlook.com",
        "graph.microsoft.com",
        ["outlook.office365.com", "ps.compliance.protection.outlook.com", "admin.protection.outlook.com"]);

    /// <summary>US government, GCC High.</summary>
    public static ExoEnvironment O365USGovGccHigh { get; } = Cloud(
        "O365USGovGCCHigh",
        "login.microsoftonline.us",
        "outlook.office365.us",
        "ps.compliance.protection.office365.us",
        "graph.microsoft.us",
        ["outlook.office365.us", "ps.compliance.protection.office365.us", "admin.protection.office365.us"]);

    /// <summary>US government, Department of Defense. Its documented connection URIs name other hosts than its tokens do.</summary>
    public static ExoEnvironment O365USGovDoD { get; } = Cloud(
        "O365USGovDoD",
        "login.microsoftonline.us",
        "outlook-dod.office365.us",
        "ps.compliance.protection.office365.us",
        "dod-graph.microsoft.us",
        [
            "outlook-dod.office365.us", "webmail.apps.mil", "ps.compliance.protection.office365.us", "admin.protection.office365.us",
            "compliance.dod.microsoft.com",
        ]);

    /// <summary>China, operated by 21Vianet.</summary>
    public static ExoEnvironment O365China { get; } = Cloud(
        "O365China",
        "login.chinacloudapi.cn",
        "partner.outlook.cn",
        "ps.compliance.protection.partner.outlook.cn",
        "microsoftgraph.chinacloudapi.cn",
        ["partner.outlook.cn", "ps.compliance.protection.partner.outlook.cn", "admin.protection.partner.outlook.cn"]);

    /// <summary>Germany. Closed in 2021; the name is still accepted, with a warning.</summary>
    public static ExoEnvironment O365GermanyCloud { get; } = Cloud(
        "O365GermanyCloud",
        "login.microsoftonline.de",
        "outlook.office.de",
        "ps.compliance.protection.outlook.de",
        "graph.microsoft.de",
        ["outlook.office.de", "ps.compliance.protection.outlook.de", "admin.protection.outlook.de"]);

    /// <summary>All clouds, the most common first.</summary>
    public static IReadOnlyList<ExoEnvironment> All { get; } = [O365Default, O365USGovGccHigh, O365USGovDoD, O365China, O365GermanyCloud];

    /// <summary>Finds a cloud by its name, in any case.</summary>
    /// <param name="name">For example <c>o365default</c>.</param>
    /// <returns>The cloud, or null.</returns>
    public static ExoEnvironment? Find(string? name) =>
        name is null ? null : All.FirstOrDefault(cloud => string.Equals(cloud.Name, name.Trim(), StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a cloud is closed, so that its hosts no longer respond.</summary>
    /// <param name="environment">The cloud.</param>
    /// <returns>True for Germany's.</returns>
    internal static bool IsClosed(ExoEnvironment environment) =>
        string.Equals(environment.Name, O365GermanyCloud.Name, StringComparison.Ordinal) && environment.SignIn == O365GermanyCloud.SignIn;

    private static ExoEnvironment Cloud(string name, string signIn, string exchange, string compliance, string graph, string[] suffixes) => new()
    {
        Name = name,
        SignIn = new Uri($"https://{signIn}/"),
        Exchange = new Uri($"https://{exchange}/"),
        Compliance = new Uri($"https://{compliance}/"),
        Graph = new Uri($"https://{graph}/"),
        ExchangeResource = $"https://{exchange}",
        ComplianceResource = $"https://{compliance}",
        GraphResource = $"https://{graph}",
        TrustedSuffixes = Array.AsReadOnly(suffixes),
        IsKnownCloud = true,
    };
}
