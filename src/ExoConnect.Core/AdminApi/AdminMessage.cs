using System.Net;
using System.Net.Http.Headers;
using ExoConnect.Core.AdminApi.Batches;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Pipeline;

namespace ExoConnect.Core.AdminApi;

/// <summary>The host of a session's requests: the front door, or the region it redirected the session to.</summary>
/// <param name="options">The session's client.</param>
internal sealed class AdminHost(AdminApiOptions options)
{
    private Uri _base = options.Environment.BaseAddress(options.Service);

    /// <summary>The address without a path.</summary>
    /// <exception cref="ArgumentException">It doesn't belong to the environment.</exception>
    public Uri BaseAddress
    {
        get => Volatile.Read(ref _base);
        set => Volatile.Write(
            ref _base, options.Environment.OwnsService(value) ? value : throw new ArgumentException("Not of this environment.", nameof(value)));
    }

    /// <summary>The address of a request that is sent alone.</summary>
    public Uri AddressOf(AdminRequest request) => AddressOf(request, BaseAddress);

    /// <summary>The address of a request at a region.</summary>
    public Uri AddressOf(AdminRequest request, Uri region) =>
        new(region, $"/adminapi/{request.ApiVersion}/{Uri.EscapeDataString(options.TenantId)}/{request.Path}");
}

/// <summary>A request to the admin API, or one page of it, while it is sent.</summary>
/// <param name="request">The request.</param>
/// <param name="host">Where requests go.</param>
/// <param name="headers">The session's headers.</param>
/// <param name="timeout">How long the service may take.</param>
/// <param name="messages">Receives steps and pauses.</param>
/// <param name="cancellationToken">Stops everything at once.</param>
internal class AdminMessage(
    AdminRequest request, AdminHost host, AdminHeaders headers, TimeSpan timeout, IEngineMessages messages, CancellationToken cancellationToken)
    : PipelineMessage(messages, cancellationToken)
{
    private Uri? _address;

    /// <summary>The request.</summary>
    public AdminRequest Request { get; } = request;

    /// <summary>The page; null for the first. It moves with the message if a redirect moves that.</summary>
    public Uri? Page { get; set; }

    /// <summary>How many objects the page should have.</summary>
    public int PageSize { get; init; } = request.PageSize ?? headers.PageSize;

    /// <inheritdoc/>
    public override string Name => Request.Command;

    /// <inheritdoc/>
    public override string CmdletName => Request.CmdletName;

    /// <inheritdoc/>
    public override object? Target => Request.Target;

    /// <inheritdoc/>
    public override bool IsRead => Request.IsRead;

    /// <inheritdoc/>
    public override TimeSpan Timeout { get; } = timeout;

    /// <inheritdoc/>
    public override Uri Address => Page ?? (_address ??= AddressOf(Request));

    /// <summary>Where a redirect sent this attempt; null for the session's host.</summary>
    public Uri? MovedTo { get; private set; }

    /// <summary>Where requests go.</summary>
    private AdminHost Host { get; } = host;

    /// <summary>The session's headers.</summary>
    protected AdminHeaders Headers { get; } = headers;

    /// <summary>Moves the message to the target of a redirect.</summary>
    public void Move(Uri to)
    {
        _address = null;
        MovedTo = to;
        Page = Page is null ? null : new Uri(to, Page.PathAndQuery);
    }

    /// <inheritdoc/>
    public override void BeginAttempt()
    {
        base.BeginAttempt();
        _address = null;
        MovedTo = null;
    }

    /// <inheritdoc/>
    public override HttpRequestMessage CreateRequest()
    {
        var message = new HttpRequestMessage(Request.Method, Address) { Version = HttpVersion.Version11 };
        Headers.Add(message, Request, PageSize, ClientRequestId, Token, Cookies);
        var body = Body();
        if (!body.IsEmpty)
        {
            message.Content = new ReadOnlyMemoryContent(body)
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" } },
            };
        }

        return message;
    }

    /// <summary>The address of a request that is sent with this message.</summary>
    protected Uri AddressOf(AdminRequest request) => MovedTo is null ? Host.AddressOf(request) : Host.AddressOf(request, MovedTo);

    /// <summary>The body to send.</summary>
    protected virtual ReadOnlyMemory<byte> Body() => Request.Body;
}

/// <summary>
/// A batch while it is sent. The sender decides which of its requests are sent again. The requests inside carry the token too, so the message
/// writes the body again with each token.
/// </summary>
/// <param name="requests">The requests.</param>
/// <param name="host">Where requests go.</param>
/// <param name="headers">The session's headers.</param>
/// <param name="timeout">How long the service may take.</param>
/// <param name="messages">Receives steps and pauses.</param>
/// <param name="cancellationToken">Stops everything at once.</param>
internal sealed class BatchMessage(
    IReadOnlyList<AdminRequest> requests, AdminHost host, AdminHeaders headers, TimeSpan timeout, IEngineMessages messages,
    CancellationToken cancellationToken)
    : AdminMessage(Envelope(requests), host, headers, timeout, messages, cancellationToken)
{
    /// <inheritdoc/>
    public override int Count => requests.Count;

    /// <inheritdoc/>
    public override bool IsRetried => false;

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> Body() =>
        BatchBody.Write(requests, AddressOf, request => Headers.OfPart(request, ClientRequestId, Token));

    private static AdminRequest Envelope(IReadOnlyList<AdminRequest> requests) => new()
    {
        Path = "$batch",
        CmdletName = requests[^1].CmdletName,
        Command = requests[^1].Command,
        IsRead = requests.All(static r => r.IsRead),
        Headers = new Dictionary<string, string> { ["Prefer"] = "odata.continue-on-error" },
    };
}
