using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExoConnect.LocalTenant.Objects;

namespace ExoConnect.LocalTenant.Cmdlets;

/// <summary>
/// What a label does to what it is put on. The cmdlets have a parameter for each setting; the label has a JSON text for each action, with the
/// settings as pairs of texts (recordings of <c>Get-Label</c> in public repositories).
/// </summary>
internal static class LabelActions
{
    // What begins a parameter's name, the action, and its subtype. The first that fits counts.
    private static readonly (string Prefix, string Type, string? SubType)[] Prefixes =
    [
        ("ApplyContentMarkingFooter", "applycontentmarking", "footer"), ("ApplyContentMarkingHeader", "applycontentmarking", "header"),
        ("ApplyWaterMarking", "applywatermarking", null), ("Encryption", "encrypt", null),
        ("SiteAndGroupProtectionAllowFullAccess", "protectsite", null), ("SiteAndGroupProtectionAllowLimitedAccess", "protectsite", null),
        ("SiteAndGroupProtectionBlockAccess", "protectsite", null), ("SiteExternalSharingControlType", "protectsite", null),
        ("SiteAndGroupProtection", "protectgroup", null),
    ];

    // Settings that are not the rest of a parameter's name.
    private static readonly FrozenDictionary<string, string> Keys = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["SiteAndGroupProtectionAllowFullAccess"] = "allowfullaccess", ["SiteAndGroupProtectionAllowLimitedAccess"] = "allowlimitedaccess",
        ["SiteAndGroupProtectionBlockAccess"] = "blockaccess", ["SiteExternalSharingControlType"] = "externalsharingcontroltype",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The actions of a label after a call.</summary>
    /// <param name="call">The call that makes or changes it.</param>
    /// <param name="now">Its actions until now.</param>
    public static IReadOnlyList<string> Of(CmdletCall call, IReadOnlyList<string> now)
    {
        List<JsonObject> actions = [.. now.Select(action => JsonNode.Parse(action)!.AsObject())];
        foreach ((var parameter, var value) in call.Parameters.Values)
        {
            var (prefix, type, subType) = Prefixes.FirstOrDefault(each => parameter.StartsWith(each.Prefix, StringComparison.OrdinalIgnoreCase));
            if (type is null || value is null)
            {
                continue;
            }

            var name = parameter[prefix.Length..];
            var on = name.Equals("Enabled", StringComparison.OrdinalIgnoreCase);
            var settings = SettingsOf(actions, type, subType);
            if (on)
            {
                Put(settings, "disabled", value is true ? "false" : "true");
            }
            else
            {
                Put(settings, Keys.GetValueOrDefault(parameter) ?? LowerCase(name), TextOf(name, value));
            }
        }

        return [.. actions.Select(action => action.ToJsonString(Readable))];
    }

    private static JsonArray SettingsOf(List<JsonObject> actions, string type, string? subType)
    {
        var action = actions.Find(action => (string)action["Type"]! == type && (string?)action["SubType"] == subType);
        if (action is null)
        {
            action = new JsonObject { ["Type"] = type, ["SubType"] = subType, ["Settings"] = new JsonArray(Setting("disabled", "false")) };
            actions.Add(action);
        }

        return action["Settings"]!.AsArray();
    }

    private static void Put(JsonArray settings, string key, string value)
    {
        if (settings.FirstOrDefault(setting => (string)setting!["Key"]! == key) is JsonNode known)
        {
            known["Value"] = value;
        }
        else
        {
            settings.Add((JsonNode)Setting(key, value));
        }
    }

    private static JsonObject Setting(string key, string value) => new() { ["Key"] = key, ["Value"] = value };

    private static string TextOf(string name, object value)
    {
        var text = value is bool flag ? LowerCase(flag.ToString()) : ValueText.Of(value);
        return name.Equals("ProtectionType", StringComparison.OrdinalIgnoreCase) || name.Equals("Privacy", StringComparison.OrdinalIgnoreCase)
            ? LowerCase(text)
            : name.Equals("RightsDefinitions", StringComparison.OrdinalIgnoreCase) && !text.StartsWith('[') ? Rights(text) : text;
    }

    // Given as user:right,right;user:right.
    private static string Rights(string text)
    {
        return new JsonArray([.. text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(static one =>
        {
            var colon = one.IndexOf(':', StringComparison.Ordinal);
            return (JsonNode)new JsonObject { ["Identity"] = colon < 0 ? one : one[..colon], ["Rights"] = colon < 0 ? "" : one[(colon + 1)..] };
        })]).ToJsonString(Readable);
    }

#pragma warning disable CA1308 // The service writes them in lower case.
    private static string LowerCase(string text) => text.ToLowerInvariant();
#pragma warning restore CA1308
}
