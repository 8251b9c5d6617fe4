using System.Globalization;
using ExoConnect.LocalTenant.Catalog;
using ExoConnect.LocalTenant.Data;
using ExoConnect.LocalTenant.Filters;
using ExoConnect.LocalTenant.Objects;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Cmdlets;

/// <summary>
/// Cmdlets without an implementation of their own. <c>New</c> creates objects of a noun, <c>Get</c> lists and finds them, <c>Set</c> changes
/// them and <c>Remove</c> removes them; other verbs change their state.
/// </summary>
internal static class GenericCmdlets
{
    private static readonly HashSet<string> MailboxTypes = new(StringComparer.Ordinal)
    {
        "MailboxIdParameter", "MailboxOrMailUserIdParameter", "GeneralMailboxOrMailUserIdParameter", "UnifiedGroupOrUserMailboxIdParameter",
        "RecipientIdParameter", "UserIdParameter", "MailboxAuditBypassAssociationIdParameter", "MailboxLocationIdParameter",
        "LogonableObjectIdParameter",
    };

    /// <summary>The implementation of a cmdlet, by its verb.</summary>
    public static CmdletHandler For(CmdletDefinition cmdlet)
    {
        return cmdlet.Verb.ToUpperInvariant() switch
        {
            "GET" or "SEARCH" or "EXPORT" or "PREVIEW" => Get,
            "NEW" or "ADD" or "INSTALL" or "IMPORT" => Add,
            "SET" or "UPDATE" => Set,
            "REMOVE" or "DELETE" => Remove,
            "TEST" or "VALIDATE" or "CHECK" or "COMPARE" => Test,
            _ => Act,
        };
    }

    /// <summary>Lists or finds objects.</summary>
    public static IEnumerable<Record> Get(CmdletCall call)
    {
        if (IsPerMailbox(call))
        {
            return MailboxConfiguration.Get(call);
        }

        var identity = Identity(call);
        var set = SetOf(call);
        if (identity is not null && !identity.Contains('*', StringComparison.Ordinal))
        {
            return [Find(call, set, identity)];
        }

        IEnumerable<Record> found = set.From(call.Parameters.Has("SortBy") ? 0 : call.Start);
        if (identity is not null)
        {
            var pattern = Filter.Or(
                Filter.Compare("Name", FilterOperator.Like, identity), Filter.Compare("DisplayName", FilterOperator.Like, identity));
            found = found.Where(pattern.Accepts);
        }

        foreach ((var name, var value) in call.Parameters.Values)
        {
            found = FilterBy(call, found, name, value);
        }

        return call.Parameters.Text("SortBy") is string sortBy ? MailboxQuery.Sort(found, sortBy, call.Start) : found;
    }

    /// <summary>Creates an object.</summary>
    public static IEnumerable<Record> Add(CmdletCall call) => Add(call, []);

    /// <summary>Creates an object.</summary>
    /// <param name="call">The call.</param>
    /// <param name="more">Properties in addition to the parameters.</param>
    public static IEnumerable<Record> Add(CmdletCall call, IReadOnlyCollection<KeyValuePair<string, object?>> more)
    {
        var noun = call.Definition.Noun;
        var set = SetOf(call);
        var name = NameOf(call, set);
        var scope = ScopeOf(call);
        if (Exists(set, scope, name))
        {
            throw ServiceError.AlreadyExists(name);
        }

        if (!call.ShouldProcess($"Creating {noun} \"{name}\"."))
        {
            return [];
        }

        var properties = new Dictionary<string, object?>(
            GenericShape.Of(call.Tenant.Catalog, call.Service, noun), StringComparer.OrdinalIgnoreCase);
        foreach ((var property, var value) in PropertyValues.Of(call, null))
        {
            properties[property] = PropertyValues.Convert(value, properties.GetValueOrDefault(property));
        }

        properties["Name"] = name;
        if (properties.TryGetValue("DisplayName", out var shown) && shown is null or "")
        {
            properties["DisplayName"] = name;
        }

        if (call.Definition.Find("Priority") is not null && !call.Parameters.Has("Priority"))
        {
            properties["Priority"] = set.Count;
        }

        if (scope is not null)
        {
            properties["Identity"] = $"{scope.Owner}\\{name}";
            properties["MailboxOwnerId"] = scope.Owner;
            if (properties.ContainsKey("RuleIdentity"))
            {
                var number = BitConverter.ToUInt64(Guid.NewGuid().ToByteArray());
                properties["RuleIdentity"] = number;
                properties["Identity"] = string.Create(CultureInfo.InvariantCulture, $"{scope.Owner}\\{number}");
            }
        }

        if (call.Definition.Find("Enabled") is not null || HasSwitchVerbs(call))
        {
            var enabled = properties.GetValueOrDefault("Enabled") is not false;
            properties["Enabled"] = enabled;
            properties["State"] = enabled ? "Enabled" : "Disabled";
        }

        if (call.Service == TenantService.SecurityCompliance)
        {
            properties["CreatedBy"] = properties["LastModifiedBy"] = call.Caller.AppId;
            properties["DistributionStatus"] = "Success";
        }

        foreach ((var property, var value) in more)
        {
            properties[property] = value;
        }

        var made = call.Tenant.Factory.Make(noun, name, properties, call.Now, compliance: call.Service == TenantService.SecurityCompliance);
        if (scope is not null || IsNameless(call))
        {
            return [set.Add(made)];
        }

        return [set.TryAdd(name, made) ?? throw ServiceError.AlreadyExists(name)];
    }

