using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Authentication.Errors;

/// <summary>Turns the sign-in host's responses, or their absence, into errors that an admin can act on.</summary>
internal static partial class SignInErrors
{
    private const int LongestQuote = 600;

    /// <summary>The host responded with an error.</summary>
    /// <param name="identity">The identity that signs in.</param>
    /// <param name="resource">The token's resource.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The response's body; any text.</param>
    /// <param name="date">The response's date, to detect a wrong clock.</param>
    /// <param name="clock">This machine's clock.</param>
    /// <param name="inner">The cause.</param>
    /// <returns>The error, and whether the same request may succeed in a moment.</returns>
    public static SignInFailure Refused(
        SignInIdentity identity, string resource, int status, string? body, DateTimeOffset? date, TimeProvider clock, Exception? inner)
    {
        var response = SignInResponse.Read(body);
        if (response is null)
        {
            return NotAResponse(identity, resource, status, inner);
        }

        var entry = response.Code is { } code ? AadstsCatalog.Find(code) : null;
        var quote = Quote(response.Description ?? response.Error);
        var meaning = entry is null ? $"{identity.SignIn.Host} refused the sign-in." : Fill(entry.Meaning, identity, resource);
        var remedy = entry is null
            ? General(response, status, identity)
            : Fill((identity.IsUser ? AadstsCatalog.UserRemedy(response.Code!.Value, entry) : null) ?? entry.Remedy, identity, resource);
        if (entry?.ErrorId == ErrorIds.ClockWrong && date is { } theirs)
        {
            var skew = clock.GetUtcNow() - theirs;
            remedy = $"This machine's clock is {Math.Abs(skew.TotalMinutes).ToString("0", CultureInfo.InvariantCulture)} minutes "
                + $"{(skew > TimeSpan.Zero ? "ahead of" : "behind")} the sign-in host's. {remedy}";
        }

        var unavailable = status is 408 or 429 or >= 500;
        return new SignInFailure(
            new SignInException(quote is null ? meaning : $"{meaning} The sign-in host says: {quote}", inner)
            {
                ErrorId = entry?.ErrorId
                    ?? (status == 429 ? ErrorIds.SignInThrottled : unavailable ? ErrorIds.SignInServiceError : ErrorIds.SignInRefused),
                Category = entry?.Category ?? (unavailable ? ExoErrorCategory.ResourceUnavailable : ExoErrorCategory.AuthenticationError),
                ParameterName = entry?.ParameterName,
                Remedy = remedy,
                Target = resource,
                AadstsCode = response.Code is { } number ? $"AADSTS{number}" : null,
                CorrelationId = response.CorrelationId,
                TraceId = response.TraceId,
            },
            unavailable || entry?.IsTransient == true);
    }

    /// <summary>The host, or a proxy in front of it, sent something other than a sign-in response.</summary>
    /// <param name="identity">The identity that signed in.</param>
    /// <param name="resource">What for.</param>
    /// <param name="status">The HTTP status; 0 if it is not known.</param>
    /// <param name="inner">The cause.</param>
    /// <returns>The error.</returns>
    public static SignInFailure NotAResponse(SignInIdentity identity, string resource, int status, Exception? inner)
    {
        var host = identity.SignIn.Authority;
        var unavailable = status is 408 or 429 or >= 500;
        var what = status > 0 ? $"HTTP status {status.ToString(CultureInfo.InvariantCulture)} and no sign-in response"
            : "something that is not a sign-in response";
        return new SignInFailure(
            new SignInException($"The sign-in host {host} responded with {what}.", inner)
            {
                ErrorId = status == 429 ? ErrorIds.SignInThrottled : unavailable ? ErrorIds.SignInServiceError : ErrorIds.SignInResponseInvalid,
                Category = unavailable ? ExoErrorCategory.ResourceUnavailable : ExoErrorCategory.InvalidData,
                Target = resource,
                Remedy = unavailable
                    ? "Try again in a minute. If it persists, look at the service health of Microsoft 365."
                    : "Check -AzureADAuthorizationEndpointUri, and whether a proxy or a network's sign-in page stands in between.",
            },
            unavailable);
    }

