using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Json;
using ExoConnect.Core.Objects;
using ExoConnect.Core.Text;

namespace ExoConnect.Core.Http.Failures;

/// <summary>What is known of a response besides its body.</summary>
/// <param name="StatusCode">The HTTP status; 0 if there was none.</param>
/// <param name="CmdletName">The cmdlet.</param>
/// <param name="Target">The cmdlet's object: its identity.</param>
/// <param name="Host">The host of the response.</param>
/// <param name="ClientRequestId">The id that we sent.</param>
/// <param name="ServerRequestId">The service's id.</param>
/// <param name="IsRead">Whether the cmdlet changes nothing.</param>
/// <param name="ExceptionType">The header <c>x-ExceptionType</c>, which only the service's own layer of cmdlets sends; null for none.</param>
internal sealed record RequestOrigin(
    int StatusCode, string CmdletName, object? Target, string Host, string? ClientRequestId, string? ServerRequestId, bool IsRead = false,
    string? ExceptionType = null)
{
    /// <summary>What the caller typed for the cmdlet.</summary>
    public string Command
    {
        get => field ?? CmdletName;
        init;
    }
}

/// <summary>The parts of an error response.</summary>
/// <param name="Text">Its most useful text; null for none.</param>
/// <param name="Type">The type of the service's exception; null if it names none.</param>
/// <param name="Code">The <c>code</c>.</param>
/// <param name="Transient">The transient exception that its details name.</param>
/// <param name="MessageId">The service's id of the message, for example <c>Ex6F9304</c>; blank for none, null if the text stands alone.</param>
/// <param name="Category">The category in the first detail: a number or name of PowerShell's; null for none.</param>
internal readonly record struct ErrorParts(
    string? Text, string? Type, string? Code, TransientException? Transient = null, string? MessageId = null, string? Category = null);

/// <summary>Makes an exception from an error response, whatever its body is: the page's JSON, HTML, NUL bytes, nothing, half of anything.</summary>
internal static partial class ServiceErrorReader
{
    private const int LongestText = 4000;
    private const string SlowCmdlet = "The service allows a cmdlet 15 minutes. Request less at a time, with a filter or fewer properties.";

    /// <summary>Reads an error response.</summary>
    /// <param name="request">What is known besides the body.</param>
    /// <param name="body">The body, unpacked.</param>
    /// <returns>The exception.</returns>
    public static ServiceException Read(RequestOrigin request, ReadOnlySpan<byte> body)
    {
        var parts = Parse(body);
        var type = parts.Type ?? request.ExceptionType;

        // Only the layer that runs cmdlets names the exception that it caught. A gateway in front of that layer can respond with any JSON, and
        // doesn't know what happened behind it; neither does a response whose status can't be read, nor one that timed out (408, nginx's 499).
        var isSilence = type is null && request.StatusCode is not (>= 400 and < 500 and not 408 and not 499);
        var isGateway = isSilence && (parts.Code is null || request.StatusCode != 500);
        var category = isGateway && request.StatusCode is not (408 or 504)
            ? ExoErrorCategory.ResourceUnavailable
            : Categorize(request.StatusCode, type, parts.Code);
        return new ServiceException(parts.Text is { } said ? isGateway ? Quote(request, said) : said : Describe(request, body))
        {
            StatusCode = request.StatusCode,
            IsOutcomeUnknown = isSilence || parts.Transient is { NothingWasDone: false },
            Transient = parts.Transient,
            MessageId = parts.MessageId,
            CategoryName = parts.Category,
            Code = parts.Code,
            ServiceType = type,
            ErrorId = ShortName(type) ?? ById(request.StatusCode, parts.Code),
            Category = category,
            Remedy = isGateway || (isSilence && !request.IsRead) ? RemedyForEmptyError(request) : RemedyFor(request, category, parts.Text),
            CmdletName = request.CmdletName,
            Target = request.Target,
            ClientRequestId = request.ClientRequestId,
            ServerRequestId = request.ServerRequestId,
        };
    }

