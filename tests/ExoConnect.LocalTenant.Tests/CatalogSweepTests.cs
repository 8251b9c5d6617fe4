using System.Text.Json.Nodes;
using ExoConnect.LocalTenant.Catalog;
using ExoConnect.LocalTenant.Data;

namespace ExoConnect.LocalTenant.Tests;

/// <summary>Every cmdlet of the catalog responds, with objects or with an error of the service's shape; none breaks and none is left out.</summary>
public sealed class CatalogSweepTests : IDisposable
{
    private readonly AdminApiHarness _tenant = new();

    public void Dispose() => _tenant.Dispose();

    [Theory]
    [InlineData(TenantService.ExchangeOnline)]
    [InlineData(TenantService.SecurityCompliance)]
    public async Task Every_cmdlet_responses(TenantService service)
    {
        var failures = new List<string>();
        foreach (var cmdlet in CmdletCatalog.Load(null).Of(service))
        {
            var response = await _tenant.InvokeAsync(cmdlet.Name, Arguments(cmdlet, "adele.vance"), service: service);
            var ok = response.Status switch
            {
                200 => response.Json["value"] is JsonArray,
                404 or 400 => response.Detail.Split('|') is [_, { Length: > 0 }, { Length: > 0 }, ..]
                    && !response.Detail.Contains("ParameterSetException", StringComparison.Ordinal),
                _ => false,
            };
            if (!ok)
            {
                failures.Add($"{cmdlet.Name}: {response.Status} {response.Text[..Math.Min(300, response.Text.Length)]}");
            }
        }

        Assert.Empty(failures);
    }

    [Theory]
    [InlineData(TenantService.ExchangeOnline)]
    [InlineData(TenantService.SecurityCompliance)]
    public async Task What_can_be_made_can_be_found_changed_and_removed(TenantService service)
    {
        var catalog = CmdletCatalog.Load(null);
        var failures = new List<string>();
        var cycles = 0;
        foreach (var create in catalog.Of(service).Where(cmdlet => cmdlet.Verb == "New"))
        {
            var get = catalog.Find(service, $"Get-{create.Noun}");
            var remove = catalog.Find(service, $"Remove-{create.Noun}");
            if (get?.Find("Identity") is null || remove?.Find("Identity") is null)
            {
                continue;
            }

            cycles++;
            var made = await _tenant.InvokeAsync(create.Name, Arguments(create, $"sweep {cycles}"), service: service);
            if (made.Status != 200)
            {
                failures.Add($"{create.Name}: {made.Status} {made.Text[..Math.Min(400, made.Text.Length)]}");
                continue;
            }

            var item = made.Only;
            var key = item.ContainsKey("Guid") ? "Guid" : "Identity";
            var guid = (string)item[key]!;
            Assert.All(
                KnownObjects.Of(create.Noun) is KnownObjects known
                    ? known.Properties.Select(property => property.Key)
                    : ["Identity", "Name", "WhenCreated", "WhenChanged", "DistinguishedName"],
                property => Assert.True(item.ContainsKey(property), $"{create.Name}: {property}"));
            var found = await _tenant.InvokeAsync(get.Name, Arguments(get, guid), service: service);
            var set = catalog.Find(service, $"Set-{create.Noun}");
            var sets = set?.Find("Identity") is not null;
            var changed = sets ? await _tenant.InvokeAsync(set!.Name, Arguments(set, guid), service: service) : found;
            var removed = await _tenant.InvokeAsync(remove.Name, Arguments(remove, guid), service: service);
            var gone = await _tenant.InvokeAsync(get.Name, Arguments(get, guid), service: service);
            if (found.Status != 200 || (string?)found.Only[key] != guid || changed.Status != 200 || removed.Status != 200 || gone.Status != 404)
            {
                failures.Add(
                    $"{create.Noun}: found {found.Status}, set {changed.Status}, removed {removed.Status}, then {gone.Status}; "
                    + changed.Text[..Math.Min(300, changed.Text.Length)]);
            }
        }

        Assert.Empty(failures);
        Assert.True(cycles > 30, $"{cycles}");
    }