    /// <summary>The host could not be reached.</summary>
    /// <param name="identity">The identity of the sign-in.</param>
    /// <param name="resource">What for.</param>
    /// <param name="cause">The network's error.</param>
    /// <returns>The error, and whether it is transient.</returns>
    public static SignInFailure Unreachable(SignInIdentity identity, string resource, Exception cause)
    {
        var host = identity.SignIn.Authority;
        var reason = Innermost(cause).Message.TrimEnd('.');
        var error = (cause as HttpRequestException)?.HttpRequestError ?? HttpRequestError.Unknown;
        var (id, message, remedy, passing) = error switch
        {
            HttpRequestError.NameResolutionError => (
                ErrorIds.SignInHostUnknown,
                $"The name of the sign-in host {host} could not be resolved ({reason}).",
                "Check the network and DNS, and that -ExchangeEnvironmentName or -AzureADAuthorizationEndpointUri names the right cloud.",
                true),
            HttpRequestError.SecureConnectionError when HasAuthenticationException(cause) => (
                ErrorIds.SignInHostUntrusted,
                $"No secure connection to the sign-in host {host}: {reason}.",
                "Check the machine's clock and trusted certificate authorities, and whether a proxy inspects this traffic. Nothing was sent.",
                false),
            HttpRequestError.ProxyTunnelError => (
                ErrorIds.SignInHostUnreachable,
                $"The proxy did not let a connection to the sign-in host {host} through ({reason}).",
                "Allow the host in the proxy, or check the proxy settings (HTTPS_PROXY, NO_PROXY).",
                false),
            HttpRequestError.ConfigurationLimitExceeded => (
                ErrorIds.SignInResponseInvalid,
                $"The sign-in host {host} sent a response far too large for a sign-in.",
                "Check -AzureADAuthorizationEndpointUri, and whether a proxy stands in between.",
                false),
            _ => (
                ErrorIds.SignInHostUnreachable,
                $"The sign-in host {host} could not be reached ({reason}).",
                "Check the network, the proxy settings (HTTPS_PROXY, NO_PROXY) and the firewall.",
                true),
        };
        return new SignInFailure(
            new SignInException(message, cause)
            {
                ErrorId = id,
                Category = id == ErrorIds.SignInResponseInvalid ? ExoErrorCategory.InvalidData : ExoErrorCategory.ResourceUnavailable,
                Remedy = remedy,
                Target = resource,
            },
            passing);
    }

    /// <summary>The host did not respond in time.</summary>
    /// <param name="identity">The identity of the sign-in.</param>
    /// <param name="resource">What for.</param>
    /// <param name="waited">How long the request waited.</param>
    /// <param name="inner">The cause.</param>
    /// <returns>The error.</returns>
    public static SignInFailure TimedOut(SignInIdentity identity, string resource, TimeSpan waited, Exception? inner) => new(
        new SignInException(
            $"The sign-in host {identity.SignIn.Authority} did not respond within "
                + $"{waited.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} seconds.", inner)
        {
            ErrorId = ErrorIds.SignInTimeout,
            Category = ExoErrorCategory.OperationTimeout,
            Target = resource,
            Remedy = "Try again. If it persists, check the network and the proxy in between.",
        },
        true);

    /// <summary>A person has to sign in, and the session is non-interactive.</summary>
    /// <param name="identity">The identity of the sign-in.</param>
    /// <param name="resource">What for.</param>
    /// <param name="method">The way to sign in.</param>
    /// <param name="otherApplication">Another application with a stored sign-in; null for none.</param>
    /// <returns>The error.</returns>
    public static SignInFailure NobodyThere(SignInIdentity identity, string resource, SignInMethod method, string? otherApplication = null) => new(
        new SignInException(
            otherApplication is not null
                ? $"The stored sign-in belongs to the application {otherApplication}, not to {identity.AppId}; a user has to sign in "
                + "again, and this session is non-interactive."
                :
            $"{(method is SignInMethod.DeviceCode ? "A device code" : "The browser")} needs a user to sign in at {identity.SignIn.Host}, and "
                + "this session is non-interactive.")
        {
            ErrorId = ErrorIds.InteractionRequired,
            Category = ExoErrorCategory.AuthenticationError,
            ParameterName = method is SignInMethod.DeviceCode ? "Device" : "UserPrincipalName",
            Target = resource,
            Remedy = "Sign in as an application: with -CertificateThumbprint, -CertificateFilePath, -ManagedIdentity or another way that "
                + "prompts nobody. If a user is there although there is no terminal, add -NonInteractive:$false.",
        },
        false);

