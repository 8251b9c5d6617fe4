using System.Collections;
using System.Management.Automation;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Objects;

namespace ExoConnect.SessionModules;

/// <summary>
/// Moves an object from the pipeline to the parameter for its type, in the five cmdlets where Microsoft's client does so: PowerShell binds by the
/// default set, and would look for a mobile device with the mailbox's name.
/// </summary>
internal static class PipedObject
{
    private const string Tasks = "Microsoft.Exchange.Configuration.Tasks.";
    private const string Directory = "Microsoft.Exchange.Data.Directory.";
    private const string Mailbox = "Mailbox";
    private const string Identity = "Identity";

    private static readonly string[] Mailboxes = [Directory + "Management.Mailbox", Directory + "Management.ConsumerMailbox"];

    /// <summary>By cmdlet: the parameter, the service's types, and our name for such objects if the service names none.</summary>
    private static readonly Dictionary<string, Rule[]> Rules = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Get-ActiveSyncDevice"] = [new(Identity, [Tasks + "ActiveSyncDeviceIdParameter"], null), OfMailbox(Mailbox, Tasks + "MailboxIdParameter")],
        ["Get-Mailbox"] = [OfMailbox(Identity, Tasks + "MailboxIdParameter"), new("MailboxPlan", [Tasks + "MailboxPlanIdParameter"], null)],
        ["Get-ManagementRoleAssignment"] =
        [
            new(Identity, [Tasks + "RoleAssignmentIdParameter"], null),
            new("Role", [Tasks + "RoleIdParameter", Directory + "SystemConfiguration.ExchangeRole"], "ManagementRole"),
        ],
        ["Get-MobileDevice"] = [new(Identity, [Tasks + "MobileDeviceIdParameter"], null), OfMailbox(Mailbox, Tasks + "MailboxIdParameter")],
        ["Get-SyncRequest"] =
        [
            new(Identity, ["Microsoft.Exchange.MailboxReplicationService.SyncRequestIdParameter"], null), OfMailbox(
                Mailbox, Tasks + "MailboxLocationIdParameter"),
        ],
    };

    /// <summary>Moves the object, if there is one for another parameter.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="parameters">Its parameters; changed.</param>
    /// <param name="bound">The bound values.</param>
    /// <param name="named">The parameters that are in the command itself.</param>
    public static void Rebind(CmdletDefinition cmdlet, Dictionary<string, object?> parameters, IDictionary bound, IReadOnlySet<string> named)
    {
        if (!Rules.TryGetValue(cmdlet.Name, out var rules)
            || parameters.Keys.FirstOrDefault(name => !named.Contains(name)) is not { } piped || bound[piped] is not { } value)
        {
            return;
        }

        foreach (var rule in rules)
        {
            if (!rule.Parameter.Equals(piped, StringComparison.OrdinalIgnoreCase) && rule.Takes(value)
                && FitsASet(cmdlet, [.. parameters.Keys.Where(name => name != piped), rule.Parameter]))
            {
                parameters.Remove(piped, out var moved);
                parameters[rule.Parameter] = moved;
                return;
            }
        }
    }

    private static Rule OfMailbox(string parameter, string type) => new(parameter, [type, .. Mailboxes], Mailbox);

    private static bool FitsASet(CmdletDefinition cmdlet, IReadOnlyList<string> given)
    {
        var parameters = given.Select(cmdlet.FindParameter).ToList();
        return cmdlet.Parameters.SelectMany(static p => p.Sets).Select(static s => s.SetName).Distinct(StringComparer.OrdinalIgnoreCase)
            .Any(set => parameters.TrueForAll(p => p is not null && p.Sets.Any(s => IsIn(s, set)))
                && cmdlet.Parameters.All(p => !p.Sets.Any(s => s.Mandatory && IsIn(s, set)) || parameters.Contains(p)));
    }

    private static bool IsIn(ParameterSetMembership membership, string set) =>
        membership.SetName == ParameterSetMembership.AllSets || membership.SetName.Equals(set, StringComparison.OrdinalIgnoreCase);

    private sealed record Rule(string Parameter, string[] Types, string? Entity)
    {
        public bool Takes(object value)
        {
            var wrapped = PSObject.AsPSObject(value);
            return (wrapped.BaseObject is ExoObject record && IsOurs(ExoRecord.Shape(record).Entity))
                || wrapped.TypeNames.Any(name => Types.Any(type => name.EndsWith(type, StringComparison.Ordinal)) || IsOurs(name));
        }

        /// <summary>Whether an object is one of ours of that type, also without some properties, or from another process.</summary>
        private bool IsOurs(string name) => Entity is not null && (name == Entity || name.EndsWith("." + Entity, StringComparison.Ordinal))
            && !name.Contains("Microsoft.", StringComparison.Ordinal);
    }
}
