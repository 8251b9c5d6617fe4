using ExoConnect.LocalTenant.Catalog;
using ExoConnect.LocalTenant.Data;
using ExoConnect.LocalTenant.Objects;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Cmdlets;

/// <summary>One call of a cmdlet.</summary>
/// <param name="Definition">The cmdlet.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Service">The service that receives the call.</param>
/// <param name="Caller">The caller.</param>
/// <param name="Tenant">The tenant's data.</param>
/// <param name="Start">The position to start at: 0 at first, later that of the skip token.</param>
internal sealed record CmdletCall(
    CmdletDefinition Definition, BoundParameters Parameters, TenantService Service, Caller Caller, TenantData Tenant, long Start)
{
    /// <summary>Warnings for the caller.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Errors that don't stop the call.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>The change that the cmdlet would make, with <c>WhatIf</c> or <c>Confirm</c>.</summary>
    public string? Confirmation { get; private set; }

    /// <summary>The time.</summary>
    public DateTime Now => Tenant.Clock.GetUtcNow().UtcDateTime;

    /// <summary>Whether to make the change; with <c>WhatIf</c> or <c>Confirm</c>, keeps its description for the response.</summary>
    public bool ShouldProcess(string what)
    {
        if (!Parameters.Switch("WhatIf") && !Parameters.Switch("Confirm"))
        {
            return true;
        }

        Confirmation = what;
        return false;
    }

    /// <summary>Records a failure that doesn't stop the call.</summary>
    public void Fail(ServiceError error) => Errors.Add(error.Detail ?? error.Message);

    /// <summary>The text of a parameter that the operation needs.</summary>
    /// <exception cref="ServiceError">It is empty.</exception>
    public string Required(string name)
    {
        return Parameters.Text(name) ?? throw ServiceError.MissingParameters([name]);
    }
}

/// <summary>Runs a cmdlet.</summary>
/// <param name="call">The call.</param>
/// <returns>
/// Its objects from <see cref="CmdletCall.Start"/> on, in ascending order of position; read lazily, never further than one page. Errors are thrown
/// before the first is read.
/// </returns>
internal delegate IEnumerable<Record> CmdletHandler(CmdletCall call);
