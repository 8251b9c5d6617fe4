using System.Globalization;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Http.Failures;

/// <summary>The service responded with a failure, or with an unreadable response, or did not respond.</summary>
/// <param name="message">The service's own text if there is one.</param>
/// <param name="inner">The cause, if it helps.</param>
public sealed class ServiceException(string message, Exception? inner = null) : ExoException(message, inner)
{
    /// <summary>The HTTP status; 0 if no response came, or a successful one held the failure.</summary>
    public int StatusCode { get; init; }

    /// <summary>The service's code, for example <c>NotFound</c>.</summary>
    public string? Code { get; init; }

    /// <summary>The full name of the exception the service threw, for example
    /// <c>Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException</c>.</summary>
    public string? ServiceType { get; init; }

    /// <summary>
    /// The service's id of the message, for example <c>Ex6F9304</c>; blank if it has none, null if the text stands alone and names no exception.
    /// </summary>
    public string? MessageId { get; init; }

    /// <summary>
    /// The service's category for the failure, by the number or name of PowerShell's <c>ErrorCategory</c>; null or any other text for none.
    /// </summary>
    public string? CategoryName { get; init; }

    /// <summary>The cmdlet that failed.</summary>
    public string? CmdletName { get; init; }

    /// <summary>True if the service may have carried the cmdlet out anyway: none of its own responses came back.</summary>
    public bool IsOutcomeUnknown { get; init; }

    /// <summary>
    /// The same failure with the message that EXO's users know and their scripts search: <c>id|type|text</c> for a cmdlet's error, and EXO's own
    /// sentences for an unreadable response.
    /// </summary>
    public ServiceException InExoForm()
    {
        const string ServerSide =
            "A server side error has occurred because of which the operation could not be completed. Please try again after some time. "
            + "If the problem still persists, please reach out to MS support.";
        return this switch
        {
            { ServiceType: { } type, MessageId: not null } => Copy($"{MessageId}|{type}|{Message}", Remedy, IsOutcomeUnknown, CmdletName, Target),
            { ServiceType: not null } => this,
            { StatusCode: 429 } => Copy($"Maximum retry count reached. {Message}", Remedy, IsOutcomeUnknown, CmdletName, Target),
            { StatusCode: 503 or 504 } => Copy($"Maximum retry count reached. {ServerSide} {Message}", Remedy, IsOutcomeUnknown, CmdletName, Target),
            { StatusCode: 408 or 500 or 502 } or { Category: ExoErrorCategory.InvalidData } =>
                Copy($"{ServerSide} {Message}", Remedy, IsOutcomeUnknown, CmdletName, Target),
            _ => this,
        };
    }

    /// <summary>The transient exception of the service's servers that the response names; null for none.</summary>
    internal TransientException? Transient { get; init; }

    /// <summary>The same failure, for one of the requests that shared it.</summary>
    /// <param name="cmdletName">The cmdlet of that request.</param>
    /// <param name="target">The object of that request.</param>
    /// <param name="told">The command that the message names.</param>
    /// <param name="command">The command that its caller typed.</param>
    internal ServiceException About(string cmdletName, object? target, string told, string command) =>
        Copy(Message.Replace($"'{told}'", $"'{command}'", StringComparison.Ordinal), Remedy, IsOutcomeUnknown, cmdletName, target);

    /// <summary>The same failure, with a remedy for its known reason.</summary>
    internal ServiceException Because(string remedy) => Copy(Message, remedy, IsOutcomeUnknown, CmdletName, Target);

    /// <summary>The same failure, for a request that can't have been carried out.</summary>
    internal ServiceException NotCarriedOut(string remedy) => Copy(Message, remedy, isOutcomeUnknown: false, CmdletName, Target);

    /// <summary>The same failure, with the time that the service asks to wait for.</summary>
    internal ServiceException NotBefore(DateTimeOffset time)
    {
        var utc = time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        return Copy(
            $"{Message} The service asks to send nothing before {utc}.", $"Run it again after {utc}. {(IsOutcomeUnknown ? Remedy : "")}".TrimEnd(),
            IsOutcomeUnknown, CmdletName, Target);
    }

    private ServiceException Copy(string message, string? remedy, bool isOutcomeUnknown, string? cmdletName, object? target) => new(
        message, InnerException)
    {
        StatusCode = StatusCode,
        IsOutcomeUnknown = isOutcomeUnknown,
        Code = Code,
        ServiceType = ServiceType,
        MessageId = MessageId,
        CategoryName = CategoryName,
        Transient = Transient,
        ErrorId = ErrorId,
        Category = Category,
        Remedy = remedy,
        ParameterName = ParameterName,
        CmdletName = cmdletName,
        Target = target,
        ClientRequestId = ClientRequestId,
        ServerRequestId = ServerRequestId,
    };
}
