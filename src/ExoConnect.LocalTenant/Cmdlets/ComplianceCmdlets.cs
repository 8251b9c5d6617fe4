using ExoConnect.LocalTenant.Objects;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Cmdlets;

/// <summary>Compliance searches and cases, labels, and rules that belong to policies.</summary>
internal static class ComplianceCmdlets
{
    /// <summary><c>New-Label</c>.</summary>
    public static IEnumerable<Record> AddLabel(CmdletCall call)
    {
        var guid = Guid.NewGuid();
        var name = call.Required("Name");
        var parent = call.Parameters.Text("ParentId") is string over
            ? GenericCmdlets.SetOf(call).Find(over) ?? throw ServiceError.ObjectNotFound(over) : null;
        return GenericCmdlets.Add(
            call,
            [
                new("Guid", guid), new("ImmutableId", guid), new("DisplayName", call.Parameters.Text("DisplayName") ?? name), new("Disabled", false),
                new("Mode", "Enforce"), new("Priority", GenericCmdlets.SetOf(call).Count), new("ParentId", parent?.Guid),
                new("ParentLabelDisplayName", parent?.Text("DisplayName") ?? ""), new("LabelActions", LabelActions.Of(call, [])),
            ]);
    }

    /// <summary><c>Set-Label</c>.</summary>
    public static IEnumerable<Record> SetLabel(CmdletCall call)
    {
        return GenericCmdlets.Set(call, label => [new("LabelActions", LabelActions.Of(call, label.List("LabelActions")))]);
    }

    /// <summary><c>New-…Policy</c>.</summary>
    public static IEnumerable<Record> AddPolicy(CmdletCall call)
    {
        return GenericCmdlets.Add(
            call,
            [
                new("Mode", call.Parameters.Text("Mode")
                    ?? (call.Definition.Noun.StartsWith("Dlp", StringComparison.Ordinal) ? "Enable" : "Enforce")),
                new("Type", call.Definition.Noun.StartsWith("Dlp", StringComparison.Ordinal) ? "Dlp" : "Hold"), new("Workload", Workload(call)),
                new("DistributionStatus", "Pending"), new("LastStatusUpdateTime", call.Now),
            ]);
    }

    /// <summary><c>New-…Rule</c> of a policy.</summary>
    public static IEnumerable<Record> AddRule(CmdletCall call)
    {
        var policy = Policy(call, call.Required("Policy"));
        var name = call.Parameters.Text("Name") ?? $"{policy.Name} rule";
        return GenericCmdlets.Add(
            call,
            [
                new("Name", name), new("Policy", policy.Guid.ToString("D")), new("ParentPolicyName", policy.Name),
                new("Disabled", call.Parameters.Switch("Disabled")),
                new("Mode", "Enforce"),
            ]);
    }

