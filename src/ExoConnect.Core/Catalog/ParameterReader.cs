using System.Text;

namespace ExoConnect.Core.Catalog;

/// <summary>Reads a param block's text into parameters. Unreadable entries are left out and counted.</summary>
internal static class ParameterReader
{
    /// <summary>No cmdlet has nearly so many; a text with more is not from the service.</summary>
    private const int MaximumParameters = 1000;

    // PowerShell adds these to every function with CmdletBinding; declaring one again breaks the function.
    private static readonly HashSet<string> Common = new(StringComparer.OrdinalIgnoreCase)
    {
        "Verbose", "Debug", "ErrorAction", "WarningAction", "InformationAction", "ProgressAction", "ErrorVariable", "WarningVariable",
        "InformationVariable", "OutVariable", "OutBuffer", "PipelineVariable",
        "vb", "db", "ea", "wa", "infa", "proga", "ev", "wv", "iv", "ov", "ob", "pv",
    };

    private static readonly HashSet<string> ShouldProcess = new(StringComparer.OrdinalIgnoreCase) { "WhatIf", "Confirm", "wi", "cf" };

    // These two are shared by hundreds of parameters.
    private static readonly ValueCheck NotNull = new(NotNull: true);
    private static readonly ValueCheck NotEmpty = new(NotEmpty: true);
    private static readonly ValueCheck NothingChecked = new();

    /// <summary>A parameter set's name if it is one we accept, else null.</summary>
    public static string? SafeSetName(string? name)
    {
        if (name is not { Length: > 0 and <= 128 })
        {
            return null;
        }

        foreach (var c in name)
        {
            // No character may end a quoted string or begin something in one; brackets have been seen.
            if (c is < ' ' or > '~' or '\'' or '"' or '`' or '$' or '{' or '}')
            {
                return null;
            }
        }

        return name;
    }

    /// <summary>Reads a param block.</summary>
    /// <param name="text">The text between its brackets.</param>
    /// <param name="supportsShouldProcess">Whether <c>WhatIf</c> and <c>Confirm</c> come from PowerShell itself.</param>
    /// <param name="names">Shares the strings that repeat from cmdlet to cmdlet.</param>
    /// <param name="skipped">How many entries were left out because they can't be read.</param>
    /// <returns>The parameters, in the order of the text.</returns>
    public static CmdletParameter[] Read(ReadOnlySpan<byte> text, bool supportsShouldProcess, NamePool names, out int skipped)
    {
        skipped = 0;
        var drafts = new List<CmdletParameter>();
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var position = 0;
        while (drafts.Count < MaximumParameters)
        {
            position = ScriptText.SkipTrivia(text, position);
            if (position >= text.Length)
            {
                break;
            }

            if (text[position] == ',')
            {
                position++;
                continue;
            }

            var parameter = ReadOne(text, ref position, names);
            position = ScriptText.SkipEntry(text, position);
            if (parameter is null)
            {
                skipped++;
            }
            else if (!Common.Contains(parameter.Name) && !(supportsShouldProcess && ShouldProcess.Contains(parameter.Name)))
            {
                if (taken.Add(parameter.Name))
                {
                    drafts.Add(parameter);
                }
                else
                {
                    skipped++;
                }
            }
        }

        // Every name is added before every alias: a name must never lose to another parameter's alias.
        for (var i = 0; i < drafts.Count; i++)
        {
            if (drafts[i].Aliases.Count > 0)
            {
                drafts[i] = drafts[i] with
                {
                    Aliases = [.. drafts[i].Aliases.Where(alias =>
                        !Common.Contains(alias) && !(supportsShouldProcess && ShouldProcess.Contains(alias)) && taken.Add(alias))],
                };
            }
        }

        return [.. drafts];
    }