    /// <summary>A person was asked to sign in and did not.</summary>
    /// <param name="identity">The identity of the sign-in.</param>
    /// <param name="resource">What for.</param>
    /// <param name="waited">How long the sign-in waited.</param>
    /// <param name="inner">The cause.</param>
    /// <returns>The error.</returns>
    public static SignInFailure NotCompleted(SignInIdentity identity, string resource, TimeSpan waited, Exception? inner) => new(
        new SignInException(
            $"Nobody completed the sign-in at {identity.SignIn.Host} within {waited.TotalMinutes.ToString("0.#", CultureInfo.InvariantCulture)} "
                + "minutes.", inner)
        {
            ErrorId = ErrorIds.SignInNotCompleted,
            Category = ExoErrorCategory.OperationTimeout,
            Target = resource,
            Remedy = "Connect again. If the sign-in page showed an error, it says what is wrong there.",
        },
        false);

    /// <summary>The host of this machine gave no token for its managed identity.</summary>
    /// <param name="identity">The identity.</param>
    /// <param name="resource">What for.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="text">The host's text.</param>
    /// <param name="inner">The cause.</param>
    /// <returns>The error.</returns>
    public static SignInFailure ManagedIdentityRefused(SignInIdentity identity, string resource, int status, string text, Exception inner) => new(
        new SignInException($"No token came for the {identity.Credential}. The host says: {Quote(text)}", inner)
        {
            ErrorId = ErrorIds.ManagedIdentityRefused,
            Category = status >= 500 ? ExoErrorCategory.ResourceUnavailable : ExoErrorCategory.AuthenticationError,
            ParameterName = identity.AppId == Guid.Empty.ToString() ? "ManagedIdentity" : "ManagedIdentityAccountId",
            Target = resource,
            Remedy = "Check that the identity is switched on for this resource; for a user-assigned one, that it is assigned to it and that "
                + "-ManagedIdentityAccountId is its client id.",
        },
        status >= 500);

    /// <summary>This machine has no managed identity.</summary>
    /// <param name="resource">What for.</param>
    /// <param name="cause">The cause.</param>
    /// <returns>The error.</returns>
    public static SignInFailure ManagedIdentityUnavailable(string resource, Exception cause) => new(
        new SignInException($"This machine has no managed identity ({Quote(Innermost(cause).Message)?.TrimEnd('.')}).", cause)
        {
            ErrorId = ErrorIds.ManagedIdentityUnavailable,
            Category = ExoErrorCategory.AuthenticationError,
            ParameterName = "ManagedIdentity",
            Target = resource,
            Remedy = "Managed identities work on Azure only: virtual machines, App Service, Functions, Automation, Container Apps, Cloud Shell, "
                + "and machines with Azure Arc. Anywhere else, sign in with a certificate or a workload identity.",
        },
        false);

    /// <summary>No way of the default credential has anything to sign in with.</summary>
    /// <param name="resource">What for.</param>
    /// <param name="said">Each way's message, in order.</param>
    /// <returns>The error, with a line for each way.</returns>
    public static SignInFailure DefaultCredentialUnavailable(string resource, IEnumerable<(string Way, string Text)> said) => new(
        new SignInException($"The default credential found nothing to sign in with.{Lines(said)}")
        {
            ErrorId = ErrorIds.DefaultCredentialUnavailable,
            Category = ExoErrorCategory.AuthenticationError,
            ParameterName = "DefaultCredential",
            Target = resource,
            Remedy = "Set one of these ways up (on a developer's machine: az login), or name the way to sign in.",
        },
        false);

