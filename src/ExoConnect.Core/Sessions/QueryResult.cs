using ExoConnect.Core.AdminApi.Responses;
using ExoConnect.Core.Errors;
using ExoConnect.Core.RestEntities;

namespace ExoConnect.Core.Sessions;

/// <summary>How one of many queries ended.</summary>
/// <param name="Request">The query.</param>
/// <param name="Response">What the service answered, as far as it came.</param>
/// <param name="Error">What went wrong; null if nothing did.</param>
public sealed record QueryResult(RestRequest Request, IReadOnlyList<ResponseChunk> Response, ExoException? Error);
