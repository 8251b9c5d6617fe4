using System.Runtime.CompilerServices;
using ExoConnect.Core.Json;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.Clixml;

/// <summary>
/// Consecutive properties of a row without bytes: nulls, switches, empty texts. Most are the same in the next row, so the reader compares them all
/// at once, and accepts the part that is the same.
/// </summary>
/// <param name="first">The number of the first property.</param>
/// <param name="xml">The bytes of the properties, one after the other.</param>
/// <param name="ends">Where each ends.</param>
/// <param name="kinds">Their kinds, as rows store them.</param>
internal sealed class ConstantRun(int first, byte[] xml, int[] ends, ValueKind[] kinds)
{
    private const int MostMisses = 32;

    // Several threads may count; a lost count only changes when a run is learned again.
    private int _misses;

    /// <summary>The number of the first property.</summary>
    public int First => first;

    /// <summary>How many properties there are.</summary>
    public int Count => kinds.Length;

    /// <summary>Whether it failed to match much more often than it matched.</summary>
    public bool IsWorn => _misses > MostMisses;

    /// <summary>Skips the properties whose bytes are the same, and adds them to the row.</summary>
    /// <param name="scanner">At the start of one of the properties.</param>
    /// <param name="row">The row, at the same property.</param>
    /// <returns>False if the next property differs, or isn't complete.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryPass(ref ClixmlScanner scanner, RowPacker row)
    {
        var from = row.Count - first;
        var start = from == 0 ? 0 : ends[from - 1];
        var expected = xml.AsSpan(start);
        var rest = scanner.Rest;
        if (rest.StartsWith(expected))
        {
            _misses -= _misses > 0 ? 1 : 0;
            scanner.Position += expected.Length;
            row.AddWithoutBytes(kinds.AsSpan(from));
            return true;
        }

        var same = start + rest.CommonPrefixLength(expected);
        var to = from;
        while (ends[to] <= same)
        {
            to++;
        }

        _misses += same - start < rest.Length ? 1 : 0;
        scanner.Position += (to == 0 ? 0 : ends[to - 1]) - start;
        row.AddWithoutBytes(kinds.AsSpan(from..to));
        return to > from;
    }
}

/// <summary>Collects consecutive properties without bytes. Not for several threads.</summary>
internal sealed class RunLearner
{
    private const int Longest = 16 * 1024;

    private readonly ValuePacker _xml = new();
    private readonly List<int> _ends = [];
    private readonly List<ValueKind> _kinds = [];
    private int _first;

    /// <summary>Adds a property; restarts if the previous one was not its predecessor.</summary>
    /// <param name="property">Its number.</param>
    /// <param name="xml">Its bytes.</param>
    /// <param name="kind">Its kind, as rows store it.</param>
    public void Add(int property, ReadOnlySpan<byte> xml, ValueKind kind)
    {
        if (_kinds.Count == 0 || property != _first + _kinds.Count || _xml.Length > Longest)
        {
            Forget();
            _first = property;
        }

        _xml.Add(xml);
        _ends.Add(_xml.Length);
        _kinds.Add(kind);
    }

    /// <summary>Ends the run at a property with bytes, and stores it.</summary>
    public void End(RowPatterns patterns)
    {
        if (_kinds.Count > 0)
        {
            patterns.Keep(new ConstantRun(_first, _xml.Written.ToArray(), [.. _ends], [.. _kinds]));
            Forget();
        }
    }

    /// <summary>Drops the collected properties.</summary>
    public void Forget()
    {
        _xml.Truncate(0);
        _ends.Clear();
        _kinds.Clear();
    }
}
