using System.Globalization;
using System.Text;
using ExoConnect.Core.Errors;

namespace ExoConnect.Tests.Fuzzing;

/// <summary>
/// One kind of input that somebody else writes: what a good one looks like, how it is fed, and which exceptions may come of a bad one.
/// </summary>
/// <param name="Name">What it is.</param>
/// <param name="Seeds">Good inputs.</param>
/// <param name="Words">What the format is made of, for whoever makes bad ones.</param>
/// <param name="Feed">Gives an input to the reader, looks at all that it read, and asserts what must hold whatever the input is.</param>
internal sealed record HostileInput(string Name, IReadOnlyList<string> Seeds, string Words, Action<byte[], Random> Feed)
{
    /// <summary>Where no result shows for so long, the input hangs the reader.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>What a long run may leave behind, from its first tenth to its end, in bytes.</summary>
    private const long MostKept = 32 << 20;

    /// <summary>Good inputs that are no text.</summary>
    public IReadOnlyList<byte[]> Binaries { get; init; } = [];

    /// <summary>
    /// Which exceptions may come, beside our own. Only a reader in the middle of the engine has some, that its caller is known to make an error
    /// of ours of.
    /// </summary>
    public Func<Exception, bool> Allows { get; init; } = static _ => false;

    /// <summary>How many of a thousand inputs are of this kind.</summary>
    public int Share { get; init; } = 50;

    /// <summary>The most memory that may be asked for because of one input of a few kilobytes, in bytes.</summary>
    public long MostMemory { get; init; } = 16 << 20;

    /// <summary>The seed of every run; EXOCONNECT_FUZZ_SEED chooses another.</summary>
    public static int Seed { get; } = Number("EXOCONNECT_FUZZ_SEED") ?? 20261129;

    /// <summary>How many inputs all kinds together get; EXOCONNECT_FUZZ says how many, ten thousand otherwise.</summary>
    public static int Total { get; } = Number("EXOCONNECT_FUZZ") ?? 10_000;

    /// <summary>How many inputs this kind gets.</summary>
    public int Count => Math.Max(20, (int)(Total * (long)Share / 1000));

    /// <summary>Feeds the inputs of this kind.</summary>
    /// <param name="write">Takes the one line of results.</param>
    public void Run(Action<string> write)
    {
        List<byte[]> seeds = [.. Seeds.Select(Encoding.UTF8.GetBytes), .. Binaries];
        var words = Words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes).ToList();
        var count = Count;
        var progress = -1;
        var taken = 0;
        var refusals = new SortedDictionary<string, int>(StringComparer.Ordinal);
        long most = 0;
        byte[] input = [];
        Exception? failure = null;

        // With a stack of its own size, so that what overflows does so in every run; on a thread of its own, so that what hangs is told.
        var thread = new Thread(
            () =>
            {
                long kept = 0;
                for (var i = 0; i < count && failure is null; i++)
                {
                    // Only a long run tells what is kept, and only where no other tests run beside it.
                    if (count >= 5000 && (i == count / 10 || i == count - 1))
                    {
                        var (before, now) = (kept, GC.GetTotalMemory(forceFullCollection: true));
                        kept = now;
                        failure = before > 0 && now - before > MostKept
                            ? new InvalidOperationException($"The reader kept {now - before:N0} bytes.") : null;
                    }

                    var random = new Random(unchecked((Seed * 7919) + (i * 31) + Name.Length));
                    input = Mutator.Next(seeds, words, random);
                    Volatile.Write(ref progress, i);
                    var asked = GC.GetAllocatedBytesForCurrentThread();
                    try
                    {
                        Feed(input, random);
                        taken++;
                    }
                    catch (Exception e) when (e is ExoException || Allows(e))
                    {
                        var id = (e as ExoException)?.ErrorId ?? e.GetType().Name;
                        refusals[id] = refusals.GetValueOrDefault(id) + 1;
                        failure = CheckSaid(e);
                    }
                    catch (Exception e)
                    {
                        failure = e;
                    }

                    var used = GC.GetAllocatedBytesForCurrentThread() - asked;
                    most = Math.Max(most, used);
                    failure ??= used > MostMemory ? new InvalidOperationException($"One input made the reader ask for {used:N0} bytes.") : null;
                }
            },
            maxStackSize: 1 << 20)
        {
            IsBackground = true,
        };
        thread.Start();
        for (var seen = -2; !thread.Join(Patience);)
        {
            var now = Volatile.Read(ref progress);
            Assert.True(seen != now, Describe(now, input) + " hangs.");
            seen = now;
        }

        Assert.True(failure is null, $"{Describe(progress, input)}: {failure}");
        Assert.True(taken > 0, $"{Name}: none of {count} inputs was taken, so what is read of them was not tried.");
        var why = refusals.OrderByDescending(static r => r.Value).Take(4).Select(static r => $"{r.Key} {r.Value}");
        write(string.Create(CultureInfo.InvariantCulture,
            $"{Name}: {count:N0} inputs of seed {Seed}, {taken:N0} taken, {count - taken:N0} refused "
            + $"({string.Join(", ", why)}), at most {most / 1024:N0} KB for one."));
    }

    /// <summary>Fails where a text could harm a terminal or a log, or says nothing.</summary>
    /// <param name="text">A text that people get to see.</param>
    public static void CheckText(string? text)
    {
        if (text is not null && (text.Any(static c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')) || text.Length > 20_000))
        {
            throw new InvalidOperationException($"A text that is shown has control characters or no end: {text[..Math.Min(text.Length, 300)]}");
        }
    }

    /// <summary>Fails where an error says nothing, or what could harm whoever reads it.</summary>
    /// <param name="e">An error of ours.</param>
    public static void Check(ExoException e)
    {
        Assert.False(string.IsNullOrWhiteSpace(e.Message) || string.IsNullOrWhiteSpace(e.ErrorId));
        CheckText(e.Message);
        CheckText(e.Remedy);
        CheckText(e.ErrorId);
    }

    /// <summary>What is wrong with how an error says what it says; null for nothing.</summary>
    private static InvalidOperationException? CheckSaid(Exception e)
    {
        try
        {
            Assert.False(string.IsNullOrWhiteSpace(e.Message));
            if (e is ExoException ours)
            {
                Check(ours);
            }

            return null;
        }
        catch (Exception wrong)
        {
            return new InvalidOperationException(wrong.Message, e);
        }
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? number : null;

    private string Describe(int number, byte[] input) => string.Create(CultureInfo.InvariantCulture,
        $"{Name}, seed {Seed}, input {number}, in base64: {Convert.ToBase64String(input.AsSpan(0, Math.Min(input.Length, 6000)))}");

    /// <inheritdoc/>
    public override string ToString() => Name;
}
