using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Http.Pipeline;
using ExoConnect.Core.Http.Transport;
using ExoConnect.Core.Text;

namespace ExoConnect.Core.AdminApi;

/// <summary>The errors that the admin API's client creates itself.</summary>
internal static class AdminErrors
{
    /// <summary>What is known of a response besides its body.</summary>
    public static RequestOrigin Origin(AdminRequest request, HttpResponseMessage response) =>
        new((int)response.StatusCode, request.CmdletName, request.Target, Host(response), ResponseHeaders.ClientRequestId(response),
            ResponseHeaders.RequestId(response), request.IsRead, ResponseHeaders.Value(response, "x-ExceptionType"))
        {
            Command = request.Command,
        };

    /// <summary>The service refused the token, and the fresh one too.</summary>
    public static ServiceException TokenRefused(AdminRequest request, RequestOrigin origin, string? diagnostics)
    {
        var why = diagnostics?.Split("reason=", 2) is [_, var reason] ? ": " + ShownText.Clean(reason.Split(';')[0].Trim(' ', '"')) : ".";
        return new ServiceException($"{origin.Host} refused the token, a fresh one too{why}")
        {
            StatusCode = 401,
            ErrorId = ErrorIds.TokenRefused,
            Category = ExoErrorCategory.AuthenticationError,
            Remedy = "Connect again. If it persists, check that the app has the permission Exchange.ManageAsApp with admin consent, and that the "
                + "organization is the tenant's .onmicrosoft.com domain.",
            CmdletName = request.CmdletName,
            Target = request.Target,
            ClientRequestId = origin.ClientRequestId,
            ServerRequestId = origin.ServerRequestId,
        };
    }

    /// <summary>A request was about to go to a foreign host.</summary>
    public static ServiceException Untrusted(ExoEnvironment environment, PipelineMessage message, Uri address, string? serverRequestId) =>
        new($"'{message.Name}' was redirected to {Shown(address)}, which {Why(environment, address)}; nothing was sent there.")
        {
            ErrorId = ErrorIds.UntrustedRedirect,
            Category = ExoErrorCategory.InvalidData,
            Remedy = "Check -ConnectionUri and the environment name. If a proxy responds instead of the service, bypass it for this host.",
            CmdletName = message.CmdletName,
            Target = message.Target,
            ClientRequestId = message.ClientRequestId,
            ServerRequestId = serverRequestId,
        };

    /// <summary>A response broke off, or can't be read.</summary>
    public static ServiceException Unreadable(AdminRequest request, RequestOrigin origin, Exception cause) =>
        new($"The response of {origin.Host} to '{request.Command}' can't be read: {ShownText.Clean(cause.Message)}", cause)
        {
            StatusCode = origin.StatusCode,
            ErrorId = cause switch
            {
                ResponseTooLargeException => ErrorIds.ResponseTooLarge,
                BodyStalledException => ErrorIds.ServiceTimeout,
                _ => ErrorIds.UnreadableResponse,
            },
            IsOutcomeUnknown = true,
            Category = cause is BodyStalledException ? ExoErrorCategory.OperationTimeout : ExoErrorCategory.InvalidData,
            Remedy = !request.IsRead
                ? "Whether the service carried it out isn't known, since its response is lost: look at the object before you run it again."
                : cause is ResponseTooLargeException ? "Request less: name the properties that you need, or fewer objects."
                : "Try again. If it persists, check whether a proxy changes or cuts responses on the way.",
            CmdletName = request.CmdletName,
            Target = request.Target,
            ClientRequestId = origin.ClientRequestId,
            ServerRequestId = origin.ServerRequestId,
        };

    /// <summary>The pages of a listing never end.</summary>
    public static ServiceException Endless(AdminRequest request, RequestOrigin origin, string why) =>
        new($"The listing of '{request.Command}' has no end: {origin.Host} {why}.")
        {
            StatusCode = origin.StatusCode,
            ErrorId = ErrorIds.UnreadableResponse,
            Category = ExoErrorCategory.InvalidData,
            Remedy = "The objects so far are right, but not complete. Run it again; if it persists, request the objects in parts, with a filter.",
            CmdletName = request.CmdletName,
            Target = request.Target,
            ClientRequestId = origin.ClientRequestId,
            ServerRequestId = origin.ServerRequestId,
        };

    /// <summary>An address without what may be a secret in it.</summary>
    private static string Shown(Uri address) =>
        address.Scheme == Uri.UriSchemeHttps && address.IsDefaultPort ? address.Host : ShownText.Clean($"{address.Scheme}://{address.Authority}");

    private static string Why(ExoEnvironment environment, Uri address) =>
        address.Scheme != Uri.UriSchemeHttps ? "is no https address"
        : address.UserInfo.Length > 0 ? "names a user before its host"
        : environment.OwnsService(address) ? $"is not a port of {environment.Name}"
        : environment.Owns(address) ? "runs no cmdlets"
        : $"doesn't belong to {environment.Name}";

    private static string Host(HttpResponseMessage response) => response.RequestMessage?.RequestUri?.Host ?? "";
}
