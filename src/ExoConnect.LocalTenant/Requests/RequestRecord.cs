using System.Collections.ObjectModel;
using Microsoft.Extensions.Primitives;

namespace ExoConnect.LocalTenant.Requests;

/// <summary>One request as the tenant received it.</summary>
public sealed class RequestRecord
{
    private readonly KeyValuePair<string, StringValues>[] _headers;
    private int _status;

    internal RequestRecord(
        long number,
        DateTimeOffset time,
        TenantService service,
        string method,
        string host,
        string target,
        string protocol,
        string? cmdlet,
        KeyValuePair<string, StringValues>[] headers)
    {
        Number = number;
        Time = time;
        Service = service;
        Method = method;
        Host = host;
        Target = target;
        Protocol = protocol;
        Cmdlet = cmdlet;
        _headers = headers;
    }

    /// <summary>Counts up from 1 in the order of arrival.</summary>
    public long Number { get; }

    /// <summary>When it arrived, by the machine's clock.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>Which service it was for.</summary>
    public TenantService Service { get; }

    /// <summary>The HTTP method.</summary>
    public string Method { get; }

    /// <summary>The Host header.</summary>
    public string Host { get; }

    /// <summary>Path and query, as they were on the wire.</summary>
    public string Target { get; }

    /// <summary><c>HTTP/1.1</c> or <c>HTTP/2</c>.</summary>
    public string Protocol { get; }

    /// <summary>The <c>X-CmdletName</c> header, or without one the last part of the path, such as <c>EXOModuleFile</c>; never null.</summary>
    public string? Cmdlet { get; }

    /// <summary>The response's status; 0 before the response, and after a dropped connection.</summary>
    public int Status
    {
        get => Volatile.Read(ref _status);
        internal set => Volatile.Write(ref _status, value);
    }

    /// <summary>The request's headers. Of <c>Authorization</c> only the scheme and the beginning of a hash are kept.</summary>
    public IReadOnlyDictionary<string, string> Headers => new ReadOnlyDictionary<string, string>(
        _headers.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase));

    /// <summary>One header.</summary>
    /// <param name="name">Its name in any case.</param>
    /// <returns>Its value; null if the request had none.</returns>
    public string? Header(string name)
    {
        foreach (var (key, value) in _headers)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>The request in a line.</summary>
    /// <returns>For example <c>3 POST outlook.exoconnect.localhost:8443/adminapi/beta/…/InvokeCommand (Get-Mailbox) 200</c>.</returns>
    public override string ToString() => $"{Number} {Method} {Host}{Target}{(Cmdlet is null ? string.Empty : $" ({Cmdlet})")} {Status}";
}
