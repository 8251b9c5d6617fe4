using BenchmarkDotNet.Attributes;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Environments;

namespace ExoConnect.Benchmarks.Engine;

/// <summary>The module file of 846 cmdlets: found as at connect, and one cmdlet's parameters read as at its first call.</summary>
[MemoryDiagnoser]
public class CatalogBenchmarks
{
    private byte[] _response = [];

    [GlobalSetup]
    public void Setup() => _response = Wire.ModuleFile();

    [Benchmark]
    public int Scan() => ModuleFileResponse.Read(_response, ExoService.ExchangeOnline).Cmdlets.Count;

    [Benchmark]
    public int ScanAndReadOne()
    {
        var catalog = ModuleFileResponse.Read(_response, ExoService.ExchangeOnline);
        return catalog.TryGet("Set-Mailbox", out var definition) ? definition.Parameters.Count : 0;
    }
}
