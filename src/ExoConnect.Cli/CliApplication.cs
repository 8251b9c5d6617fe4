using System.CommandLine;
using ExoConnect.Cli.CommandLine;
using ExoConnect.Cli.Commands;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Output;
using ExoConnect.Core.Errors;
using ExoConnect.LocalTenant;

namespace ExoConnect.Cli;

/// <summary>One run of the program: parses the command line, runs it, and turns every failure into text and an exit code.</summary>
internal static class CliApplication
{
    /// <summary>Runs a command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="host">The host.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, CliHost host, CancellationToken cancellationToken = default)
    {
        using var messenger = new Messenger(host);
        try
        {
            var code = await InvokeAsync(args, host, messenger, cancellationToken).ConfigureAwait(false);
            await host.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            return code;
        }
        catch (ClosedPipeException)
        {
            // The reader of our output has closed it.
            return ExitCodes.Success;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (UsageException e)
        {
            messenger.Error(e.Message, e.Remedy);
            return ExitCodes.Usage;
        }
        catch (TenantException e)
        {
            messenger.Error(CommandLineTerms.Translate(e.Message), e.Remedy);
            return ExitCodes.Usage;
        }
        catch (ConnectFailedException e)
        {
            messenger.Error(e.Failure);
            return ExitCodes.Of(e.Failure, whileConnecting: true);
        }
        catch (ExoException e)
        {
            messenger.Error(e);
            return ExitCodes.Of(e, whileConnecting: false);
        }
        catch (Exception e) when (e.GetBaseException() is FileLoadException or FileNotFoundException
            && e.GetBaseException().Message.Contains(", Version=", StringComparison.Ordinal))
        {
            messenger.Error($"A part of exoconnect can't be opened: {e.GetBaseException().Message}", "Install exoconnect anew.");
            return ExitCodes.Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            messenger.Error(e.Message, "A file or standard output could not be written or read.");
            return ExitCodes.Failed;
        }
        catch (Exception e)
        {
            messenger.Error(
                $"An unexpected error occurred: {e.GetType().Name}: {e.Message}",
                "This is a bug in ExoConnect; please report it with the command you gave, without its secrets.");
            messenger.Verbose(e.StackTrace ?? "");
            return ExitCodes.Failed;
        }
    }

    private static Task<int> InvokeAsync(string[] args, CliHost host, Messenger messenger, CancellationToken cancellationToken)
    {
        var (root, run, common) = CommandTree.Create(host, messenger);
        if (args is [CompletionCommand.Callback, ['=', ..] word, ..])
        {
            // A shell completes an unfinished line; no parser of finished ones should see it.
            new LineCompletion(root, host).Write(word[1..], args[2..]);
            return Task.FromResult(ExitCodes.Success);
        }

        IReadOnlyList<string> own = args;

        // Only run takes undeclared options; they are removed before the parser sees them.
        var at = Array.FindIndex(args, a => !a.StartsWith('-'));
        if (at >= 0 && args[at] == run.Command.Name)
        {
            var (ours, cmdlets) = CmdletArguments.Split(args[(at + 1)..], run.Command.Options.Concat(root.Options.Where(o => o.Recursive)));
            own = [.. args[..(at + 1)], .. ours];
            run.CmdletWords = cmdlets;
        }

        var result = root.Parse(own, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        messenger.IsVerbose = common.IsVerbose(result);
        if (result.Errors.Count > 0 && result.Action is not HelpText)
        {
            throw ParseProblems.Describe(result);
        }

        messenger.Log = common.Log(result, host);

        return result.InvokeAsync(
            new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = host.Output,
                Error = host.Error,
            },
            cancellationToken);
    }
}
