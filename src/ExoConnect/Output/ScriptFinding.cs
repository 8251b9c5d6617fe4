namespace ExoConnect.Output;

/// <summary>The severity of a finding in a script.</summary>
public enum ScriptSeverity
{
    /// <summary>The script behaves the same; worth knowing.</summary>
    Information,

    /// <summary>The script may behave differently, depending on where and how it runs.</summary>
    Warning,

    /// <summary>The script fails there.</summary>
    Error,
}

/// <summary>One finding of Test-ExoScript.</summary>
public sealed class ScriptFinding
{
    internal ScriptFinding(string file)
    {
        File = file;
    }

    /// <summary>The script's full path.</summary>
    public string File { get; }

    /// <summary>The line, from 1; null for the whole script.</summary>
    public int? Line { get; internal init; }

    /// <summary>The column in the line, from 1; null for the whole script.</summary>
    public int? Column { get; internal init; }

    /// <summary>Its severity.</summary>
    public ScriptSeverity Severity { get; internal init; }

    /// <summary>The rule's name, for grouping and filtering.</summary>
    public string Rule { get; internal init; } = "";

    /// <summary>The finding.</summary>
    public string Message { get; internal init; } = "";

    /// <summary>The remedy; null if none is needed.</summary>
    public string? Remedy { get; internal init; }

    /// <summary>The first line of the piece of the script; null for the whole script.</summary>
    public string? Text { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => Line is null ? $"{File}: {Message}" : $"{File}:{Line}:{Column}: {Severity}: {Message}";
}

/// <summary>The findings of Test-ExoScript in one script, as a row.</summary>
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

    /// <summary>Whether the script has neither an error nor a warning.</summary>
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
