namespace ExoConnect.LocalTenant.Graph;

/// <summary>A refusal by Graph, as its error JSON describes it.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="code">The error's code.</param>
/// <param name="message">The error's message.</param>
internal sealed class GraphException(int status, string code, string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status => status;

    /// <summary>The error's code.</summary>
    public string Code => code;

    public static GraphException BadRequest(string message) => new(400, "Request_BadRequest", message);

    public static GraphException Unsupported(string message) => new(400, "Request_UnsupportedQuery", message);

    public static GraphException Malformed() => new(
        400, "BadRequest", "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.");

    public static GraphException MissingProperty(string name) =>
        BadRequest($"A value is required for property '{name}' of resource.");

    public static GraphException InvalidReference() => BadRequest("Not a valid reference update.");

    public static GraphException Conflict() =>
        BadRequest("A conflicting object with one or more of the specified property values is present in the directory.");

    public static GraphException NoBackingApplication(string appId) =>
        BadRequest($"The appId '{appId}' of the service principal does not reference a valid application object.");

    public static GraphException NameInUse(Guid appId) => new(
        409,
        "Request_MultipleObjectsWithSameKeyValue",
        $"The service principal cannot be created, updated, or restored because the service principal name {appId} is already in use.");

    public static GraphException NotFound(string id) => new(
        404,
        "Request_ResourceNotFound",
        $"Resource '{id}' does not exist or one of its queried reference-property objects are not present.");

    public static GraphException NoSegment(string segment) => BadRequest($"Resource not found for the segment '{segment}'.");

    public static GraphException NotAllowed() =>
        new(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.");

    public static GraphException Denied() => new(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
}