    /// <summary>Changes an object.</summary>
    public static IEnumerable<Record> Set(CmdletCall call) => Set(call, static _ => []);

    /// <summary>Changes an object.</summary>
    /// <param name="call">The call.</param>
    /// <param name="more">Properties in addition to the parameters, of the object as it is.</param>
    public static IEnumerable<Record> Set(CmdletCall call, Func<StoreObject, IReadOnlyCollection<KeyValuePair<string, object?>>> more)
    {
        if (IsPerMailbox(call))
        {
            return MailboxConfiguration.Set(call);
        }

        var set = SetOf(call);
        var target = Target(call, set);
        if (!call.ShouldProcess($"Setting {call.Definition.Noun} Identity:\"{target.Text("Identity")}\"."))
        {
            return [];
        }

        var changes = PropertyValues.Of(call, target);
        if (changes.Count == 0 && !call.Parameters.Values.Any(given => given.Value is true))
        {
            call.Warnings.Add($"The command completed successfully but no settings of '{target.Text("Identity")}' have been modified.");
            return [];
        }

        if (changes.TryGetValue("Enabled", out var enabled) && enabled is bool on && target.Has("State"))
        {
            changes["State"] = on ? "Enabled" : "Disabled";
        }

        if (call.Parameters.Text("Name") is string name)
        {
            var identity = target.Text("Identity");
            var at = identity.LastIndexOfAny(['\\', '/']);
            changes["Identity"] = changes["Id"] = at < 0 ? name : identity[..(at + 1)] + name;
        }

        foreach ((var property, var value) in more(target))
        {
            changes[property] = value;
        }

        Change(call, set, target, changes);
        return [];
    }

    /// <summary>Removes an object.</summary>
    public static IEnumerable<Record> Remove(CmdletCall call)
    {
        if (IsPerMailbox(call))
        {
            return MailboxConfiguration.Reset(call);
        }

        var set = SetOf(call);
        var target = Target(call, set);
        if (call.ShouldProcess($"Removing {call.Definition.Noun} Identity:\"{target.Text("Identity")}\".") && !set.Remove(target.Position))
        {
            throw ServiceError.ObjectNotFound(target.Name);
        }

        return [];
    }

    /// <summary>Reports success for a test.</summary>
    public static IEnumerable<Record> Test(CmdletCall call)
    {
        var name = Identity(call) ?? call.Definition.Noun;
        return
        [
            call.Tenant.Factory.Make(
                call.Definition.Noun, name,
                [.. PropertyValues.Of(call, null), new("ResultType", "Success"), new("Error", ""), new("TestedAt", call.Now)], call.Now),
        ];
    }

