namespace ExoConnect.Core.Http.Pipeline;

/// <summary>Gives a message its <c>client-request-id</c>, unless its call has one.</summary>
internal sealed class RequestIdPolicy : PipelinePolicy
{
    /// <summary>Makes an id for a call.</summary>
    public static string NewId() => Guid.NewGuid().ToString();

    /// <inheritdoc/>
    public override ValueTask ProcessAsync(PipelineMessage message, ReadOnlyMemory<PipelinePolicy> next)
    {
        if (message.ClientRequestId.Length == 0)
        {
            message.ClientRequestId = NewId();
        }

        return ProcessNextAsync(message, next);
    }
}
