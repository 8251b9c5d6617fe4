using System.Text;

namespace ExoConnect.Tests.Fuzzing;

/// <summary>Spoils bytes in the ways that files and responses are spoiled: by accident, and by somebody who knows the format.</summary>
internal static class Mutator
{
    private const int LongestRun = 3000;
    private const int LongestInput = 256 * 1024;

    /// <summary>What hurts readers of many formats.</summary>
    private static readonly byte[][] Common = [.. new[]
    {
        "\0", "\n", "\r\n", "\"", "'", "\\", "{", "}", "[", "]", ",", ":", "<", ">", "&", ".", "-", "=", "/", "\u001B[31m", "\u0085", "\u202E",
            "\uFEFF",
        "\\ud800", "\\u0000", "1e999", "-1", "0", "99999999999999999999", "2147483648", "null", "true", "\"\"", "{}", "[]", "é", "😀",
    }.Select(Encoding.UTF8.GetBytes), [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80]];

    /// <summary>Makes an input out of a seed.</summary>
    /// <param name="seeds">Good inputs; one is chosen, and pieces of others may get into it.</param>
    /// <param name="words">What the format is made of.</param>
    /// <param name="random">Decides.</param>
    /// <returns>The input. One in twenty is the seed as it is.</returns>
    public static byte[] Next(IReadOnlyList<byte[]> seeds, IReadOnlyList<byte[]> words, Random random)
    {
        var bytes = seeds[random.Next(seeds.Count)].ToList();
        if (random.Next(20) == 0)
        {
            return [.. bytes];
        }

        for (var edit = random.Next(2) == 0 ? 1 : random.Next(2, 7); edit > 0; edit--)
        {
            var at = random.Next(bytes.Count + 1);
            var rest = bytes.Count - at;
            switch (random.Next(9))
            {
                case 0 when rest > 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1 when rest > 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2 when rest > 0:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 80), rest));
                    break;
                case 3 when random.Next(4) == 0:
                    bytes.RemoveRange(at, rest);
                    break;
                case 4 when bytes.Count > 0:
                    var from = random.Next(bytes.Count);
                    bytes.InsertRange(at, bytes.GetRange(from, Math.Min(random.Next(1, 300), bytes.Count - from)));
                    break;
                case 5:
                    var other = seeds[random.Next(seeds.Count)];
                    var start = random.Next(other.Length + 1);
                    bytes.InsertRange(at, other.AsSpan(start, Math.Min(random.Next(1, 300), other.Length - start)).ToArray());
                    break;
                case 6 when random.Next(8) == 0:
                    // Depth and length: the same many times.
                    var piece = Piece(words, random);
                    for (var i = random.Next(LongestRun); i > 0 && bytes.Count < LongestInput; i--)
                    {
                        bytes.InsertRange(at, piece);
                    }

                    break;
                default:
                    bytes.InsertRange(at, Piece(words, random));
                    break;
            }
        }

        return [.. bytes.Take(LongestInput)];
    }

    private static byte[] Piece(IReadOnlyList<byte[]> words, Random random) =>
        words.Count > 0 && random.Next(3) > 0 ? words[random.Next(words.Count)] : Common[random.Next(Common.Length)];
}