    /// <summary>A way of the default credential had something to sign in with, and was refused.</summary>
    /// <param name="resource">What for.</param>
    /// <param name="said">Each way's message, in order; the last one was refused.</param>
    /// <param name="refusal">The host's refusal; null if the way failed by itself.</param>
    /// <returns>The error, with a line for each way.</returns>
    public static SignInFailure DefaultCredentialRefused(string resource, IReadOnlyList<(string Way, string Text)> said, SignInFailure? refusal)
    {
        var way = said[^1].Way;
        var e = refusal?.Exception;
        return new SignInFailure(
            new SignInException($"{e?.Message ?? "The default credential could not sign in."} It tried:{Lines(said)}", e?.InnerException)
            {
                ErrorId = e?.ErrorId ?? ErrorIds.DefaultCredentialFailed,
                Category = e?.Category ?? ExoErrorCategory.AuthenticationError,
                ParameterName = "DefaultCredential",
                Target = resource,
                AadstsCode = e?.AadstsCode,
                CorrelationId = e?.CorrelationId,
                TraceId = e?.TraceId,
                Remedy = (e?.Remedy is { } remedy ? remedy + " " : "")
                    + $"Repair the sign-in of {way}, or leave it out with -ExcludeCredential {way}.",
            },
            refusal?.IsTransient == true);
    }

    /// <summary>The default credential signed in to another tenant than the named one.</summary>
    /// <param name="way">The way that signed in.</param>
    /// <param name="tenant">The tenant of the token.</param>
    /// <param name="wanted">The named tenant.</param>
    /// <param name="resource">What the token is for.</param>
    /// <returns>The error.</returns>
    public static SignInException DefaultCredentialOfAnotherTenant(string way, Guid tenant, Guid wanted, string resource) =>
        new($"The default credential ({way}) signs in to tenant {tenant}, not to {wanted}.")
        {
            ErrorId = ErrorIds.DefaultCredentialOfAnotherTenant,
            Category = ExoErrorCategory.AuthenticationError,
            ParameterName = "Organization",
            Target = resource,
            Remedy = $"Sign {way} in to that tenant, leave it out with -ExcludeCredential {way}, or name the right tenant with -Organization.",
        };

    private static string Lines(IEnumerable<(string Way, string Text)> said) =>
        string.Concat(said.Select(one => $"{Environment.NewLine}  {one.Way}: {Quote(one.Text)}"));

    /// <summary>Writes an error in the form of the sign-in host's JSON.</summary>
    /// <param name="error">The OAuth error.</param>
    /// <param name="description">Its description.</param>
    /// <returns>JSON.</returns>
    public static string ToBody(string error, string description) =>
        new JsonObject { ["error"] = error, ["error_description"] = description }.ToJsonString();

    /// <summary>Any other failure on this machine.</summary>
    /// <param name="identity">The identity of the sign-in.</param>
    /// <param name="resource">What for.</param>
    /// <param name="cause">What went wrong.</param>
    /// <returns>The error.</returns>
    public static SignInFailure Unexpected(SignInIdentity identity, string resource, Exception cause) => new(
        new SignInException($"The sign-in at {identity.SignIn.Authority} failed: {Quote(cause.Message)}", cause)
        {
            ErrorId = ErrorIds.SignInFailed,
            Category = ExoErrorCategory.AuthenticationError,
            Target = resource,
        },
        false);

    /// <summary>The same error, with the time that the host asked to wait.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="wait">The time that the host asked to wait.</param>
    /// <returns>The exception to throw.</returns>
    public static SignInException WithWait(SignInFailure failure, TimeSpan wait)
    {
        var e = failure.Exception;
        return new SignInException(e.Message, e.InnerException)
        {
            ErrorId = e.ErrorId,
            Category = e.Category,
            ParameterName = e.ParameterName,
            Target = e.Target,
            AadstsCode = e.AadstsCode,
            CorrelationId = e.CorrelationId,
            TraceId = e.TraceId,
            Remedy = $"The host asks to wait {Math.Ceiling(wait.TotalSeconds).ToString("0", CultureInfo.InvariantCulture)} seconds before trying "
                + "again.",
        };
    }

