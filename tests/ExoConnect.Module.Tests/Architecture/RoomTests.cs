namespace ExoConnect.Module.Tests.Architecture;

/// <summary>
/// Holds the compiled assemblies to the table in docs/internals/architecture.md: which room may use which. A new arrow fails until the table says
/// so, an arrow that nobody uses any more fails too, and no rooms use each other in a circle.
/// </summary>
public class RoomTests
{
    private const string Heading = "## Who uses whom";

    public static TheoryData<string> Assemblies => ["ExoConnect.Core", "ExoConnect", "ExoConnect.Cli", "ExoConnect.LocalTenant"];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Rooms_use_only_what_the_table_allows(string assembly)
    {
        var rooms = Read(assembly);
        var allowed = Table().GetValueOrDefault(assembly) ?? [];
        var wrong = new List<string>();
        foreach (var (room, used) in rooms.Arrows)
        {
            var may = allowed.GetValueOrDefault(room) ?? [];
            foreach (var other in used.Except(may))
            {
                wrong.Add($"{room} must not use {other}: {rooms.Example(room, other)}.");
            }

            foreach (var other in may.Except(used))
            {
                wrong.Add($"{room} doesn't use {other} any more: take it out of the table.");
            }
        }

        foreach (var gone in allowed.Keys.Except(rooms.Arrows.Keys))
        {
            wrong.Add($"There is no room {gone}: take it out of the table.");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong) + "\nThe table is in docs/internals/architecture.md; what holds today is:\n"
            + Rows(assembly, rooms));
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void No_rooms_use_each_other_in_a_circle(string assembly)
    {
        var rooms = Read(assembly);
        var left = rooms.Arrows.ToDictionary(static r => r.Key, static r => r.Value.ToHashSet());
        while (left.FirstOrDefault(r => !r.Value.Any(left.ContainsKey)).Key is { } free)
        {
            left.Remove(free);
        }

        var circle = string.Join(
            '\n', left.SelectMany(r => r.Value.Where(left.ContainsKey).Select(to => $"{r.Key} -> {to}: {rooms.Example(r.Key, to)}")));
        Assert.True(left.Count == 0, circle);
    }

    [Fact]
    public void Engine_and_local_tenant_know_nothing_of_each_other()
    {
        Assert.DoesNotContain("ExoConnect.LocalTenant", Read("ExoConnect.Core").References);
        Assert.DoesNotContain("ExoConnect.Core", Read("ExoConnect.LocalTenant").References);
    }

    [Fact]
    public void The_engine_knows_no_PowerShell_and_the_module_no_sign_in_library()
    {
        Assert.DoesNotContain("System.Management.Automation", Read("ExoConnect.Core").References);
        Assert.DoesNotContain("Microsoft.Identity.Client", Read("ExoConnect").References);
    }

    private static CompiledRooms Read(string assembly)
    {
        var folder = Path.GetDirectoryName(Repository.CommandLine)!;
        return assembly switch
        {
            "ExoConnect" => CompiledRooms.Of(Path.Combine(Repository.Module, "ExoConnect.dll"), assembly),
            "ExoConnect.Cli" => CompiledRooms.Of(Path.Combine(folder, "exoconnect.dll"), assembly),
            _ => CompiledRooms.Of(Path.Combine(folder, assembly + ".dll"), assembly),
        };
    }

    /// <summary>The allowed arrows, by assembly and room.</summary>
    private static Dictionary<string, Dictionary<string, string[]>> Table()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "internals", "architecture.md"));
        var table = page[page.IndexOf(Heading, StringComparison.Ordinal)..].Split('\n').Skip(1).TakeWhile(
            static l => !l.StartsWith("## ", StringComparison.Ordinal))
            .Where(static l => l.StartsWith("| `", StringComparison.Ordinal))
            .Select(static l => l.Split('|', StringSplitOptions.TrimEntries));
        return table.GroupBy(static row => row[1].Trim('`')).ToDictionary(
            static rows => rows.Key,
            static rows => rows.ToDictionary(
                static row => row[2], static row => row[3].Split(", ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
    }

    private static string Rows(string assembly, CompiledRooms rooms) =>
        string.Join('\n', rooms.Arrows.Select(r => $"| `{assembly}` | {r.Key} | {string.Join(", ", r.Value)} |"));
}
