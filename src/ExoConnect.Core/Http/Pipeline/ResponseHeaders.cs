namespace ExoConnect.Core.Http.Pipeline;

/// <summary>Finds headers of responses.</summary>
internal static class ResponseHeaders
{
    /// <summary>The first value of a header; null if it is missing.</summary>
    public static string? Value(HttpResponseMessage response, string name) => Values(response, name)?.FirstOrDefault();

    /// <summary>All values of a header; null if it is missing.</summary>
    public static IEnumerable<string>? Values(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values : null;

    /// <summary>The service's id of a request, for a support case; null if the response names none.</summary>
    public static string? RequestId(HttpResponseMessage response) =>
        Value(response, "request-id") ?? Value(response, "x-ms-request-id") ?? Value(response, "SPRequestGuid");

    /// <summary>The <c>client-request-id</c> in a response; not every gateway returns it.</summary>
    public static string? ClientRequestId(HttpResponseMessage response) =>
        response.RequestMessage is { } request && request.Headers.TryGetValues("client-request-id", out var ids)
            ? ids.FirstOrDefault()
            : Value(response, "client-request-id");
}
