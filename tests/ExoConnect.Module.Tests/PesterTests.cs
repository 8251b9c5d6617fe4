using System.Collections.Concurrent;
using System.Xml.Linq;
using Xunit.Sdk;
using Xunit.v3;

// A Pester file waits as well as it computes: for its tenant to start, for the answers of the tenant. Three files at a time keep two cores busy.
[assembly: Parallelization(Mode = ParallelMode.All, MaxThreads = 3)]

namespace ExoConnect.Module.Tests;

/// <summary>
/// Runs each file of tests/Pester in the PowerShell that a restore has brought, and once more in the PowerShell that the environment variable
/// EXOCONNECT_TEST_PWSH names. Files run one after another in a few processes, as scripts do in a user's PowerShell.
/// </summary>
public class PesterTests(PesterTests.Processes processes) : IClassFixture<PesterTests.Processes>
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Pester");

    /// <summary>Every file, in every PowerShell there is to test in.</summary>
    public static TheoryData<string, string> Files
    {
        get
        {
            var files = new DirectoryInfo(Folder).GetFiles("*.Tests.ps1").Select(file => file.Name).Order().ToList();
            return [.. PowerShell.All.Keys.SelectMany(powerShell => files.Select(file => (powerShell, file)))];
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Passes(string powerShell, string file)
    {
        var results = Path.Combine(Repository.Root, "TestResults", "Pester", powerShell, Path.ChangeExtension(file, ".xml"));
        Directory.CreateDirectory(Path.GetDirectoryName(results)!);
        File.Delete(results);
        var process = processes.Take(powerShell);

        var (passed, output) = await process.RunAsync(Path.Combine(Folder, file), results);

        processes.Return(powerShell, process, passed);
        Assert.True(passed, output);
        Assert.True((int?)XDocument.Load(results).Root!.Attribute("tests") > 0, "Pester found no test: " + output);
    }

    /// <summary>The processes that wait for a file.</summary>
    public sealed class Processes : IDisposable
    {
        private readonly ConcurrentDictionary<string, ConcurrentBag<PesterProcess>> _waiting = new();

        /// <summary>Ends them all.</summary>
        public void Dispose()
        {
            foreach (var process in _waiting.Values.SelectMany(processes => processes))
            {
                process.Dispose();
            }
        }

        internal PesterProcess Take(string powerShell) =>
            Waiting(powerShell).TryTake(out var process) ? process : PesterProcess.Start(PowerShell.All[powerShell]);

        internal void Return(string powerShell, PesterProcess process, bool passed)
        {
            if (passed)
            {
                Waiting(powerShell).Add(process);
            }
            else
            {
                process.Dispose();
            }
        }

        private ConcurrentBag<PesterProcess> Waiting(string powerShell) => _waiting.GetOrAdd(powerShell, _ => []);
    }
}
