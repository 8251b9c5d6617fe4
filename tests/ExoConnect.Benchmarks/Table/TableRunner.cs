using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ExoConnect.Benchmarks.Table;

/// <summary>
/// Measures the rows of the table, each with its script in real PowerShell processes against tenants started for it, and prints them as
/// Markdown. Nothing is left behind: tenants end with this process, and all files lie in one temporary folder.
/// </summary>
internal static class TableRunner
{
    private const string ExoVariable = "EXOCONNECT_EXO_MODULE";

    /// <summary>The hosts that Microsoft's module speaks to: its own are fixed.</summary>
    private const string ExoHosts = "login.microsoftonline.com,login.windows.net,outlook.office365.com";

    private static string Output => AppContext.BaseDirectory;

    public static async Task<int> RunAsync(CommandArguments arguments)
    {
        var quick = arguments.Has("quick");
        var runs = arguments.Number("runs", quick ? 1 : 5);
        var wanted = arguments.Option("row")?.Split(',');
        var unknown = wanted?.Except(TableRow.All.Select(r => r.Name)).FirstOrDefault();
        if (unknown is not null)
        {
            Console.Error.WriteLine($"There is no row '{unknown}'; the rows are {string.Join(", ", TableRow.All.Select(r => r.Name))}.");
            return 2;
        }

        if (FindModule(arguments.Option("package")) is not { } module)
        {
            Console.Error.WriteLine("There is no module to measure. Make the package (dotnet pack src/ExoConnect.Package/ExoConnect.Package.proj) "
                + "or the layout (dotnet build -c Release).");
            return 2;
        }

        if (!HasExo && wanted?.Contains("exo") == true)
        {
            Console.Error.WriteLine(
                $"The row 'exo' needs Microsoft's module: let {ExoVariable} name the folder of its ExchangeOnlineManagement.psd1.");
            return 2;
        }

        var folder = Directory.CreateTempSubdirectory("exoconnect-benchmarks-").FullName;
        var table = new StringBuilder();
        var isComplete = true;
        try
        {
            Describe(table, module, quick, runs, arguments.Has("gzip"));
            Console.WriteLine(table);
            foreach (var group in TableRow.All.Where(r => wanted?.Contains(r.Name) ?? (!r.IsBesideExo || HasExo)).GroupBy(
                r => (Mailboxes: quick ? r.QuickMailboxes : r.Mailboxes, r.Latency, r.IsBesideExo)))
            {
                await using var tenant = await TenantProcess.StartAsync(
                    folder, group.Key.Mailboxes, group.Key.Latency, arguments.Has("gzip"), group.Key.IsBesideExo ? arguments.Option("module") : null,
                    group.Key.IsBesideExo ? ExoHosts : null);
                await using var proxy = group.Key.IsBesideExo ? new LoopbackProxy(TenantProcess.ReadDescription(tenant.DescriptionFile).Port) : null;
                foreach (var row in group)
                {
                    isComplete &= await MeasureAsync(row, tenant, proxy, module, folder, runs, table);
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Console.WriteLine();
        Console.WriteLine(table);
        return isComplete ? 0 : 1;
    }

    private static bool HasExo => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(ExoVariable));

    private static async Task<bool> MeasureAsync(
        TableRow row, TenantProcess tenant, LoopbackProxy? proxy, string module, string folder, int runs, StringBuilder table)
    {
        Console.WriteLine($"{row.Name}: {row.What}");
        var start = new ProcessStartInfo("pwsh") { RedirectStandardOutput = true };
        string[] arguments =
        [
            "-NoProfile", "-NonInteractive", "-File", Path.Combine(Output, "scripts", row.Name + ".ps1"), "-TenantFile", tenant.DescriptionFile,
            "-Module", module, "-Floor", typeof(TableRunner).Assembly.Location, "-Runs", runs.ToString(
                CultureInfo.InvariantCulture), "-Folder", folder,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        if (proxy is not null)
        {
            start.Environment["EXOCONNECT_BENCHMARK_PROXY"] = proxy.Address;
        }

        using var process = Process.Start(start)!;
        string[]? figures = null;
        var besideExo = new StringBuilder();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("#row\t", StringComparison.Ordinal))
            {
                figures = line.Split('\t');
            }
            else if (line.StartsWith("#exo\t", StringComparison.Ordinal))
            {
                besideExo.AppendLine(line[5..]);
            }
            else
            {
                Console.WriteLine(line);
            }
        }

        await process.WaitForExitAsync();
        var result = figures is [_, _, var measured, var floor, var byHand] ? $"{measured} | {floor} | {byHand}"
            : "not measured: the script failed | |";
        table.AppendLine(CultureInfo.InvariantCulture, $"| {row.What} | {row.Must} | {row.Dream} | {result} |");
        if (besideExo.Length > 0)
        {
            table.AppendLine().Append(besideExo);
        }

        return figures is not null && process.ExitCode == 0;
    }

    private static void Describe(StringBuilder table, string module, bool quick, int runs, bool gzip)
    {
        var native = Directory.GetDirectories(Path.Combine(Path.GetDirectoryName(module)!, "dependencies")).Length > 0;
        table.AppendLine(CultureInfo.InvariantCulture, $"""
            {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors{Load()}; .NET {Environment.Version};
            {(native ? "the packaged module with ReadyToRun images" : "the built module, IL only")}; responses {(gzip ? "packed" : "not packed")};
            medians of {runs} run(s){(quick ? ", small sizes: a check that all works, not a measurement" : "")}.

            | what | must | dream | measured | floor | by hand |
            |---|---|---|---|---|---|
            """);
    }

    private static string Load() => OperatingSystem.IsLinux() ? $", load {File.ReadAllText("/proc/loadavg").Split(' ')[0]} at the start" : "";

    /// <summary>The packaged module, as users have it; else the built one.</summary>
    private static string? FindModule(string? given)
    {
        if (given is not null)
        {
            return File.Exists(given) ? Path.GetFullPath(given) : null;
        }

        var root = Output;
        while (root is not null && !File.Exists(Path.Combine(root, "ExoConnect.sln")))
        {
            root = Path.GetDirectoryName(root);
        }

        return new[] { "out/package/ExoConnect", "out/ExoConnect" }.Select(f => Path.Combine(root ?? "", f, "ExoConnect.psd1")).FirstOrDefault(
            File.Exists);
    }
}
