namespace ExoConnect.Output;

/// <summary>How much what was found in a script matters.</summary>
public enum ScriptSeverity
{
    /// <summary>The script behaves the same; it is worth knowing.</summary>
    Information,

    /// <summary>The script may behave otherwise, by where and how it runs.</summary>
    Warning,

    /// <summary>The script fails there.</summary>
    Error,
}

/// <summary>One thing that Test-ExoScript found in a script.</summary>
public sealed class ScriptFinding
{
    internal ScriptFinding(string file)
    {
        File = file;
    }

    /// <summary>The script's full path.</summary>
    public string File { get; }

    /// <summary>The line, from 1; null for what is about the whole script.</summary>
    public int? Line { get; internal init; }

    /// <summary>The column in the line, from 1; null for what is about the whole script.</summary>
    public int? Column { get; internal init; }

    /// <summary>How much it matters.</summary>
    public ScriptSeverity Severity { get; internal init; }

    /// <summary>The rule's name, to group and to leave out by.</summary>
    public string Rule { get; internal init; } = "";

    /// <summary>What was found.</summary>
    public string Message { get; internal init; } = "";

    /// <summary>What to do about it; null if nothing need be done.</summary>
    public string? Remedy { get; internal init; }

    /// <summary>The piece of the script, its first line; null for what is about the whole script.</summary>
    public string? Text { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => Line is null ? $"{File}: {Message}" : $"{File}:{Line}:{Column}: {Severity}: {Message}";
}

/// <summary>What Test-ExoScript found in one script, in a row.</summary>
public sealed class ScriptSummary
{
    internal ScriptSummary(string file, IReadOnlyList<ScriptFinding> findings, IReadOnlyCollection<string> cmdlets)
    {
        File = file;
        Errors = findings.Count(f => f.Severity == ScriptSeverity.Error);
        Warnings = findings.Count(f => f.Severity == ScriptSeverity.Warning);
        Cmdlets = [.. cmdlets];
    }

    /// <summary>The script's full path.</summary>
    public string File { get; }

    /// <summary>Whether nothing was found that would behave otherwise: neither an error nor a warning.</summary>
    public bool RunsUnchanged => Errors == 0 && Warnings == 0;

    /// <summary>How many errors were found.</summary>
    public int Errors { get; }

    /// <summary>How many warnings were found.</summary>
    public int Warnings { get; }

    /// <summary>The cmdlets of this module and of the services that the script calls.</summary>
    public string[] Cmdlets { get; }

    /// <inheritdoc/>
    public override string ToString() => RunsUnchanged ? $"{File}: runs unchanged" : $"{File}: {Errors} errors, {Warnings} warnings";
}
