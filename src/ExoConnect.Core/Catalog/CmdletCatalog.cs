using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using ExoConnect.Core.Environments;

namespace ExoConnect.Core.Catalog;

/// <summary>
/// The cmdlets of a session: those that the service's module file declares, limited to the caller's roles (protocol.md section 3). The catalog
/// reads the file as data and never runs any of it. It keeps only the parameter lists of the text, as UTF-8, until they are needed. Immutable to
/// its users and safe to use from many threads.
/// </summary>
/// <remarks>
/// Names of cmdlets, parameters and aliases consist of letters, digits, <c>-</c> and <c>_</c>; a cmdlet's name has a verb and a noun. Other names
/// are left out and counted, so names can be placed in generated script.
/// </remarks>
public sealed class CmdletCatalog
{
    private const int MaximumUnreadableNames = 20;

    private readonly Dictionary<string, CmdletDefinition> _definitions;
    private readonly byte[] _text;

    private CmdletCatalog(
        ExoService service,
        byte[] text,
        Dictionary<string, CmdletDefinition> definitions,
        ServiceKey? key,
        int unreadable,
        IReadOnlyList<string> unreadableNames)
    {
        Service = service;
        Key = key;
        UnreadableCount = unreadable;
        UnreadableNames = unreadableNames;
        _text = text;
        _definitions = definitions;
        Cmdlets = [.. definitions.Values.OrderBy(definition => definition.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The service of the cmdlets.</summary>
    public ExoService Service { get; }

    /// <summary>The cmdlets, in order of their names.</summary>
    public IReadOnlyList<CmdletDefinition> Cmdlets { get; }

    /// <summary>The key that encrypts passwords; null if the module file has none.</summary>
    public ServiceKey? Key { get; }

    /// <summary>How many cmdlets the file should define but does not, or not readably. The session warns once if it is not 0.</summary>
    public int UnreadableCount { get; }

    /// <summary>The first few names of the unreadable ones, if they are names.</summary>
    public IReadOnlyList<string> UnreadableNames { get; }

    /// <summary>The text kept in memory, in bytes.</summary>
    internal int TextLength => _text.Length;

    /// <summary>The text kept in memory: a module file of its own that parses to an equal catalog.</summary>
    internal ReadOnlyMemory<byte> Text => _text;

    /// <summary>Reads a module file.</summary>
    /// <param name="moduleFile">The psm1's UTF-8 text.</param>
    /// <param name="service">The service that sent it.</param>
    /// <param name="exported">
    /// The names that the service exports; only these become cmdlets. If it is null, the functions in <c>script:</c> scope whose names have a
    /// hyphen do, or all functions whose names have one if none is in that scope.
    /// </param>
    /// <returns>The catalog; empty for a text without cmdlets. No text makes this fail.</returns>
    public static CmdletCatalog Parse(ReadOnlySpan<byte> moduleFile, ExoService service, IEnumerable<string>? exported = null)
    {
        var unreadable = new Unreadable();
        var wanted = exported is null ? null : ReadExported(exported, unreadable);
        return Build(moduleFile, service, Find(moduleFile, wanted, everyFunction: false, unreadable), unreadable);
    }

    /// <summary>Reads a module file.</summary>
    /// <param name="moduleFile">The psm1's text.</param>
    /// <param name="service">The service that sent it.</param>
    /// <param name="exported">The names that the service exports, or null.</param>
    /// <returns>The catalog.</returns>
    public static CmdletCatalog Parse(string moduleFile, ExoService service, IEnumerable<string>? exported = null) =>
        Parse(Encoding.UTF8.GetBytes(moduleFile), service, exported);

    /// <summary>Whether the session has a cmdlet.</summary>
    /// <param name="name">Its name, case ignored.</param>
    /// <returns>True if so.</returns>
    public bool Contains(string name) => _definitions.ContainsKey(name);

    /// <summary>Finds a cmdlet.</summary>
    /// <param name="name">Its name, case ignored.</param>
    /// <param name="definition">The cmdlet.</param>
    /// <returns>False if the session has none of that name.</returns>
    public bool TryGet(string name, [NotNullWhen(true)] out CmdletDefinition? definition) => _definitions.TryGetValue(name, out definition);

    /// <summary>Reads a text that <see cref="Text"/> gave: each of its functions is a cmdlet.</summary>
    internal static CmdletCatalog ParseKept(ReadOnlySpan<byte> text, ExoService service)
    {
        var unreadable = new Unreadable();
        return Build(text, service, Find(text, wanted: null, everyFunction: true, unreadable), unreadable);
    }

    private static CmdletCatalog Build(
        ReadOnlySpan<byte> moduleFile,
        ExoService service,
        Dictionary<string, FoundCmdlet> found,
        Unreadable unreadable)
    {
        var text = new ArrayBufferWriter<byte>(Math.Max(256, moduleFile.Length / 2));
        // The key comes first: a reader takes the first key it finds, as this one did.
        if (ServiceKey.TryFind(moduleFile, out var key))
        {
            text.Write("#"u8);
            Encoding.ASCII.GetBytes(key.ToXml(), text);
            text.Write("\n"u8);
        }

        foreach (var (name, cmdlet) in found)
        {
            var (function, head) = (cmdlet.Function, cmdlet.Head);
            text.Write("function script:"u8);
            Encoding.ASCII.GetBytes(name, text);
            text.Write("{"u8);
            if (head.HasParameterBlock)
            {
                if (function.InlineStart > 0 && head.ParametersStart == function.InlineStart + 1)
                {
                    text.Write("param("u8);
                }
                else
                {
                    text.Write(moduleFile[function.Body..head.ParametersStart]);
                }

                cmdlet.KeptLength = head.ParametersEnd - head.ParametersStart;
                cmdlet.KeptStart = text.WrittenCount;
                text.Write(moduleFile.Slice(head.ParametersStart, cmdlet.KeptLength));
                text.Write(")"u8);
            }
            else
            {
                text.Write("param("u8);
                cmdlet.KeptStart = text.WrittenCount;
                text.Write(")"u8);
            }

            if (!head.IsBatched)
            {
                text.Write(FunctionHead.NeverBatched);
            }

            text.Write("}\n"u8);
        }

        var kept = text.WrittenSpan.ToArray();
        var names = new NamePool();
        var definitions = new Dictionary<string, CmdletDefinition>(found.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, cmdlet) in found)
        {
            definitions.Add(name, new CmdletDefinition(name, cmdlet.Head, kept.AsMemory(cmdlet.KeptStart, cmdlet.KeptLength), names));
        }

        return new CmdletCatalog(service, kept, definitions, key, unreadable.Count, unreadable.Names);
    }

    private static HashSet<string> ReadExported(IEnumerable<string> exported, Unreadable unreadable)
    {
        var wanted = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in exported)
        {
            var name = entry.Trim();
            if (name.Length == 0)
            {
                continue;
            }

            if (name.Length <= 128 && ScriptText.IsCmdletName(Encoding.UTF8.GetBytes(name)))
            {
                wanted.Add(name);
            }
            else
            {
                unreadable.Add(null);
            }
        }

        return wanted;
    }

    // The functions to keep, by name. As in PowerShell, the last definition of a name counts.
    private static Dictionary<string, FoundCmdlet> Find(
        ReadOnlySpan<byte> text,
        HashSet<string>? wanted,
        bool everyFunction,
        Unreadable unreadable)
    {
        var clean = ModuleFileScanner.TryScan(text, out var functions);
        var scopedOnly = wanted is null && functions.Exists(function => function.Scoped);
        var found = new Dictionary<string, FoundCmdlet>(StringComparer.OrdinalIgnoreCase);
        var damaged = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var function in functions)
        {
            Take(text, function, recovered: false);
        }

        if (!clean || (wanted is not null && found.Count + damaged.Count < wanted.Count))
        {
            var more = ModuleFileScanner.Recover(text);
            scopedOnly |= wanted is null && more.Exists(function => function.Scoped);
            foreach (var function in more)
            {
                Take(text, function, recovered: true);
            }
        }

        if (wanted is not null)
        {
            damaged.UnionWith(wanted);
        }

        damaged.ExceptWith(found.Keys);
        foreach (var name in damaged)
        {
            unreadable.Add(name);
        }

        return found;

        void Take(ReadOnlySpan<byte> text, ScannedFunction function, bool recovered)
        {
            var ascii = text.Slice(function.NameStart, function.NameLength);
            if (!ScriptText.IsSafeName(ascii))
            {
                if (!recovered && wanted is null)
                {
                    unreadable.Add(null);
                }

                return;
            }

            var name = Encoding.ASCII.GetString(ascii);
            var isCmdlet = wanted is not null
                ? wanted.Contains(name)
                : ScriptText.IsCmdletName(ascii) && (everyFunction || function.Scoped || !scopedOnly);
            if (!isCmdlet)
            {
                return;
            }

            if (recovered && found.ContainsKey(name))
            {
                return;
            }

            if (FunctionHead.TryRead(text, function, out var head) && (head.HasParameterBlock || !recovered))
            {
                found[name] = new FoundCmdlet(function, head);
            }
            else
            {
                damaged.Add(name);
            }
        }
    }

    /// <summary>A cmdlet on its way from the module file to the kept text.</summary>
    private sealed class FoundCmdlet(ScannedFunction function, FunctionHead head)
    {
        public ScannedFunction Function { get; } = function;

        public FunctionHead Head { get; } = head;

        public int KeptStart { get; set; }

        public int KeptLength { get; set; }
    }

    private sealed class Unreadable
    {
        private readonly List<string> _names = [];

        public int Count { get; private set; }

        public IReadOnlyList<string> Names => _names;

        public void Add(string? name)
        {
            Count++;
            if (name is not null && _names.Count < MaximumUnreadableNames)
            {
                _names.Add(name);
            }
        }
    }
}
