using System.Xml.Linq;
using Xunit.Sdk;
using Xunit.v3;

// A Pester file waits as well as it computes: for its tenant to start, for the answers of the tenant. Three files at a time keep two cores busy.
[assembly: Parallelization(Mode = ParallelMode.All, MaxThreads = 3)]

namespace ExoConnect.Module.Tests;

/// <summary>
/// Runs each file of tests/Pester in the PowerShell that a restore has brought, and once more in the PowerShell that the environment variable
/// EXOCONNECT_TEST_PWSH names. Each file has a process of its own: MSAL keeps the token of a managed identity for the whole process, and a module
/// that a file imports stays in the next one's completion.
/// </summary>
public class PesterTests
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
        using var process = PesterProcess.Start(PowerShell.All[powerShell]);

        var (passed, output) = await process.RunAsync(Path.Combine(Folder, file), results);

        Assert.True(passed, output);
        Assert.True((int?)XDocument.Load(results).Root!.Attribute("tests") > 0, "Pester found no test: " + output);
    }
}