    /// <summary>Reads one entry of <c>@adminapi.errors</c> in a successful response.</summary>
    /// <param name="request">What is known besides it.</param>
    /// <param name="entry">Its text: <c>hash|type|text</c>, or plain.</param>
    /// <returns>The exception.</returns>
    public static ServiceException FromEntry(RequestOrigin request, string entry)
    {
        var (type, text, messageId) = SplitDetail(entry);
        return new ServiceException(Clip(text ?? entry) ?? "The service reported an error without a text.")
        {
            ServiceType = Shown(type),
            MessageId = messageId,
            ErrorId = ShortName(type) ?? ErrorIds.CmdletError,
            Category = Categorize(0, type, null),
            CmdletName = request.CmdletName,
            Target = request.Target,
            ClientRequestId = request.ClientRequestId,
            ServerRequestId = request.ServerRequestId,
        };
    }

    /// <summary>Finds the parts of an error response: its most useful text, the type of the service's exception, and the code.</summary>
    /// <param name="body">The body, unpacked; any bytes.</param>
    public static ErrorParts Parse(ReadOnlySpan<byte> body) => ParseJson(body) ?? ParseText(body);

    private static ErrorParts? ParseJson(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, ResponseJson.Options);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            var error = Member(root, "error") ?? Member(root, "odata.error") ?? root;
            if (error.ValueKind == JsonValueKind.String)
            {
                return new ErrorParts(Clip(ResponseJson.Text(Member(root, "error_description") ?? error)), null, Shown(ResponseJson.Text(error)));
            }

