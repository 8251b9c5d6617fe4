using ExoConnect.Core.Diagnostics;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Pacing;

namespace ExoConnect.Core.Http.Pipeline;

/// <summary>One request in an <see cref="HttpPipeline"/>, and its response on the way back. For one thread at a time.</summary>
/// <param name="messages">Receives steps and pauses.</param>
/// <param name="cancellationToken">Stops everything at once.</param>
internal abstract class PipelineMessage(IEngineMessages messages, CancellationToken cancellationToken)
{
    /// <summary>Receives steps and pauses.</summary>
    public IEngineMessages Messages { get; } = messages;

    /// <summary>Stops what is under way. A policy may narrow it for the policies after it.</summary>
    public CancellationToken CancellationToken { get; set; } = cancellationToken;

    /// <summary>The request's name in errors: a cmdlet, or a method and a path.</summary>
    public abstract string Name { get; }

    /// <summary>The <see cref="Failures.ServiceException.CmdletName"/> of its errors.</summary>
    public abstract string CmdletName { get; }

    /// <summary>The object of its errors.</summary>
    public abstract object? Target { get; }

    /// <summary>True if the service changes nothing, so that any transient failure may be retried.</summary>
    public abstract bool IsRead { get; }

    /// <summary>Its address; a redirect may change it.</summary>
    public abstract Uri Address { get; }

    /// <summary>How long the service may take until its response begins.</summary>
    public abstract TimeSpan Timeout { get; }

    /// <summary>Its number of requests by the service's limits: more than one for a batch.</summary>
    public virtual int Count => 1;

    /// <summary>False if the sender alone decides what is sent again.</summary>
    public virtual bool IsRetried => true;

    /// <summary>The record of the message's call; null without a listener.</summary>
    public Operation? Operation { get; init; }

    /// <summary>The <c>client-request-id</c>: the same for a call, its retries and its pages.</summary>
    public string ClientRequestId { get; set; } = "";

    /// <summary>The bearer token; null for none.</summary>
    public string? Token { get; set; }

    /// <summary>The <c>Cookie</c> header; null for none.</summary>
    public string? Cookies { get; set; }

    /// <summary>True once this attempt has used its one fresh token.</summary>
    public bool HasFreshToken { get; set; }

    /// <summary>The pacer's admission from before the message was made; the first transmission uses it up.</summary>
    public Ticket? Admission { get; set; }

    /// <summary>The last pacer that admitted the message.</summary>
    public RequestPacer? Pacer { get; set; }

    /// <summary>The last response; null before the first.</summary>
    public HttpResponseMessage? Response { get; set; }

    /// <summary>Makes the HTTP request. Called for each transmission: token, address and cookies may have changed.</summary>
    public abstract HttpRequestMessage CreateRequest();

    /// <summary>Clears the state of the previous attempt.</summary>
    public virtual void BeginAttempt()
    {
        HasFreshToken = false;
        DropResponse();
    }

    /// <summary>Returns the response, which the caller then owns.</summary>
    public HttpResponseMessage TakeResponse()
    {
        var response = Response ?? throw new InvalidOperationException("No policy has put a response into the message.");
        Response = null;
        return response;
    }

    /// <summary>Disposes a response that nobody will read.</summary>
    public void DropResponse()
    {
        Response?.Dispose();
        Response = null;
    }
}
