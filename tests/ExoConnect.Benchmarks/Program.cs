using BenchmarkDotNet.Running;
using ExoConnect.Benchmarks;
using ExoConnect.Benchmarks.Floor;
using ExoConnect.Benchmarks.Table;

return args.FirstOrDefault() switch
{
    "table" => await TableRunner.RunAsync(new CommandArguments(args, "quick", "gzip")),
    "floor" => await FloorProgram.RunAsync(new CommandArguments(args)),
    "tenant" => await TenantProcess.RunAsync(new CommandArguments(args, "gzip")),
    _ => BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args).Any() ? 0 : 1,
};
