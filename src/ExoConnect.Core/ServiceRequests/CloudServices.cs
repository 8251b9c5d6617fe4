using ExoConnect.Core.Environments;

namespace ExoConnect.Core.ServiceRequests;

/// <summary>The services of Microsoft's clouds beside those that an <see cref="ExoEnvironment"/> names itself (protocol.md section 2).</summary>
internal static class CloudServices
{
    public const string SharePoint = "SharePoint";
    public const string ManagementApi = "ManagementApi";
    public const string AzureManagement = "AzureManagement";
    public const string AzureManagementClassic = "AzureManagementClassic";
    public const string AadGraph = "AadGraph";
    public const string Yammer = "Yammer";

    private static readonly Dictionary<string, KnownService[]> Clouds = new(StringComparer.Ordinal)
    {
        [CloudEnvironments.O365Default.Name] =
        [
            Sites("sharepoint.com"),

            // GCC has a host of its own in the worldwide cloud.
            Api(ManagementApi, "manage.office.com", "manage-gcc.office.com"),
            Api(AzureManagement, "management.azure.com"),
            Api(AzureManagementClassic, "management.core.windows.net"),
            Api(AadGraph, "graph.windows.net"),
            Template(Yammer) with
            {
                Resource = "https://api.yammer.com", BaseAddress = new Uri("https://www.yammer.com/"), Hosts = ["www.yammer.com", "api.yammer.com"],
            },
        ],
        [CloudEnvironments.O365USGovGccHigh.Name] =
        [
            Sites("sharepoint.us"),
            Api(ManagementApi, "manage.office365.us"),
            Api(AzureManagement, "management.usgovcloudapi.net"),
            Api(AzureManagementClassic, "management.core.usgovcloudapi.net"),
            Api(AadGraph, "graph.microsoftazure.us"),
        ],
        [CloudEnvironments.O365USGovDoD.Name] =
        [
            Sites("sharepoint-mil.us", "dps.mil"),
            Api(ManagementApi, "manage.protection.apps.mil"),
            Api(AzureManagement, "management.usgovcloudapi.net"),
            Api(AzureManagementClassic, "management.core.usgovcloudapi.net"),
            Api(AadGraph, "graph.microsoftazure.us"),
        ],
        [CloudEnvironments.O365China.Name] =
        [
            Sites("sharepoint.cn"),
            Api(ManagementApi, "manage.office365.cn"),
            Api(AzureManagement, "management.chinacloudapi.cn"),
            Api(AzureManagementClassic, "management.core.chinacloudapi.cn"),
            Api(AadGraph, "graph.chinacloudapi.cn"),
        ],
        [CloudEnvironments.O365GermanyCloud.Name] =
        [
            Sites("sharepoint.de"),
            Api(AzureManagement, "management.microsoftazure.de"),
            Api(AzureManagementClassic, "management.core.cloudapi.de"),
            Api(AadGraph, "graph.cloudapi.de"),
        ],
    };

    /// <summary>The names of all services that some cloud has.</summary>
    public static IReadOnlyList<string> Names { get; } = [SharePoint, ManagementApi, AzureManagement, AzureManagementClassic, AadGraph, Yammer];

    /// <summary>The further services of a cloud.</summary>
    /// <param name="cloud">Its name.</param>
    /// <returns>The services; for a custom environment none.</returns>
    public static IReadOnlyList<KnownService> Of(string cloud) => Clouds.GetValueOrDefault(cloud) ?? [];

    /// <summary>The part of a service that is the same in every cloud.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The service, without hosts.</returns>
    public static KnownService Template(string name) => new()
    {
        Name = name,
        HostIsResource = name is SharePoint or ManagementApi,
        IsDelegatedOnly = name == Yammer,
        IsRetired = name == AadGraph,
        AppId = new Guid(name switch
        {
            SharePoint => "00000003-0000-0ff1-ce00-000000000000",
            ManagementApi => "c5393580-f805-4401-95e8-94b7a6ef2fc2",
            AzureManagement or AzureManagementClassic => "797f4846-ba00-4fd7-ba43-dac1f8f63013",
            AadGraph => "00000002-0000-0000-c000-000000000000",
            Yammer => "00000005-0000-0ff1-ce00-000000000000",
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
        }),
    };

    private static KnownService Api(string name, params string[] hosts) => Template(name) with
    {
        Resource = $"https://{hosts[0]}",
        BaseAddress = new Uri($"https://{hosts[0]}/"),
        Hosts = hosts,
    };

    private static KnownService Sites(params string[] domains) => Template(SharePoint) with { Suffixes = domains };
}
