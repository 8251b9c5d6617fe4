using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ExoConnect.Core.Tests.Certificates;

/// <summary>A test that asks openssl, which is skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OpenSslFactAttribute : FactAttribute
{
    public OpenSslFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (!OpenSsl.IsThere)
        {
            Skip = "There is no openssl on the PATH.";
        }
    }
}

/// <summary>The openssl of the PATH: a witness that shares nothing with .NET's own reading, nor with our writing.</summary>
internal static class OpenSsl
{
    private static readonly Lazy<bool> Found = new(() =>
    {
        try
        {
            return Run("version").Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    });

    public static bool IsThere => Found.Value;

    public static (int Code, string Output) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "openssl", arguments)
        { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd() + error.GetAwaiter().GetResult();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    /// <summary>Runs it, and fails with what it said if it fails.</summary>
    public static string Say(params string[] arguments)
    {
        var (code, output) = Run(arguments);
        Assert.True(code == 0, output);
        return output;
    }
}