            if (error.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var code = Text(error, "code");
            var internalException = Member(Member(error, "innererror"), "internalexception");
            string? detailText = null, detailType = null, messageId = null, kind = null;
            TransientException? transient = null;
            if (Member(error, "details") is { ValueKind: JsonValueKind.Array } details)
            {
                foreach (var detail in details.EnumerateArray())
                {
                    kind ??= Member(detail, "code")?.ToString() ?? "";
                    if (Text(detail, "message") is { Length: > 0 } message)
                    {
                        var (type, text, id) = SplitDetail(message);
                        messageId ??= id;
                        transient ??= TransientException.Find(message);
                        detailType ??= type;
                        detailText ??= text;
                    }
                }
            }

            var outer = ResponseJson.Text(Member(error, "message") ?? default)
                ?? (Member(error, "message") is { } languages ? Text(languages, "value") : null)
                ?? Text(root, "Message");
            var best = NullIfUseless(Text(internalException, "message"))
                ?? NullIfUseless(detailText)
                ?? (IsOuterGeneric(outer) ? NullIfUseless(Text(Member(error, "innererror"), "message")) : null)
                ?? outer;
            var caught = detailType ?? Text(internalException, "type");
            return new ErrorParts(Clip(best), Shown(caught), Shown(code), transient ?? TransientException.Find(caught), messageId, Shown(kind));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static ErrorParts ParseText(ReadOnlySpan<byte> body)
    {
        if (body.IndexOfAnyExcept("\0 \r\n"u8) < 0 || body.IndexOfAnyInRange((byte)0, (byte)8) >= 0)
        {
            return default;
        }

        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, 64 * 1024)]).Trim();
        if (text.StartsWith('<'))
        {
            var title = HtmlTitle().Match(text);
            return new ErrorParts(title.Success ? Clip(WebUtility.HtmlDecode(title.Groups[1].Value).Trim()) : null, null, null);
        }

        return text.StartsWith('{') || text.StartsWith('[') ? default : new ErrorParts(Clip(text), null, null);
    }

    /// <summary>
    /// Reads <c>hash|type|text</c>, <c>|type|text</c>, or JSON: <c>Message</c>, <c>TypeName</c>, <c>InnerError</c>, or a serialized exception
    /// (<c>ClassName</c>, <c>Message</c>, <c>localizedString.stringId</c>).
    /// </summary>
    private static (string? Type, string? Text, string? MessageId) SplitDetail(string detail)
    {
        if (detail.StartsWith('{'))
        {
            try
            {
                using var document = JsonDocument.Parse(ResponseJson.Readable(Encoding.UTF8.GetBytes(detail)));
                var root = document.RootElement;
                var inner = Member(root, "InnerError");
                return (Text(root, "TypeName") ?? Text(root, "ClassName") ?? Text(inner, "TypeName"),
                    NullIfUseless(Text(root, "Message")) ?? Text(inner, "Message"),
                    Id(Text(Member(root, "localizedString"), "stringId")));
            }
            catch (JsonException)
            {
                return (null, detail, null);
            }
        }

        var parts = detail.Split('|', 3);
        return parts.Length == 3 && TypeName().IsMatch(parts[1]) ? (parts[1], parts[2], Id(parts[0])) : (null, detail, null);
    }

    /// <summary>An id of letters and digits; for any other text a blank one, which is printed too.</summary>
    private static string Id(string? text) => text is { Length: <= 32 } && text.All(char.IsAsciiLetterOrDigit) ? text : "";

    private static string? NullIfUseless(string? text) =>
        string.IsNullOrWhiteSpace(text) || (text.StartsWith("Exception of type '", StringComparison.Ordinal)
            && text.EndsWith("was thrown.", StringComparison.Ordinal)) ? null : text;

    private static bool IsOuterGeneric(string? text) => string.IsNullOrWhiteSpace(text)
        || text.StartsWith("Error executing", StringComparison.Ordinal);

    private static string Status(RequestOrigin request) =>
        $"{request.StatusCode} ({(Enum.IsDefined((HttpStatusCode)request.StatusCode) ? (HttpStatusCode)request.StatusCode : "no known status")})";

    /// <summary>A gateway's text alone can be as short as a number.</summary>
    private static string Quote(RequestOrigin request, string text) =>
        $"A gateway of {request.Host} responded to '{request.Command}' with {Status(request)} instead of the service: {text}";

    private static string RemedyForEmptyError(RequestOrigin request)
    {
        const string Service = "https://admin.cloud.microsoft shows whether the service has a known problem.";
        return request switch
        {
            { IsRead: false, Target: { } target } =>
                $"Whether the service carried it out isn't known: look at '{ObjectNames.Of(target) ?? target}' before you run it again. {Service}",
            { IsRead: false } => $"Whether the service carried it out isn't known: look at the object before you run it again. {Service}",
            { StatusCode: 408 or 504 } => SlowCmdlet,
            _ => $"Try again later. {Service}",
        };
    }

    private static string Describe(RequestOrigin request, ReadOnlySpan<byte> body)
    {
        var status = Status(request);
        if (request.StatusCode == 403)
        {
            return $"'{request.Command}' isn't known to {request.Host}, or the roles of this app don't allow it.";
        }

        var what = body.IsEmpty ? "with nothing in it" : body.IndexOfAnyExcept((byte)0) < 0 ? "that holds only NUL bytes" : "that can't be read";
        return $"{request.Host} responded to '{request.Command}' with {status} and a body {what}.";
    }

    /// <summary>The category for a status and the service's names.</summary>
    public static ExoErrorCategory Categorize(int status, string? type, string? code)
    {
        var name = ShortName(type) ?? code ?? "";
        return (status, name) switch
        {
            (401, _) => ExoErrorCategory.AuthenticationError,
            (403, _) => ExoErrorCategory.PermissionDenied,
            (_, _) when name.Contains("NotFound", StringComparison.OrdinalIgnoreCase) => ExoErrorCategory.ObjectNotFound,
            (_, _) when name.Contains("Exists", StringComparison.OrdinalIgnoreCase) || name.Contains("Duplicate", StringComparison.Ordinal)
                => ExoErrorCategory.ResourceExists,
            (_, _) when name.Contains("Parameter", StringComparison.Ordinal) || name.Contains("Argument", StringComparison.Ordinal)
                => ExoErrorCategory.InvalidArgument,
            (404, _) => ExoErrorCategory.ObjectNotFound,
            (400, _) => ExoErrorCategory.InvalidArgument,
            (408 or 504, _) => ExoErrorCategory.OperationTimeout,
            (429 or 502 or 503, _) => ExoErrorCategory.ResourceUnavailable,
            (409 or 412, _) => ExoErrorCategory.ResourceExists,
            (0 or >= 500, _) => ExoErrorCategory.InvalidResult,
            _ => ExoErrorCategory.InvalidData,
        };
    }

    private static string ById(int status, string? code) => status switch
    {
        403 => ErrorIds.AccessDenied,
        429 => ErrorIds.TooManyRequests,
        _ => !string.IsNullOrEmpty(code) && TypeName().IsMatch(code) ? code : $"Http{status}",
    };

    private static string? RemedyFor(RequestOrigin request, ExoErrorCategory category, string? text) => category switch
    {
        _ when text?.Contains("-EnableSearchOnlySession", StringComparison.OrdinalIgnoreCase) == true =>
            $"Connect again with Connect-IPPSSession -EnableSearchOnlySession: '{request.Command}' runs only in such a session. Graph has "
            + "eDiscovery too: Invoke-ExoRequest /v1.0/security/cases/ediscoveryCases.",
        _ when AppOnlyLimits.Remedy(request.CmdletName, category) is { } remedy => remedy,
        ExoErrorCategory.PermissionDenied when text?.Contains("isn't supported in this scenario", StringComparison.Ordinal) == true =>
            "Assign the app a directory role that this service supports, such as Exchange Administrator (Exchange Online) or Compliance "
            + "Administrator (both), or add its service principal to a role group; a new role takes some minutes to arrive.",
        ExoErrorCategory.PermissionDenied =>
            $"Check the spelling of '{request.Command}', and that a role of this app holds it: Get-ConnectionInformation shows the roles. "
            + "A role just given arrives with the next sign-in, some minutes later.",
        ExoErrorCategory.ObjectNotFound =>
            "Check the identity. An object made a moment ago can be unknown for some minutes until the directory has replicated.",
        ExoErrorCategory.ResourceUnavailable => "The service is busy. Wait and try again, with fewer requests at once.",
        ExoErrorCategory.OperationTimeout => SlowCmdlet,
        _ => null,
    };

    private static string? ShortName(string? type)
    {
        if (string.IsNullOrWhiteSpace(type))
        {
            return null;
        }

        var name = type[(type.LastIndexOf('.') + 1)..];
        return TypeName().IsMatch(name) ? name : null;
    }

    private static string? Clip(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        // First cleaned, then cut: half a token is still half a token.
        var shown = ShownText.Clean(text);
        return string.IsNullOrWhiteSpace(shown) ? null : Cut(shown);
    }

    private static string? Shown(string? text) => text is null ? null : Cut(ShownText.Clean(text));

    private static string Cut(string shown) => shown.Length > LongestText ? shown[..LongestText] + " ..." : shown;

    private static JsonElement? Member(JsonElement? element, string name)
    {
        if (element is { ValueKind: JsonValueKind.Object } parent)
        {
            // Gateways differ in case.
            foreach (var property in parent.EnumerateObject())
            {
                if (string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase))
                {
                    return property.Value;
                }
            }
        }

        return null;
    }

    private static string? Text(JsonElement? element, string name) => Member(element, name) is { } member ? ResponseJson.Text(member) : null;

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_.+`]{0,300}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TypeName();

    [GeneratedRegex(@"<title[^>]{0,200}>([^<]{1,500})</title>", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HtmlTitle();
}
