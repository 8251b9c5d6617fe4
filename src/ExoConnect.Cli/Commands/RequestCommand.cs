using System.Buffers;
using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ExoConnect.Cli.CommandLine;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Output;
using ExoConnect.Cli.Profiles;
using ExoConnect.Cli.Sessions;
using ExoConnect.Core.ServiceRequests;

namespace ExoConnect.Cli.Commands;

/// <summary><c>exoconnect request</c>: a request to any service, with the service's token.</summary>
internal sealed class RequestCommand
{
    private readonly Argument<string> _address = new("Address") { Description = "An https address, or a path on Graph such as /v1.0/users." };
    private readonly Option<string> _method = new("--method")
    {
        HelpName = "NAME",
        Description = "The HTTP method. Default: GET, or POST with a body.",
    };

    private readonly Option<string> _body = new("--body") { HelpName = "TEXT", Description = "The body, JSON unless --content-type says otherwise." };
    private readonly Option<string> _bodyFile = OptionTypes.Text("--body-file", "FILE", "A file that holds the body; - for standard input.");
    private readonly Option<string> _contentType = OptionTypes.Text(
        "--content-type", "TYPE", "What the body is. Default: application/json; charset=utf-8.");
    private readonly Option<string[]> _headers = OptionTypes.Texts("--header", "NAME:VALUE", "A further header; may be repeated.");
    private readonly Option<string> _resource = OptionTypes.Text(
        "--resource", "NAME|URI", "Whose token is sent, where the host is none that is known; or the service that a path is on.");

    private readonly Option<bool> _all = OptionTypes.Switch("--all", "All pages of a list, as one list.");
    private readonly Option<OutputFormat?> _output = OptionTypes.Choice(
        "--output", "How objects are written. Default: json, the response as it came; with --all a list of its objects.",
        ("json", OutputFormat.Json), ("ndjson", OutputFormat.Ndjson), ("csv", OutputFormat.Csv), ("table", OutputFormat.Table));

    private readonly Option<string> _outFile = OptionTypes.Text("--out-file", "FILE", "Write the response to this file, byte by byte.");
    private readonly Option<string> _profile = OptionTypes.Profile();

    private readonly CliHost _host;
    private readonly Messenger _messenger;

    private RequestCommand(CliHost host, Messenger messenger)
    {
        _host = host;
        _messenger = messenger;
        _method.Aliases.Add("-m");
        _resource.Aliases.Add("-r");
        _body.Aliases.Add("-b");
        _output.Aliases.Add("-o");
        _method.CompletionSources.Add("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD");
    }

    public static Command Create(CliHost host, Messenger messenger)
    {
        var request = new RequestCommand(host, messenger);
        var command = new DocumentedCommand(
            "request", "Send a request to Graph, SharePoint, Azure or another service, with the token that is for it.")
        {
            Usage = "request <Address> [--method NAME] [--body TEXT | --body-file FILE] [options]",
            Details =
            [
                "The host says which token is sent; it goes to hosts of that service and nowhere else. A path goes to Graph in the profile's "
                + "cloud, or to the service that --resource names. What is transient is tried again, a change only where it cannot have been "
                + "carried out.",
            ],
            Examples =
            [
                "exoconnect request /v1.0/organization",
                "exoconnect request '/v1.0/users?$select=displayName,mail' --all -o csv > users.csv",
                "exoconnect request /v1.0/applications --body '{\"displayName\": \"Reports\"}'",
                "exoconnect request https://contoso.sharepoint.com/_api/web/title",
                "exoconnect request '/subscriptions?api-version=2022-12-01' --resource AzureManagement",
                "exoconnect request https://contoso.vault.azure.net/secrets?api-version=7.4 --resource https://vault.azure.net",
            ],
            Arguments = { request._address },
            Options =
            {
                request._method, request._body, request._bodyFile, request._contentType, request._headers, request._resource, request._all,
                    request._output,
                request._outFile, request._profile,
            },
        };
        command.SetAction(request.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var request = await RequestAsync(parsed, cancellationToken).ConfigureAwait(false);
        var all = parsed.GetValue(_all);
        var format = parsed.GetValue(_output);
        var file = parsed.GetValue(_outFile);
        if (file is not null && (all || format is not null))
        {
            throw new UsageException(
                "--out-file writes the response as it comes.", "Leave out --all and --output, or send the output to the file: > FILE.");
        }

        var profile = ProfileStore.Open(_host.Variable).Find(ProfileName.Chosen(parsed.GetValue(_profile), _host));
        using var services = await new ProfileSessions(_host, _messenger).OpenServicesAsync(profile, cancellationToken).ConfigureAwait(false);
        var client = services.Client;
        var service = client.Table.Resolve(request.Uri, request.Resource).Service;
        _messenger.Progress($"{request.Method} {SafeText.Line(request.Uri.Split('?')[0])}");
        if (all)
        {
            await WriteAsync(client.PagesAsync(request, _messenger, cancellationToken), service, format ?? OutputFormat.Json,
                cancellationToken).ConfigureAwait(false);
            return ExitCodes.Success;
        }

        var response = await client.SendAsync(request, _messenger, cancellationToken).ConfigureAwait(false);
        _messenger.Progress(null);
        if (file is not null)
        {
            await File.WriteAllBytesAsync(UserPath.Full(file, _host), response.Body, cancellationToken).ConfigureAwait(false);
        }
        else if (format is { } chosen and not OutputFormat.Json)
        {
            await WriteAsync(One(response), service, chosen, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            Write(response);
        }

        if (response.NextPage is not null)
        {
            _messenger.Warning("There are more results than these, the first page. Use --all for all of them.");
        }

        return ExitCodes.Success;
    }

    private async Task<ServiceRequest> RequestAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var text = parsed.GetValue(_body);
        var file = parsed.GetValue(_bodyFile);
        if (text is not null && file is not null)
        {
            throw new UsageException("--body and --body-file exclude each other.", "Give the one that holds the body.");
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in parsed.GetValue(_headers) ?? [])
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                throw new UsageException(
                    "--header: a header is a name, a colon and a value.", "Write it as in --header 'ConsistencyLevel: eventual'.");
            }

            headers[header[..colon].Trim()] = header[(colon + 1)..].Trim();
        }

