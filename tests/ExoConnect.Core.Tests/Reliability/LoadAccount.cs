using System.Collections.Concurrent;
using System.Globalization;

namespace ExoConnect.Core.Tests.Reliability;

/// <summary>What a caller was told of an operation.</summary>
internal enum Fate
{
    /// <summary>It succeeded.</summary>
    Done,

    /// <summary>It failed, and nothing was done.</summary>
    NotDone,

    /// <summary>It failed, was cancelled or lost its session, and may have been carried out.</summary>
    Unknown,
}

/// <summary>Counts what callers were told. Safe for many threads.</summary>
internal sealed class LoadAccount
{
    private readonly ConcurrentDictionary<(string Name, Fate Fate), int> _fates = new();
    private int _operations;

    public int Operations => Volatile.Read(ref _operations);

    /// <summary>What doesn't add up.</summary>
    public ConcurrentQueue<string> Problems { get; } = new();

    public void Note(string name, Fate fate)
    {
        Interlocked.Increment(ref _operations);
        _fates.AddOrUpdate((name, fate), 1, static (_, count) => count + 1);
    }

    public int Count(string name, Fate fate) => _fates.GetValueOrDefault((name, fate));

    public IEnumerable<string> Names => _fates.Keys.Select(k => k.Name).Distinct().Order();

    public IEnumerable<string> Lines() => Names.Select(name => string.Create(
        CultureInfo.InvariantCulture,
        $"{name}: {Count(name, Fate.Done):N0} done, {Count(name, Fate.NotDone):N0} failed, {Count(name, Fate.Unknown):N0} cancelled or unknown"));
}
