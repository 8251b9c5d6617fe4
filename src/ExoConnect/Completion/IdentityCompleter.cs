using System.Collections;
using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Language;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Objects;
using ExoConnect.Core.Sessions;
using ExoConnect.Sessions;

namespace ExoConnect.Completion;

/// <summary>
/// Completes identities by asking the service for names with the same beginning. It returns within two seconds or gives nothing, keeps its results
/// for a minute, and never shows an error.
/// </summary>
public sealed class IdentityCompleter : IArgumentCompleter
{
    private const int MaxResults = 50;
    private static readonly string[] IdentityProperties = ["Alias", "Name", "PrimarySmtpAddress"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookForKeys = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);
    private static readonly ConcurrentDictionary<(Guid Session, string Cmdlet, string Word), (DateTime Until, Suggestion[] Found)> Known = new();

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var named = fakeBoundParameters?[ConnectionCompleter.ParameterName]?.ToString() is { Length: > 0 } name ? SessionRegistry.Shared.Find(name)
            : null;
        if ((SessionFinder.Command(commandName) ?? ForEntity(commandName, parameterName, named)) is not var (session, cmdlet))
        {
            return [];
        }

        session = named ?? session;
        if (!session.Catalog.Contains(Lister(cmdlet.Name)))
        {
            return [];
        }

        var word = CompletionText.Unquote(wordToComplete);
        var key = (session.Description.ConnectionId, Lister(cmdlet.Name), word.ToUpperInvariant());
        if (!Known.TryGetValue(key, out var known) || known.Until < DateTime.UtcNow)
        {
            foreach (var old in Known.Where(k => k.Value.Until < DateTime.UtcNow))
            {
                Known.TryRemove(old.Key, out _);
            }

            if (Query(session, Lister(cmdlet.Name), word) is not { } found)
            {
                return [];
            }

            known = Known[key] = (DateTime.UtcNow + Lifetime, found);
        }

        return known.Found.Select(s => s.Complete(word)).OfType<CompletionResult>()
            .DistinctBy(static r => r.CompletionText, StringComparer.OrdinalIgnoreCase);
    }

    internal static bool Completes(string cmdlet, CmdletParameter parameter) =>
        parameter.Name.Equals("Identity", StringComparison.OrdinalIgnoreCase) && cmdlet.Contains('-', StringComparison.Ordinal);

    /// <summary>The cmdlet that lists the objects of a Get-EXO cmdlet; none lists devices.</summary>
    private static (ExoSession Session, CmdletDefinition Cmdlet)? ForEntity(string command, string parameter, ExoSession? named)
    {
        var name = command[(command.LastIndexOf('\\') + 1)..];
        return name.StartsWith("Get-EXO", StringComparison.OrdinalIgnoreCase)
            && !(parameter == "Identity" && name.EndsWith("MobileDeviceStatistics", StringComparison.OrdinalIgnoreCase))
            && (named ?? DefaultSession.Get(ExoService.ExchangeOnline)) is { } session
            && session.Catalog.TryGet(
            name.Contains("Recipient", StringComparison.OrdinalIgnoreCase) ? "Get-Recipient" : "Get-Mailbox", out var lister)
            ? (session, lister)
            : null;
    }

    /// <summary>The cmdlet that lists the objects of another one: Get-Mailbox lists those of Set-Mailbox.</summary>
    private static string Lister(string cmdlet)
    {
        var noun = cmdlet[(cmdlet.IndexOf('-', StringComparison.Ordinal) + 1)..];
        return "Get-" + (noun.StartsWith("MailboxPermission", StringComparison.OrdinalIgnoreCase)
            || noun.StartsWith("MailboxStatistics", StringComparison.OrdinalIgnoreCase)
            || noun.StartsWith("MailboxFolder", StringComparison.OrdinalIgnoreCase)
            || noun.StartsWith("CASMailbox", StringComparison.OrdinalIgnoreCase) ? "Mailbox"
            : noun.EndsWith("Member", StringComparison.OrdinalIgnoreCase) ? noun[..^"Member".Length] : noun);
    }

    private static Suggestion[]? Query(ExoSession session, string cmdlet, string word)
    {
        session.Catalog.TryGet(cmdlet, out var definition);
        var parameters = new Dictionary<string, object?>();
        if (definition?.FindParameter("ResultSize") is not null)
        {
            parameters["ResultSize"] = MaxResults;
        }

        // Names with the same beginning: by the service if the cmdlet can search, else among the first ones it lists.
        string[] properties = [];
        if (definition?.FindParameter("Anr") is not null)
        {
            if (word.Length > 0)
            {
                parameters["Anr"] = word;
            }

            // A recipient has hundreds of properties, and all recipients have these.
            properties = [.. IdentityProperties, "DisplayName"];
        }
        else if (word.Length > 0 && definition?.FindParameter("Filter") is not null)
        {
            parameters["Filter"] = $"Name -like '{word.Replace("'", "''", StringComparison.Ordinal)}*'";
        }

        try
        {
            using var stop = new CancellationTokenSource(Patience);
            var request = new CmdletRequest { Name = cmdlet, Parameters = parameters, Properties = properties, PageSize = MaxResults };
            var found = Task.Run(() => FindAsync(session, request, stop.Token), stop.Token);
            while (Task.WaitAny([found], LookForKeys) < 0)
            {
                if (IsTypingOn())
                {
                    stop.Cancel();
                }
            }

            return found.GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is ExoException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>The prompt reads no key while it waits for a completion: a key in the buffer was typed since.</summary>
    private static bool IsTypingOn()
    {
        try
        {
            return !Console.IsInputRedirected && Console.KeyAvailable;
        }
        catch (InvalidOperationException)
        {
            // There is no console to read.
            return false;
        }
    }

    private static async Task<Suggestion[]> FindAsync(ExoSession session, CmdletRequest request, CancellationToken cancellationToken)
    {
        var found = new List<Suggestion>();
        await foreach (var chunk in session.InvokeAsync(request, NullMessages.Instance, cancellationToken).ConfigureAwait(false))
        {
            foreach (var item in chunk.Objects.OfType<ExoObject>())
            {
                string[] names = [.. IdentityProperties.Select(p => ExoRecord.Value(item, p)).OfType<string>().Where(static n => n.Length > 0)];
                if (names.Length > 0)
                {
                    found.Add(new Suggestion(names, ExoRecord.Value(item, "DisplayName") as string ?? names[0]));
                }
            }

            if (found.Count >= MaxResults)
            {
                break;
            }
        }

        return [.. found.OrderBy(static s => s.Names[0], StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>A suggested object.</summary>
    /// <param name="Names">Its identities, the most convenient first.</param>
    /// <param name="Title">Its name for people.</param>
    private sealed record Suggestion(string[] Names, string Title)
    {
        public CompletionResult? Complete(string word)
        {
            var name = Array.Find(Names, n => n.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                ?? (Title.StartsWith(word, StringComparison.OrdinalIgnoreCase) ? Names[0] : null);
            return name is null ? null : new CompletionResult(
                CompletionText.Quote(name),
                name == Title ? name : $"{name} ({Title})",
                CompletionResultType.ParameterValue,
                $"{Title}: {string.Join(", ", Names.Distinct())}");
        }
    }
}
