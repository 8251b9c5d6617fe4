using System.Collections;
using System.Globalization;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ExoConnect.Core.AdminApi.Parameters;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.Sessions;

/// <summary>
/// Records on the disk which calls of a long run are done, so that an interrupted run can be started again and continues where it stopped. Each write
/// is noted before it is sent and after its response. A write that was sent and got no response may have been carried out or not; the next run
/// sends it again and reports it, unless that would undo what a later one has set. A read is noted when its result has been taken.
/// </summary>
/// <remarks>
/// A note is a line: a state, a hash of the cmdlet and its parameters with a count, and for a <c>Set-</c> that is sent a hash for each thing it
/// sets. Each line goes to the system at once; a line cut in the middle counts as not written. So the file survives the process however that ends;
/// when the machine loses its power, the last seconds may be missing. The file holds hashes, bound to tenant and service, and no names, values or
/// secrets. One process at a time has it open. Safe for many threads.
/// </remarks>
public sealed class Checkpoint : IDisposable
{
    private const string Header = "ExoConnect checkpoint 1";
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int LinuxLocked = 11;
    private const int MacLocked = 35;

    private readonly FileStream _file;
    private readonly object _gate = new();
    private readonly IReadOnlyDictionary<string, CheckpointState> _before;
    private readonly Dictionary<string, int> _seen = [];
    private readonly string _scope;
    private bool _torn;

    private Checkpoint(FileStream file, IReadOnlyDictionary<string, CheckpointState> before, string scope)
    {
        _file = file;
        _before = before;
        _scope = scope;
    }

