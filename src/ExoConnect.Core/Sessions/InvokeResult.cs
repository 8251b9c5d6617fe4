using ExoConnect.Core.AdminApi.Responses;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Sessions;

/// <summary>How one of many cmdlets ended.</summary>
/// <param name="Request">The cmdlet.</param>
/// <param name="Response">What the service answered.</param>
/// <param name="Error">What went wrong; null if nothing did.</param>
public sealed record InvokeResult(CmdletRequest Request, IReadOnlyList<ResponseChunk> Response, ExoException? Error)
{
    /// <summary>True if nothing was sent, since the checkpoint says that an earlier run has done it or set the same later on.</summary>
    public bool IsSkipped { get; init; }
}
