using System.Runtime.CompilerServices;
using ExoConnect.Core.AdminApi.Batches;
using ExoConnect.Core.AdminApi.Responses;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;

namespace ExoConnect.Core.Sessions;

/// <summary>One run of many cmdlets: batches, the order of results, and the rules of a checkpoint.</summary>
/// <param name="builder">Makes the requests.</param>
/// <param name="lifetime">The session's lifetime.</param>
/// <param name="sender">Sends the requests, in batches.</param>
/// <param name="checkpoint">The record of finished cmdlets; null for none.</param>
/// <param name="messages">Receives steps and pauses.</param>
internal sealed class BulkInvocation(
    CmdletRequestBuilder builder, SessionLifetime lifetime, BatchSender sender, Checkpoint? checkpoint, IEngineMessages messages)
{
    private int _hasToldOfSecrets;

    /// <summary>Runs the cmdlets.</summary>
    /// <param name="requests">The cmdlets; each is taken when a slot is free.</param>
    /// <param name="limit">How many requests may be under way at once.</param>
    /// <param name="cancellationToken">Stops it at once.</param>
    /// <returns>The results, in the order of the cmdlets.</returns>
    public async IAsyncEnumerable<InvokeResult> RunAsync(
        IAsyncEnumerable<CmdletRequest> requests, int limit, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Twice as many as can be under way: the others wait together, and fill the next batches.
        var outcomes = OrderedRunner.RunAsync(requests, RunOneAsync, 2 * limit * BatchBody.MaxRequests, cancellationToken);
        await foreach (var (result, read) in outcomes.ConfigureAwait(false))
        {
            yield return result;

            // A caller that requests the next result has taken this one. Noted earlier, an interrupted run would lose it.
            if (read is not null)
            {
                try
                {
                    Note(read, result.Response);
                }
                catch (ExoException e)
                {
                    messages.Warning(e.Message);
                }
            }
        }
    }

    private async Task<Outcome> RunOneAsync(CmdletRequest request, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.EndToken);
        CheckpointEntry? entry = null;
        try
        {
            lifetime.ThrowIfEnded();
            var prepared = builder.Build(request);
            entry = checkpoint?.Find(request);
            if (entry is not null && !MustRun(request, entry))
            {
                return new Outcome(new InvokeResult(request, [], null) { IsSkipped = true }, null);
            }

            var sending = entry is null || prepared.IsRead ? (Action?)null : () => checkpoint!.Note(entry, CheckpointState.Sent);
            var response = await sender.SendAsync(prepared, sending, stop.Token).ConfigureAwait(false);
            if (entry is not null && !prepared.IsRead)
            {
                Note(entry, response);
            }

            return new Outcome(new InvokeResult(request, response, null), prepared.IsRead ? entry : null);
        }
        catch (OperationCanceledException) when (lifetime.EndToken.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new Outcome(new InvokeResult(request, [], lifetime.Ended(wasUnderWay: true)), null);
        }
        catch (ExoException e)
        {
            if (entry is not null && e is ServiceException { IsOutcomeUnknown: false })
            {
                NoteRefused(entry);
            }

            return new Outcome(new InvokeResult(request, [], e), null);
        }
    }

    private bool MustRun(CmdletRequest request, CheckpointEntry entry)
    {
        switch (entry.Before)
        {
            case CheckpointState.Done:
                messages.Verbose($"{request.Command} {request.Target}: done in an earlier run.");
                if (entry.HoldsSecret && Interlocked.Exchange(ref _hasToldOfSecrets, 1) == 0)
                {
                    messages.Warning("Some of this was done in an earlier run, and a checkpoint holds no secrets: if only a password has "
                        + "changed since, it is not sent again. Delete the checkpoint to send all.");
                }

                return false;

            case CheckpointState.Overtaken:
                messages.Verbose($"{request.Command} {request.Target}: later rows of an earlier run have set the same, so it is not run again.");
                return false;

            case CheckpointState.PartlyOvertaken:
                throw new ExoException(
                    $"An earlier run didn't carry out '{request.Command}' on '{request.Target}', but has set some of the same since; "
                    + "running it now would undo that.")
                {
                    ErrorId = ErrorIds.CheckpointOvertaken,
                    Category = ExoErrorCategory.InvalidOperation,
                    Target = request.Target,
                    Remedy = "Look at the object, and set what is missing separately.",
                };

            case CheckpointState.Sent:
                messages.Warning($"{request.Command} {request.Target}: an earlier run sent this and was cut short before the response, so it may "
                    + "have been carried out. It is run again.");
                return true;

            default:
                return true;
        }
    }

    private void Note(CheckpointEntry entry, IReadOnlyList<ResponseChunk> response)
    {
        if (response.Any(static c => c.Errors.Count > 0))
        {
            NoteRefused(entry);
        }
        else
        {
            checkpoint!.Note(entry, CheckpointState.Done);
        }
    }

    private void NoteRefused(CheckpointEntry entry)
    {
        // A refusal now says nothing about the earlier attempt.
        if (entry.Before != CheckpointState.Sent)
        {
            checkpoint!.Note(entry, CheckpointState.Refused);
        }
    }

    /// <summary>The result of one cmdlet.</summary>
    /// <param name="Result">The caller's result.</param>
    /// <param name="Read">The read to note as done once the caller has taken the result; null for none.</param>
    private readonly record struct Outcome(InvokeResult Result, CheckpointEntry? Read);
}
