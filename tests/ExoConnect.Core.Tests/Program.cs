using ExoConnect.Core.Tests.Reliability;
using Xunit.Runner.InProc.SystemConsole;

namespace ExoConnect.Core.Tests;

/// <summary>What this assembly does as a program: run its tests, or be the tenant of one of them.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => args is [LoadTenant.Argument] ? LoadTenant.ServeAsync() : ConsoleRunner.Run(args);
}
