using System.Runtime.CompilerServices;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.Clixml;

/// <summary>How the properties of rows of one shape were written before. Safe from several threads.</summary>
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

    /// <summary>Those of a shape.</summary>
    public static RowPatterns Of(RowShape shape) => Known.GetValue(shape, static s => new RowPatterns(s));

    /// <summary>Those of a property; none where the shape has no such property.</summary>
    public ValuePattern[] this[int property] => (uint)property < (uint)_properties.Length ? Volatile.Read(ref _properties[property]) : [];

    /// <summary>The properties without bytes that one stands among; null if there is none, or it is not known yet.</summary>
    public ConstantRun? RunOf(int property)
    {
        if ((uint)property >= (uint)_runs.Length || Volatile.Read(ref _runs[property]) is not { } run)
        {
            return null;
        }

        if (run.IsWorn)
        {
            // The row that it was learned from was a rare one.
            for (var i = 0; i < run.Count; i++)
            {
                Interlocked.CompareExchange(ref _runs[run.First + i], null, run);
            }

            return null;
        }

        return run;
    }

    /// <summary>Remembers properties without bytes that followed each other.</summary>
    public void Keep(ConstantRun run)
    {
        for (var i = 0; i < run.Count && run.First + i < _runs.Length; i++)
        {
            Volatile.Write(ref _runs[run.First + i], run);
        }
    }

    /// <summary>Remembers how a property is written.</summary>
    /// <param name="property">Which.</param>
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
