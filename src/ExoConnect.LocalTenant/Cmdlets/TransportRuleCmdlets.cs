using System.Text;
using System.Xml.Linq;
using ExoConnect.LocalTenant.Objects;

namespace ExoConnect.LocalTenant.Cmdlets;

/// <summary>Transport rules as one file.</summary>
internal static class TransportRuleCmdlets
{
    private static readonly string[] TypeNames =
    [
        "Microsoft.Exchange.Management.SystemConfigurationTasks.TransportRuleCollectionPresentationObject",
        "Microsoft.Exchange.Data.ConfigurableObject",
    ];

    /// <summary><c>Export-TransportRuleCollection</c>.</summary>
    public static IEnumerable<Record> Export(CmdletCall call)
    {
        if (!call.ShouldProcess("Exporting the transport rules of the organization."))
        {
            return [];
        }

        var rules = new XElement(
            "rules", new XAttribute("name", "TransportVersioned"),
            call.Tenant.Store.Set(TenantService.ExchangeOnline, "TransportRule").From(0).Select(rule => new XElement(
                "rule", new XAttribute("name", rule.Name), new XAttribute("id", rule.Guid), new XAttribute("format", "cmdlet"),
                new XElement(
                    "version", new XAttribute("requiredMinVersion", "15.0.3.0"),
                    new XElement("commandBlock", new XCData(Command(rule)))))));
        return
        [
            new StoreObject(
                TypeNames,
                [
                    new("FileData", Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{rules}")), new("Identity", ""),
                    new("IsValid", true), new("ObjectState", "New"),
                ]),
        ];
    }

    private static string Command(StoreObject rule)
    {
        var command = new StringBuilder($"New-TransportRule -Name '{rule.Name.Replace("'", "''", StringComparison.Ordinal)}'");
        foreach ((var name, var value) in rule.Properties(null))
        {
            if (value is string { Length: > 0 } && name is "FromScope" or "PrependSubject" or "RejectMessageReasonText" or "Mode" or "Comments")
            {
                command.Append(" -").Append(name).Append(" '").Append(ValueText.Of(value).Replace("'", "''", StringComparison.Ordinal)).Append('\'');
            }
        }

        return command.ToString();
    }
}
