using System.Management.Automation.Language;
using ExoConnect.Output;

namespace ExoConnect.Scripts;

/// <summary>The findings in one script.</summary>
/// <param name="file">The script's full path.</param>
internal sealed class Findings(string file)
{
    private readonly List<ScriptFinding> _found = [];

    /// <summary>The findings, in the order of the script.</summary>
    public IReadOnlyList<ScriptFinding> InOrder => [.. _found.OrderBy(f => f.Line).ThenBy(f => f.Column)];

    /// <summary>Adds a finding.</summary>
    public void Add(IScriptExtent at, ScriptSeverity severity, string rule, string message, string? remedy = null)
    {
        var text = at.Text.AsSpan().TrimStart();
        var end = text.IndexOfAny('\r', '\n');
        _found.Add(new ScriptFinding(file)
        {
            Line = at.StartLineNumber,
            Column = at.StartColumnNumber,
            Severity = severity,
            Rule = rule,
            Message = message,
            Remedy = remedy,
            Text = (end < 0 ? text : text[..end]).ToString(),
        });
    }
}
