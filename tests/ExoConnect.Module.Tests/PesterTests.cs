using System.Xml.Linq;
using Xunit.Sdk;
using Xunit.v3;

// A Pester file waits as well as it computes: for its tenant to start, for the responses of the tenant. Four files at a time keep two cores busy.
[assembly: Parallelization(Mode = ParallelMode.All, MaxThreads = 4)]

namespace ExoConnect.Module.Tests;

/// <summary>
/// Runs each file of tests/Pester in a process of the PowerShell that a restore has brought, and once more in the PowerShell that the
/// environment variable EXOCONNECT_TEST_PWSH names. A process of its own for each: MSAL keeps the token of a managed identity for the whole
/// process, and a module that one file imports would stay in the next one's completion.
/// </summary>
[TestCaseOrderer(typeof(UnorderedTestCaseOrderer))]
public class PesterTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Pester");

    /// <summary>The files that take longest. They start first, so that none of them runs alone at the end.</summary>
    private static readonly string[] Longest =
        ["Progress.Tests.ps1", "Examples.Tests.ps1", "Applications.Tests.ps1", "Secrets.Tests.ps1", "Surroundings.Tests.ps1"];

    /// <summary>Every file, in every PowerShell there is to test in.</summary>
    public static TheoryData<string, string> Files
    {
        get
        {
            var files = new DirectoryInfo(Folder).GetFiles("*.Tests.ps1").Select(file => file.Name)
                .OrderBy(name => Longest.Contains(name) ? 0 : 1).ThenBy(name => name, StringComparer.Ordinal).ToList();
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
        var (exit, output) = await PowerShell.All[powerShell].RunAsync(
            $$"""
            $PSStyle.OutputRendering = 'PlainText'
            Import-Module '{{Repository.Pester}}' -ErrorAction Stop
            $configuration = New-PesterConfiguration
            $configuration.Run.Path = '{{Path.Combine(Folder, file)}}'
            $configuration.Run.Exit = $true
            $configuration.Output.Verbosity = 'Detailed'
            $configuration.Output.RenderMode = 'Plaintext'
            $configuration.TestResult.Enabled = $true
            $configuration.TestResult.OutputFormat = 'JUnitXml'
            $configuration.TestResult.OutputPath = '{{results}}'
            Invoke-Pester -Configuration $configuration
            """,
            new Dictionary<string, string>
            {
                ["EXOCONNECT_TEST_MODULE"] = Repository.Module,
                ["EXOCONNECT_TEST_CLI"] = Repository.CommandLine,

                // What PowerShell itself sends would be among the requests that the tests look at, and leave the machine.
                ["POWERSHELL_TELEMETRY_OPTOUT"] = "1",
                ["POWERSHELL_UPDATECHECK"] = "Off",

                // These processes, their tenants and command lines end before better code pays for its making.
                ["DOTNET_TieredPGO"] = "0",
                ["DOTNET_TC_CallCountThreshold"] = "300",
            });

        Assert.True(exit == 0, output);
        Assert.True((int?)XDocument.Load(results).Root!.Attribute("tests") > 0, "Pester found no test: " + output);
    }
}
