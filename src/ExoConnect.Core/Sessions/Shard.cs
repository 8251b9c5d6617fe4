using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.Sessions;

/// <summary>
/// One of several parts of a long list of calls, so that several machines share it. A hash of its identity decides which part a call belongs to,
/// the same on every machine and in every run: the parts are disjoint, and together they are the list. Calls that name the same object in the same
/// way belong to one part, and keep their order. Immutable.
/// </summary>
public sealed record Shard
{
    private const int Most = 100_000;

    /// <summary>
    /// The variables in which platforms give the part's number and the number of parts, and the number of the first part. Kubernetes gives
    /// JOB_COMPLETION_INDEX to an Indexed Job; no variable has the number of parts unless the manifest sets one. GitHub has
    /// <c>strategy.job-index</c> and <c>strategy.job-total</c> as expressions, which a workflow puts into variables. Azure DevOps and GitLab set
    /// theirs themselves.
    /// </summary>
    private static readonly (string Index, string Total, int First)[] Platforms =
    [
        ("JOB_COMPLETION_INDEX", "JOB_COMPLETIONS", 0),
        ("STRATEGY_JOB_INDEX", "STRATEGY_JOB_TOTAL", 0),
        ("SYSTEM_JOBPOSITIONINPHASE", "SYSTEM_TOTALJOBSINPHASE", 1),
        ("CI_NODE_INDEX", "CI_NODE_TOTAL", 1),
    ];

    private Shard(int index, int count) => (Index, Count) = (index, count);

    /// <summary>The part's number, from 1.</summary>
    public int Index { get; }

    /// <summary>How many parts there are.</summary>
    public int Count { get; }

    /// <summary>Reads <c>2/4</c>; or <c>auto</c> and <c>auto/4</c>, if a platform's variables give the part of this process.</summary>
    /// <param name="text">The text.</param>
    /// <param name="variable">Reads a variable of the environment; null if there is none.</param>
    /// <returns>The part.</returns>
    /// <exception cref="ExoException"><c>ShardInvalid</c>: the text is invalid, or no platform gives the part.</exception>
    public static Shard Parse(string text, Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(variable);
        var parts = text.Trim().Split('/');
        if (parts.Length <= 2 && parts[0].Equals("auto", StringComparison.OrdinalIgnoreCase))
        {
            return Detect(parts.Length == 2 ? parts[1] : null, text, variable);
        }

        return parts.Length == 2 && Number(parts[0]) is { } index && Number(parts[1]) is { } count && index >= 1 && index <= count
            ? new Shard(index, count)
            : throw Invalid(text, $"'{text}' is not a part of a list.");
    }

    /// <summary>Whether a call belongs to this part.</summary>
    /// <param name="request">The call.</param>
    /// <remarks>A call that can't be sent at all belongs to the first part, which then reports it.</remarks>
    public bool Takes(CmdletRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            return (int)(Hash(NameOf(request)) % (ulong)Count) == Index - 1;
        }
        catch (ExoException)
        {
            return Index == 1;
        }
    }

    /// <summary>The path of this part's own checkpoint: two processes can't write one file.</summary>
    /// <param name="path">The common path of all parts.</param>
    public string CheckpointPath(string path) => string.Create(CultureInfo.InvariantCulture, $"{path}.{Index}-of-{Count}");

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");

    private static Shard Detect(string? total, string text, Func<string, string?> variable)
    {
        foreach (var (name, totalName, first) in Platforms)
        {
            if (variable(name) is { Length: > 0 } said)
            {
                var all = total ?? variable(totalName) ?? "";
                return Number(said) is { } index && Number(all) is { } count && index - first >= 0 && index - first < count
                    ? new Shard(index - first + 1, count)
                    : throw Invalid(text, all.Length == 0
                        ? $"{name} gives the part, but no variable gives the number of parts: set {totalName}, or give auto/N."
                        : $"{name} is '{said}', and there are '{all}' parts.");
            }
        }

        throw Invalid(text, $"No platform variable gives the part: {string.Join(", ", Platforms.Select(p => p.Index))} are not set.");
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= Most ? number : null;

    /// <summary>The identity of the call; all of its parameters if it names none.</summary>
    private static string NameOf(CmdletRequest request)
    {
        var target = (request.TryFind(CmdletRequest.IdentityName, out var identity) && !CmdletRequest.IsBlank(identity) ? identity : null)
            ?? (request.TryFind("Mailbox", out var mailbox) && !CmdletRequest.IsBlank(mailbox) ? mailbox : null) ?? request.Target;
        return target is null ? Checkpoint.Hash(
                request.Name.ToUpperInvariant(), request.Parameters.OrderBy(static p => p.Key, StringComparer.OrdinalIgnoreCase)
                    .Select(static p => KeyValuePair.Create(p.Key.ToUpperInvariant(), p.Value)))
            : (ObjectNames.Of(target) ?? Convert.ToString(target, CultureInfo.InvariantCulture) ?? "").Trim().ToUpperInvariant();
    }

    private static ulong Hash(string text) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static ExoException Invalid(string text, string message) =>
        ArgumentErrors.Invalid(
            ErrorIds.ShardInvalid, "Shard", text, message, "Give 1/4 for the first of four; auto if a platform's variables give it.");
}
