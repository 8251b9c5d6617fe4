using System.Diagnostics;
using System.Runtime.CompilerServices;
using ExoConnect.Core.Tests.Certificates;

namespace ExoConnect.Core.Tests;

/// <summary>What looks like a file and would keep whoever opens it for ever.</summary>
internal static class SpecialFiles
{
    private const string Pipe = "a pipe";

    public static TheoryData<string> Paths => [Pipe, "/dev/zero", "/dev/full"];

    /// <summary>Makes the pipe, where one is meant.</summary>
    public static string Make(string path, TestFolder folder)
    {
        if (path != Pipe)
        {
            return path;
        }

        var pipe = Path.Combine(folder.Path, "pipe");
        using var process = Process.Start("mkfifo", [pipe]);
        process.WaitForExit();
        Assert.True(File.Exists(pipe));
        return pipe;
    }
}

/// <summary>A test that needs the pipes and devices of Linux.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SpecialFileTheoryAttribute : TheoryAttribute
{
    public SpecialFileTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "Needs Linux.";
        }
    }
}
