namespace ExoConnect.Core.Catalog;

/// <summary>How much a cmdlet changes, by its <c>CmdletBinding</c>; PowerShell prompts for confirmation accordingly.</summary>
public enum CmdletConfirmImpact
{
    /// <summary>Never prompts.</summary>
    None,

    /// <summary>Prompts if <c>$ConfirmPreference</c> is Low.</summary>
    Low,

    /// <summary>The default.</summary>
    Medium,

    /// <summary>Prompts by default.</summary>
    High,
}

/// <summary>
/// One cmdlet of a session. The facts that define a command (name, default set, should-process) are known at once; the parameters are read from the
/// text on first use. Immutable to its users and safe to use from many threads.
/// </summary>
public sealed class CmdletDefinition
{
    private readonly ReadOnlyMemory<byte> _text;
    private readonly NamePool _names;
    private ParameterList? _parameters;

    internal CmdletDefinition(string name, FunctionHead head, ReadOnlyMemory<byte> parameters, NamePool names)
    {
        Name = name;
        DefaultParameterSetName = head.DefaultParameterSetName is { } set ? names.Share(set) : null;
        SupportsShouldProcess = head.SupportsShouldProcess;
        ConfirmImpact = head.ConfirmImpact;
        IsBatched = head.IsBatched;
        _text = parameters;
        _names = names;
    }

    /// <summary>The cmdlet's name: letters, digits, <c>-</c> and <c>_</c> only, safe to place in script text.</summary>
    public string Name { get; }

    /// <summary>
    /// The default parameter set, or null if none is named. Printable ASCII without quotes, backticks, <c>$</c> and braces: safe to place
    /// in a quoted string of script text.
    /// </summary>
    public string? DefaultParameterSetName { get; }

    /// <summary>
    /// Whether the cmdlet takes <c>-WhatIf</c> and <c>-Confirm</c>. These two are then not among <see cref="Parameters"/>, since PowerShell
    /// adds them.
    /// </summary>
    public bool SupportsShouldProcess { get; }

    /// <summary>How much the cmdlet changes.</summary>
    public CmdletConfirmImpact ConfirmImpact { get; }

    /// <summary>
    /// Whether several calls may go to the service in one request. Other cmdlets are sent singly, as Microsoft's client sends them.
    /// </summary>
    public bool IsBatched { get; }

    /// <summary>
    /// The parameter that names the mailbox of a call, if the cmdlet takes <c>UseCustomRouting</c>; else null.
    /// </summary>
    public CmdletParameter? RoutingParameter => FindParameter(RoutingSwitch) is null ? null : FindParameter("Mailbox") ?? FindParameter("Identity");

    /// <summary>The switch that requests routing by a parameter. It belongs to the client and is not sent.</summary>
    internal const string RoutingSwitch = "UseCustomRouting";

    /// <summary>
    /// The parameters, in the order of the module file, without PowerShell's common ones. Names and aliases are all different (case ignored).
    /// </summary>
    public IReadOnlyList<CmdletParameter> Parameters => Read().Items;

    /// <summary>How many entries of the parameter list could not be read and were left out.</summary>
    public int SkippedParameters => Read().Skipped;

    /// <summary>Whether the parameters have been read already.</summary>
    internal bool IsRead => Volatile.Read(ref _parameters) is not null;

    /// <summary>Finds a parameter by its name or an alias, case ignored.</summary>
    /// <param name="nameOrAlias">The name, without a dash. Abbreviations are not resolved.</param>
    /// <returns>The parameter, or null.</returns>
    public CmdletParameter? FindParameter(string nameOrAlias)
    {
        ArgumentNullException.ThrowIfNull(nameOrAlias);
        foreach (var parameter in Read().Items)
        {
            if (Same(parameter.Name, nameOrAlias))
            {
                return parameter;
            }

            foreach (var alias in parameter.Aliases)
            {
                if (Same(alias, nameOrAlias))
                {
                    return parameter;
                }
            }
        }

        return null;

        static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    // Two threads may read at once; both get the same list and one of them is kept.
    private ParameterList Read() => Volatile.Read(ref _parameters) ?? Publish();

    private ParameterList Publish()
    {
        var items = ParameterReader.Read(_text.Span, SupportsShouldProcess, _names, out var skipped);
        var list = new ParameterList(items, skipped);
        return Interlocked.CompareExchange(ref _parameters, list, null) ?? list;
    }

    private sealed record ParameterList(CmdletParameter[] Items, int Skipped);
}
