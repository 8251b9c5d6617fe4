using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace ExoConnect.Core.Diagnostics;

/// <summary>
/// Telemetry for OpenTelemetry, or any other listener of .NET's activities and meters: a span for each operation, its duration, and how often
/// and how long it had to wait. Names are those of OpenTelemetry's semantic conventions for RPC 1.45; what they don't know begins with
/// <c>exoconnect.</c>. .NET itself reports HTTP requests, as <c>System.Net.Http</c>. Without a listener, nothing is created.
/// </summary>
public static class Telemetry
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "ExoConnect";

    private const string RpcSystem = "exchange_admin_api";
    private static readonly ActivitySource Source = new(Name, Version);
    private static readonly Meter Meter = new(Name, Version);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "rpc.client.call.duration", "s", "How long an operation took, with its retries, pages and waits.");

    private static readonly Counter<long> Retries = Meter.CreateCounter<long>(
        "exoconnect.client.retries", "{retry}", "How often a request was sent again.");

    private static readonly Histogram<double> Waits = Meter.CreateHistogram<double>(
        "exoconnect.client.throttle_wait.duration", "s", "How long an operation waited for the service's limits.");

    private static string Version => typeof(Telemetry).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>Whether there is a listener.</summary>
    internal static bool IsListenedTo => Source.HasListeners() || Duration.Enabled || Retries.Enabled || Waits.Enabled;

    /// <summary>Begins a span. It isn't made the current one: operations of a batch run in parallel, and their caller continues.</summary>
    internal static Activity? Start(string name, DateTimeOffset startTime)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var before = Activity.Current;
        try
        {
            return Source.StartActivity(name, ActivityKind.Client, default(ActivityContext), startTime: startTime);
        }
        finally
        {
            Activity.Current = before;
        }
    }

    /// <summary>Reports an operation that has ended.</summary>
    internal static void Record(OperationRecord record, Activity? activity)
    {
        var tags = Tags(record);
        Duration.Record(record.Duration.TotalSeconds, tags);
        if (record.Retries > 0)
        {
            Retries.Add(record.Retries, tags);
        }

        if (record.ThrottleWait > TimeSpan.Zero)
        {
            Waits.Record(record.ThrottleWait.TotalSeconds, tags);
        }

        if (activity is null)
        {
            return;
        }

        foreach (var (name, value) in tags)
        {
            activity.SetTag(name, value);
        }

        activity.SetTag("exoconnect.session.name", record.Session);
        activity.SetTag("exoconnect.connection.id", record.ConnectionId.ToString());
        activity.SetTag("exoconnect.client_request.id", record.ClientRequestId);
        activity.SetTag("azure.service.request.id", record.ServerRequestId);
        activity.SetTag("exoconnect.objects", record.Objects);
        activity.SetTag("exoconnect.pages", record.Pages);
        activity.SetTag("exoconnect.retries", record.Retries);
        activity.SetTag("exoconnect.throttle_wait", record.ThrottleWait.TotalSeconds);
        if (record.Outcome is not (OperationOutcome.Succeeded or OperationOutcome.Canceled))
        {
            activity.SetStatus(ActivityStatusCode.Error, record.ErrorId);
        }

        activity.SetEndTime((record.Time + record.Duration).UtcDateTime);
        var before = Activity.Current;
        activity.Stop();
        Activity.Current = before;
    }

    /// <summary>The dimensions of the metrics: few values each, and no name of a person or an object.</summary>
    private static TagList Tags(OperationRecord record)
    {
        var tags = new TagList
        {
            { "rpc.system.name", RpcSystem },
            { "rpc.method", record.Operation },
            { "exoconnect.operation.kind", record.Kind.ToString() },
            { "exoconnect.service", record.Service },
        };
        if (record.Host is { } host)
        {
            tags.Add("server.address", host);
        }

        if (record.StatusCode > 0)
        {
            tags.Add("rpc.response.status_code", record.StatusCode.ToString(CultureInfo.InvariantCulture));
        }

        if (record.ErrorId is { } error)
        {
            tags.Add("error.type", error);
        }

        return tags;
    }
}
