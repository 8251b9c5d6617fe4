using System.Text;

namespace ExoConnect.Core.Catalog;

/// <summary>
/// Shares the strings that repeat in hundreds of cmdlets. A small hash table that overwrites on a collision. Threads may use it at once; at worst
/// they make a string twice.
/// </summary>
internal sealed class NamePool
{
    private readonly string?[] _slots = new string?[1024];

    /// <summary>The sets of a parameter that names none.</summary>
    public static IReadOnlyList<ParameterSetMembership> PlainMembership { get; } = [ParameterSetMembership.Plain];

    /// <summary>The string of an ASCII name.</summary>
    public string Get(ReadOnlySpan<byte> ascii)
    {
        var hash = 2166136261u;
        foreach (var value in ascii)
        {
            hash = (hash ^ value) * 16777619u;
        }

        ref var slot = ref _slots[hash % (uint)_slots.Length];
        var candidate = slot;
        return candidate is not null && Ascii.Equals(ascii, candidate) ? candidate : slot = Encoding.ASCII.GetString(ascii);
    }

    /// <summary>An equal string that others hold too.</summary>
    public string Share(string text)
    {
        Span<byte> ascii = stackalloc byte[128];
        return text.Length <= ascii.Length && Ascii.FromUtf16(text, ascii, out var length) == System.Buffers.OperationStatus.Done
            ? Get(ascii[..length])
            : text;
    }
}
