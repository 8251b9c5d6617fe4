using System.Runtime.CompilerServices;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.Clixml;

/// <summary>The bytes of the properties in earlier rows of one shape. Safe from several threads.</summary>
internal sealed class RowPatterns
{
    private static readonly ConditionalWeakTable<RowShape, RowPatterns> Known = [];

    private readonly ValuePattern[][] _properties;
    private readonly ConstantRun?[] _runs;

    private RowPatterns(RowShape shape)
    {
        _properties = new ValuePattern[shape.Utf8Names.Length][];
        Array.Fill(_properties, []);
        _runs = new ConstantRun?[_properties.Length];
    }

    /// <summary>The patterns of a shape.</summary>
    public static RowPatterns Of(RowShape shape) => Known.GetValue(shape, static s => new RowPatterns(s));

    /// <summary>The patterns of a property; none if the shape has no such property.</summary>
    public ValuePattern[] this[int property] => (uint)property < (uint)_properties.Length ? Volatile.Read(ref _properties[property]) : [];

    /// <summary>The run of properties without bytes around a property; null if there is none, or it is not known yet.</summary>
    public ConstantRun? RunOf(int property)
    {
        if ((uint)property >= (uint)_runs.Length || Volatile.Read(ref _runs[property]) is not { } run)
        {
            return null;
        }

        if (run.IsWorn)
        {
            // It was learned from a rare row.
            for (var i = 0; i < run.Count; i++)
            {
                Interlocked.CompareExchange(ref _runs[run.First + i], null, run);
            }

            return null;
        }

        return run;
    }

    /// <summary>Stores a run of properties without bytes.</summary>
    public void Keep(ConstantRun run)
    {
        for (var i = 0; i < run.Count && run.First + i < _runs.Length; i++)
        {
            Volatile.Write(ref _runs[run.First + i], run);
        }
    }

    /// <summary>Learns the pattern of a property.</summary>
    /// <param name="property">The property.</param>
    /// <param name="xml">The property as it was read.</param>
    /// <param name="types">The document's type names.</param>
    public void Learn(int property, ReadOnlySpan<byte> xml, ClixmlTypes types)
    {
        ref var patterns = ref _properties[property];
        if (PatternLearner.Learn(xml, types, Volatile.Read(ref patterns)) is { } pattern)
        {
            ValuePattern.Add(ref patterns, pattern);
        }
    }
}
