using ExoConnect.LocalTenant.Catalog;
using ExoConnect.LocalTenant.Data;
using ExoConnect.LocalTenant.Objects;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Cmdlets;

/// <summary>One call of a cmdlet.</summary>
/// <param name="Definition">The cmdlet.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Service">The service that was asked.</param>
/// <param name="Caller">Who asks.</param>
/// <param name="Tenant">What it works on.</param>
/// <param name="Start">The position to go on from: 0 at first, later what the skip token says.</param>
internal sealed record CmdletCall(
    CmdletDefinition Definition, BoundParameters Parameters, TenantService Service, Caller Caller, TenantData Tenant, long Start)
{
    /// <summary>Warnings for the caller.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Errors that don't stop the call.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>What the cmdlet would do, set when it was only asked that.</summary>
    public string? Confirmation { get; private set; }

    /// <summary>The time.</summary>
    public DateTime Now => Tenant.Clock.GetUtcNow().UtcDateTime;

    /// <summary>Whether to go ahead; with <c>WhatIf</c> or <c>Confirm</c>, keeps what would be done for the response.</summary>
    public bool ShouldProcess(string what)
    {
        if (!Parameters.Switch("WhatIf") && !Parameters.Switch("Confirm"))
        {
            return true;
        }

        Confirmation = what;
        return false;
    }

    /// <summary>Notes a failure that doesn't stop the call.</summary>
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
