using System.Management.Automation;
using ExoConnect.Completion;
using ExoConnect.Core.RestEntities;

namespace ExoConnect.Cmdlets.Entities;

/// <summary>The base of the three that list whole objects: they search, filter and choose properties.</summary>
public abstract class ListingCmdlet : EntraEntityCmdlet
{
    private protected const string AnrSet = "Anr";

    /// <summary>Part of a name or alias to search for.</summary>
    [Parameter(ParameterSetName = AnrSet)]
    public string? Anr { get; set; }

    /// <summary>A filter in OPATH; see docs/guide/filters.md.</summary>
    [Parameter]
    public string? Filter { get; set; }

    /// <summary>Only objects in this organizational unit.</summary>
    [Parameter]
    public string? OrganizationalUnit { get; set; }

    /// <summary>Properties beside those of the set Minimum.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EntityValueCompleter))]
    public string[]? Properties { get; set; }

    /// <summary>Sets of properties beside Minimum; All for every property.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EntityValueCompleter))]
    public string[]? PropertySets { get; set; }

    /// <summary>How many objects to return, 1,000 by default; Unlimited for all.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EntityValueCompleter))]
    public string? ResultSize { get; set; }

    /// <summary>The cmdlet's own parameters.</summary>
    private protected abstract EntityOptions Options { get; }

    private protected override RestRequest Request(int pageSize) => (Options with
    {
        Target = Target,
        Anr = Anr,
        Filter = Filter,
        OrganizationalUnit = OrganizationalUnit,
        Properties = List(Properties),
        PropertySets = List(PropertySets),
        ResultSize = ResultSizeText.Parse(ResultSize),
    }).ToRequest(pageSize);
}