        ReadOnlyMemory<byte> body = text is not null ? Encoding.UTF8.GetBytes(text)
            : file == "-" ? await ReadInputAsync(cancellationToken).ConfigureAwait(false)
            : file is not null ? await WholeFile.ReadAsync(UserPath.Full(file, _host), cancellationToken).ConfigureAwait(false)
            : default;
        var isText = parsed.GetValue(_contentType) is not { } given || given.Contains("json", StringComparison.OrdinalIgnoreCase)
            || (given.StartsWith("text/", StringComparison.OrdinalIgnoreCase) && !given.Contains("charset", StringComparison.OrdinalIgnoreCase));
        if (isText && !Utf8.IsValid(body.Span))
        {
            throw new UsageException("--body-file: the body is not UTF-8.", "Save the file as UTF-8, or say what it is with --content-type.");
        }

        var method = parsed.GetValue(_method) ?? (text is null && file is null ? "GET" : "POST");
        if (method.Length is 0 or > 20 || !method.All(char.IsAsciiLetter))
        {
            throw new UsageException(
                $"--method: '{SafeText.Line(method)}' is not an HTTP method.", "Use one such as GET, POST, PATCH, PUT or DELETE.");
        }

        var request = new ServiceRequest
        {
            Method = new HttpMethod(method.ToUpperInvariant()),
            Uri = parsed.GetRequiredValue(_address),
            Resource = parsed.GetValue(_resource),
            Body = body,
            Headers = headers,
        };
        return parsed.GetValue(_contentType) is { } type ? request with { ContentType = type } : request;
    }

    private async Task<byte[]> ReadInputAsync(CancellationToken cancellationToken)
    {
        var input = _host.OpenInput();
        await using (input.ConfigureAwait(false))
        {
            using var memory = new MemoryStream();
            await input.CopyToAsync(memory, cancellationToken).ConfigureAwait(false);
            return memory.ToArray();
        }
    }

    private static async IAsyncEnumerable<ServiceResponse> One(ServiceResponse response)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        yield return response;
    }

    private async Task WriteAsync(
        IAsyncEnumerable<ServiceResponse> pages, KnownService? service, OutputFormat format, CancellationToken cancellationToken)
    {
        if (format is OutputFormat.Json or OutputFormat.Ndjson)
        {
            await WriteJsonAsync(pages, format == OutputFormat.Ndjson, cancellationToken).ConfigureAwait(false);
            return;
        }

        IObjectWriter writer = format == OutputFormat.Csv
            ? new CsvObjectWriter(_host.Output, [], _messenger.Warning)
            : new TableObjectWriter(_host.Output, [], _host.IsOutputTerminal ? _host.Width : null, static text => text);
        var complete = false;
        try
        {
            await foreach (var page in pages.ConfigureAwait(false))
            {
                _messenger.Progress(null);
                foreach (var item in ServiceObjects.Read(page, service).OfType<object>())
                {
                    writer.Write(item);
                }

                await _host.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            complete = true;
        }
        finally
        {
            writer.End(complete);
        }
    }

    /// <summary>Objects unchanged, with annotations. A list that breaks off isn't closed, so that nobody takes half of it for all.</summary>
    private async Task WriteJsonAsync(IAsyncEnumerable<ServiceResponse> pages, bool lines, CancellationToken cancellationToken)
    {
        var first = true;
        await foreach (var page in pages.ConfigureAwait(false))
        {
            _messenger.Progress(null);
            foreach (var item in page.Items())
            {
                _host.Output.Write(lines ? "" : first ? "[\n" : ",\n");
                first = false;
                WriteElement(item, indented: false);
                _host.Output.Write(lines ? "\n" : "");
            }

            await _host.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        _host.Output.Write(lines ? "" : first ? "[]\n" : "\n]\n");
    }

    private void Write(ServiceResponse response)
    {
        if (response.Content is { } content)
        {
            WriteElement(content, indented: true);
            _host.Output.WriteLine();
        }
        else if (!response.Body.IsEmpty)
        {
            _host.Output.Flush();
            _host.Output.Write(response.Body.Span);
        }
    }

    private void WriteElement(JsonElement element, bool indented)
    {
        using var json = new Utf8JsonWriter(_host.Output, ValueText.JsonOptions with { Indented = indented });
        element.WriteTo(json);
    }
}
