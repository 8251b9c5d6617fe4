using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ExoConnect.HelpBuilder;

/// <summary>
/// Writes the bill of materials of a package, as SPDX 2.3 in JSON: each package of NuGet that the lock files name, with its version, its purl and the
/// hash that a restore checks. The same lock files give the same bytes; SOURCE_DATE_EPOCH sets the time that SPDX requires.
/// </summary>
internal static class BillOfMaterials
{
    private const string Root = "SPDXRef-Package";

    /// <summary>Creates the document.</summary>
    /// <param name="name">The package.</param>
    /// <param name="version">Its version.</param>
    /// <param name="address">The address of its source.</param>
    /// <param name="lockFiles">The lock files of its projects.</param>
    /// <param name="without">Packages that are only compiled against.</param>
    /// <returns>The JSON.</returns>
    /// <exception cref="FormatException">A lock file has another format.</exception>
    public static string Of(string name, string version, string address, IEnumerable<string> lockFiles, IReadOnlyCollection<string> without)
    {
        var parts = lockFiles.SelectMany(Read).Where(p => !without.Contains(p.Name, StringComparer.OrdinalIgnoreCase))
            .DistinctBy(static p => p.Id, StringComparer.OrdinalIgnoreCase).OrderBy(static p => p.Id, StringComparer.OrdinalIgnoreCase).ToList();
        var seconds = long.TryParse(Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH"), CultureInfo.InvariantCulture, out var epoch) ? epoch
            : DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var created = DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime;
        var document = new JsonObject
        {
            ["spdxVersion"] = "SPDX-2.3",
            ["dataLicense"] = "CC0-1.0",
            ["SPDXID"] = "SPDXRef-DOCUMENT",
            ["name"] = $"{name} {version}",
            ["documentNamespace"] = $"{address}/spdx/{name}-{version}",
            ["creationInfo"] = new JsonObject
            {
                ["created"] = created.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                ["creators"] = new JsonArray($"Organization: {name}", $"Tool: {nameof(ExoConnect)}.{nameof(HelpBuilder)}"),
            },
            ["documentDescribes"] = new JsonArray(Root),
            ["packages"] = new JsonArray([Whole(name, version, address), .. parts.Select(static p => p.Describe())]),
            ["relationships"] = new JsonArray(
            [
                Relation("SPDXRef-DOCUMENT", "DESCRIBES", Root),
                .. parts.Select(static p => Relation(Root, "CONTAINS", p.Reference)),
                .. parts.SelectMany(p => p.Needs.Select(n => parts.Find(o => o.Name.Equals(n, StringComparison.OrdinalIgnoreCase))).OfType<Part>()
                    .Select(n => Relation(p.Reference, "DEPENDS_ON", n.Reference))),
            ]),
        };
        return document.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n";
    }

    private static IEnumerable<Part> Read(string path)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(path));
        if (!file.RootElement.TryGetProperty("dependencies", out var frameworks))
        {
            throw new FormatException($"{path} is no lock file.");
        }

        return [.. from framework in frameworks.EnumerateObject()
            from package in framework.Value.EnumerateObject()
            where package.Value.TryGetProperty("resolved", out _)
            select new Part(
                package.Name,
                package.Value.GetProperty("resolved").GetString()!,
                package.Value.GetProperty("contentHash").GetString()!,
                package.Value.TryGetProperty("dependencies", out var needs) ? [.. needs.EnumerateObject().Select(static n => n.Name)] : [])];
    }

    private static JsonObject Whole(string name, string version, string address) => new()
    {
        ["SPDXID"] = Root,
        ["name"] = name,
        ["versionInfo"] = version,
        ["downloadLocation"] = address,
        ["filesAnalyzed"] = false,
        ["licenseConcluded"] = "MIT",
        ["licenseDeclared"] = "MIT",
        ["copyrightText"] = "NOASSERTION",
        ["comment"] = "In the released module and the native command line, ILLink of the .NET SDK has removed from the libraries' files "
            + "what is not used. Versions and hashes are those of the packages that the files come from.",
    };

    private static JsonObject Relation(string of, string kind, string to) =>
        new() { ["spdxElementId"] = of, ["relationshipType"] = kind, ["relatedSpdxElement"] = to };

    private sealed record Part(string Name, string Version, string Hash, IReadOnlyList<string> Needs)
    {
        public string Id => $"{Name}-{Version}";

        public string Reference => $"SPDXRef-{Id}";

        public JsonObject Describe() => new()
        {
            ["SPDXID"] = Reference,
            ["name"] = Name,
            ["versionInfo"] = Version,
            ["downloadLocation"] = $"https://www.nuget.org/api/v2/package/{Name}/{Version}",
            ["filesAnalyzed"] = false,
            ["licenseConcluded"] = "NOASSERTION",
            ["licenseDeclared"] = "NOASSERTION",
            ["copyrightText"] = "NOASSERTION",
            // The hash covers the content without its signature, so it is not a checksum of the downloaded file.
            ["comment"] = $"NuGet content hash (SHA-512): {Hash}",
            ["externalRefs"] = new JsonArray(new JsonObject
            {
                ["referenceCategory"] = "PACKAGE-MANAGER", ["referenceType"] = "purl", ["referenceLocator"] = $"pkg:nuget/{Name}@{Version}",
            }),
        };
    }
}
