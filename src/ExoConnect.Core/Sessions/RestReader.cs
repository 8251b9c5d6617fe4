using System.Globalization;
using System.Runtime.CompilerServices;
using ExoConnect.Core.AdminApi;
using ExoConnect.Core.AdminApi.Responses;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Objects;
using ExoConnect.Core.RestEntities;

namespace ExoConnect.Core.Sessions;

/// <summary>Reads REST entities (protocol.md section 5): sends a request, its fall-back if needed, and cuts the response to its size.</summary>
/// <param name="session">The session.</param>
/// <param name="send">Sends a request and streams its response.</param>
internal sealed class RestReader(
    SessionDescription session, Func<AdminRequest, IEngineMessages, CancellationToken, IAsyncEnumerable<ResponseChunk>> send)
{
    /// <summary>Streams the results of a request.</summary>
    /// <exception cref="ExoException">The service refused; the error is that of the fall-back if one was sent.</exception>
    public async IAsyncEnumerable<ResponseChunk> ReadAsync(
        RestRequest request, IEngineMessages messages, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var note in request.Notes)
        {
            messages.Warning(note);
        }

        var chunks = Send(request);
        try
        {
            for (var isFirst = true; ; isFirst = false)
            {
                try
                {
                    if (!await chunks.MoveNextAsync().ConfigureAwait(false))
                    {
                        yield break;
                    }
                }
                catch (ServiceException e) when (isFirst && request.Fallback is not null && CanAnotherFormHelp(e))
                {
                    messages.Verbose($"{e.Message} Trying another form.");
                    request = request.Fallback;
                    await chunks.DisposeAsync().ConfigureAwait(false);
                    chunks = Send(request);
                    continue;
                }

                var chunk = chunks.Current;
                if (request.Entity is "MailboxPermission" or "MailboxFolderPermission")
                {
                    chunk = chunk with { Objects = [.. chunk.Objects.Select(static o => o is ExoObject row ? Complete(row) : o)] };
                }

                yield return chunk.HasMore && request.ResultSize.IsDefault ? chunk with { Warnings = [.. chunk.Warnings, ThereIsMore] } : chunk;
            }
        }
        finally
        {
            await chunks.DisposeAsync().ConfigureAwait(false);
        }

        IAsyncEnumerator<ResponseChunk> Send(RestRequest form) => send(Prepare(form), messages, cancellationToken).GetAsyncEnumerator(
            cancellationToken);
    }

    /// <summary>
    /// Converts a permission as Microsoft's client does: it has these properties and no others, a folder's is named by its folder, and its user is
    /// a text with the members beside it.
    /// </summary>
    private static ExoObject Complete(ExoObject row)
    {
        if (row.Shape.Entity == "MailboxPermission")
        {
            return RowExpansion.Pick(row, MailboxPermission);
        }

        var permission = RowExpansion.Pick(row, FolderPermission);
        if (ExoRecord.Value(row, "MailboxFolderUser") is ExoObject user && permission.Shape.IndexOf("User") is >= 0 and var index)
        {
            permission.Set(index, HostTypes.WithMembers(
                ExoRecord.Value(row, "User"), [], [.. user.Shape.Names.Select(name => KeyValuePair.Create(name, ExoRecord.Value(user, name)))]));
        }

        return permission;
    }

    private static (string Name, string[] Sources)[] MailboxPermission { get; } =
    [
        ("Identity", ["MailboxIdentity", "Identity"]), ("User", ["User"]), ("AccessRights", ["AccessRights"]), ("IsInherited", ["IsInherited"]),
        ("Deny", ["Deny"]), ("InheritanceType", ["InheritanceType"]),
    ];

    private static (string Name, string[] Sources)[] FolderPermission { get; } =
    [
        ("Identity", ["MailboxFolderIdentity", "Identity"]), ("FolderName", ["FolderName"]), ("User", ["User"]), ("AccessRights", ["AccessRights"]),
        ("SharingPermissionFlags", ["SharingPermissionFlags"]),
    ];

    private static string ThereIsMore { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"There are more results than these {RestRequest.MaximumPageSize:N0}, the default. Use -ResultSize Unlimited for all, or give a number.");

    /// <summary>Not if there was no response, the caller isn't allowed, or the service is busy: the other form would meet the same.</summary>
    private static bool CanAnotherFormHelp(ServiceException failure) => failure.StatusCode is not (0 or 401 or 403 or 429 or 503);

    /// <summary>A request's parameters for the log: those of its cmdlet.</summary>
    private static Dictionary<string, object?> LoggedParameters(RestRequest request)
    {
        var told = new Dictionary<string, object?>();
        if (request.Target is { } target)
        {
            told["Identity"] = target;
        }

        told["Request"] = request.ToString();
        return told;
    }

    private AdminRequest Prepare(RestRequest request) => new()
    {
        Method = HttpMethod.Get,
        Path = request.PathAndQuery,
        CmdletName = request.CmdletName,
        Parameters = LoggedParameters(request),
        Entity = request.Entity,
        IsEntity = true,
        IsSelection = request.IsSelection,
        Target = request.Target,
        IsRead = true,
        Anchor = request.Anchor.ToHeader(session.TenantId),
        PageSize = request.PageSize,
        Limit = request.IsSingle ? null : request.ResultSize.Limit,
        ResultProperty = request.ResultProperty,
        SpreadProperty = request.SpreadProperty,
        Headers = request.Headers,
    };
}
