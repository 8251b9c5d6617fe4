// Counts the tests of a run by the results of their runners, and writes "passed failed skipped":
//
//     dotnet run .ci/count.cs -- FOLDER-OF-TRX-FILES FOLDER-OF-PESTER-RESULTS
//
// xunit runs each Pester file as one test. In its place count the tests that Pester found in the file.
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false

using System.Text.RegularExpressions;
using System.Xml.Linq;

XNamespace trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
int passed = 0, failed = 0, skipped = 0;

foreach (var result in Directory.EnumerateFiles(args[0], "*.trx").SelectMany(file => XDocument.Load(file).Descendants(trx + "UnitTestResult")))
{
    var (hasPassed, hasFailed) = ((string?)result.Attribute("outcome")) switch
    {
        "Passed" => (true, false),
        "NotExecuted" => (false, false),
        _ => (false, true),
    };
    if (PesterResults((string)result.Attribute("testName")!) is { } pester)
    {
        var suites = XDocument.Load(pester).Descendants("testsuite").ToList();
        int Sum(string name) => suites.Sum(suite => (int?)suite.Attribute(name) ?? 0);
        int bad = Sum("failures") + Sum("errors"), off = Sum("skipped") + Sum("disabled");
        passed += Sum("tests") - bad - off;
        skipped += off;

        // The file failed and none of its tests: Pester itself did, and that is one failure.
        failed += hasFailed && bad == 0 ? 1 : bad;
    }
    else
    {
        passed += hasPassed ? 1 : 0;
        failed += hasFailed ? 1 : 0;
        skipped += hasPassed || hasFailed ? 0 : 1;
    }
}

Console.WriteLine($"{passed} {failed} {skipped}");

string? PesterResults(string test)
{
    var row = Regex.Match(test, """PesterTests\.Passes\(powerShell: "(\w+)", file: "(\w+\.Tests)\.ps1"\)""");
    var file = Path.Combine(args[1], row.Groups[1].Value, row.Groups[2].Value + ".xml");
    return row.Success && File.Exists(file) ? file : null;
}