    /// <summary>Applies the verb to an object: enables, starts, suspends it and so on.</summary>
    public static IEnumerable<Record> Act(CmdletCall call)
    {
        var set = SetOf(call);
        var identity = Identity(call);
        if (identity is null || set.Find(identity) is not StoreObject target)
        {
            // If the service keeps objects of the noun, a missing one is an error; otherwise there is nothing to find.
            if (identity is not null && call.Tenant.Catalog.Find(call.Service, $"Get-{call.Definition.Noun}") is not null && !IsPerMailbox(call))
            {
                throw ServiceError.ObjectNotFound(identity);
            }

            if (IsPerMailbox(call) && identity is not null)
            {
                _ = MailboxQuery.Require(call, identity);
            }

            _ = call.ShouldProcess($"Performing {call.Definition.Verb} on {call.Definition.Noun} \"{identity}\".");
            return [];
        }

        if (!call.ShouldProcess($"Performing {call.Definition.Verb} on {call.Definition.Noun} Identity:\"{target.Text("Identity")}\"."))
        {
            return [];
        }

        var changes = PropertyValues.Of(call, target);
        foreach ((var property, var value) in StateOf(call.Definition.Verb))
        {
            changes[property] = value;
        }

        Change(call, set, target, changes);
        return [];
    }

    /// <summary>The objects of a call's noun.</summary>
    public static ObjectSet SetOf(CmdletCall call) => SetOf(call, call.Definition.Noun);

    /// <summary>The objects of a noun: the service's own, or the other service's if only that can create them.</summary>
    public static ObjectSet SetOf(CmdletCall call, string noun)
    {
        var other = call.Service == TenantService.SecurityCompliance ? TenantService.ExchangeOnline : TenantService.SecurityCompliance;
        var makes = Makes(call, call.Service, noun);
        return call.Tenant.Store.Set(!makes && Makes(call, other, noun) ? other : call.Service, noun);
    }

    /// <summary>The object of a call.</summary>
    /// <exception cref="ServiceError">The object does not exist.</exception>
    public static StoreObject Target(CmdletCall call, ObjectSet set)
    {
        var identity = Identity(call);
        if (identity is not null)
        {
            return Find(call, set, identity);
        }

        return set.From(0).FirstOrDefault() ?? throw ServiceError.ObjectNotFound(call.Definition.Noun);
    }

    /// <summary>Changes an object and sets the time of its change.</summary>
    /// <exception cref="ServiceError">The object no longer exists.</exception>
    public static StoreObject Change(CmdletCall call, ObjectSet set, StoreObject target, Dictionary<string, object?> changes)
    {
        changes["WhenChanged"] = MailboxSchema.Local(call.Now);
        changes["WhenChangedUTC"] = call.Now;
        if (target.Has("LastModifiedBy"))
        {
            changes["LastModifiedBy"] = call.Caller.AppId;
        }

        if (KnownObjects.Of(call.Definition.Noun) is KnownObjects known)
        {
            foreach (var unknown in changes.Keys.Where(name => !known.Has(name)).ToArray())
            {
                changes.Remove(unknown);
            }
        }

        return set.Change(target.Position, current => current.With(changes)) ?? throw ServiceError.ObjectNotFound(target.Name);
    }

    /// <summary>The identity of a call's object; null for none.</summary>
    public static string? Identity(CmdletCall call)
    {
        if (call.Parameters.Text("Identity") is string identity)
        {
            return identity;
        }

        var first = call.Definition.Find("Identity") is not null
            ? null
            : call.Definition.Parameters.FirstOrDefault(parameter => parameter.Sets.Any(set => set.Position == 0) && !parameter.IsArray
                && (parameter.Name is "Name" or "DomainName" or "Domain" || parameter.Type.EndsWith("IdParameter", StringComparison.Ordinal)));
        return first is null ? null : call.Parameters.Text(first.Name);
    }

    private static bool Makes(CmdletCall call, TenantService service, string noun)
    {
        return call.Tenant.Catalog.Find(service, $"New-{noun}") is not null || call.Tenant.Catalog.Find(service, $"Add-{noun}") is not null;
    }

    private static bool IsPerMailbox(CmdletCall call)
    {
        var noun = call.Definition.Noun;
        var catalog = call.Tenant.Catalog;
        return catalog.Find(call.Service, $"New-{noun}") is null
            && catalog.Find(call.Service, $"Add-{noun}") is null
            && call.Definition.Find("Identity") is ParameterDefinition identity
            && MailboxTypes.Contains(identity.Type);
    }

    private static bool HasSwitchVerbs(CmdletCall call) => call.Tenant.Catalog.Find(call.Service, $"Disable-{call.Definition.Noun}") is not null;