    private static CmdletParameter? ReadOne(ReadOnlySpan<byte> text, ref int position, NamePool names)
    {
        List<ParameterSetMembership>? sets = null;
        List<string>? aliases = null;
        List<string>? values = null;
        ValueCheck? check = null;
        string? typeName = null;
        var good = true;
        while (position < text.Length && text[position] == '[')
        {
            if (!ScriptAttribute.TryRead(text, ref position, out var attribute))
            {
                position = text.Length;
                return null;
            }

            if (attribute.IsType)
            {
                typeName = ReadTypeName(attribute.Text, names);
            }
            else if (attribute.Is("parameter"u8))
            {
                var membership = ReadMembership(attribute.Arguments, names);
                good &= membership is not null;
                if (membership is not null && sets?.Exists(set => Same(set.SetName, membership.SetName)) is not true)
                {
                    (sets ??= []).Add(membership);
                }
            }
            else if (attribute.Is("alias"u8))
            {
                var arguments = new AttributeArguments(attribute.Arguments);
                while (arguments.MoveNext())
                {
                    if (arguments.ReadText() is { } alias && ScriptText.IsSafeName(Encoding.UTF8.GetBytes(alias)))
                    {
                        (aliases ??= []).Add(alias);
                    }
                }
            }
            else if (attribute.Is("validateset"u8))
            {
                var arguments = new AttributeArguments(attribute.Arguments);
                while (arguments.MoveNext())
                {
                    if (arguments.Name.IsEmpty && arguments.ReadText() is { } value)
                    {
                        (values ??= []).Add(value);
                    }
                }
            }

            else if (attribute.Is("validatenotnullorempty"u8))
            {
                check = (check ?? NothingChecked) with { NotEmpty = true };
            }
            else if (attribute.Is("validatenotnull"u8))
            {
                check = (check ?? NothingChecked) with { NotNull = true };
            }
            else if (attribute.Is("validaterange"u8))
            {
                var (least, most) = ReadRange(attribute.Arguments);
                check = (check ?? NothingChecked) with { Least = least, Most = most };
            }

            position = ScriptText.SkipTrivia(text, position);
        }

        var name = ReadVariable(text, ref position);
        if (!good || !ScriptText.IsSafeName(name))
        {
            return null;
        }

        var (kind, isArray) = typeName is null ? (ParameterKind.Object, false) : ParameterType.Recognise(typeName);
        return new CmdletParameter(
            names.Get(name),
            typeName ?? "System.Object",
            kind,
            isArray,
            sets is null ? NamePool.PlainMembership : [.. sets],
            aliases is null ? [] : [.. aliases],
            values is null ? [] : [.. values])
        {
            Check = check == NotEmpty ? NotEmpty : check == NotNull ? NotNull : check,
        };
    }

    private static (long? Least, long? Most) ReadRange(ReadOnlySpan<byte> text)
    {
        var arguments = new AttributeArguments(text);
        var least = arguments.MoveNext() ? arguments.ReadNumber() : null;
        return (least, arguments.MoveNext() ? arguments.ReadNumber() : null);
    }

    private static ParameterSetMembership? ReadMembership(ReadOnlySpan<byte> text, NamePool names)
    {
        var result = ParameterSetMembership.Plain;
        var arguments = new AttributeArguments(text);
        while (arguments.MoveNext())
        {
            if (arguments.Is("parametersetname"u8))
            {
                var name = SafeSetName(arguments.ReadText());
                if (name is null)
                {
                    return null;
                }

                result = result with { SetName = names.Share(name) };
            }
            else if (arguments.Is("mandatory"u8))
            {
                result = result with { Mandatory = arguments.ReadBoolean() };
            }
            else if (arguments.Is("position"u8))
            {
                result = result with { Position = arguments.ReadInteger() };
            }
            else if (arguments.Is("valuefrompipeline"u8))
            {
                result = result with { FromPipeline = arguments.ReadBoolean() };
            }
            else if (arguments.Is("valuefrompipelinebypropertyname"u8))
            {
                result = result with { FromPipelineByPropertyName = arguments.ReadBoolean() };
            }
            else if (arguments.Is("valuefromremainingarguments"u8))
            {
                result = result with { FromRemainingArguments = arguments.ReadBoolean() };
            }
        }

        return result;
    }

    // $Name, ${Name}; the name as written, whatever its characters.
    private static ReadOnlySpan<byte> ReadVariable(ReadOnlySpan<byte> text, ref int position)
    {
        if (position >= text.Length || text[position] != '$')
        {
            return default;
        }

        position++;
        if (position < text.Length && text[position] == '{')
        {
            var end = ScriptText.SkipVariableBraces(text, position);
            var braced = end > position + 1 ? text[(position + 1)..(end - 1)] : default;
            position = end;
            return braced;
        }

        var start = position;
        while (position < text.Length && (ScriptText.IsWord(text[position]) || text[position] is (byte)':' or (byte)'?'))
        {
            position++;
        }

        return text[start..position];
    }

    private static string? ReadTypeName(ReadOnlySpan<byte> text, NamePool names)
    {
        Span<byte> name = stackalloc byte[256];
        var length = 0;
        foreach (var value in text)
        {
            if (ScriptText.IsSpace(value))
            {
                continue;
            }

            if (length == name.Length || value >= 0x80 || !(ScriptText.IsWord(value) || ".[],+`"u8.Contains(value)))
            {
                return null;
            }

            name[length++] = value;
        }

        return length == 0 ? null : names.Get(name[..length]);
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
