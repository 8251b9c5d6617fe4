namespace ExoConnect.Core.Http.Pipeline;

/// <summary>
/// The pipeline of a request to a service: policies in a row, each with one job. The first policy sees the request first and the response last.
/// Immutable, and safe for many threads.
/// </summary>
/// <param name="policies">The policies, from the outermost to the transport.</param>
internal sealed class HttpPipeline(params PipelinePolicy[] policies)
{
    private readonly ReadOnlyMemory<PipelinePolicy> _policies = policies;

    /// <summary>Sends a message.</summary>
    /// <param name="message">The message; no other thread may use it meanwhile.</param>
    /// <returns>The response; the caller disposes it. Its body has not been read.</returns>
    public async ValueTask<HttpResponseMessage> SendAsync(PipelineMessage message)
    {
        try
        {
            await _policies.Span[0].ProcessAsync(message, _policies[1..]).ConfigureAwait(false);
            return message.TakeResponse();
        }
        finally
        {
            message.DropResponse();
        }
    }
}

/// <summary>One job in the pipeline: its work before the request continues, and on the response.</summary>
internal abstract class PipelinePolicy
{
    /// <summary>Does the job, and calls <see cref="ProcessNextAsync"/> as often as it needs; the message then holds the response.</summary>
    /// <param name="message">The message.</param>
    /// <param name="next">The policies after this one.</param>
    /// <returns>Ends when the message holds a response.</returns>
    /// <exception cref="Failures.RequestFailure">The attempt failed.</exception>
    public abstract ValueTask ProcessAsync(PipelineMessage message, ReadOnlyMemory<PipelinePolicy> next);

    /// <summary>Runs the policies after this one.</summary>
    protected static ValueTask ProcessNextAsync(PipelineMessage message, ReadOnlyMemory<PipelinePolicy> next) =>
        next.Span[0].ProcessAsync(message, next[1..]);
}