    private static bool IsNameless(CmdletCall call) => call.Definition.Find("Name") is null && Identity(call) is null;

    private static string NameOf(CmdletCall call, ObjectSet set)
    {
        var given = call.Parameters;
        return given.Text("Name") ?? Identity(call) ?? given.Text("DisplayName") ?? given.Text("DomainName") ?? given.Text("Domain")
            ?? given.Text("Policy") ?? given.Text("Role") ?? given.Text("SearchName")
            ?? string.Create(CultureInfo.InvariantCulture, $"{call.Definition.Noun} {set.Count + 1}");
    }

    private static bool Exists(ObjectSet set, Scope? scope, string name)
    {
        return scope is null
            ? set.Find(name) is StoreObject other && other.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
            : set.From(0).Any(found => scope.Holds(found) && found.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    private static StoreObject Find(CmdletCall call, ObjectSet set, string identity)
    {
        var scope = ScopeOf(call);
        var found = scope is null
            ? set.Find(identity)
            : set.From(0).FirstOrDefault(candidate => scope.Holds(candidate) && (
                candidate.Name.Equals(identity, StringComparison.OrdinalIgnoreCase)
                || candidate.Text("Identity").Equals(identity, StringComparison.OrdinalIgnoreCase)
                || candidate.Text("RuleIdentity") == identity
                || candidate.Guid.ToString("D").Equals(identity, StringComparison.OrdinalIgnoreCase)));
        return found ?? throw ServiceError.ObjectNotFound(identity);
    }

    private static Scope? ScopeOf(CmdletCall call)
    {
        return call.Parameters.Text("Mailbox") is string mailbox && call.Definition.Find("Mailbox")?.Type == "MailboxIdParameter"
            ? new Scope(MailboxQuery.Require(call, mailbox).Name)
            : null;
    }

    private static IEnumerable<Record> FilterBy(CmdletCall call, IEnumerable<Record> found, string name, object? value)
    {
        // A rule has its policy's GUID, whichever name of the policy the caller gives.
        if (name is "Identity" or "ResultSize" or "SortBy"
            || (name == "Policy" && call.Definition.Noun.EndsWith("ComplianceRule", StringComparison.Ordinal)) || value is null or true or ListChange
            || call.Definition.Find(name) is not ParameterDefinition parameter
            || name == call.Definition.Parameters.FirstOrDefault(own => own.Sets.Any(set => set.Position == 0))?.Name)
        {
            return found;
        }

        if (name == "Filter")
        {
            var text = ValueText.Of(value);
            var filter = MailboxQuery.ReadFilter(text, _ => true);
            return filter is null ? found : found.Where(filter.Accepts);
        }

        if (name == "Mailbox" && ScopeOf(call) is Scope scope)
        {
            return found.Where(scope.Holds);
        }

        var wanted = value as IReadOnlyList<string> ?? [ValueText.Of(value)];
        _ = parameter;
        return found.Where(record => !record.TryGet(name, out var own) || Overlaps(own, wanted));
    }

    private static bool Overlaps(object? own, IReadOnlyList<string> wanted)
    {
        return own is IReadOnlyList<string> list
            ? list.Intersect(wanted, StringComparer.OrdinalIgnoreCase).Any()
            : wanted.Contains(ValueText.Of(own), StringComparer.OrdinalIgnoreCase);
    }

    private static KeyValuePair<string, object?>[] StateOf(string verb)
    {
        return verb.ToUpperInvariant() switch
        {
            "ENABLE" => [new("Enabled", true), new("State", "Enabled")],
            "DISABLE" => [new("Enabled", false), new("State", "Disabled")],
            "START" => [new("Status", "Completed")],
            "STOP" => [new("Status", "Stopped")],
            "SUSPEND" => [new("Status", "Suspended")],
            "RESUME" => [new("Status", "InProgress")],
            "COMPLETE" => [new("Status", "Completed")],
            "RELEASE" => [new("ReleaseStatus", "RELEASED")],
            "CANCEL" => [new("Status", "Canceled")],
            _ => [],
        };
    }

    private sealed record Scope(string Owner)
    {
        public bool Holds(Record record) => record.Text("MailboxOwnerId").Equals(Owner, StringComparison.OrdinalIgnoreCase);
    }
}
