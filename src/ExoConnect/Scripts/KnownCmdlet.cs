namespace ExoConnect.Scripts;

/// <summary>The result of looking up a script's parameter.</summary>
internal enum ParameterMatch
{
    /// <summary>A parameter of the cmdlet, or a common one.</summary>
    Found,

    /// <summary>The beginning of several.</summary>
    Ambiguous,

    /// <summary>None.</summary>
    Unknown,
}

/// <summary>A parameter of a cmdlet.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Aliases">Its other names.</param>
/// <param name="HasNoEffect">Whether it is only accepted, for scripts written for EXO.</param>
internal sealed record KnownParameter(string Name, IReadOnlyList<string> Aliases, bool HasNoEffect = false);

/// <summary>A cmdlet that scripts may call. Its parameters are read on first use.</summary>
/// <param name="name">Its name.</param>
/// <param name="isOwn">Whether it is the module's, not a service's.</param>
/// <param name="parameters">Reads its parameters.</param>
internal sealed class KnownCmdlet(string name, bool isOwn, Func<IReadOnlyList<KnownParameter>> parameters)
{
    private static readonly KnownParameter[] Common =
    [
        new("Verbose", ["vb"]), new("Debug", ["db"]), new("ErrorAction", ["ea"]), new("WarningAction", ["wa"]), new("InformationAction", ["infa"]),
        new("ProgressAction", ["proga"]), new("ErrorVariable", ["ev"]), new("WarningVariable", ["wv"]), new("InformationVariable", ["iv"]),
        new("OutVariable", ["ov"]), new("OutBuffer", ["ob"]), new("PipelineVariable", ["pv"]),
    ];

    private readonly Lazy<IReadOnlyList<KnownParameter>> _parameters = new(parameters);

    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <summary>Whether it is the module's, not a service's.</summary>
    public bool IsOwn { get; } = isOwn;

    /// <summary>Its parameters without the common ones.</summary>
    public IReadOnlyList<KnownParameter> Parameters => _parameters.Value;

    /// <summary>Finds a parameter as PowerShell binds it: by its name, an alias, or an unambiguous beginning.</summary>
    /// <param name="written">The script's text, without the dash.</param>
    /// <param name="found">The cmdlet's own parameter; null for a common one, and for none.</param>
    public ParameterMatch Find(string written, out KnownParameter? found)
    {
        found = Parameters.FirstOrDefault(p => Names(p).Any(n => n.Equals(written, StringComparison.OrdinalIgnoreCase)));
        if (found is not null || Common.Any(p => Names(p).Any(n => n.Equals(written, StringComparison.OrdinalIgnoreCase))))
        {
            return ParameterMatch.Found;
        }

        var own = Parameters.Where(p => Begins(p, written)).Take(2).ToList();
        var common = Common.Count(p => Begins(p, written));

        // Declared parameters come before the common ones; the parameters of a session's commands are dynamic, and come after them.
        if (own.Count == 1 && (IsOwn || common == 0))
        {
            found = own[0];
            return ParameterMatch.Found;
        }

        return (own.Count, common) switch
        {
            (0, 0) => ParameterMatch.Unknown,
            (0, 1) => ParameterMatch.Found,
            ( > 1, _) when IsOwn => ParameterMatch.Ambiguous,
            (_, 1) => ParameterMatch.Found,
            _ => ParameterMatch.Ambiguous,
        };
    }

    /// <summary>The names of the parameters with this beginning.</summary>
    public IEnumerable<string> Candidates(string written) => Parameters.Concat(Common).Where(p => Begins(p, written)).Select(p => p.Name);

    private static bool Begins(KnownParameter parameter, string written) =>
        Names(parameter).Any(n => n.StartsWith(written, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Names(KnownParameter parameter) => parameter.Aliases.Prepend(parameter.Name);
}
