using System.Globalization;
using ExoConnect.Cli.Hosting;
using ExoConnect.Core.Diagnostics;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using Spectre.Console;

namespace ExoConnect.Cli.Output;

/// <summary>
/// Writes everything that goes to standard error: warnings, errors, and on a terminal one progress line. Safe for many threads; the line never
/// mixes with other output.
/// </summary>
internal sealed class Messenger : IEngineMessages, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(150);

    private readonly object _gate = new();
    private readonly CliHost _host;
    private readonly IAnsiConsole _console;
    private readonly (Messenger Messenger, string Tenant)? _whole;
    private Timer? _timer;
    private ProgressMeter? _meter;
    private string? _line;
    private bool _lineShown;

    public Messenger(CliHost host)
    {
        _host = host;
        _console = host.Ansi(onError: true);
    }

    private Messenger(Messenger whole, string tenant)
        : this(whole._host)
    {
        (_whole, IsVerbose, Log) = ((whole, tenant), whole.IsVerbose, whole.Log);
    }

    /// <summary>Whether to write steps.</summary>
    public bool IsVerbose { get; set; }

    /// <summary>The log of the command's connection; null for none.</summary>
    public LogOptions? Log { get; set; }

    /// <summary>The command that signs in again, if the command uses a stored user's sign-in.</summary>
    public string? SignInAgain { get; set; }

    /// <summary>A messenger for one of many tenants: it names the tenant in every message, and writes no progress line.</summary>
    /// <param name="tenant">The tenant.</param>
    public Messenger Of(string tenant) => new(this, tenant);

    public void Warning(string message) => Write("warning: ", Color.Yellow, CommandLineTerms.Translate(message));

    public void Verbose(string message)
    {
        if (IsVerbose)
        {
            Write("verbose: ", Color.Grey, message);
        }
    }

    /// <summary>Writes an error and its remedy.</summary>
    /// <param name="message">The error.</param>
    /// <param name="more">Lines that follow: the remedy, ids.</param>
    public void Error(string message, params IEnumerable<string> more) => Write("error: ", Color.Red, string.Join('\n', [message, .. more]));

    /// <summary>An error of the engine.</summary>
    /// <param name="failure">The error.</param>
    /// <param name="place">Which of many calls it is about; null if there is one.</param>
    public void Error(ExoException failure, string? place = null) =>
        Error((place is null ? "" : place + ": ") + ErrorText.Message(failure), ErrorText.Details(failure, SignInAgain));

    /// <summary>What a person at a terminal may like to know, and a script does not.</summary>
    public void Hint(string text)
    {
        if (_host.IsErrorTerminal)
        {
            // On one terminal with the results it comes after them.
            _host.Output.Flush();
            Write("", Color.Grey, text);
        }
    }

    /// <summary>A line of text.</summary>
    public void Information(string text) => Write("", null, text);

    /// <summary>Shows on a terminal that something is going on, until the next call.</summary>
    /// <param name="doing">For example <c>Signing in</c>; null for nothing.</param>
    public void Progress(string? doing) => Watch(doing is null ? null : new ProgressMeter(doing));

    /// <summary>Shows on a terminal how far something is, until the next call.</summary>
    /// <param name="meter">What counts it; null for nothing.</param>
    public void Watch(ProgressMeter? meter)
    {
        // With verbose steps, the line would only jump about.
        if (!_host.IsErrorTerminal || IsVerbose || _whole is not null)
        {
            return;
        }

        lock (_gate)
        {
            Clear();
            (_meter, _line) = (meter, null);
            _timer ??= new Timer(_ => Draw(), null, Tick, Tick);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Clear();
            _meter = null;
            _timer?.Dispose();
            _timer = null;
        }
    }

    /// <summary>Breaks a line between words; a word that is too long stays whole, so that it can be copied.</summary>
    private static IEnumerable<string> Wrap(string text, int width)
    {
        var start = 0;
        while (text.Length - start > width)
        {
            var end = text.LastIndexOf(' ', start + width, width);
            end = end > start ? end : text.IndexOf(' ', start + width);
            if (end < 0)
            {
                break;
            }

            yield return text[start..end];
            start = end + 1;
        }

        yield return text[start..];
    }

    private void Draw()
    {
        lock (_gate)
        {
            if (_meter is not { } meter || _timer is null)
            {
                return;
            }

            if (meter.TryRead(out var reading))
            {
                var text = reading.ToString();
                _line = string.Create(
                    CultureInfo.InvariantCulture, $"{meter.Activity} … {text}{(text.Length > 0 ? ", " : "")}{reading.Elapsed.TotalSeconds:0} s");
            }
            else if (_lineShown || _line is null)
            {
                return;
            }

            var room = Math.Max(10, _host.Width - 1);
            _host.Error.Write("\r" + (_line.Length > room ? _line[..room] : _line) + "\e[K");
            _lineShown = true;
        }
    }

    private void Clear()
    {
        if (_lineShown)
        {
            _host.Error.Write("\r\e[K");
            _lineShown = false;
        }
    }

    private void Write(string label, Color? color, string text)
    {
        if (_whole is var (whole, tenant))
        {
            whole.Write(label, color, $"{tenant}: {text}");
            return;
        }

        var lines = SafeText.Lines(text).Split('\n');
        if (_host.IsErrorTerminal)
        {
            lines = [.. lines.SelectMany(line => Wrap(line, Math.Max(30, _host.Width - label.Length)))];
        }

        lock (_gate)
        {
            Clear();

            // Markup is only for the label: what comes from elsewhere is never parsed.
            if (label.Length > 0)
            {
                _console.Write(new Text(label, new Style(color)));
                _host.Error.Write(lines[0] + "\n");
                foreach (var line in lines.Skip(1))
                {
                    _host.Error.Write(new string(' ', label.Length) + line + "\n");
                }
            }
            else
            {
                foreach (var line in lines)
                {
                    _console.Write(new Text(line, color is { } c ? new Style(c) : Style.Plain));
                    _host.Error.Write("\n");
                }
            }

            _host.Error.Flush();
        }
    }
}
