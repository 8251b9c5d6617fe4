using System.Runtime.CompilerServices;
using ExoConnect.Core.Json;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.Clixml;

/// <summary>
/// Properties of a row that followed each other and had no bytes: nulls, switches, empty texts. Most are the same in the next row, so they are
/// compared all at once, and as far as they are the same.
/// </summary>
/// <param name="first">The number of the first property.</param>
/// <param name="xml">The properties as they were written, one behind the other.</param>
/// <param name="ends">Where each ends.</param>
/// <param name="kinds">What each is, as rows store it.</param>
internal sealed class ConstantRun(int first, byte[] xml, int[] ends, ValueKind[] kinds)
{
    private const int MostMisses = 32;

    // Several threads may count; what is lost by that only changes when a run is learned anew.
    private int _misses;

    /// <summary>The number of the first property.</summary>
    public int First => first;

    /// <summary>How many properties there are.</summary>
    public int Count => kinds.Length;

    /// <summary>Whether it did not fit much more often than it did.</summary>
    public bool IsWorn => _misses > MostMisses;

    /// <summary>Goes over the properties that are written as they were, and adds them to the row.</summary>
    /// <param name="scanner">Stands before one of the properties.</param>
    /// <param name="row">Where that one comes next.</param>
    /// <returns>False if the next one is written otherwise, or isn't there as a whole.</returns>
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

/// <summary>Gathers properties without bytes that follow each other. Not for several threads.</summary>
internal sealed class RunLearner
{
    private const int Longest = 16 * 1024;

    private readonly ValuePacker _xml = new();
    private readonly List<int> _ends = [];
    private readonly List<ValueKind> _kinds = [];
    private int _first;

    /// <summary>Adds a property; it begins anew where the one before was another than that before.</summary>
    /// <param name="property">Its number.</param>
    /// <param name="xml">How it is written.</param>
    /// <param name="kind">What it is, as rows store it.</param>
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

    /// <summary>Ends the run, as what follows has bytes, and has it remembered.</summary>
    public void End(RowPatterns patterns)
    {
        if (_kinds.Count > 0)
        {
            patterns.Keep(new ConstantRun(_first, _xml.Written.ToArray(), [.. _ends], [.. _kinds]));
            Forget();
        }
    }

    /// <summary>Forgets what was gathered.</summary>
    public void Forget()
    {
        _xml.Truncate(0);
        _ends.Clear();
        _kinds.Clear();
    }
}
