namespace ExoConnect.Scripts;

/// <summary>What a script's parameter turned out to be.</summary>
internal enum ParameterMatch
{
    /// <summary>One of the cmdlet's, or one of those that every cmdlet has.</summary>
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

/// <summary>A cmdlet that scripts may call. Its parameters are read when they are asked for.</summary>
/// <param name="name">Its name.</param>
/// <param name="isOwn">Whether it is the module's, and not a service's.</param>
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

    /// <summary>Whether it is the module's, and not a service's.</summary>
    public bool IsOwn { get; } = isOwn;

    /// <summary>Its parameters without those that every cmdlet has.</summary>
    public IReadOnlyList<KnownParameter> Parameters => _parameters.Value;

    /// <summary>Finds a parameter as PowerShell binds it: by its name, an alias, or a beginning that is no other's.</summary>
    /// <param name="written">What the script says, without the dash.</param>
    /// <param name="found">The cmdlet's own parameter; null for a common one, and where there is none.</param>
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

    /// <summary>The names of the parameters that begin so.</summary>
    public IEnumerable<string> Candidates(string written) => Parameters.Concat(Common).Where(p => Begins(p, written)).Select(p => p.Name);

    private static bool Begins(KnownParameter parameter, string written) =>
        Names(parameter).Any(n => n.StartsWith(written, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Names(KnownParameter parameter) => parameter.Aliases.Prepend(parameter.Name);
}
