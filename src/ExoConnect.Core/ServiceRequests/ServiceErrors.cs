using System.Text.RegularExpressions;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Http.Transport;
using ExoConnect.Core.Text;

namespace ExoConnect.Core.ServiceRequests;

/// <summary>Makes errors from a service's refusals: <c>{"error":{"code","message","innerError"}}</c> and other forms.</summary>
internal static partial class ServiceErrors
{
    /// <summary>Reads an error response.</summary>
    /// <param name="request">The request.</param>
    /// <param name="target">The request's target.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The body, unpacked; any bytes.</param>
    /// <param name="clientRequestId">The id that we sent.</param>
    /// <param name="serverRequestId">The service's id.</param>
    /// <returns>The error, with the service's own code as its id.</returns>
    public static ServiceException Read(
        ServiceRequest request, ServiceTarget target, int status, ReadOnlySpan<byte> body, string clientRequestId, string? serverRequestId)
    {
        var (text, _, code, _, _, _) = ServiceErrorReader.Parse(body);
        var category = status == 404 ? ExoErrorCategory.ObjectNotFound : ServiceErrorReader.Categorize(status, null, code);
        return new ServiceException(
            text ?? $"{target.Address.Host} responded to {request.Method} {target.Address.AbsolutePath} with {status} and no reason.")
        {
            StatusCode = status,
            Code = code,
            IsOutcomeUnknown = !request.IsRead && status is not (>= 400 and < 500 and not 408),
            ErrorId = Id(code) ?? ById(status),
            Category = category,
            Remedy = RemedyFor(target, status, category),
            CmdletName = request.ToString(),
            Target = target.Place,
            ClientRequestId = clientRequestId,
            ServerRequestId = serverRequestId,
        };
    }

    /// <summary>The response was cut off, or compressed wrongly.</summary>
    public static ServiceException Unreadable(ServiceRequest request, ServiceTarget target, Exception cause, string clientRequestId) =>
        new(
            $"The response of {target.Address.Host} to {request.Method} {target.Address.AbsolutePath} can't be read: "
            + ShownText.Clean(cause.Message),
            cause)
        {
            ErrorId = cause is BodyStalledException ? ErrorIds.ServiceTimeout : ErrorIds.UnreadableResponse,
            IsOutcomeUnknown = !request.IsRead,
            Category = cause is BodyStalledException ? ExoErrorCategory.OperationTimeout : ExoErrorCategory.InvalidData,
            Remedy = "Try again. If it persists, check whether a proxy changes or cuts responses on the way.",
            CmdletName = request.ToString(),
            Target = target.Place,
            ClientRequestId = clientRequestId,
        };

    /// <summary>The response is over the limit.</summary>
    public static ServiceException TooLarge(ServiceRequest request, ServiceTarget target, ResponseTooLargeException cause, string clientRequestId) =>
        new($"The response of {target.Address.Host} can't be accepted: {cause.Message}.", cause)
        {
            ErrorId = ErrorIds.ResponseTooLarge,
            IsOutcomeUnknown = !request.IsRead,
            Category = ExoErrorCategory.InvalidData,
            Remedy = "Request a part of it, with $top or a Range header.",
            CmdletName = request.ToString(),
            Target = target.Place,
            ClientRequestId = clientRequestId,
        };

    /// <summary>The pages of a listing never end.</summary>
    public static ServiceException Endless(ServiceRequest request, ServiceTarget target, string why, string clientRequestId) =>
        new($"The listing of {request} has no end: {target.Address.Host} {why}.")
        {
            ErrorId = ErrorIds.UnreadableResponse,
            Category = ExoErrorCategory.InvalidData,
            Remedy = "Request the list again, with another page size ($top) if it can be given.",
            CmdletName = request.ToString(),
            Target = target.Place,
            ClientRequestId = clientRequestId,
        };

    /// <summary>A redirect or page link leads away from the service.</summary>
    public static ServiceException LeavesService(ServiceRequest request, ServiceTarget target, string where, string what) =>
        new($"{target.Address.Host} responded with {what} to {where}, which isn't {target.Service?.Name ?? "the same host"}; nothing was sent there.")
        {
            ErrorId = ErrorIds.UntrustedRedirect,
            Category = ExoErrorCategory.InvalidData,
            Remedy = "Check the address. If you trust it, send a separate request to it.",
            CmdletName = request.ToString(),
            Target = target.Place,
        };

    private static string RemedyFor(ServiceTarget target, int status, ExoErrorCategory category)
    {
        var service = target.Service?.Name ?? target.Resource;
        return category switch
        {
            ExoErrorCategory.AuthenticationError => $"Check the token: Get-ExoAccessToken -Resource {target.Resource} -Decode.",
            ExoErrorCategory.PermissionDenied =>
                $"The sign-in lacks a permission for this in {service}. Get-ExoAccessToken -Resource {target.Resource} -Decode shows "
                + "those it has: the roles of an application, the scp of a user. Add the missing one to the app registration and grant admin "
                + "consent; it arrives with the next token.",
            ExoErrorCategory.ObjectNotFound =>
                "Check the address and the ids in it. An object made a moment ago can be unknown for some minutes until the directory has "
                    + "replicated.",
            ExoErrorCategory.ResourceUnavailable or ExoErrorCategory.OperationTimeout =>
                "The service is busy. Wait and try again, with fewer requests at once.",
            ExoErrorCategory.InvalidArgument => "Check the address, its query and the body against the service's documentation.",
            _ => status >= 500 ? "Try again. If it persists, open a support case with the request ids."
                : "Look the code up in the service's documentation.",
        };
    }

    /// <summary>The service's code, if it can be an id; SharePoint's is a number, a comma and a type.</summary>
    private static string? Id(string? code)
    {
        var name = code?.Split(',', 2)[^1].Trim();
        name = name?[(name.LastIndexOf('.') + 1)..];
        return name is not null && CodeName().IsMatch(name) ? name : null;
    }

    private static string ById(int status) => status switch
    {
        401 => ErrorIds.TokenRefused,
        403 => ErrorIds.AccessDenied,
        429 => ErrorIds.TooManyRequests,
        _ => $"Http{status}",
    };

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_-]{0,100}\z", RegexOptions.CultureInvariant)]
    private static partial Regex CodeName();
}