    /// <summary><c>Get-…Rule</c> of policies.</summary>
    public static IEnumerable<Record> GetRules(CmdletCall call)
    {
        var rules = GenericCmdlets.Get(call);
        if (call.Parameters.Text("Policy") is not string name)
        {
            return rules;
        }

        var policy = Policy(call, name).Guid.ToString("D");
        return rules.Where(rule => rule.Text("Policy").Equals(policy, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary><c>New-ComplianceSearch</c>.</summary>
    public static IEnumerable<Record> AddSearch(CmdletCall call)
    {
        if (call.Parameters.Text("Case") is string name && GenericCmdlets.SetOf(call, "ComplianceCase").Find(name) is null)
        {
            throw ServiceError.ObjectNotFound(name);
        }

        return GenericCmdlets.Add(
            call,
            [
                new("Status", "NotStarted"), new("Items", 0L), new("Size", 0L), new("JobProgress", 0), new("JobStartTime", null),
                new("JobEndTime", null),
                new("SearchType", "EstimateSearch"), new("CaseName", call.Parameters.Text("Case")),
            ]);
    }

    /// <summary><c>Start-ComplianceSearch</c>: here a search takes no time.</summary>
    public static IEnumerable<Record> StartSearch(CmdletCall call)
    {
        var set = GenericCmdlets.SetOf(call);
        var search = GenericCmdlets.Target(call, set);
        if (call.ShouldProcess($"Starting the compliance search \"{search.Name}\"."))
        {
            var items = search.Text("ContentMatchQuery").Length * 37L;
            GenericCmdlets.Change(call, set, search, new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
            {
                ["Status"] = "Completed", ["JobProgress"] = 100, ["JobStartTime"] = call.Now, ["JobEndTime"] = call.Now, ["Items"] = items,
                ["Size"] = items * 61_440,
                ["RunBy"] = call.Caller.AppId, ["SuccessResults"] = $"{{Location: All, Item count: {items}, Total size: {items * 61_440}}}",
            });
        }

        return [];
    }

    /// <summary><c>New-ComplianceSearchAction</c>.</summary>
    public static IEnumerable<Record> AddSearchAction(CmdletCall call)
    {
        var name = call.Parameters.List("SearchName") is [string first, ..] ? first : call.Required("SearchName");
        var search = GenericCmdlets.SetOf(call, "ComplianceSearch").Find(name) ?? throw ServiceError.ObjectNotFound(name);
        if (search.Text("Status") != "Completed")
        {
            throw ServiceError.Invalid($"The compliance search '{search.Name}' isn't completed. Start it and wait until it is.");
        }

        var action = call.Parameters.Switch("Purge")
            ? "Purge" : call.Parameters.Switch("Export") ? "Export" : call.Parameters.Switch("Report") ? "Report" : "Preview";
        return GenericCmdlets.Add(
            call,
            [
                new("Name", $"{search.Name}_{action}"), new("SearchName", search.Name), new("Action", action), new("Status", "Completed"),
                new("JobEndTime", call.Now), new("RunBy", call.Caller.AppId), new("Results", $"Item count: {search.Text("Items")}"),
            ]);
    }

    /// <summary><c>New-ComplianceCase</c>.</summary>
    public static IEnumerable<Record> AddCase(CmdletCall call)
    {
        return GenericCmdlets.Add(
            call, [new("Status", "Active"), new("CaseType", call.Parameters.Text("CaseType") ?? "eDiscovery"), new("ClosedBy", ""),
                new("ClosedDateTime", null)]);
    }

    /// <summary><c>Set-ComplianceCase</c>.</summary>
    public static IEnumerable<Record> SetCase(CmdletCall call)
    {
        var close = call.Parameters.Switch("Close");
        if ((close || call.Parameters.Switch("Reopen")) && !call.Parameters.Switch("WhatIf"))
        {
            var set = GenericCmdlets.SetOf(call);
            GenericCmdlets.Change(call, set, GenericCmdlets.Target(call, set), new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
            {
                ["Status"] = close ? "Closed" : "Active", ["ClosedBy"] = close ? call.Caller.AppId : "", ["ClosedDateTime"] = close ? call.Now : null,
            });
        }

        return GenericCmdlets.Set(call);
    }

    private static StoreObject Policy(CmdletCall call, string name)
    {
        return GenericCmdlets.SetOf(call, call.Definition.Noun[..^"Rule".Length] + "Policy").Find(name) ?? throw ServiceError.ObjectNotFound(name);
    }

    private static string Workload(CmdletCall call)
    {
        string[] workloads =
        [
            .. ((string[])["Exchange", "SharePoint", "OneDrive", "Teams", "ModernGroup"]).Where(name =>
                call.Parameters.Values.Any(given => given.Key.StartsWith(name, StringComparison.OrdinalIgnoreCase)
                    && given.Key.Contains("Location", StringComparison.OrdinalIgnoreCase))),
        ];
        return workloads.Length == 0 ? "Exchange" : string.Join(", ", workloads);
    }
}
