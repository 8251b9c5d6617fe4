namespace ExoConnect.LocalTenant.Catalog;

/// <summary>The services that offer a cmdlet or a parameter.</summary>
[Flags]
internal enum CatalogServices
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Exchange Online.</summary>
    ExchangeOnline = 1,

    /// <summary>Security &amp; Compliance.</summary>
    SecurityCompliance = 2,
}

/// <summary>A cmdlet as the service sends it and the public reference documents it.</summary>
/// <param name="Name">Verb-Noun.</param>
/// <param name="Services">The services that offer it.</param>
/// <param name="DefaultParameterSet">Its default parameter set, or null.</param>
/// <param name="Parameters">Its parameters, in the order of the reference.</param>
internal sealed record CmdletDefinition(
    string Name, CatalogServices Services, string? DefaultParameterSet, IReadOnlyList<ParameterDefinition> Parameters)
{
    private Dictionary<string, ParameterDefinition>? _byName;

    /// <summary>Whether PowerShell prompts before it runs by default: its impact is high.</summary>
    public bool IsOfHighImpact { get; init; }

    /// <summary>Whether Microsoft's client puts several calls of it into one request.</summary>
    public bool IsBatched { get; init; } = true;

    /// <summary>The parameter whose mailbox, or folder of a mailbox, routes a call; null for none.</summary>
    public string? RoutedBy { get; init; }

    /// <summary>Whether <see cref="RoutedBy"/> names a folder.</summary>
    public bool IsRoutedByFolder { get; init; }

    /// <summary>The part before the hyphen.</summary>
    public string Verb => Name[..Math.Max(0, Name.IndexOf('-', StringComparison.Ordinal))];

    /// <summary>The part after the hyphen.</summary>
    public string Noun => Name[(Name.IndexOf('-', StringComparison.Ordinal) + 1)..];

    /// <summary>Whether it supports <c>WhatIf</c>.</summary>
    public bool SupportsShouldProcess => Find("WhatIf") is not null;

    /// <summary>A parameter by its name or one of its aliases, in any case; null when there is none.</summary>
    public ParameterDefinition? Find(string name)
    {
        return (_byName ??= Index()).GetValueOrDefault(name);
    }

    private Dictionary<string, ParameterDefinition> Index()
    {
        var index = new Dictionary<string, ParameterDefinition>(StringComparer.OrdinalIgnoreCase);
        foreach (var parameter in Parameters)
        {
            index.TryAdd(parameter.Name, parameter);
        }

        foreach (var parameter in Parameters)
        {
            foreach (var alias in parameter.Aliases)
            {
                index.TryAdd(alias, parameter);
            }
        }

        return index;
    }
}

/// <summary>A parameter of a cmdlet.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, as the reference names it.</param>
/// <param name="Aliases">Its other names.</param>
/// <param name="Services">The services whose cmdlet has it.</param>
/// <param name="Sets">The parameter sets it is in.</param>
internal sealed record ParameterDefinition(
    string Name, string Type, IReadOnlyList<string> Aliases, CatalogServices Services, IReadOnlyList<ParameterSetMember> Sets)
{
    /// <summary>Whether the client refuses null and empty values.</summary>
    public bool NotEmpty { get; init; }

    /// <summary>Whether the client refuses null.</summary>
    public bool NotNull { get; init; }

    /// <summary>The numbers that the client accepts; null for all.</summary>
    public (long Least, long Most)? Range { get; init; }

    /// <summary>Whether the service declares it without its type, so that PowerShell converts nothing.</summary>
    public bool IsUntyped { get; init; }

    /// <summary>The name that stands for all sets.</summary>
    public const string AllSets = "__AllParameterSets";

    /// <summary>Whether it takes several values.</summary>
    public bool IsArray => Type.EndsWith("[]", StringComparison.Ordinal);

    /// <summary>The type of one value.</summary>
    public string ElementType => IsArray ? Type[..^2] : Type;

    /// <summary>Whether it belongs to a parameter set.</summary>
    public bool IsIn(string set)
    {
        foreach (var member in Sets)
        {
            if (member.Name == AllSets || member.Name.Equals(set, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it is mandatory in a parameter set.</summary>
    public bool IsMandatoryIn(string set)
    {
        foreach (var member in Sets)
        {
            if (member.Mandatory && (member.Name == AllSets || member.Name.Equals(set, StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>A parameter in one parameter set.</summary>
/// <param name="Name">The set, or <see cref="ParameterDefinition.AllSets"/>.</param>
/// <param name="Mandatory">Whether it is mandatory in the set.</param>
/// <param name="Position">Its position, or null.</param>
/// <param name="Pipeline">Whether it takes objects from the pipeline.</param>
/// <param name="PipelineByName">Whether it takes properties of its name from objects in the pipeline.</param>
internal sealed record ParameterSetMember(string Name, bool Mandatory, int? Position, bool Pipeline, bool PipelineByName);
