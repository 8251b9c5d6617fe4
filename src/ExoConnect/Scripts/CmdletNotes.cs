namespace ExoConnect.Scripts;

/// <summary>A note about a cmdlet.</summary>
/// <param name="Kind">The kind, as CmdletNotes.txt lists them.</param>
/// <param name="Successors">Its successors.</param>
internal sealed record CmdletNote(string Kind, IReadOnlyList<string> Successors);

/// <summary>The public reference's notes about cmdlets that end, have ended, or never were in the cloud.</summary>
internal static class CmdletNotes
{
    private const string List = "ExoConnect.Scripts.CmdletNotes.txt";

    private static readonly Lazy<Dictionary<string, CmdletNote>> Notes = new(static () => new(Read(), StringComparer.OrdinalIgnoreCase));

    /// <summary>Finds the note about a cmdlet; null for none.</summary>
    public static CmdletNote? Find(string cmdlet) => Notes.Value.GetValueOrDefault(cmdlet);

    private static IEnumerable<KeyValuePair<string, CmdletNote>> Read()
    {
        using var text = new StreamReader(typeof(CmdletNotes).Assembly.GetManifestResourceStream(List)!);
        while (text.ReadLine() is { } line)
        {
            if (line.Split(' ') is [not "#", var kind, .. var successors] fields && fields[0] is { Length: > 0 } name)
            {
                yield return new(name, new CmdletNote(kind, successors is [var list] ? list.Split(',') : []));
            }
        }
    }
}
