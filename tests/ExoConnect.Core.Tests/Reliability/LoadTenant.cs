using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Sessions;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Faults;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.Core.Tests.Reliability;

/// <summary>
/// A tenant in a process of its own, so that the memory of this one is the client's alone. It takes an order a line, and ends with its input.
/// </summary>
internal sealed class LoadTenant : IAsyncDisposable
{
    /// <summary>The argument that makes this program a tenant.</summary>
    public const string Argument = "--serve-load-tenant";

    private const string Fail = "fail";
    private const string Calm = "calm";
    private const string Revoke = "revoke";
    private const string Tell = "tell";

    private readonly Process _process;
    private readonly TenantDescription _description;
    private readonly X509Certificate2 _certificate;
    private readonly SemaphoreSlim _turn = new(1);

    private LoadTenant(Process process, TenantDescription description)
    {
        _process = process;
        _description = description;
        _certificate = X509CertificateLoader.LoadPkcs12FromFile(description.PfxPath, description.PfxPassword);
        Environment = EnvironmentFile.Load(description.EnvironmentFile);
    }

    public ExoEnvironment Environment { get; }

    public SessionRegistry Registry { get; } = new();

    public static async Task<LoadTenant> StartAsync()
    {
        var assembly = typeof(LoadTenant).Assembly.Location;
        var host = System.Environment.ProcessPath!;
        var isDotnet = Path.GetFileNameWithoutExtension(host).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        var process = Process.Start(new ProcessStartInfo(host, isDotnet ? [assembly, Argument] : [Argument])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return new LoadTenant(process, JsonSerializer.Deserialize<TenantDescription>(line!)!);
    }

    public ConnectOptions Options() => new()
    {
        Service = ExoService.ExchangeOnline,
        Environment = Environment,
        Organization = _description.Organization,
        AppId = _description.AppId.ToString(),
        SignIn = new SignInMethod.Certificate(new CertificateSource.Instance(_certificate)),
        Catalog = CatalogUse.Uncached,
        RetryDelay = TimeSpan.FromMilliseconds(1),
    };

    /// <summary>Begins to fail at random, and to count requests.</summary>
    public Task FailAsync() => AskAsync(Fail);

    /// <summary>Fails no more.</summary>
    public Task CalmAsync() => AskAsync(Calm);

    /// <summary>Makes all tokens worthless.</summary>
    public Task RevokeAsync() => AskAsync(Revoke);

    /// <summary>Tells what the tenant saw.</summary>
    public async Task<TenantAccount.Result> TellAsync() => JsonSerializer.Deserialize<TenantAccount.Result>(await AskAsync(Tell))!;

    public async ValueTask DisposeAsync()
    {
        foreach (var session in Registry.Sessions)
        {
            Registry.Disconnect(session);
        }

        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        _process.Dispose();
        _certificate.Dispose();
        _turn.Dispose();
    }

    /// <summary>Is the tenant, as a process, until its input ends.</summary>
    public static async Task<int> ServeAsync()
    {
        await using var tenant = await Tenant.StartAsync(new TenantOptions
        {
            TokenLifetime = TimeSpan.FromSeconds(5), Permissions = ["Directory.Read.All"],
        });
        var account = new TenantAccount(tenant.Requests);
        Console.WriteLine(JsonSerializer.Serialize(tenant.Describe()));
        using var looking = new Timer(_ => account.Look(), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(20));
        while (await Console.In.ReadLineAsync() is { } order)
        {
            switch (order)
            {
                case Fail:
                    Misbehave(tenant.Faults);
                    account.Begin();
                    break;
                case Calm:
                    tenant.Faults.Clear();
                    break;
                case Revoke:
                    tenant.RevokeTokens();
                    break;
            }

            Console.WriteLine(order == Tell ? JsonSerializer.Serialize(account.Tell()) : order);
        }

        return 0;
    }

    private async Task<string> AskAsync(string order)
    {
        await _turn.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(order);
            await _process.StandardInput.FlushAsync();
            return (await _process.StandardOutput.ReadLineAsync())!;
        }
        finally
        {
            _turn.Release();
        }
    }

    private static void Misbehave(FaultSet faults)
    {
        faults.Seed(20261129);
        foreach (var service in (TenantService[])[TenantService.ExchangeOnline, TenantService.Graph])
        {
            Add(0.01, new FaultRule { Status = 503, RetryAfter = TimeSpan.Zero, Body = FaultBody.Empty });
            Add(0.005, new FaultRule { Status = 429, RetryAfter = TimeSpan.Zero });
            Add(0.01, new FaultRule { Status = 502, Body = FaultBody.Html });
            Add(0.01, new FaultRule { Status = 504, Body = FaultBody.Empty });
            Add(0.01, new FaultRule { Status = 500 });
            Add(0.01, new FaultRule { Status = 401, Body = FaultBody.Empty });
            Add(0.01, new FaultRule { Drop = FaultDrop.Before });
            Add(0.02, new FaultRule { Drop = FaultDrop.Middle });
            Add(0.01, new FaultRule { TruncateAt = 300 });
            Add(0.01, new FaultRule { SlowPerKilobyte = TimeSpan.FromMilliseconds(1) });
            Add(0.05, new FaultRule { Delay = TimeSpan.FromMilliseconds(20) });

            void Add(double probability, FaultRule rule) => faults.Add(rule with { Service = service, Probability = probability });
        }

        faults.Add(new FaultRule { Service = TenantService.Entra, Probability = 0.05, Status = 503, Body = FaultBody.Empty });
        faults.Add(new FaultRule { Service = TenantService.Entra, Probability = 0.03, Drop = FaultDrop.Before });
    }
}
