using System.Text.RegularExpressions;

namespace ExoConnect.Repository.Tests;

/// <summary>What holds for every file of the repository.</summary>
public partial class FileTests
{
    private const int LongestLine = 150;

    /// <summary>
    /// How many lines of a folder may be longer than <see cref="LongestLine"/>. The numbers only fall: whoever shortens lines lowers the number,
    /// and a folder that has none is not here.
    /// </summary>
    private static readonly Dictionary<string, int> LongLines = new()
    {
        [""] = 1,
        ["src/ExoConnect"] = 4,
        ["src/ExoConnect.Cli"] = 1,
        ["src/ExoConnect.Core"] = 2,
        ["src/ExoConnect.LocalTenant"] = 2,
        ["src/ExoConnect.Package"] = 8,
        ["tests/ExoConnect.Benchmarks"] = 25,
        ["tests/ExoConnect.Cli.Tests"] = 1,
        ["tests/ExoConnect.Core.Tests"] = 23,
        ["tests/Pester"] = 105,
    };

    private static readonly string[] Code = [".cs", ".ps1", ".psm1", ".psd1", ".csproj", ".proj", ".props"];

    [Fact]
    public void No_code_has_a_line_of_more_than_150_characters()
    {
        var found = Checkout.Files.Where(file => Code.Contains(Path.GetExtension(file)) || file == ".ci/run")
            .SelectMany(file => Checkout.NumberedLines(file).Where(line => line.Text.Length > LongestLine).Select(line => (file, line.Number)))
            .ToLookup(line => string.Join('/', line.file.Split('/').SkipLast(1).Take(2)), line => $"{line.file}:{line.Number}");

        Assert.All(found, folder => Assert.True(
            folder.Count() <= LongLines.GetValueOrDefault(folder.Key),
            $"{folder.Key} may have {LongLines.GetValueOrDefault(folder.Key)} longer lines and has {folder.Count()}:\n{string.Join('\n', folder)}"));
    }

    [Fact]
    public void No_file_is_larger_than_a_mebibyte() =>
        Assert.DoesNotContain(Checkout.Files, file => new FileInfo(Checkout.FullPath(file)).Length > 1 << 20);

    /// <summary>The folder that the repository lies in, the home of its user, and anybody's home.</summary>
    [Fact]
    public void No_file_names_a_place_of_this_machine()
    {
        var places = new[] { Checkout.Root.TrimEnd('/', '\\'), Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) }
            .Where(place => place.Length > 4).Select(place => place + Path.DirectorySeparatorChar).ToList();

        Assert.Empty(
            from file in Checkout.Files
            from line in Checkout.NumberedLines(file)
            where places.Any(place => line.Text.Contains(place, StringComparison.Ordinal)) || Home().IsMatch(line.Text)
            select $"{file}:{line.Number}: {line.Text.Trim()}");
    }

    [Fact]
    public void The_lock_files_name_no_registry() =>
        Assert.DoesNotContain(LockFiles(), file => Checkout.Lines(file).Any(line => line.Contains("://", StringComparison.Ordinal)));

    [Fact]
    public void Every_project_has_a_lock_file() =>
        Assert.Equal(
            Checkout.Files.Where(file => Path.GetExtension(file) is ".csproj" or ".proj").Select(file => Path.GetDirectoryName(file)).Order(),
            LockFiles().Select(file => Path.GetDirectoryName(file)).Order());

    [Theory]
    [InlineData("dotnet run --project src/ExoConnect.Cli -- demo")]
    [InlineData("dotnet test")]
    public void The_README_has_the_command_on_a_line_of_its_own(string command) => Assert.Contains(command, Checkout.Lines("README.md"));

    private static IEnumerable<string> LockFiles() => Checkout.Files.Where(file => Path.GetFileName(file) == "packages.lock.json");

    [GeneratedRegex(@"[A-Z]:\\Users\\[A-Za-z0-9]+\\|/Users/[a-z0-9]+/[a-z]")]
    private static partial Regex Home();
}
