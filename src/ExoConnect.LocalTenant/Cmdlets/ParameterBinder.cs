using System.Globalization;
using System.Text.Json;
using ExoConnect.LocalTenant.Catalog;
using ExoConnect.LocalTenant.Data;
using ExoConnect.LocalTenant.Objects;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Cmdlets;

/// <summary>Checks the parameters of a call against its cmdlet and converts their values, failing as the service does.</summary>
/// <param name="key">Decrypts secrets.</param>
internal sealed class ParameterBinder(SessionKey key)
{
    /// <summary>Replaces a decrypted secret; the tenant doesn't keep the secret itself.</summary>
    public const string HiddenSecret = "********";

    private static readonly HashSet<string> Common = new(StringComparer.OrdinalIgnoreCase)
    {
        "Debug", "ErrorAction", "ErrorVariable", "InformationAction", "InformationVariable", "OutBuffer", "OutVariable", "PipelineVariable",
            "Verbose",
        "WarningAction", "WarningVariable",
    };

    /// <summary>Binds the members of a JSON object.</summary>
    /// <exception cref="ServiceError">A parameter is unknown, doesn't convert, is missing or fits no set with the others.</exception>
    public BoundParameters Bind(CmdletDefinition cmdlet, JsonElement parameters)
    {
        var bound = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        var given = new List<ParameterDefinition>();
        var unknown = new List<string>();
        if (parameters.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in parameters.EnumerateObject())
            {
                if (property.Name.Contains('@', StringComparison.Ordinal))
                {
                    WireForm.CheckAnnotation(property, parameters);
                    continue;
                }

                if (cmdlet.Find(property.Name) is ParameterDefinition parameter)
                {
                    WireForm.Check(property, parameters);
                    if (ModuleFile.IsTypedDate(parameter))
                    {
                        WireForm.CheckDate(property);
                    }

                    bound[parameter.Name] = Convert(parameter, property.Value);
                    given.Add(parameter);
                }
                else if (!Common.Contains(property.Name))
                {
                    unknown.Add(property.Name);
                }
            }
        }

        if (unknown.Count > 0)
        {
            throw ServiceError.AmbiguousParameterSet(unknown);
        }

