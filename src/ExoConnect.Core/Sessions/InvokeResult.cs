using ExoConnect.Core.AdminApi.Responses;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Sessions;

/// <summary>The result of one of many cmdlets.</summary>
/// <param name="Request">The cmdlet.</param>
/// <param name="Response">The service's response.</param>
/// <param name="Error">The error; null for none.</param>
public sealed record InvokeResult(CmdletRequest Request, IReadOnlyList<ResponseChunk> Response, ExoException? Error)
{
    /// <summary>True if nothing was sent, since by the checkpoint an earlier run has done it or later rows have set the same.</summary>
    public bool IsSkipped { get; init; }
}
