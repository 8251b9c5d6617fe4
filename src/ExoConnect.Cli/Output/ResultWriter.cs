using ExoConnect.Cli.Hosting;
using ExoConnect.Core.AdminApi.Responses;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Objects;
using ExoConnect.Core.Sessions;

namespace ExoConnect.Cli.Output;

/// <summary>Writes objects to standard output as they come, and shows on a terminal how far that is.</summary>
internal sealed class ResultWriter : IAsyncDisposable
{
    private readonly CliHost _host;
    private readonly Messenger _messenger;
    private readonly CmdletRequest _request;
    private readonly ProgressMeter _meter;
    private readonly IObjectWriter _writer;
    private readonly bool _ofTenants;
    private bool _looked;
    private bool _complete;

    /// <summary>Begins.</summary>
    /// <param name="host">Where to.</param>
    /// <param name="messenger">Receives the rest.</param>
    /// <param name="format">The format.</param>
    /// <param name="request">The request: its name, and the chosen properties.</param>
    /// <param name="meter">What counts the objects, and is shown.</param>
    /// <param name="ofTenants">Whether the places of what is written are tenants, which the objects tell then too.</param>
    public ResultWriter(
        CliHost host, Messenger messenger, OutputFormat format, CmdletRequest request, ProgressMeter meter, bool ofTenants = false)
    {
        (_host, _messenger, _request, _meter, _ofTenants) = (host, messenger, request, meter, ofTenants);
        _writer = format switch
        {
            OutputFormat.Json => new JsonObjectWriter(host.Output, request.Properties, lines: false),
            OutputFormat.Ndjson => new JsonObjectWriter(host.Output, request.Properties, lines: true),
            OutputFormat.Csv => new CsvObjectWriter(host.Output, request.Properties, messenger.Warning, ofTenants),
            _ => new TableObjectWriter(host.Output, request.Properties, host.IsOutputTerminal ? host.Width : null, Emphasise),
        };
        messenger.Watch(meter);
    }

    /// <summary>Writes a piece of a response: objects to standard output; warnings, errors and what a change would do to standard error.</summary>
    /// <param name="chunk">The piece.</param>
    /// <param name="place">Which of many calls it is of, as people find it; null if there is one.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public async Task WriteAsync(ResponseChunk chunk, string? place, CancellationToken cancellationToken)
    {
        foreach (var item in chunk.Objects)
        {
            WarnOfMissingProperties(item);
            _writer.Write(item, _ofTenants ? place : null);
        }

        _writer.Pause();
        _meter.Add(chunk.Objects.Count, chunk.Page);
        await FlushAsync(cancellationToken).ConfigureAwait(false);

        var about = place is null ? "" : place + ": ";
        foreach (var warning in chunk.Warnings)
        {
            _messenger.Warning(about + warning);
        }

        foreach (var error in chunk.Errors)
        {
            _messenger.Error(error, place);
        }

        if (chunk.ConfirmationMessage is { } message)
        {
            _messenger.Information(about + message);
        }
    }

    /// <summary>Says that all have been written.</summary>
    public void Complete() => _complete = true;

    /// <summary>Writes what is left: what came before a failure is worth having.</summary>
    public async ValueTask DisposeAsync()
    {
        using var disposable = _writer as IDisposable;
        _writer.End(_complete);
        await FlushAsync(CancellationToken.None).ConfigureAwait(false);
        _messenger.Progress(null);
        if (_complete && _writer is TableObjectWriter { Hidden: > 0 and var hidden })
        {
            _messenger.Hint($"{hidden} more properties are not shown; choose with --select A,B, or see all with --output json.");
        }
    }

    private string Emphasise(string header) => _host.Ansi(onError: false).Profile.Capabilities.Ansi ? $"\e[1m{header}\e[0m" : header;

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_host.Output.Pending == 0)
        {
            return;
        }

        // One terminal for both: the line of progress gives way to the results.
        if (!_host.IsOutputFile)
        {
            _messenger.Progress(null);
        }

        await _host.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Says which of the selected properties the objects do not have; once.</summary>
    private void WarnOfMissingProperties(object item)
    {
        if (_looked || item is not ExoObject record)
        {
            return;
        }

        _looked = true;
        var shape = ExoRecord.Shape(record);
        var missing = _request.Properties.Where(name => shape.IndexOf(name) < 0).ToList();
        if (missing.Count > 0)
        {
            _messenger.Warning($"{_request.Name} gave no {string.Join(", ", missing)}. Is --select spelled as the service spells its properties?");
        }
    }
}
