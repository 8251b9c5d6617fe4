using System.IO.Compression;
using System.Management.Automation;
using System.Reflection;
using ExoConnect.Core.Catalog;

namespace ExoConnect.Scripts;

/// <summary>The cmdlets that scripts may call: the module's own, and those of the services or of one session.</summary>
internal sealed class KnownCmdlets
{
    private const string ReferenceList = "ExoConnect.Scripts.Cmdlets.zip";

    private static readonly Lazy<Dictionary<string, KnownCmdlet>> Own = new(static () => ByName(OwnCmdlets()));
    private static readonly Lazy<KnownCmdlets> OfReference = new(static () => new KnownCmdlets(ByName(ReferenceCmdlets()), connection: null));

    private readonly Dictionary<string, KnownCmdlet> _service;
    private readonly Lazy<Dictionary<string, string>> _misspelt;

    private KnownCmdlets(Dictionary<string, KnownCmdlet> service, string? connection)
    {
        _service = service;
        _misspelt = new(Misspellings);
        Connection = connection;
    }

    /// <summary>All cmdlets of both services, from the public reference and the service's own script module.</summary>
    public static KnownCmdlets Reference => OfReference.Value;

    /// <summary>The connection whose cmdlets these are; null for the reference.</summary>
    public string? Connection { get; }

    /// <summary>The cmdlets of a session, which has those that its roles allow.</summary>
    public static KnownCmdlets Of(CmdletCatalog catalog, string connection) => new(ByName(catalog.Cmdlets.Select(Session)), connection);

    /// <summary>Finds a cmdlet by its name, whatever its case.</summary>
    public KnownCmdlet? Find(string name) => Own.Value.TryGetValue(name, out var own) || _service.TryGetValue(name, out own) ? own : null;

    /// <summary>
    /// The likely meant cmdlet: one with a letter less or more at the end, or with two letters swapped. A name that differs more is likely another
    /// module's.
    /// </summary>
    public string? Near(string name) =>
        name.Length > 1 && _service.TryGetValue(name[..^1], out var shorter) ? shorter.Name
        : _misspelt.Value.TryGetValue(name, out var longer) || _misspelt.Value.TryGetValue(Letters(name), out longer) ? longer
        : null;

    private static string Letters(string name) => "*" + string.Concat(name.ToUpperInvariant().Order());

    private Dictionary<string, string> Misspellings()
    {
        var all = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in _service.Keys)
        {
            all[Letters(name)] = name;
            all[name[..^1]] = name;
        }

        return all;
    }

    private static Dictionary<string, KnownCmdlet> ByName(IEnumerable<KnownCmdlet> cmdlets)
    {
        var all = new Dictionary<string, KnownCmdlet>(StringComparer.OrdinalIgnoreCase);
        foreach (var cmdlet in cmdlets)
        {
            // Both services have cmdlets of the same name, with parameters of their own.
            all[cmdlet.Name] = all.TryGetValue(cmdlet.Name, out var other)
                ? new KnownCmdlet(cmdlet.Name, cmdlet.IsOwn, () => [.. other.Parameters, .. cmdlet.Parameters])
                : cmdlet;
        }

        return all;
    }

    private static IEnumerable<KnownCmdlet> OwnCmdlets() =>
        from type in typeof(KnownCmdlets).Assembly.GetExportedTypes()
        let cmdlet = type.GetCustomAttribute<CmdletAttribute>()
        where cmdlet is not null
        select new KnownCmdlet(
            $"{cmdlet.VerbName}-{cmdlet.NounName}",
            isOwn: true,
            () => [.. type.GetProperties().Select(Declared).OfType<KnownParameter>(), .. ShouldProcess(cmdlet.SupportsShouldProcess)]);

    private static KnownParameter? Declared(PropertyInfo property)
    {
        var parameters = property.GetCustomAttributes<ParameterAttribute>().ToList();
        return parameters.Count == 0 ? null : new KnownParameter(
            property.Name, [.. property.GetCustomAttributes<AliasAttribute>().SelectMany(a => a.AliasNames)], parameters.TrueForAll(p => p.DontShow));
    }

    private static KnownParameter[] ShouldProcess(bool supported) =>
        supported ? [new KnownParameter("WhatIf", ["wi"]), new KnownParameter("Confirm", ["cf"])] : [];

    private static KnownCmdlet Session(CmdletDefinition definition) => new(
        definition.Name,
        isOwn: false,
        () =>
        [
            .. definition.Parameters.Select(p => new KnownParameter(p.Name, p.Aliases)),
            .. ShouldProcess(definition.SupportsShouldProcess),
            new KnownParameter("Connection", []),
        ]);

    /// <summary>
    /// Reads lines <c>name services default traits… parameter…</c>; a parameter is <c>Name:Type|alias…</c> and more that does not matter
    /// here.
    /// </summary>
    private static IEnumerable<KnownCmdlet> ReferenceCmdlets()
    {
        using var zip = new ZipArchive(typeof(KnownCmdlets).Assembly.GetManifestResourceStream(ReferenceList)!, ZipArchiveMode.Read);
        using var text = new StreamReader(zip.Entries[0].Open());
        while (text.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return new KnownCmdlet(line[..line.IndexOf(' ', StringComparison.Ordinal)], isOwn: false, () => Parameters(line));
            }
        }
    }

    private static List<KnownParameter> Parameters(string line)
    {
        var parameters = new List<KnownParameter> { new("Connection", []) };
        foreach (var field in line.Split(' ').Skip(3).Where(f => !f.StartsWith('!')))
        {
            var names = field.Split('@', '^')[0].Split('|');
            parameters.Add(new KnownParameter(names[0].Split(':')[0], names[1..]));
        }

        return parameters;
    }
}
