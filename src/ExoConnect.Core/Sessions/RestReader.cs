using System.Globalization;
using System.Runtime.CompilerServices;
using ExoConnect.Core.AdminApi;
using ExoConnect.Core.AdminApi.Answers;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Objects;
using ExoConnect.Core.RestEntities;

namespace ExoConnect.Core.Sessions;

/// <summary>Reads REST entities (protocol.md section 5): sends a request, its fall-back where that is due, and cuts the answer to its size.</summary>
/// <param name="session">Whose entities.</param>
/// <param name="send">Sends a request and streams its answer.</param>
internal sealed class RestReader(
    SessionDescription session, Func<AdminRequest, IEngineMessages, CancellationToken, IAsyncEnumerable<AnswerChunk>> send)
{
    /// <summary>Streams the results of a request.</summary>
    /// <exception cref="ExoException">The service refused; the error is that of the fall-back where one was sent.</exception>
    public async IAsyncEnumerable<AnswerChunk> ReadAsync(
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
                    messages.Verbose($"{e.Message} Asking in another way.");
                    request = request.Fallback;
                    await chunks.DisposeAsync().ConfigureAwait(false);
                    chunks = Send(request);
                    continue;
                }

                var chunk = chunks.Current;
                foreach (var row in chunk.Objects.OfType<ExoObject>().Where(static row => row.Shape.Entity == "MailboxFolderPermission"))
                {
                    Complete(row);
                }

                yield return chunk.HasMore && request.ResultSize.IsDefault ? chunk with { Warnings = [.. chunk.Warnings, ThereIsMore] } : chunk;
            }
        }
        finally
        {
            await chunks.DisposeAsync().ConfigureAwait(false);
        }

        IAsyncEnumerator<AnswerChunk> Send(RestRequest form) => send(Prepare(form), messages, cancellationToken).GetAsyncEnumerator(
            cancellationToken);
    }

    /// <summary>
    /// Makes of a folder's permission what Microsoft's client does: it is called by its folder, and its user is a text with the members that stand
    /// beside it.
    /// </summary>
    private static void Complete(ExoObject row)
    {
        if (ExoRecord.Value(row, "MailboxFolderIdentity") is { } folder && row.Shape.IndexOf("Identity") is >= 0 and var identity)
        {
            row.Set(identity, folder);
        }

        if (ExoRecord.Value(row, "MailboxFolderUser") is ExoObject user && row.Shape.IndexOf("User") is >= 0 and var index)
        {
            row.Set(index, HostTypes.WithMembers(
                ExoRecord.Value(row, "User"), [], [.. user.Shape.Names.Select(name => KeyValuePair.Create(name, ExoRecord.Value(user, name)))]));
        }
    }

    private static string ThereIsMore { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"There are more results than these {RestRequest.MaximumPageSize:N0}, the default. Use -ResultSize Unlimited for all of them, or give a number.");

    /// <summary>Not where there was no answer, the caller isn't allowed, or the service is busy: the other form would meet with the same.</summary>
    private static bool CanAnotherFormHelp(ServiceException failure) => failure.StatusCode is not (0 or 401 or 403 or 429 or 503);

    /// <summary>What a log tells of a request: it holds what its cmdlet was given.</summary>
    private static Dictionary<string, object?> Told(RestRequest request)
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
        Parameters = Told(request),
        Entity = request.Entity,
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
