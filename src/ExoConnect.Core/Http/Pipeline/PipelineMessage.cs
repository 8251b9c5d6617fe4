using ExoConnect.Core.Diagnostics;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Pacing;

namespace ExoConnect.Core.Http.Pipeline;

/// <summary>One request on its way through an <see cref="HttpPipeline"/>, and its response on the way back. For one thread at a time.</summary>
/// <param name="messages">Receives steps and pauses.</param>
/// <param name="cancellationToken">Stops everything at once.</param>
internal abstract class PipelineMessage(IEngineMessages messages, CancellationToken cancellationToken)
{
    /// <summary>Receives steps and pauses.</summary>
    public IEngineMessages Messages { get; } = messages;

    /// <summary>Stops what is under way. A policy may narrow it for the policies behind it.</summary>
    public CancellationToken CancellationToken { get; set; } = cancellationToken;

    /// <summary>What errors call the request: a cmdlet, or a method and a path.</summary>
    public abstract string Name { get; }

    /// <summary>The <see cref="Failures.ServiceException.CmdletName"/> of its errors.</summary>
    public abstract string CmdletName { get; }

    /// <summary>What its errors are about.</summary>
    public abstract object? Target { get; }

    /// <summary>True if the service changes nothing, so that any transient failure may be retried.</summary>
    public abstract bool IsRead { get; }

    /// <summary>Where it goes; a redirect may change it.</summary>
    public abstract Uri Address { get; }

    /// <summary>How long the service may take until its response begins.</summary>
    public abstract TimeSpan Timeout { get; }

    /// <summary>How many requests it is for the service's limits: more than one for a batch.</summary>
    public virtual int Count => 1;

    /// <summary>False where whoever sent it decides alone what is sent again.</summary>
    public virtual bool IsRetried => true;

    /// <summary>What is told of the call that the message belongs to; null without a listener.</summary>
    public Operation? Operation { get; init; }

    /// <summary>The <c>client-request-id</c>: the same for a call, its retries and its pages.</summary>
    public string ClientRequestId { get; set; } = "";

    /// <summary>The bearer token; null for none.</summary>
    public string? Token { get; set; }

    /// <summary>The <c>Cookie</c> header; null for none.</summary>
    public string? Cookies { get; set; }

    /// <summary>True once this attempt has used its one fresh token.</summary>
    public bool HasFreshToken { get; set; }

    /// <summary>The pacer's leave to send, where it was given before the message was made; the first transmission uses it up.</summary>
    public Ticket? Admission { get; set; }

    /// <summary>The pacer that the message went through last.</summary>
    public RequestPacer? Pacer { get; set; }

    /// <summary>The response that came last; null if none did.</summary>
    public HttpResponseMessage? Response { get; set; }

    /// <summary>Makes what is sent. Called for each transmission: token, address and cookies may have changed.</summary>
    public abstract HttpRequestMessage CreateRequest();

    /// <summary>Forgets what belonged to the attempt before.</summary>
    public virtual void BeginAttempt()
    {
        HasFreshToken = false;
        DropResponse();
    }

    /// <summary>Gives the response away.</summary>
    public HttpResponseMessage TakeResponse()
    {
        var response = Response ?? throw new InvalidOperationException("No policy has put a response into the message.");
        Response = null;
        return response;
    }

    /// <summary>Lets go of a response that nobody will read.</summary>
    public void DropResponse()
    {
        Response?.Dispose();
        Response = null;
    }
}