        CheckSets(cmdlet, given);
        return new BoundParameters(bound);
    }

    private static void CheckSets(CmdletDefinition cmdlet, List<ParameterDefinition> given)
    {
        // The default set counts too if no parameter is in it alone.
        string[] sets =
        [
            .. cmdlet.Parameters.SelectMany(parameter => parameter.Sets).Select(set => set.Name)
                .Append(cmdlet.DefaultParameterSet ?? ParameterDefinition.AllSets)
                .Where(name => name != ParameterDefinition.AllSets).Distinct(StringComparer.OrdinalIgnoreCase),
        ];
        string[] candidates = sets.Length == 0
            ? [ParameterDefinition.AllSets]
            : [.. sets.Where(set => given.TrueForAll(parameter => parameter.IsIn(set)))];
        if (candidates.Length == 0)
        {
            throw ServiceError.AmbiguousParameterSet();
        }

        string[]? missing = null;
        foreach (var set in candidates)
        {
            string[] lacking = [.. cmdlet.Parameters.Where(parameter => Lacks(set, parameter, given)).Select(parameter => parameter.Name)];
            if (lacking.Length == 0)
            {
                return;
            }

            if (missing is null || lacking.Length < missing.Length || set.Equals(cmdlet.DefaultParameterSet, StringComparison.OrdinalIgnoreCase))
            {
                missing = lacking;
            }
        }

        throw ServiceError.MissingParameters(missing!);
    }

    // The reference calls passwords mandatory although the service generates one.
    private static bool Lacks(string set, ParameterDefinition parameter, List<ParameterDefinition> given)
    {
        return parameter.IsMandatoryIn(set) && parameter.Type is not ("SecureString" or "PSCredential") && !given.Contains(parameter);
    }

    private object? Convert(ParameterDefinition parameter, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            return null;
        }

        var type = parameter.ElementType;
        if (parameter.Type == "Byte[]" && value.ValueKind != JsonValueKind.Object)
        {
            throw InvalidValue(parameter, value, "Error: \"The value must be of the type Exchange.ByteArrayType.\"");
        }

        if (WireForm.IsBytes(value))
        {
            return System.Convert.ToBase64String(WireForm.Bytes(value));
        }

        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 && value.EnumerateArray().All(WireForm.HasData))
        {
            return (string[])[.. value.EnumerateArray().Select(element => System.Convert.ToBase64String(WireForm.Bytes(element)))];
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            return FromObject(parameter, value);
        }

        if (type is "PswsHashtable" or "Hashtable" or "System.Collections.Hashtable" && value.ValueKind == JsonValueKind.Array)
        {
            return value.EnumerateArray().All(element => element.ValueKind == JsonValueKind.Object)
                ? (ValueTable[])[.. value.EnumerateArray().Select(Table)]
                : throw InvalidValue(parameter, value, "A hashtable is required.");
        }

        if (IsList(parameter))
        {
            return value.ValueKind == JsonValueKind.Array
                ? (string[])[.. value.EnumerateArray().Select(element => Element(parameter, type, element))]
                : [Element(parameter, type, value)];
        }

        return value.ValueKind == JsonValueKind.Array
            ? FromArray(parameter, type, value)
            : Scalar(parameter, type, value);
    }

    private object? FromArray(ParameterDefinition parameter, string type, JsonElement value)
    {
        return value.GetArrayLength() == 1
            ? Scalar(parameter, type, value[0])
            : throw InvalidValue(parameter, value,
                $"Cannot convert the \"System.Object[]\" value of type \"System.Object[]\" to type \"{FullName(type)}\".");
    }

    private object FromObject(ParameterDefinition parameter, JsonElement value)
    {
        var add = Part(parameter, value, "Add");
        var remove = Part(parameter, value, "Remove");
        if (IsList(parameter) && (add is not null || remove is not null))
        {
            return new ListChange(add ?? [], remove ?? []);
        }

        return parameter.ElementType is "PswsHashtable" or "Hashtable" or "System.Collections.Hashtable" or "Object" || IsList(parameter)
            ? parameter.IsArray ? new[] { Table(value) } : Table(value)
            : throw InvalidValue(
                parameter, value, $"Cannot convert the \"System.Collections.Hashtable\" value to type \"{FullName(parameter.Type)}\".");
    }

    private List<string>? Part(ParameterDefinition parameter, JsonElement table, string name)
    {
        foreach (var member in table.EnumerateObject())
        {
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return member.Value.ValueKind switch
                {
                    JsonValueKind.Array => [.. member.Value.EnumerateArray().Select(element => Element(parameter, parameter.ElementType, element))],
                    JsonValueKind.Null => [],
                    _ => [Element(parameter, parameter.ElementType, member.Value)],
                };
            }
        }

        return null;
    }

    // The JSON {"UserName":"a","Password":"b"}, encrypted like a password.
    private ValueTable Credential(ParameterDefinition parameter, string text)
    {
        try
        {
            using var credential = key.TryDecrypt(text, out var plain) ? JsonDocument.Parse(plain) : null;
            if (credential?.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("UserName", out var user)
                && root.TryGetProperty("Password", out var password) && password.ValueKind == JsonValueKind.String
                && user.GetString() is { Length: > 0 } name)
            {
                return new ValueTable([new("UserName", name)]);
            }
        }
        catch (JsonException)
        {
            // Encrypted, but not a credential; the error below leaves the text out.
        }

        throw ServiceError.Transformation(
            parameter.Name, "***", "System.Management.Automation.PSCredential",
            "Error: \"The value is not a credential encrypted with the key of this session.\"");
    }

    private string Element(ParameterDefinition parameter, string type, JsonElement element)
    {
        return element.ValueKind switch
        {
            JsonValueKind.Null => "",
            JsonValueKind.Array or JsonValueKind.Object => throw InvalidValue(parameter, element, "A single value is required."),
            _ => ValueText.Of(Scalar(parameter, type, element)),
        };
    }

    private object? Scalar(ParameterDefinition parameter, string type, JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        switch (type)
        {
            case "SwitchParameter" or "Boolean" or "System.Boolean":
                return Flag(parameter, value, text);
            case "Int16" or "UInt16" or "Int32" or "System.Int32":
                return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    ? number : throw InvalidValue(parameter, value, "Error: \"Input string was not in a correct format.\"");
            case "Int64" or "UInt32" or "UInt64" or "System.Int64" or "System.UInt32" or "System.UInt64":
                return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var large)
                    ? large : throw InvalidValue(parameter, value, "Error: \"Input string was not in a correct format.\"");
            case "Double" or "System.Double":
                return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
                    ? real : throw InvalidValue(parameter, value, "Error: \"Input string was not in a correct format.\"");
            case "Guid" or "System.Guid":
                return Guid.TryParse(text, out var guid)
                    ? guid : throw InvalidValue(parameter, value,
                        "Error: \"Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx).\"");
            case "DateTime" or "System.DateTime" or "ExDateTime" or "DateTimeOffset":
                return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                    ? time.ToUniversalTime() : throw InvalidValue(parameter, value, "Error: \"The string was not recognized as a valid DateTime.\"");
            case "TimeSpan" or "System.TimeSpan":
                return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span)
                    ? span : throw InvalidValue(parameter, value, "Error: \"String was not recognized as a valid TimeSpan.\"");
            case "ByteQuantifiedSize" or "Microsoft.Exchange.Data.ByteQuantifiedSize":
                return ValueText.TrySize(text, out var bytes)
                    ? ValueText.Size(bytes)
                        : throw InvalidValue(parameter, value, "Error: \"The value isn't a valid size. Use a number and B, KB, MB, GB or TB.\"");
            case "Unlimited":
                return Unlimited(parameter, value, text);
            case "PSCredential":
                return Credential(parameter, text);
            case "SecureString":
                return CheckSecret(parameter, text);
            default:
                return EnumValues.Of(type) is IReadOnlyList<string> names ? Enumerator(parameter, names, text) : text;
        }
    }

    private static bool Flag(ParameterDefinition parameter, JsonElement value, string text)
    {
        return text.TrimStart('$').ToUpperInvariant() switch
        {
            "TRUE" or "1" => true,
            "FALSE" or "0" => false,
            _ => throw InvalidValue(parameter, value, "Boolean parameters accept only Boolean values and numbers, such as $True, $False, 1 or 0."),
        };
    }

    private static string Unlimited(ParameterDefinition parameter, JsonElement value, string text)
    {
        if (text.Equals("Unlimited", StringComparison.OrdinalIgnoreCase))
        {
            return "Unlimited";
        }

        if (parameter.Name.EndsWith("Quota", StringComparison.OrdinalIgnoreCase)
            || parameter.Name.EndsWith("Size", StringComparison.OrdinalIgnoreCase))
        {
            if (!parameter.Name.Equals("ResultSize", StringComparison.OrdinalIgnoreCase) && ValueText.TrySize(text, out var bytes))
            {
                return ValueText.Size(bytes);
            }
        }

        var number = parameter.Name.Equals("ResultSize", StringComparison.OrdinalIgnoreCase)
            ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            : text.Length > 0 && (char.IsAsciiDigit(text[0]) || text[0] == '-');
        return number
            ? text
            : throw InvalidValue(parameter, value, $"Error: \"The value '{text}' isn't valid. It must be a number or 'Unlimited'.\"");
    }

    private static string Enumerator(ParameterDefinition parameter, IReadOnlyList<string> names, string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        for (var i = 0; i < parts.Length; i++)
        {
            if (int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) && ordinal < names.Count)
            {
                parts[i] = names[ordinal];
                continue;
            }

            // PowerShell accepts a prefix too, if only one name has it.
            var part = parts[i];
            parts[i] = names.FirstOrDefault(name => name.Equals(part, StringComparison.OrdinalIgnoreCase)) ?? OnlyWith(part, names)
                ?? throw ServiceError.Transformation(
                    parameter.Name, text, FullName(parameter.Type),
                    $"Error: \"Unable to match the identifier name {part} to a valid enumerator name. "
                    + $"Specify one of the following enumerator names and try again: {string.Join(", ", names)}\"");
        }

        return string.Join(", ", parts);
    }

    private static string? OnlyWith(string beginning, IReadOnlyList<string> names)
    {
        return beginning.Length > 0
            && names.Where(name => name.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)).ToArray() is [string only] ? only : null;
    }

    private string CheckSecret(ParameterDefinition parameter, string text)
    {
        return key.TryDecrypt(text, out _)
            ? HiddenSecret
            : throw ServiceError.Transformation(
                parameter.Name, "***", "System.Security.SecureString", "Error: \"The value could not be decrypted with the key of this session.\"");
    }

    private static bool IsList(ParameterDefinition parameter)
    {
        return parameter.Type != "Byte[]"
            && (parameter.IsArray || parameter.Type.Contains("MultiValuedProperty", StringComparison.Ordinal)
                || parameter.Type.EndsWith("Collection", StringComparison.Ordinal));
    }

    private static ValueTable Table(JsonElement value)
    {
        return new ValueTable(
        [
            .. value.EnumerateObject().Where(member => !member.Name.Contains('@', StringComparison.Ordinal))
                .Select(member => new KeyValuePair<string, object?>(member.Name, Value(member.Value))),
        ]);
    }

    private static object? Value(JsonElement value)
    {
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Null or JsonValueKind.Undefined => null,
            JsonValueKind.Number => value.TryGetInt32(out var small) ? small : value.TryGetInt64(out var large) ? large : value.GetDouble(),
            JsonValueKind.Object => Table(value),
            JsonValueKind.Array when value.EnumerateArray().All(element => element.ValueKind == JsonValueKind.Object) && value.GetArrayLength() > 0 =>
                (ValueTable[])[.. value.EnumerateArray().Select(Table)],
            JsonValueKind.Array => (string[])[.. value.EnumerateArray().Select(element => ValueText.Of(Value(element)))],
            _ => value.GetString(),
        };
    }

    private static ServiceError InvalidValue(ParameterDefinition parameter, JsonElement value, string reason)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return ServiceError.Transformation(parameter.Name, text, FullName(parameter.Type), reason);
    }

    private static string FullName(string type)
    {
        return type switch
        {
            "String" or "Boolean" or "Int16" or "Int32" or "Int64" or "UInt16" or "UInt32" or "UInt64" or "Guid" or "DateTime" or "TimeSpan" or "Uri"
                or "String[]" => $"System.{type}",
            "SwitchParameter" => "System.Management.Automation.SwitchParameter",
            _ => type.Contains('.', StringComparison.Ordinal) ? type : $"Microsoft.Exchange.Data.{type}",
        };
    }
}
