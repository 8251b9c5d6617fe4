using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.Benchmarks;

/// <summary>A local tenant in a process of its own, so that its work and memory are not ours. It ends with us, however we end.</summary>
internal sealed class TenantProcess : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private readonly Process _process;

    private TenantProcess(Process process, string descriptionFile)
    {
        _process = process;
        DescriptionFile = descriptionFile;
    }

    /// <summary>What scripts and the floor need to know of it, as JSON.</summary>
    public string DescriptionFile { get; }

    /// <summary>Starts one.</summary>
    /// <param name="folder">Where its description goes.</param>
    /// <param name="mailboxes">How many mailboxes it has.</param>
    /// <param name="latency">Milliseconds added to every response.</param>
    /// <param name="gzip">Whether it packs its responses.</param>
    /// <param name="module">The file with the module text that it sends; null for its own.</param>
    /// <param name="names">Further names in its certificate, with commas.</param>
    public static async Task<TenantProcess> StartAsync(
        string folder, int mailboxes, int latency, bool gzip, string? module = null, string? names = null)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in HostArguments.Concat([
            "tenant", "--mailboxes", mailboxes.ToString(CultureInfo.InvariantCulture), "--latency", latency.ToString(CultureInfo.InvariantCulture)]))
        {
            start.ArgumentList.Add(argument);
        }

        if (gzip)
        {
            start.ArgumentList.Add("--gzip");
        }

        foreach (var (option, value) in new[] { ("--module", module), ("--names", names) })
        {
            if (value is not null)
            {
                start.ArgumentList.Add(option);
                start.ArgumentList.Add(value);
            }
        }

        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync();
        if (string.IsNullOrEmpty(line))
        {
            throw new InvalidOperationException("The local tenant did not start.");
        }

        var file = Path.Combine(folder, $"tenant-{process.Id}.json");
        await File.WriteAllTextAsync(file, line);
        return new TenantProcess(process, file);
    }

    /// <summary>What the process runs: a tenant until standard input ends.</summary>
    public static async Task<int> RunAsync(CommandArguments arguments)
    {
        var options = new TenantOptions
        {
            Mailboxes = arguments.Number("mailboxes", 1000),
            Latency = TimeSpan.FromMilliseconds(arguments.Number("latency", 0)),
            Compress = arguments.Has("gzip"),
            ModuleFile = arguments.Option("module"),
            Names = arguments.Option("names")?.Split(',') ?? [],
        };
        await using var tenant = await Tenant.StartAsync(options);
        Console.WriteLine(JsonSerializer.Serialize(tenant.Describe(), Json));
        while (await Console.In.ReadLineAsync() is not null)
        {
        }

        return 0;
    }

    public static TenantDescription ReadDescription(string file) => JsonSerializer.Deserialize<TenantDescription>(File.ReadAllText(file), Json)!;

    /// <summary>Under <c>dotnet ExoConnect.Benchmarks.dll</c> the process is dotnet's, and the assembly its first argument.</summary>
    public static IEnumerable<string> HostArguments =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath!).Equals("dotnet", StringComparison.OrdinalIgnoreCase)
            ? [typeof(TenantProcess).Assembly.Location]
            : [];

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
