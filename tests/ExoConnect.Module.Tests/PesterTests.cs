using System.Xml.Linq;

namespace ExoConnect.Module.Tests;

/// <summary>Runs tests/Pester in a real PowerShell where one with Pester 5 is on the PATH; elsewhere there is nothing to run it with.</summary>
public class PesterTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Pester");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.Tests.ps1").Select(f => Path.GetFileName(f)!).Order()];

    [PesterTheory]
    [MemberData(nameof(Files))]
    public async Task Passes(string file)
    {
        var results = Path.Combine(Repository.Root, "TestResults", Path.ChangeExtension(file, ".xml"));
        Directory.CreateDirectory(Path.GetDirectoryName(results)!);
        File.Delete(results);
        var (exit, output) = await PowerShell.RunAsync(
            $$"""
            $PSStyle.OutputRendering = 'PlainText'
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
            new Dictionary<string, string> { ["EXOCONNECT_TEST_MODULE"] = Repository.Module, ["EXOCONNECT_TEST_CLI"] = Repository.CommandLine });

        Assert.True(exit == 0, output);
        Assert.True((int?)XDocument.Load(results).Root!.Attribute("tests") > 0, "Pester found no test: " + output);
    }

    /// <summary>A theory that runs where PowerShell and Pester 5 are, and says so where they are not.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class PesterTheoryAttribute : TheoryAttribute
    {
        public PesterTheoryAttribute()
        {
            if (!PowerShell.HasPester)
            {
                Skip = "No pwsh with Pester 5 is on the PATH.";
            }
        }
    }
}
