using System.Collections.Frozen;

namespace ExoConnect.LocalTenant.Catalog;

/// <summary>All cmdlets of the tenant's two services, before roles limit the list.</summary>
internal sealed class CmdletCatalog
{
    private static readonly Lazy<CmdletCatalog> Embedded = new(() => new CmdletCatalog(CatalogText.Parse(Resource("cmdlets.txt"))));

    private readonly FrozenDictionary<string, CmdletDefinition> _exchange;
    private readonly FrozenDictionary<string, CmdletDefinition> _compliance;

    /// <summary>Creates a catalog of cmdlets.</summary>
    public CmdletCatalog(IReadOnlyList<CmdletDefinition> cmdlets)
    {
        Cmdlets = cmdlets;
        _exchange = Of(cmdlets, CatalogServices.ExchangeOnline);
        _compliance = Of(cmdlets, CatalogServices.SecurityCompliance);
    }

    /// <summary>Every cmdlet, whichever service has it.</summary>
    public IReadOnlyList<CmdletDefinition> Cmdlets { get; }

    /// <summary>The catalog to use: the file's, or the built-in one.</summary>
    /// <param name="file">A JSON file, or null.</param>
    /// <exception cref="TenantException">The file cannot be read, or is not a catalog.</exception>
    public static CmdletCatalog Load(string? file)
    {
        if (file is null)
        {
            return Embedded.Value;
        }

        try
        {
            return new CmdletCatalog(CatalogJson.Parse(File.ReadAllBytes(file)));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new TenantException(
                $"The cmdlet catalog '{file}' cannot be used: {failure.Message}",
                "Give a JSON file of cmdlets, or leave the catalog out to use the built-in one.");
        }
    }

    /// <summary>The cmdlets of a service.</summary>
    public IEnumerable<CmdletDefinition> Of(TenantService service) => Index(service)
        .Values.OrderBy(cmdlet => cmdlet.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>A cmdlet of a service by its name in any case; null when the service has none of that name.</summary>
    public CmdletDefinition? Find(TenantService service, string name) => Index(service).GetValueOrDefault(name);

    /// <summary>The text of a file that is embedded beside this class.</summary>
    internal static string Resource(string name)
    {
        using var stream = typeof(CmdletCatalog).Assembly.GetManifestResourceStream(typeof(CmdletCatalog), name)
            ?? throw new InvalidOperationException($"The resource {name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private FrozenDictionary<string, CmdletDefinition> Index(TenantService service)
    {
        return service == TenantService.SecurityCompliance ? _compliance : _exchange;
    }

    private static FrozenDictionary<string, CmdletDefinition> Of(IReadOnlyList<CmdletDefinition> cmdlets, CatalogServices service)
    {
        var own = new Dictionary<string, CmdletDefinition>(StringComparer.OrdinalIgnoreCase);
        foreach (var cmdlet in cmdlets)
        {
            if (cmdlet.Services.HasFlag(service))
            {
                own[cmdlet.Name] = cmdlet.Parameters.All(parameter => parameter.Services.HasFlag(service))
                    ? cmdlet
                    : cmdlet with { Parameters = [.. cmdlet.Parameters.Where(parameter => parameter.Services.HasFlag(service))] };
            }
        }

        return own.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
