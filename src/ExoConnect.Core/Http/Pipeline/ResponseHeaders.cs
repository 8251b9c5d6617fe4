namespace ExoConnect.Core.Http.Pipeline;

/// <summary>Finds headers of responses.</summary>
internal static class ResponseHeaders
{
    private const int LongestId = 100;

    /// <summary>The first value of a header; null if it is missing.</summary>
    public static string? Value(HttpResponseMessage response, string name) => Values(response, name)?.FirstOrDefault();

    /// <summary>All values of a header; null if it is missing.</summary>
    public static IEnumerable<string>? Values(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values : null;

    /// <summary>The service's id of a request, for a support case; null if the response names none.</summary>
    public static string? RequestId(HttpResponseMessage response) =>
        Id(Value(response, "request-id")) ?? Id(Value(response, "x-ms-request-id")) ?? Id(Value(response, "SPRequestGuid"));

    /// <summary>The <c>client-request-id</c> in a response; not every gateway returns it.</summary>
    public static string? ClientRequestId(HttpResponseMessage response) =>
        response.RequestMessage is { } request && request.Headers.TryGetValues("client-request-id", out var ids)
            ? ids.FirstOrDefault()
            : Id(Value(response, "client-request-id"));

    /// <summary>What a header says, if it can be an id: it is shown and logged, and could be a token that somebody gave back.</summary>
    /// <param name="value">The header's value; null for none.</param>
    /// <returns>The value; null where it is longer than an id, or holds what no id does.</returns>
    public static string? Id(string? value) =>
        value is { Length: > 0 and <= LongestId } && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or ':' or '/')
            && !value.StartsWith("eyJ", StringComparison.Ordinal) ? value : null;
}
