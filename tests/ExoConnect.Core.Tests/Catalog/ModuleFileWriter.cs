using System.Text;
using ExoConnect.Core.Catalog;

namespace ExoConnect.Core.Tests.Catalog;

/// <summary>A cmdlet to render into a module file.</summary>
internal sealed record CmdletModel(
    string Name,
    string? DefaultSet,
    bool SupportsShouldProcess,
    CmdletConfirmImpact Impact,
    IReadOnlyList<ParameterModel> Parameters);

/// <summary>A parameter to render.</summary>
internal sealed record ParameterModel(
    string Name,
    string? Type,
    IReadOnlyList<ParameterSetMembership> Sets,
    IReadOnlyList<string> Aliases,
    IReadOnlyList<string> ValidValues);

/// <summary>How a module file is laid out; none of it may change what is read.</summary>
internal sealed record ModuleFileStyle(
    bool CarriageReturns = false,
    bool ByteOrderMark = false,
    bool Scope = true,
    bool UpperCase = false,
    bool BracesInVariables = false,
    bool Comments = false,
    bool DoubleQuotes = false,
    bool Compact = false,
    bool Helpers = true,
    string? Key = null);

/// <summary>Renders a module file the way the service does, in any of the styles that PowerShell allows.</summary>
internal sealed class ModuleFileWriter(ModuleFileStyle style)
{
    private readonly StringBuilder _text = new();

    public static string Write(IEnumerable<CmdletModel> cmdlets, ModuleFileStyle? style = null)
    {
        var writer = new ModuleFileWriter(style ?? new ModuleFileStyle());
        return writer.WriteFile(cmdlets);
    }

    private string WriteFile(IEnumerable<CmdletModel> cmdlets)
    {
        if (style.ByteOrderMark)
        {
            _text.Append('\uFEFF');
        }

        if (style.Helpers)
        {
            Line("<# Generated. function script:Get-Commented { param($A) } #>");
            Line("$script:Limits = @{ 'Get-Mailbox' = 30; \"Remove-Mailbox\" = 60 }");
            Line("$script:Help = @'");
            Line("function script:Get-InsideHereString { param($A) }");
            Line("'@");
            Line("function Get-HelperOfTheFile");
            Line("{");
            Line("    [CmdletBinding()]");
            Line("    param([Parameter(Mandatory)] $Record)");
            Line("    process { \"a $( \"nested } $('brace {')\" ) and `\" quote\"; ${odd name}; # it's a comment }");
            Line("        function script:Get-InsideAnother { param($B) } }");
            Line("}");
        }

        if (style.Key is not null)
        {
            Line($"$script:PublicKey = '{style.Key}';");
        }

        foreach (var cmdlet in cmdlets)
        {
            Write(cmdlet);
        }

        Line("Export-ModuleMember -Function *");
        return _text.ToString();
    }

    private void Write(CmdletModel cmdlet)
    {
        Comment("the next one");
        _text.Append(Word("function")).Append(' ').Append(style.Scope ? Word("script:") : "").Append(cmdlet.Name);
        _text.Append(Gap()).Append('{').Append(Gap());
        List<string> binding = [];
        if (cmdlet.DefaultSet is not null)
        {
            binding.Add($"{Word("DefaultParameterSetName")}={Quoted(cmdlet.DefaultSet)}");
        }

        if (cmdlet.SupportsShouldProcess)
        {
            binding.Add(style.Compact ? Word("SupportsShouldProcess") : $"{Word("SupportsShouldProcess")} = $true");
        }

        if (cmdlet.Impact != CmdletConfirmImpact.Medium)
        {
            binding.Add($"{Word("ConfirmImpact")}={Quoted(cmdlet.Impact.ToString())}");
        }

        _text.Append('[').Append(Word("CmdletBinding")).Append('(').AppendJoin(style.Compact ? "," : ", ", binding).Append(")]").Append(Gap());
        _text.Append(Word("param")).Append(Gap()).Append('(').Append(Gap());
        for (var i = 0; i < cmdlet.Parameters.Count; i++)
        {
            Write(cmdlet.Parameters[i], last: i == cmdlet.Parameters.Count - 1);
        }

        _text.Append(')').Append(Gap());
        Line("begin { $x = @{ Name = '" + cmdlet.Name + " }'; Text = \"it's }\" } }");
        Line("    process { if ($PSBoundParameters.ContainsKey('Identity')) { Execute-Command -Name '" + cmdlet.Name + "' } }");
        Line("}");
        Line("");
    }

    private void Write(ParameterModel parameter, bool last)
    {
        foreach (var set in parameter.Sets)
        {
            List<string> arguments = [];
            if (set.SetName != ParameterSetMembership.AllSets)
            {
                arguments.Add($"{Word("ParameterSetName")}={Quoted(set.SetName)}");
            }

            Flag("Mandatory", set.Mandatory);
            if (set.Position is { } position)
            {
                arguments.Add($"{Word("Position")}={position}");
            }

            Flag("ValueFromPipeline", set.FromPipeline);
            Flag("ValueFromPipelineByPropertyName", set.FromPipelineByPropertyName);
            Flag("ValueFromRemainingArguments", set.FromRemainingArguments);
            _text.Append('[').Append(Word("Parameter")).Append('(').AppendJoin(style.Compact ? "," : ", ", arguments).Append(")]").Append(Gap());

            void Flag(string name, bool value)
            {
                if (value)
                {
                    arguments.Add(style.Compact ? Word(name) : $"{Word(name)}=${Word("true")}");
                }
            }
        }

        List("Alias", parameter.Aliases);
        List("ValidateSet", parameter.ValidValues);
        Comment("(type { of [ it, 'quoted");
        if (parameter.Type is not null)
        {
            _text.Append('[').Append(parameter.Type).Append(']').Append(Gap());
        }

        _text.Append(style.BracesInVariables ? $"${{{parameter.Name}}}" : "$" + parameter.Name);
        if (style.Comments)
        {
            _text.Append(" = @('a, b', (1), { 1, 2 })");
        }

        _text.Append(last ? "" : ",").Append(Gap());
    }

    private void List(string attribute, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            _text.Append('[').Append(Word(attribute)).Append('(');
            _text.AppendJoin(style.Compact ? "," : ", ", values.Select(Quoted)).Append(")]").Append(Gap());
        }
    }

    private string Quoted(string text)
    {
        // Typographic quotes end a string as plain ones do, and are doubled like them.
        var (quote, doubled) = style.DoubleQuotes ? ('"', "\"“”„") : ('\'', "'‘’‚‛");
        var result = new StringBuilder().Append(quote);
        foreach (var c in text)
        {
            result.Append(doubled.Contains(c, StringComparison.Ordinal) ? c : style.DoubleQuotes && c is '`' or '$' ? '`' : '\0').Append(c);
        }

        return result.Append(quote).Replace("\0", "").ToString();
    }

    private string Word(string word) => style.UpperCase ? word.ToUpperInvariant() : word;

    private string NewLine => style.CarriageReturns ? "\r\n" : "\n";

    private string Gap() => style.Compact ? "" : NewLine + "    ";

    private void Comment(string text)
    {
        if (style.Comments)
        {
            _text.Append("<# ").Append(text).Append(" #> # ").Append(text).Append(NewLine);
        }
    }

    private void Line(string text) => _text.Append(text).Append(NewLine);
}
