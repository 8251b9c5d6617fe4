using System.Management.Automation;
using System.Management.Automation.Runspaces;

// PowerShell without its console, which Wine lacks: `pwsh FILE` runs a script, and writes what it writes. The exit code is the script's.
if (args.Length == 0)
{
    Console.Error.WriteLine("Name a script.");
    return 2;
}

// What Windows would say of a script's origin, Wine doesn't know.
var state = InitialSessionState.CreateDefault2();
state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
using var runspace = RunspaceFactory.CreateRunspace(state);
runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
runspace.Open();
using var shell = PowerShell.Create(runspace);
shell.AddScript("& $args[0]").AddArgument(args[0]).AddCommand("Out-String").AddParameter("Stream");
shell.Streams.Error.DataAdded += (_, e) => Console.Error.WriteLine(shell.Streams.Error[e.Index]);
shell.Streams.Warning.DataAdded += (_, e) => Console.WriteLine(shell.Streams.Warning[e.Index]);
shell.Streams.Information.DataAdded += (_, e) => Console.WriteLine(shell.Streams.Information[e.Index]);
var output = new PSDataCollection<PSObject>();
output.DataAdded += (_, e) => Console.WriteLine(output[e.Index]);
try
{
    shell.Invoke(null, output);
    return runspace.SessionStateProxy.GetVariable("LASTEXITCODE") is int code ? code : shell.HadErrors ? 1 : 0;
}
catch (RuntimeException e)
{
    Console.Error.WriteLine(e.ErrorRecord);
    Console.Error.WriteLine(e.ErrorRecord.ScriptStackTrace);
    return 1;
}
