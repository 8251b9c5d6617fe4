using System.Globalization;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using ExoConnect.Core.Objects;

namespace ExoConnect.Benchmarks.Engine;

/// <summary>A .NET type with 250 properties, once per shape. Types stay for good and are capped, so few are made.</summary>
[SimpleJob(RunStrategy.ColdStart, launchCount: 3, warmupCount: 0, iterationCount: 20)]
[MemoryDiagnoser]
public class ShapeBenchmarks
{
    private int _next;

    [Benchmark]
    public RowShape Emit250()
    {
        var number = _next++;
        return ObjectModel.ShapeOf(
            "Measured", [.. Enumerable.Range(0, 250).Select(i => string.Create(CultureInfo.InvariantCulture, $"Property{number}x{i}"))]);
    }
}
