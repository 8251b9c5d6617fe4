using System.Buffers;
using System.Net.Mail;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.AdminApi;

/// <summary>The <c>X-AnchorMailbox</c> header: the front door routes a request by it (protocol.md, session start).</summary>
internal static class RoutingAnchor
{
    private const string SystemMailbox = "SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}";

    private static readonly SearchValues<char> NeverInAddress = SearchValues.Create(" \"<>(),;:\\\r\n");

    /// <summary>The anchor of a session's requests that are not about one mailbox.</summary>
    public static string ForTenant(ExoService service, string tenantId, string organization, string? user) =>
        user is not null ? $"UPN:{user}"
        : service == ExoService.ExchangeOnline
            ? $"APP:{SystemMailbox}@{tenantId}"
            : $"UPN:{SystemMailbox}@{organization}";

    /// <summary>
    /// The hint that a call requests with <c>-UseCustomRouting</c>, as Microsoft's client makes it, from the parameter that names the mailbox.
    /// Other calls get none: with a hint to a mailbox that isn't there, or to another object, the front door fails.
    /// </summary>
    /// <param name="cmdlet">The cmdlet; null if it isn't known.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="tenantId">The tenant's id.</param>
    /// <returns><c>SMTP:address</c> or <c>MBX:guid@tenant</c>; null if the call requests none, or the parameter is neither.</returns>
    public static string? FromParameters(CmdletDefinition? cmdlet, IReadOnlyDictionary<string, object?> parameters, string tenantId)
    {
        if (Find(CmdletDefinition.RoutingSwitch) is not true)
        {
            return null;
        }

        var value = cmdlet is null ? Find("Mailbox") ?? Find("Identity") : cmdlet.RoutingParameter is { } parameter ? Find(parameter.Name) : null;

        // An object's own GUID is the directory's; the hint needs the mailbox's.
        var text = ObjectNames.Mailbox(value) ?? (ObjectNames.Of(value) is null ? value?.ToString() : null) ?? "";

        // Of a folder's id, the part that names its mailbox.
        var mailbox = text.Split(':')[0];
        return Guid.TryParse(mailbox, out var guid) ? $"MBX:{guid}@{tenantId}" : IsAddress(mailbox) ? "SMTP:" + mailbox : null;

        object? Find(string name)
        {
            var found = parameters.FirstOrDefault(p => p.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
            return found is null ? null : HostTypes.Unwrap(found);
        }
    }

    private static bool IsAddress(string text) =>
        text.Length <= 320 && text.All(char.IsAscii) && !text.AsSpan().ContainsAny(NeverInAddress) && MailAddress.TryCreate(text, out _);
}