    /// <summary>How long a host asks to wait.</summary>
    /// <param name="header">Its Retry-After header.</param>
    /// <param name="clock">The clock that a date is measured by.</param>
    /// <returns>The time, or null if the header has none.</returns>
    public static TimeSpan? Wait(RetryConditionHeaderValue? header, TimeProvider clock)
    {
        var wait = header?.Delta ?? (header?.Date is { } date ? date - clock.GetUtcNow() : null);
        return wait is { } value && value < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static string General(SignInResponse response, int status, SignInIdentity identity) => status is 408 or 429 or >= 500
        ? "Try again in a minute. If it persists, look at the service health of Microsoft 365."
        : response.Code is { } code
            ? $"Look up the number at https://login.microsoftonline.com/error?code={code.ToString(CultureInfo.InvariantCulture)}, and the sign-in "
            + "log of the application."
            : identity.IsUser
                ? "Check -AppId, -Organization and the user; the user's sign-in log may say more."
                : "Check -AppId, -Organization and the certificate or secret; the sign-in log of the application may say more.";

    private static string Fill(string text, SignInIdentity identity, string resource) => text
        .Replace("{app}", identity.AppId, StringComparison.Ordinal)
        .Replace("{organization}", identity.Organization, StringComparison.Ordinal)
        .Replace("{certificate}", identity.Credential, StringComparison.Ordinal)
        .Replace("{resource}", resource, StringComparison.Ordinal)
        .Replace("{host}", identity.SignIn.Authority, StringComparison.Ordinal);

    /// <summary>A foreign text, cut before the ids that are shown elsewhere, on one line, without anything that looks like a token.</summary>
    private static string? Quote(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var end = text.IndexOf("Trace ID:", StringComparison.OrdinalIgnoreCase);
        var kept = Token().Replace(end > 0 ? text[..end] : text, "(token)");
        var line = string.Join(' ', kept.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        line = string.Concat(line.Where(c => !char.IsControl(c)));
        return line.Length <= LongestQuote ? line : string.Concat(line.AsSpan(0, LongestQuote), "…");
    }

    private static Exception Innermost(Exception e)
    {
        while (e.InnerException is { } inner)
        {
            e = inner;
        }

        return e;
    }

    private static bool HasAuthenticationException(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is AuthenticationException)
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*)*", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Token();

    [GeneratedRegex(@"AADSTS(?<code>\d{4,9})", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Number();

    /// <summary>An OAuth error response.</summary>
    private sealed record SignInResponse(string? Error, string? Description, int? Code, string? CorrelationId, string? TraceId)
    {
        public static SignInResponse? Read(string? body)
        {
            if (string.IsNullOrWhiteSpace(body))
            {
                return null;
            }

            try
            {
                using var document = JsonDocument.Parse(body);
                var root = document.RootElement;
                if (root.ValueKind != JsonValueKind.Object || Text(root, "error") is not { } error)
                {
                    return null;
                }

                var description = Text(root, "error_description");
                return new SignInResponse(error, description, FirstCode(root, description), Text(root, "correlation_id"), Text(root, "trace_id"));
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                return null;
            }
        }

        private static int? FirstCode(JsonElement root, string? description)
        {
            if (description is not null
                && Number().Match(description) is { Success: true } match
                && int.TryParse(match.Groups["code"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            {
                return code;
            }

            return root.TryGetProperty("error_codes", out var codes)
                && codes.ValueKind == JsonValueKind.Array
                && codes.GetArrayLength() > 0
                && codes[0].ValueKind == JsonValueKind.Number
                && codes[0].TryGetInt32(out var first)
                    ? first
                    : null;
        }

        private static string? Text(JsonElement root, string name) =>
            root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}

/// <summary>A sign-in that failed.</summary>
/// <param name="Exception">The error for the user.</param>
/// <param name="IsTransient">Whether a retry may help.</param>
internal sealed record SignInFailure(SignInException Exception, bool IsTransient);
