using System.Buffers;
using System.Net.Mail;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.AdminApi;

/// <summary>The <c>X-AnchorMailbox</c> header: which server the front door routes a request to (protocol.md, session start).</summary>
internal static class RoutingAnchor
{
    private const string SystemMailbox = "SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}";

    private static readonly SearchValues<char> NeverInAddress = SearchValues.Create(" \"<>(),;:\\\r\n");
    private static readonly string[] IdentityParameters = ["Identity", "Mailbox", "UserPrincipalName", "PrimarySmtpAddress"];

    /// <summary>The anchor of a session's requests that are about no one mailbox.</summary>
    public static string ForTenant(ExoService service, string tenantId, string organization, string? user) =>
        user is not null ? $"UPN:{user}"
        : service == ExoService.ExchangeOnline
            ? $"APP:{SystemMailbox}@{tenantId}"
            : $"UPN:{SystemMailbox}@{organization}";

    /// <summary>A hint from a cmdlet's parameters, where one is an address; null otherwise.</summary>
    public static string? FromParameters(IReadOnlyDictionary<string, object?> parameters)
    {
        foreach (var name in IdentityParameters)
        {
            if (parameters.TryGetValue(name, out var value) && (ObjectNames.Of(value) ?? value?.ToString()) is { } text && IsAddress(text))
            {
                return "SMTP:" + text;
            }
        }

        return null;
    }

    private static bool IsAddress(string text) =>
        text.Length <= 320 && text.All(char.IsAscii) && !text.AsSpan().ContainsAny(NeverInAddress) && MailAddress.TryCreate(text, out _);
}
