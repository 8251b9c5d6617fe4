using System.Buffers;
using System.Collections;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using ExoConnect.Core.AdminApi.Parameters;

namespace ExoConnect.Benchmarks.Engine;

/// <summary>The parameters of a call as JSON.</summary>
[MemoryDiagnoser]
public class ParameterBenchmarks
{
    private readonly ParameterSerializer _serializer = new(new ParameterSerializerOptions());
    private readonly ArrayBufferWriter<byte> _body = new(4096);

    private readonly Dictionary<string, object?> _parameters = new()
    {
        ["Identity"] = "alice@contoso.onmicrosoft.com",
        ["EmailAddresses"] = new Hashtable { ["Add"] = new[] { "smtp:a@contoso.com", "smtp:b@contoso.com" }, ["Remove"] = "smtp:c@contoso.com" },
        ["HiddenFromAddressListsEnabled"] = true,
        ["IssueWarningQuota"] = "49 GB",
        ["StartDate"] = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        ["CustomAttribute1"] = null,
    };

    [Benchmark]
    public int SetMailbox()
    {
        _body.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_body);
        _serializer.Write(json, _parameters);
        json.Flush();
        return _body.WrittenCount;
    }
}
