using ExoConnect.Core.AdminApi.Responses;
using ExoConnect.Core.Errors;
using ExoConnect.Core.RestEntities;

namespace ExoConnect.Core.Sessions;

/// <summary>The result of one of many queries.</summary>
/// <param name="Request">The query.</param>
/// <param name="Response">The service's response, as far as it came.</param>
/// <param name="Error">The error; null for none.</param>
public sealed record QueryResult(RestRequest Request, IReadOnlyList<ResponseChunk> Response, ExoException? Error);
