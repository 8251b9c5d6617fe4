using ExoConnect.Core.RestEntities;
using ExoConnect.Output;

namespace ExoConnect.Scripts;

/// <summary>Checks for cmdlets that don't exist, that end, or that applications can't use; and for parameters that they lack.</summary>
/// <param name="script">The script.</param>
/// <param name="known">The known cmdlets.</param>
/// <param name="findings">Receives the findings.</param>
internal sealed class CmdletRules(ParsedScript script, KnownCmdlets known, Findings findings)
{
    private const int ShortestNounToCorrect = 7;

    private readonly SortedSet<string> _called = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _prefixes =
    [
        .. script.Commands.Where(c => c.Is("Connect-ExchangeOnline") || c.Is("Connect-IPPSSession"))
            .Select(c => c.TextOf("Prefix")).OfType<string>().Where(p => p.Length > 0),
    ];

    /// <summary>The names of the cmdlets that the script calls.</summary>
    public IReadOnlyCollection<string> Called => _called;

    /// <summary>Checks each command.</summary>
    public void Check()
    {
        foreach (var command in script.Commands.Where(c => c.Name.Contains('-', StringComparison.Ordinal) && !script.Defines(c.Name)))
        {
            if (Find(command.Name) is { } cmdlet)
            {
                _called.Add(cmdlet.Name);
                CheckParameters(command, cmdlet);
                AddNotes(command, cmdlet.Name);
            }
            else if (!AddNotes(command, command.Name))
            {
                Missing(command);
            }
        }
    }

    /// <summary>A cmdlet by its name in the script, which may hold the prefix that the script connects with.</summary>
    private KnownCmdlet? Find(string name)
    {
        if (known.Find(name) is { } cmdlet)
        {
            return cmdlet;
        }

        var noun = name.IndexOf('-', StringComparison.Ordinal) + 1;
        var prefix = _prefixes.Find(p => name.AsSpan(noun).StartsWith(p, StringComparison.OrdinalIgnoreCase));
        return prefix is null ? null : known.Find(name.Remove(noun, prefix.Length));
    }

    private void CheckParameters(CalledCommand command, KnownCmdlet cmdlet)
    {
        foreach (var parameter in GivenParameters.Of(command, script).Items)
        {
            switch (cmdlet.Find(parameter.Name, out var found))
            {
                case ParameterMatch.Unknown:
                    var nearest = NameSuggestion.Nearest(parameter.Name, cmdlet.Parameters.Select(p => p.Name));
                    findings.Add(
                        parameter.At, ScriptSeverity.Error, "UnknownParameter", $"{cmdlet.Name} has no parameter -{parameter.Name}.",
                        nearest is null ? "Leave it out." : $"Did you mean -{nearest}? Otherwise leave it out.");
                    break;
                case ParameterMatch.Ambiguous:
                    findings.Add(
                        parameter.At, ScriptSeverity.Error, "AmbiguousParameter",
                        $"-{parameter.Name} may be several parameters of {cmdlet.Name}: "
                            + $"{string.Join(", ", cmdlet.Candidates(parameter.Name).Select(n => "-" + n))}.",
                        "Write the one you mean in full.");
                    break;
                case ParameterMatch.Found when found?.HasNoEffect == true:
                    findings.Add(
                        parameter.At, ScriptSeverity.Information, "NoEffect", $"{cmdlet.Name} accepts -{found.Name} without effect.",
                        $"No change is needed; get-help {cmdlet.Name} -Parameter {found.Name} explains why.");
                    break;
            }
        }
    }

    /// <summary>Adds the notes about a cmdlet, whether it exists or not.</summary>
    private bool AddNotes(CalledCommand command, string name)
    {
        if (CmdletNotes.Find(name) is not { } note)
        {
            return false;
        }

        var at = command.Ast.CommandElements[0].Extent;
        var successors = note.Successors.Count == 0 ? null : $"Use {string.Join(" and ", note.Successors)}.";
        switch (note.Kind)
        {
            case "server":
                findings.Add(
                    at, ScriptSeverity.Error, "UnknownCmdlet", $"{name} is a cmdlet of Exchange Server. Neither service has it.",
                    successors ?? "Leave it out, or run that part where Exchange Server's tools are.");
                break;
            case "microsoft":
                findings.Add(
                    at, ScriptSeverity.Error, "UnknownCmdlet",
                    $"{name} is a cmdlet of ExchangeOnlineManagement itself, and ExoConnect has none like it.",
                    "Run that part with Microsoft's module, in a process of its own.");
                break;
            case "earlier":
                findings.Add(
                    at, ScriptSeverity.Error, "UnknownCmdlet", $"{name} belongs to a module that preceded ExchangeOnlineManagement.", successors);
                break;
            case "retired":
                findings.Add(
                    at, ScriptSeverity.Warning, "RetiredCmdlet", $"{name} is retired: the service may still list it, and it no longer works.",
                    successors ?? "Leave it out.");
                break;
            case "deprecated":
                findings.Add(at, ScriptSeverity.Warning, "DeprecatedCmdlet", $"{name} will be retired.", successors);
                break;
            case "user":
                findings.Add(
                    at, ScriptSeverity.Warning, "UserOnlyCmdlet", $"{name} works only for a user who is signed in, and not for an application.",
                    name.EndsWith("UnifiedGroup", StringComparison.OrdinalIgnoreCase) || name.EndsWith("UnifiedGroupLinks",
                    StringComparison.OrdinalIgnoreCase)
                        ? "Use Microsoft Graph's groups with the same sign-in: Invoke-ExoRequest."
                        : "Connect as a user: Connect-IPPSSession -Device -EnableSearchOnlySession, with an application's -AppId.");
                break;
        }

        return true;
    }

    /// <summary>A cmdlet that this connection lacks, or a name that is likely misspelt. Other names belong to other modules.</summary>
    private void Missing(CalledCommand command)
    {
        var at = command.Ast.CommandElements[0].Extent;
        if (known.Connection is { } connection && KnownCmdlets.Reference.Find(command.Name) is { } elsewhere)
        {
            findings.Add(
                at, ScriptSeverity.Error, "NotInConnection", $"The connection {connection} has no {elsewhere.Name}.",
                "It may belong to the other service, or need a role that this connection lacks.");
            return;
        }

        var noun = command.Name.IndexOf('-', StringComparison.Ordinal) + 1;
        if (command.Name.Length - noun >= ShortestNounToCorrect && command.Module is null && known.Near(command.Name) is { } meant)
        {
            findings.Add(
                at, ScriptSeverity.Warning, "UnknownCmdlet", $"No service has {command.Name}.",
                $"Did you mean {meant}? If it is another module's, ignore this.");
        }
    }
}