    // What the cmdlet cannot do without, in the set that needs least.
    private static Dictionary<string, object?> Arguments(CmdletDefinition cmdlet, string identity)
    {
        string[] sets =
        [
            .. cmdlet.Parameters.SelectMany(parameter => parameter.Sets).Select(set => set.Name).Where(name => name != ParameterDefinition.AllSets)
                .Distinct(),
        ];
        var best = sets.Length == 0
            ? ParameterDefinition.AllSets
            : sets.MinBy(set => cmdlet.Parameters.Count(parameter => parameter.IsMandatoryIn(set)) + (set == cmdlet.DefaultParameterSet ? -0.5 : 0)
                + (cmdlet.Find("Identity")?.IsIn(set) == false ? 100 : 0))!;
        var arguments = new Dictionary<string, object?>();
        if (cmdlet.Verb == "New" && cmdlet.Find("DisplayName")?.IsIn(best) == true)
        {
            arguments["DisplayName"] = identity;
        }

        foreach (var parameter in cmdlet.Parameters)
        {
            var identifies = parameter.Name == "Identity" && parameter.IsIn(best);
            if ((parameter.IsMandatoryIn(best) || identifies) && parameter.Type is not ("SecureString" or "PSCredential"))
            {
                var argument = identifies ? identity : Argument(cmdlet.Noun, parameter, identity);
                if (parameter is { IsArray: true, ElementType: not "Byte" } && argument is Dictionary<string, object>)
                {
                    arguments[parameter.Name + "@odata.type"] = "#Collection(Exchange.GenericHashTable)";
                    argument = new[] { argument };
                }

                arguments[parameter.Name] = argument;
            }
        }

        return arguments;
    }

    private static object Argument(string noun, ParameterDefinition parameter, string identity)
    {
        if (EnumValues.Of(parameter.Type) is { } values)
        {
            return values[0];
        }

        return (parameter.Name, parameter.ElementType) switch
        {
            ("Name" or "DisplayName", _) => identity,
            ("ExternalEmailAddress", _) => $"{identity.Replace(' ', '.')}@fabrikam.com",
            ("Policy", _) => noun.StartsWith("Dlp", StringComparison.Ordinal) ? "Default Office 365 DLP policy" : "Keep mail for seven years",
            ("SearchName", _) => "Everything about Fabrikam",
            ("User" or "Trustee" or "Member" or "Mailbox" or "Links" or "Manager" or "TargetMailbox" or "SourceMailbox" or "SoftDeletedObject", _) =>
                "adele.vance",
            (_, "SwitchParameter" or "Boolean" or "System.Boolean") => true,
            (_, "Int32" or "System.Int32" or "Int64" or "UInt32" or "UInt64" or "System.UInt64" or "Int16" or "UInt16") => 1,
            (_, "DateTime" or "System.DateTime" or "ExDateTime" or "DateTimeOffset") => "2025-01-01T00:00:00",
            (_, "Guid" or "System.Guid") => "5b1c7d2e-1111-4222-8333-abcdefabcdef",
            (_, "TimeSpan" or "EnhancedTimeSpan") => "01:00:00",
            (_, "ByteQuantifiedSize" or "Microsoft.Exchange.Data.ByteQuantifiedSize") => "1 GB",
            (_, "PswsHashtable" or "Hashtable" or "System.Collections.Hashtable") =>
                new Dictionary<string, object> { ["@odata.type"] = "#Exchange.GenericHashTable", ["Key"] = "value" },
            (_, "Byte") when parameter.IsArray =>
                new Dictionary<string, object> { ["@odata.type"] = "#Exchange.ByteArrayType", ["Data"] = new[] { 1, 2 } },
            (_, "Unlimited") => "10",
            _ => "value",
        };
    }
}
