using System.Collections;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace ExoConnect.LocalTenant.Requests;

/// <summary>
/// The last requests, and counters over all requests. Enumerating gives a snapshot in the order of arrival. The log holds a request from its
/// arrival on, and its status before the first byte of the response leaves, so a client with a response finds both.
/// </summary>
public sealed class RequestLog : IEnumerable<RequestRecord>
{
    /// <summary>How many requests are kept.</summary>
    public const int Capacity = 4096;

    private readonly RequestRecord?[] _ring = new RequestRecord?[Capacity];
    private HashedHeader _lastAuthorization = new(string.Empty, string.Empty);
    private long _count;
    private long _cleared;
    private long _served;
    private long _throttled;
    private int _concurrent;
    private int _maxConcurrent;

    internal RequestLog()
    {
    }

    /// <summary>The number of requests that reached a service: not throttled, not refused for their token, and without a fault's response.</summary>
    public long Served => Interlocked.Read(ref _served);

    /// <summary>How many requests got 429 by the limit of <see cref="TenantOptions.RequestsPerSecond"/>.</summary>
    public long Throttled => Interlocked.Read(ref _throttled);

    /// <summary>The most requests that were waiting for the beginning of their responses at one time.</summary>
    public int MaxConcurrent => Volatile.Read(ref _maxConcurrent);

    /// <summary>Forgets all requests and sets the counters to 0.</summary>
    public void Clear()
    {
        Interlocked.Exchange(ref _cleared, Interlocked.Read(ref _count));
        Interlocked.Exchange(ref _served, 0);
        Interlocked.Exchange(ref _throttled, 0);
        Interlocked.Exchange(ref _maxConcurrent, Volatile.Read(ref _concurrent));
    }

    /// <summary>The requests kept, in the order of arrival.</summary>
    /// <returns>A snapshot.</returns>
    public IReadOnlyList<RequestRecord> Snapshot()
    {
        var after = Interlocked.Read(ref _cleared);
        var kept = new List<RequestRecord>();
        for (var i = 0; i < Capacity; i++)
        {
            if (Volatile.Read(ref _ring[i]) is { } record && record.Number > after)
            {
                kept.Add(record);
            }
        }

        kept.Sort(static (a, b) => a.Number.CompareTo(b.Number));
        return kept;
    }

    /// <inheritdoc/>
    public IEnumerator<RequestRecord> GetEnumerator() => Snapshot().GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Records a request that has arrived.</summary>
    /// <param name="context">The request.</param>
    /// <param name="service">The service that receives the request.</param>
    /// <returns>The entry; the caller ends it with the request.</returns>
    internal Entry Begin(HttpContext context, TenantService service)
    {
        var request = context.Request;
        var headers = new KeyValuePair<string, StringValues>[request.Headers.Count];
        var used = 0;
        foreach (var header in request.Headers)
        {
            if (used == headers.Length)
            {
                break;
            }

            headers[used++] = header.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase)
                ? new(header.Key, Hash(header.Value.ToString()))
                : header;
        }

        var number = Interlocked.Increment(ref _count);
        var record = new RequestRecord(
            number,
            DateTimeOffset.UtcNow,
            service,
            request.Method,
            request.Host.Value ?? string.Empty,
            context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? request.Path + request.QueryString,
            request.Protocol,
            RequestNames.CmdletOf(request),
            headers);
        Volatile.Write(ref _ring[number % Capacity], record);

        var concurrent = Interlocked.Increment(ref _concurrent);
        for (var most = Volatile.Read(ref _maxConcurrent); concurrent > most; most = Volatile.Read(ref _maxConcurrent))
        {
            Interlocked.CompareExchange(ref _maxConcurrent, concurrent, most);
        }

        var entry = new Entry(this, record, context.Response);
        context.Response.OnStarting(static state => ((Entry)state).ResponseBegins(), entry);
        return entry;
    }

    /// <summary>Counts a request that reaches a service.</summary>
    internal void CountServed() => Interlocked.Increment(ref _served);

    /// <summary>Counts a request over the limit.</summary>
    internal void CountThrottled() => Interlocked.Increment(ref _throttled);

    private string Hash(string authorization)
    {
        // Nearly every request carries the same token as the one before.
        var last = Volatile.Read(ref _lastAuthorization);
        if (!last.Header.Equals(authorization, StringComparison.Ordinal))
        {
            var space = authorization.IndexOf(' ', StringComparison.Ordinal);
            var scheme = space > 0 ? authorization[..space] : "(none)";
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(authorization)).AsSpan(0, 8));
            last = new HashedHeader(authorization, $"{scheme} sha256:{hash}");
            Volatile.Write(ref _lastAuthorization, last);
        }

        return last.Hash;
    }

    /// <summary>A request under way.</summary>
    internal sealed class Entry(RequestLog log, RequestRecord record, HttpResponse response)
    {
        private int _ended;

        /// <summary>The request.</summary>
        public RequestRecord Record => record;

        /// <summary>Records that the response's headers leave.</summary>
        /// <returns>A task that has ended.</returns>
        public Task ResponseBegins()
        {
            record.Status = response.StatusCode;
            End();
            return Task.CompletedTask;
        }

        /// <summary>Ends the request, with or without a response.</summary>
        public void End()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                Interlocked.Decrement(ref log._concurrent);
            }
        }
    }

    private sealed class HashedHeader(string header, string hash)
    {
        public string Header => header;

        public string Hash => hash;
    }
}