    /// <summary>Opens a checkpoint, or begins one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="session">The session of the cmdlets; another tenant's or service's checkpoint is refused.</param>
    /// <returns>The checkpoint.</returns>
    /// <exception cref="ExoException">
    /// <c>CheckpointInUse</c>, <c>CheckpointUnreadable</c>, <c>CheckpointForeign</c>: it belongs to another tenant or service.
    /// </exception>
    public static Checkpoint Open(string path, SessionDescription session)
    {
        ArgumentNullException.ThrowIfNull(session);
        FileStream? file = null;
        try
        {
            RegularFile.ThrowIfSpecial(path);
            file = new FileStream(path, Options());
            var scope = $"{session.TenantId} {session.Service}".ToUpperInvariant();
            var before = Read(file, path, $"{Header} {scope}");
            return new Checkpoint(file, before, scope);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            file?.Dispose();
            var inUse = e.HResult is SharingViolation or LinuxLocked or MacLocked;
            throw new ExoException($"The checkpoint '{path}' can't be opened: {e.Message}", e)
            {
                ErrorId = inUse ? ErrorIds.CheckpointInUse : ErrorIds.CheckpointUnreadable,
                Category = ExoErrorCategory.InvalidArgument,
                ParameterName = "CheckpointPath",
                Target = path,
                Remedy = inUse ? "Another run may be using it; wait for that one, or give another path." : "Check the path and its rights.",
            };
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>Looks up a cmdlet; called once for each, in their order.</summary>
    /// <param name="request">The cmdlet.</param>
    /// <returns>Its entry.</returns>
    internal CheckpointEntry Find(CmdletRequest request)
    {
        var hash = Hash(request);
        lock (_gate)
        {
            // The same cmdlet with the same parameters may stand in a list twice, and both must run.
            var count = _seen.GetValueOrDefault(hash);
            _seen[hash] = count + 1;
            var id = string.Create(CultureInfo.InvariantCulture, $"{hash}-{count}");
            return new CheckpointEntry(
                id, Targets(request), request.Parameters.Any(static p => IsSecret(p.Key, p.Value)), _before.GetValueOrDefault(id));
        }
    }

    /// <summary>Notes a state; the system has it when this returns.</summary>
    /// <exception cref="ExoException"><c>CheckpointUnwritable</c>: the disk is full, or gone.</exception>
    internal void Note(CheckpointEntry entry, CheckpointState state)
    {
        lock (_gate)
        {
            try
            {
                // The remains of a failed note must not make this one unreadable.
                var targets = state == CheckpointState.Sent && entry.Targets.Count > 0 ? " " + string.Join(',', entry.Targets) : "";
                _file.Write(Encoding.ASCII.GetBytes($"{(_torn ? "\n" : "")}{(char)state} {entry.Id}{targets}\n"));
                _torn = false;
            }
            catch (IOException e)
            {
                _torn = true;
                throw new ExoException(
                    state == CheckpointState.Sent
                        ? $"The checkpoint can't be written, so this was not sent: {e.Message}"
                        : $"The service has responded, but the checkpoint can't be written: {e.Message}",
                    e)
                {
                    ErrorId = ErrorIds.CheckpointUnwritable,
                    Category = ExoErrorCategory.ResourceUnavailable,
                    ParameterName = "CheckpointPath",
                    Remedy = "Free disk space and run the same again. Calls that were carried out but not noted are reported then, and run again.",
                };
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _file.Dispose();
        }
    }

    /// <summary>Parameters that control how a cmdlet works, not what it sets.</summary>
    private static HashSet<string> NoTargets { get; } = new(
        StringComparer.OrdinalIgnoreCase) { "Force", "Confirm", "WhatIf", "DomainController", "IgnoreDefaultScope" };

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private static Dictionary<string, CheckpointState> Read(FileStream file, string path, string header)
    {
        using var reader = new StreamReader(file, Encoding.ASCII, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        var text = reader.ReadToEnd();
        var end = text.LastIndexOf('\n') + 1;
        if (end == 0 && (header + "\n").StartsWith(text, StringComparison.Ordinal))
        {
            // A new file, or of a run that was killed before it had written the first line.
            file.SetLength(0);
            file.Write(Encoding.ASCII.GetBytes(header + "\n"));
            return [];
        }

        var lines = (end > 0 ? text[..end] : text).Split('\n').Select(static l => l.TrimEnd('\r')).Where(static l => l.Length > 0).ToList();
        var first = lines.FirstOrDefault() ?? "";
        if (first != header)
        {
            var ours = first.StartsWith(Header, StringComparison.Ordinal);
            throw new ExoException(ours
                ? $"The checkpoint '{path}' belongs to another tenant or service."
                : $"'{path}' is not a checkpoint.")
            {
                ErrorId = ours ? ErrorIds.CheckpointForeign : ErrorIds.CheckpointUnreadable,
                Category = ExoErrorCategory.InvalidArgument,
                ParameterName = "CheckpointPath",
                Target = path,
                Remedy = "Give another path; this file stays unchanged.",
            };
        }

        // A run that was killed while it wrote leaves half a line.
        file.SetLength(end);
        file.Seek(0, SeekOrigin.End);
        return States(lines);
    }

    private static Dictionary<string, CheckpointState> States(List<string> lines)
    {
        var states = new Dictionary<string, CheckpointState>(StringComparer.Ordinal);
        var notes = new List<(CheckpointState State, string Id, string[] Targets)>();
        foreach (var line in lines.Skip(1))
        {
            var words = line.Split(' ');
            if (words.Length is 2 or 3 && words[0].Length == 1 && Enum.IsDefined((CheckpointState)words[0][0]))
            {
                var state = (CheckpointState)words[0][0];
                states[words[1]] = state;
                notes.Add((state, words[1], words.Length == 3 ? words[2].Split(',') : []));
            }
        }

        // Backwards, so that the set holds what later rows have set.
        var setLater = new HashSet<string>(StringComparer.Ordinal);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, id, targets) in notes.Where(static n => n.State == CheckpointState.Sent).Reverse())
        {
            if (states[id] == CheckpointState.Done)
            {
                setLater.UnionWith(targets);
            }
            else if (known.Add(id) && targets.Any(setLater.Contains))
            {
                states[id] = targets.All(setLater.Contains) ? CheckpointState.Overtaken : CheckpointState.PartlyOvertaken;
            }
        }

        return states;
    }

    private string Hash(CmdletRequest request) => Hash(
        $"{_scope}\n{request.Name.ToUpperInvariant()}\n{string.Join(',', request.Properties)}\n",
        request.Parameters.OrderBy(static p => p.Key, StringComparer.OrdinalIgnoreCase).Select(
            static p => KeyValuePair.Create(p.Key.ToUpperInvariant(), Plain(p.Value) is string && IsSecret(p.Key, p.Value) ? "" : p.Value)));

    /// <summary>
    /// The properties of an object that a <c>Set-</c> sets, each as a hash. A change of a list doesn't count as set, nor anything with
    /// <c>WhatIf</c>.
    /// </summary>
    private List<string> Targets(CmdletRequest request)
    {
        const string Identity = "Identity";
        var identity = request.Parameters.Where(static p => p.Key.Equals(Identity, StringComparison.OrdinalIgnoreCase)).ToList();
        return !request.Name.StartsWith("Set-", StringComparison.OrdinalIgnoreCase) || identity.Count == 0
            || (request.TryFind("WhatIf", out var whatIf) && whatIf is not (null or false))
            ? []
            : [.. request.Parameters.Except(identity)
                .Where(static p => !NoTargets.Contains(p.Key) && Plain(p.Value) is not IDictionary)
                .Select(p => Hash($"{_scope}\n{request.Name.ToUpperInvariant()}\n{p.Key.ToUpperInvariant()}\n",
                    [KeyValuePair.Create(Identity, identity[0].Value)])[..16])];
    }

    internal static string Hash(string head, IEnumerable<KeyValuePair<string, object?>> parameters)
    {
        using var content = new MemoryStream();
        content.Write(Encoding.UTF8.GetBytes(head));
        using (var json = new Utf8JsonWriter(content))
        {
            // Without secrets: encrypted they differ from run to run, and the hash of a plain one would reveal it to a guesser.
            new ParameterSerializer(new ParameterSerializerOptions
            {
                Unwrap = static value => HostTypes.Unwrap(value) switch
                {
                    SecureString => "",
                    CredentialValue credential => credential.UserName,
                    var other => other,
                },
                Identify = ObjectNames.Identify,
            }).Write(json, parameters);
        }

        return Convert.ToHexString(SHA256.HashData(content.GetBuffer().AsSpan(0, (int)content.Length)), 0, 16);
    }

    /// <summary>Whether a parameter holds a secret: by its type, or by its name.</summary>
    private static bool IsSecret(string name, object? value) => Plain(value) switch
    {
        SecureString or CredentialValue => true,
        string => CmdletRequest.IsSecretName(name),
        _ => false,
    };

    private static object? Plain(object? value) => value is null ? null : HostTypes.Unwrap(value);
}

/// <summary>The states of a cmdlet in a checkpoint; the value is the letter in the file.</summary>
internal enum CheckpointState
{
    /// <summary>Nothing.</summary>
    Unknown = 0,

    /// <summary>It was sent; it is unknown whether it was carried out.</summary>
    Sent = 'S',

    /// <summary>It was carried out.</summary>
    Done = 'D',

    /// <summary>The service refused it.</summary>
    Refused = 'R',

    /// <summary>
    /// It may not have been carried out, but everything that it sets has been set again since. Never in the file; nor is the next.
    /// </summary>
    Overtaken = -1,

    /// <summary>The same, for some of what it sets.</summary>
    PartlyOvertaken = -2,
}

/// <summary>A cmdlet in a checkpoint.</summary>
/// <param name="Id">Its hash in the file.</param>
/// <param name="Targets">The properties it sets; none for other cmdlets.</param>
/// <param name="HoldsSecret">Whether a parameter is a secret, which is not part of the id.</param>
/// <param name="Before">The state from earlier runs.</param>
internal sealed record CheckpointEntry(string Id, IReadOnlyList<string> Targets, bool HoldsSecret, CheckpointState Before);
