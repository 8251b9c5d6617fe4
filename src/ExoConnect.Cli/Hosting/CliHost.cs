using System.Security;
using System.Text;
using ExoConnect.Core.Authentication.Methods;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace ExoConnect.Cli.Hosting;

/// <summary>The surroundings of a command: streams, terminals, environment variables. Tests pass their own.</summary>
internal sealed record CliHost
{
    /// <summary>Receives results.</summary>
    public required CliOutput Output { get; init; }

    /// <summary>Receives everything else: warnings, errors, progress.</summary>
    public required TextWriter Error { get; init; }

    public bool IsInputTerminal { get; init; }

    public bool IsOutputTerminal { get; init; }

    public bool IsErrorTerminal { get; init; }

    /// <summary>True if results go to a file, so that the terminal is free meanwhile. A pipe may well end in a pager.</summary>
    public bool IsOutputFile { get; init; }

    /// <summary>Columns of the terminal; without one it isn't used.</summary>
    public int Width { get; init; } = 80;

    /// <summary>Reads an environment variable.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Prompts for a password without showing it; called only if input is a terminal.</summary>
    public Func<string, CancellationToken, Task<SecureString>> ReadSecret { get; init; } = (_, _) => Task.FromResult(new SecureString());

    /// <summary>Prompts for yes or no; called only if input is a terminal.</summary>
    public Func<string, CancellationToken, Task<bool>> Ask { get; init; } = (_, _) => Task.FromResult(false);

    /// <summary>Opens a page in the browser; called only in an interactive session.</summary>
    public Action<Uri> OpenBrowser { get; init; } = SystemBrowser.Open;

    /// <summary>Whether a person can be asked: false without a terminal and in CI.</summary>
    public bool HasPerson => IsInputTerminal && IsErrorTerminal && string.IsNullOrEmpty(Variable("CI"));

    /// <summary>Opens standard input, to be read.</summary>
    public Func<Stream> OpenInput { get; init; } = Console.OpenStandardInput;

    /// <summary>Ends when standard input does.</summary>
    public Func<CancellationToken, Task> InputEnd { get; init; } = token => Task.Delay(Timeout.Infinite, token);

    /// <summary>The process's own.</summary>
    public static CliHost ForProcess()
    {
        if (OperatingSystem.IsWindows())
        {
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        }

        var error = new StreamWriter(
            Console.OpenStandardError(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false))
        { AutoFlush = true, NewLine = "\n" };
        var (output, isFile) = OpenOutput();
        return new CliHost
        {
            Output = new CliOutput(output),
            IsOutputFile = isFile,
            Error = error,
            IsInputTerminal = !Console.IsInputRedirected,
            IsOutputTerminal = !Console.IsOutputRedirected,
            IsErrorTerminal = !Console.IsErrorRedirected,
            Width = Console.IsOutputRedirected ? 80 : WindowWidth(),
            ReadSecret = (prompt, token) => Keyboard.ReadSecretAsync(error, prompt, token),
            Ask = (question, token) => Keyboard.ConfirmAsync(error, question, token),
            InputEnd = ReadToEndAsync,
        };
    }

    /// <summary>A console of Spectre's on one of the streams, coloured if that is a terminal with colours.</summary>
    /// <param name="onError">True for standard error.</param>
    public IAnsiConsole Ansi(bool onError)
    {
        var terminal = onError ? IsErrorTerminal : IsOutputTerminal;
        var colour = terminal && string.IsNullOrEmpty(Variable("NO_COLOR")) && Variable("TERM") != "dumb";
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colour ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(onError ? Error : Output),
        });

        // Without a terminal, the program that shows the lines wraps them.
        console.Profile.Width = terminal ? Width : 10_000;
        return console;
    }

    private static (Stream Stream, bool IsFile) OpenOutput()
    {
        if (!OperatingSystem.IsWindows() && Console.IsOutputRedirected)
        {
            // .NET's console stream swallows the error of a closed pipe, and the program would continue without a reader. A plain stream reports
            // it. For a file it would keep a position of its own, which goes wrong with 2>&1; so only streams without a position are opened this
            // way.
            var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!pipe.CanSeek)
            {
                return (pipe, false);
            }

            return (Console.OpenStandardOutput(), true);
        }

        return (Console.OpenStandardOutput(), false);
    }

    private static int WindowWidth()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : 80;
        }
        catch (IOException)
        {
            return 80;
        }
    }

    private static async Task ReadToEndAsync(CancellationToken cancellationToken)
    {
        var input = Console.OpenStandardInput();
        await using (input.ConfigureAwait(false))
        {
            // A console's stream cannot be cancelled; the thread it holds ends with the process.
            await Task.Run(
                () =>
                {
                    Span<byte> chunk = stackalloc byte[256];
                    while (input.Read(chunk) > 0)
                    {
                    }
                },
                cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
