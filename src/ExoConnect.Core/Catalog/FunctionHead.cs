namespace ExoConnect.Core.Catalog;

/// <summary>The part before a function's code: its <c>CmdletBinding</c>, and where its parameters are, which it doesn't read.</summary>
internal sealed record FunctionHead
{
    public string? DefaultParameterSetName { get; init; }

    public bool SupportsShouldProcess { get; init; }

    public CmdletConfirmImpact ConfirmImpact { get; init; }

    /// <summary>Where the parameters begin, after the opening bracket.</summary>
    public int ParametersStart { get; init; }

    /// <summary>Where they end, before the closing bracket; equal to the start if there are none.</summary>
    public int ParametersEnd { get; init; }

    /// <summary>Whether there is a <c>param</c> block at all.</summary>
    public bool HasParameterBlock { get; init; }

    /// <summary>
    /// Whether several calls may go in one request: true unless the function's own code says that Microsoft's client sends it alone.
    /// </summary>
    public bool IsBatched { get; init; } = true;

    /// <summary>The text in a function's code that marks a cmdlet that is sent alone. Read as data, and kept in a catalog's text.</summary>
    public static ReadOnlySpan<byte> NeverBatched => "-EnableBatchingStatus:$false"u8;

    /// <summary>Reads a function's head.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="function">The function.</param>
    /// <param name="head">Its head.</param>
    /// <returns>False if an attribute or the parameter list never ends.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, ScannedFunction function, out FunctionHead head)
    {
        text = text[..function.End];
        head = new FunctionHead { ConfirmImpact = CmdletConfirmImpact.Medium, IsBatched = text[function.Body..].IndexOf(NeverBatched) < 0 };
        var position = ScriptText.SkipTrivia(text, function.Body);
        while (position < text.Length && text[position] == '[')
        {
            if (!ScriptAttribute.TryRead(text, ref position, out var attribute))
            {
                return false;
            }

            if (attribute.Is("cmdletbinding"u8))
            {
                head = ReadBinding(attribute, head);
            }

            position = ScriptText.SkipTrivia(text, position);
        }

        var open = function.InlineStart;
        if (ScriptText.Matches(text, position, "param"u8))
        {
            var bracket = ScriptText.SkipTrivia(text, position + 5);
            if (bracket < text.Length && text[bracket] == '(')
            {
                open = bracket;
            }
        }

        if (open == 0)
        {
            return true;
        }

        var end = ScriptText.SkipBalanced(text, open);
        if (end < 0)
        {
            return false;
        }

        head = head with
        {
            HasParameterBlock = true,
            ParametersStart = open + 1,
            ParametersEnd = end - 1,
            SupportsShouldProcess = head.SupportsShouldProcess || DeclaresWhatIf(text[(open + 1)..(end - 1)]),
        };
        return true;
    }

    private static FunctionHead ReadBinding(ScriptAttribute attribute, FunctionHead head)
    {
        var arguments = new AttributeArguments(attribute.Arguments);
        while (arguments.MoveNext())
        {
            if (arguments.Is("defaultparametersetname"u8))
            {
                head = head with { DefaultParameterSetName = ParameterReader.SafeSetName(arguments.ReadText()) };
            }
            else if (arguments.Is("supportsshouldprocess"u8))
            {
                head = head with { SupportsShouldProcess = arguments.ReadBoolean() };
            }
            else if (arguments.Is("confirmimpact"u8) && Enum.TryParse<CmdletConfirmImpact>(arguments.ReadText(), true, out var impact)
                && Enum.IsDefined(impact))
            {
                head = head with { ConfirmImpact = impact };
            }
        }

        return head;
    }

    // A cmdlet with -WhatIf among its parameters means the same as one with SupportsShouldProcess.
    private static bool DeclaresWhatIf(ReadOnlySpan<byte> parameters)
    {
        var position = 0;
        while (true)
        {
            var next = parameters[position..].IndexOfAny("Ww"u8);
            if (next < 0)
            {
                return false;
            }

            position += next;
            if (ScriptText.Matches(parameters, position, "whatif"u8) && position > 0
                && (parameters[position - 1] == '$' || (parameters[position - 1] == '{' && position > 1 && parameters[position - 2] == '$'))
                && (position + 6 >= parameters.Length || !ScriptText.IsWord(parameters[position + 6])))
            {
                return true;
            }

            position++;
        }
    }
}
