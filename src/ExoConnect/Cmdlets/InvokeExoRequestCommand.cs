using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using System.Text;
using ExoConnect.Completion;
using ExoConnect.Core.AdminApi.Responses;
using ExoConnect.Core.Errors;
using ExoConnect.Core.ServiceRequests;
using ExoConnect.Core.Sessions;
using ExoConnect.Output;
using ExoConnect.Pipeline;
using ExoConnect.Sessions;

namespace ExoConnect.Cmdlets;

/// <summary>Sends a request to any service of the tenant, with the service's token.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "ExoRequest", SupportsShouldProcess = true, DefaultParameterSetName = "Objects")]
public sealed class InvokeExoRequestCommand : AsyncCmdlet
{
    private static readonly Lazy<ScriptBlock> ToJson = new(
        static () => ScriptBlock.Create(@"param($body) Microsoft.PowerShell.Utility\ConvertTo-Json -InputObject $body -Depth 100 -Compress"));

    /// <summary>
    /// The address: <c>https://graph.microsoft.com/v1.0/users</c>; or a path on Graph, or on the service that -Resource names: <c>/v1.0/users</c>.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string Uri { get; set; } = "";

    /// <summary>The HTTP method.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(MethodCompleter))]
    [ValidatePattern(@"^[A-Za-z]{1,20}\z")]
    public string Method { get; set; } = "GET";

    /// <summary>The body: a hashtable or object, sent as JSON; or text or bytes, sent unchanged.</summary>
    [Parameter]
    [AllowNull]
    public object? Body { get; set; }

    /// <summary>The body's type; by default JSON.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ContentType { get; set; }

    /// <summary>Further headers.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Headers { get; set; } = new Hashtable();

    /// <summary>The service whose token is sent, by name, address or identifier; by default the service of the host.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ResourceCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Resource { get; set; }

    /// <summary>All pages, not only the first.</summary>
    [Parameter(ParameterSetName = "Objects")]
    public SwitchParameter All { get; set; }

    /// <summary>The response's text, unchanged.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Raw")]
    public SwitchParameter Raw { get; set; }

    /// <summary>The file to which the response is written.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "File")]
    [ValidateNotNullOrEmpty]
    public string OutFile { get; set; } = "";

    /// <summary>The name of a variable that gets the response's status.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? StatusCodeVariable { get; set; }

    /// <summary>The name of a variable that gets the response's headers, a hashtable.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ResponseHeadersVariable { get; set; }

    /// <summary>How many seconds one attempt may take.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSec { get; set; } = 300;

    /// <summary>The connection, by name or id; by default the default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Connection { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        ExoSession session;
        ServiceRequest request;
        KnownService? service;
        string? file;
        try
        {
            file = OutFile.Length == 0 ? null : Paths.File(this, OutFile, nameof(OutFile));
            session = SessionFinder.Find(Connection);
            request = Request();
            service = session.Services.Resolve(Uri, Resource).Service;
        }
        catch (ExoException e)
        {
            ThrowEngineError(e);
            return;
        }

        if (!request.IsRead && !ShouldProcess(request.ToString().Split(' ', 2)[1], request.Method.Method))
        {
            return;
        }

        try
        {
            if (All)
            {
                Bridge.Write(ReadAsync(session, request, service, Bridge.StopToken));
                return;
            }

            var response = Bridge.Run(stop => session.SendAsync(request, Bridge, stop));
            Note(response);
            Write(response, service, file);
        }
        catch (ExoException e) when (e.Category == ExoErrorCategory.InvalidArgument && e.ClientRequestId is null)
        {
            // Nothing was sent, and nothing would be for the next input.
            ThrowEngineError(e);
        }
        catch (ExoException e)
        {
            WriteError(EngineErrors.ToRecord(e, Uri));
        }
    }

    private async IAsyncEnumerable<ResponseChunk> ReadAsync(
        ExoSession session, ServiceRequest request, KnownService? service, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in session.SendPagesAsync(request, Bridge, cancellationToken).ConfigureAwait(false))
        {
            yield return new ResponseChunk([.. ServiceObjects.Read(page, service).OfType<object>()], [], [], null);
        }
    }

    private void Write(ServiceResponse response, KnownService? service, string? file)
    {
        switch (ParameterSetName)
        {
            case "File":
                File.WriteAllBytes(file!, response.Body.ToArray());
                break;
            case "Raw":
                WriteObject(response.Text);
                break;
            default:
                if (response.Content is null)
                {
                    if (!response.Body.IsEmpty)
                    {
                        WriteObject(response.Text);
                    }

                    break;
                }

                foreach (var item in ServiceObjects.Read(response, service).OfType<object>())
                {
                    WriteObject(item);
                }

                if (response.NextPage is not null)
                {
                    WriteWarning("There are more results than these, the first page. Use -All for all of them.");
                }

                break;
        }
    }

    private void Note(ServiceResponse response)
    {
        if (StatusCodeVariable is not null)
        {
            SessionState.PSVariable.Set(StatusCodeVariable, response.StatusCode);
        }

        if (ResponseHeadersVariable is not null)
        {
            var headers = new Hashtable(StringComparer.OrdinalIgnoreCase);
            foreach (var (name, value) in response.Headers)
            {
                headers[name] = value;
            }

            SessionState.PSVariable.Set(ResponseHeadersVariable, headers);
        }
    }

    private ServiceRequest Request()
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry header in Headers)
        {
            headers[header.Key.ToString() ?? ""] = Convert.ToString(
                PSObject.AsPSObject(header.Value ?? "").BaseObject, CultureInfo.InvariantCulture) ?? "";
        }

        var request = new ServiceRequest
        {
            Method = new HttpMethod(Method.ToUpperInvariant()),
            Uri = Uri,
            Resource = Resource,
            Body = BodyBytes(),
            Headers = headers,
            Timeout = TimeSpan.FromSeconds(TimeoutSec),
        };
        return ContentType is null ? request : request with { ContentType = ContentType };
    }

    private ReadOnlyMemory<byte> BodyBytes() => (Body is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : Body) switch
    {
        null => default,
        string text => Encoding.UTF8.GetBytes(text),
        byte[] bytes => bytes,
        _ => Encoding.UTF8.GetBytes(ToJson.Value.Invoke(Body)[0].ToString()),
    };
}
