using System.Globalization;
using System.Security;
using System.Text.RegularExpressions;
using ExoConnect.Cli.CommandLine;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Output;
using ExoConnect.Cli.Profiles;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Errors;

namespace ExoConnect.Cli.Sessions;

/// <summary>
/// Converts the words after a cmdlet to parameters, with the cmdlet's own list of parameters if the session has it: names may be aliases
/// or beginnings, values get their type, words without a name their place.
/// </summary>
/// <param name="cmdlet">What is known of the cmdlet; null for nothing.</param>
/// <param name="name">Its name.</param>
/// <param name="host">What surrounds the command.</param>
/// <param name="passwords">Where secrets are read.</param>
internal sealed partial class CmdletBinder(CmdletDefinition? cmdlet, string name, CliHost host, Passwords passwords) : IDisposable
{
    private static readonly string[] ShouldProcess = ["WhatIf", "Confirm"];

    private readonly List<SecureString> _secrets = [];

    /// <summary>Binds the words.</summary>
    /// <param name="words">The words.</param>
    /// <param name="cancellationToken">Ends a prompt.</param>
    /// <returns>The parameters, by name in any case. Secrets among them live as long as this object.</returns>
    /// <exception cref="UsageException">They do not fit the cmdlet.</exception>
    public async Task<IReadOnlyDictionary<string, object?>> BindAsync(IReadOnlyList<CmdletWord> words, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, List<object?>>(StringComparer.OrdinalIgnoreCase);
        var whole = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var alone = new Queue<string>();
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (word.Name is null)
            {
                alone.Enqueue(word.Text!);
                continue;
            }

            var target = Resolve(word.Name);
            object? value;
            if (word.Json is { Value: var given } && !(given is string && target.Parameter is { Kind: ParameterKind.SecureString }))
            {
                value = given;
                whole.Add(target.Name);
            }
            else
            {
                var text = word.Text ?? (string?)word.Json?.Value;
                if (text is null && i + 1 < words.Count && words[i + 1] is { Name: null, Text: var next } && target.Takes(next!))
                {
                    text = next;
                    i++;
                }

                value = await ValueAsync(target, text, word.IsData, cancellationToken).ConfigureAwait(false);
            }

            Add(target, value);
        }

        await BindPositionalAsync().ConfigureAwait(false);
        return values.ToDictionary(v => v.Key, v => Finish(v.Key, v.Value), StringComparer.OrdinalIgnoreCase);

        void Add(Target target, object? value)
        {
            if (!values.TryAdd(target.Name, [value]))
            {
                if (whole.Contains(target.Name) || target.Parameter is { IsArray: false, Kind: not (ParameterKind.Object or ParameterKind.Other) })
                {
                    throw new UsageException(
                        $"--{target.Name} is given more than once.", "Give it once; a list can be written as JSON: --Name:='[\"a\", \"b\"]'");
                }

                values[target.Name].Add(value);
            }
        }

        object? Finish(string parameter, List<object?> given) =>
            given.Count == 1 && (whole.Contains(parameter) || Resolve(parameter).Parameter is not { IsArray: true } || given[0] is byte[]) ? given[0]
                : given;

        async Task BindPositionalAsync()
        {
            if (alone.Count == 0)
            {
                return;
            }

            foreach (var parameter in Positional([.. values.Keys], alone))
            {
                Add(parameter, await ValueAsync(parameter, alone.Dequeue(), isData: false, cancellationToken).ConfigureAwait(false));
            }
        }
    }

    /// <summary>Wipes the secrets.</summary>
    public void Dispose() => _secrets.ForEach(s => s.Dispose());

    /// <summary>The parameters that words without a name are for: of the default set, or of the first that has room for all.</summary>
    private IReadOnlyList<Target> Positional(HashSet<string> given, Queue<string> alone)
    {
        var parameters = cmdlet?.Parameters ?? [];
        var sets = parameters.SelectMany(p => p.Sets).Select(s => s.SetName).Where(s => s != ParameterSetMembership.AllSets).Distinct();
        IReadOnlyList<Target> most = [];
        foreach (var set in sets.OrderBy(s => s != cmdlet!.DefaultParameterSetName).DefaultIfEmpty(ParameterSetMembership.AllSets))
        {
            most =
            [
                .. parameters
                    .Select(p => (Parameter: p, p.Sets.FirstOrDefault(
                        s => s.Position is not null && (s.SetName == set || s.SetName == ParameterSetMembership.AllSets))?.Position))
                    .Where(p => p.Position is not null && !given.Contains(p.Parameter.Name))
                    .OrderBy(p => p.Position)
                    .Select(p => new Target(p.Parameter.Name, p.Parameter))
                    .Take(alone.Count),
            ];
            if (most.Count == alone.Count)
            {
                return most;
            }
        }

        throw new UsageException(
            $"'{SafeText.Line(alone.Last())}' has no parameter's name before it, and {name} takes "
                + $"{(most.Count == 0 ? "none" : "no more")} without.",
            "Name it, as in --Identity x; put a value with blanks in quotes; repeat a parameter to give it several values.");
    }

    private Target Resolve(string given)
    {
        if (cmdlet is null)
        {
            return new Target(given, null);
        }

        if (cmdlet.FindParameter(given) is { } parameter)
        {
            return new Target(parameter.Name, parameter);
        }

        var should = cmdlet.SupportsShouldProcess ? ShouldProcess : [];
        var all = cmdlet.Parameters.SelectMany(p => p.Aliases.Append(p.Name).Select(n => (Name: n, Target: new Target(p.Name, p))))
            .Concat(should.Select(s => (Name: s, Target: new Target(s, null, IsSwitch: true)))).ToList();
        if (all.Find(p => string.Equals(p.Name, given, StringComparison.OrdinalIgnoreCase)).Target is { } exact)
        {
            return exact;
        }

        var beginnings = all.Where(p => p.Name.StartsWith(given, StringComparison.OrdinalIgnoreCase)).Select(p => p.Target).DistinctBy(
            t => t.Name).ToList();
        if (beginnings.Count == 1)
        {
            return beginnings[0];
        }

        if (beginnings.Count > 1)
        {
            throw new UsageException(
                $"--{given} may be any of {string.Join(", ", beginnings.Take(8).Select(b => "--" + b.Name))}{(beginnings.Count > 8 ? ", …" : "")}.",
                "Write more of the name.");
        }

        if (cmdlet.SkippedParameters > 0)
        {
            // The list has gaps; the service knows better.
            return new Target(given, null);
        }

        var near = ParseProblems.Nearest(given, all.Select(p => p.Name));
        throw new UsageException(
            $"{cmdlet.Name} has no parameter {given}.",
            near is null
                ? $"Options of exoconnect are lower-case (exoconnect run --help); the parameters of {cmdlet.Name} that your roles allow are: "
                    + string.Join(", ", cmdlet.Parameters.Select(p => p.Name).Order(StringComparer.OrdinalIgnoreCase)) + "."
                : $"Did you mean --{near}?");
    }

    private async Task<object?> ValueAsync(Target target, string? text, bool isData, CancellationToken cancellationToken)
    {
        var parameter = target.Parameter;
        if (parameter?.Kind == ParameterKind.SecureString)
        {
            var secret = isData && text is not null
                ? Passwords.Protect(text)
                : await SecretAsync(target.Name, text, cancellationToken).ConfigureAwait(false);
            _secrets.Add(secret);
            return secret;
        }

        if (text is null)
        {
            return parameter is null or { Kind: ParameterKind.Switch }
                ? true
                : throw new UsageException($"--{target.Name} wants a value.", $"Write it after the name: --{target.Name} value");
        }

        if (text.Equals("$null", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        switch (parameter?.Kind)
        {
            case ParameterKind.String:
                return text;
            case ParameterKind.Switch or ParameterKind.Boolean:
                return Target.Truth(text) ?? throw Wrong("true or false");
            case ParameterKind.Byte when parameter.IsArray:
                return await BytesAsync(target.Name, text, cancellationToken).ConfigureAwait(false);
            case ParameterKind.Byte or ParameterKind.Int16 or ParameterKind.Int32 or ParameterKind.Int64
                or ParameterKind.UInt32 or ParameterKind.UInt64:
                return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
                    : throw Wrong("a whole number");
            case ParameterKind.Double:
                return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real
                    : throw Wrong("a number, with a dot before its fraction");
            case ParameterKind.DateTime:
                return DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var date)
                    ? date
                    : throw Wrong("a date, as in 2025-12-31 or 2025-12-31T18:00:00Z");
            case ParameterKind.Guid:
                return Guid.TryParse(text, out var guid) ? guid : throw Wrong("a GUID");
            case ParameterKind.Hashtable:
                throw new UsageException($"--{target.Name} takes a table.", $"Write it as JSON: --{target.Name}:='{{\"Name\": \"value\"}}'");
            case ParameterKind.Credential:
                throw new UsageException(
                    $"--{target.Name} takes a user name with a password, which the command line has no way to give.",
                    "Use the PowerShell module for this one.");
            default:
                return Target.Truth(text) is { } truth ? truth : IsDate(target.Name, text)
                    && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var moment)
                    ? moment
                    : text;
        }

        UsageException Wrong(string what) => new($"--{target.Name}: '{SafeText.Line(text)}' is not {what}.", $"Write {what}.");
    }

    /// <summary>
    /// Whether text looks like a date: most dates are declared as objects, and the service would take the text for UTC.
    /// </summary>
    private static bool IsDate(string parameter, string text) =>
        (parameter.Contains("Date", StringComparison.OrdinalIgnoreCase) || parameter.Contains("Time", StringComparison.OrdinalIgnoreCase)
            || parameter.EndsWith("After", StringComparison.OrdinalIgnoreCase) || parameter.EndsWith("Before", StringComparison.OrdinalIgnoreCase))
        && IsoDate().IsMatch(text);

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,7})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?\\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex IsoDate();

    /// <summary>A secret never stands on the command line, where every user of the machine can read it.</summary>
    private async Task<SecureString> SecretAsync(string parameter, string? text, CancellationToken cancellationToken)
    {
        var (from, rest) = text?.Split(':', 2) is [var kind, var place] ? (kind.ToUpperInvariant(), place) : ("", "");
        try
        {
            return (from, text) switch
            {
                ("ENV", _) => await passwords.ReadAsync(new VariablePassword(rest), "--" + parameter, cancellationToken).ConfigureAwait(false),
                ("FILE", _) => await passwords.ReadAsync(
                    new FilePassword(UserPath.Full(rest, host)), "--" + parameter, cancellationToken).ConfigureAwait(false),
                (_, null) when host.IsInputTerminal => await passwords.ReadAsync(
                    new PromptedPassword(), "--" + parameter, cancellationToken).ConfigureAwait(false),
                _ => throw new UsageException(
                    $"--{parameter} is a secret, and other users can read the command line.",
                    $"Name its source: --{parameter} env:NAME or --{parameter} file:PATH; at a terminal, --{parameter} alone asks for it."),
            };
        }
        catch (ExoException e)
        {
            throw new UsageException(e.Message, e.Remedy ?? "");
        }
    }

    private async Task<byte[]> BytesAsync(string parameter, string text, CancellationToken cancellationToken)
    {
        const string Prefix = "file:";
        if (!text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"--{parameter} takes the content of a file.", $"Name the file: --{parameter} file:PATH");
        }

        try
        {
            return await WholeFile.ReadAsync(UserPath.Full(text[Prefix.Length..], host), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"--{parameter}: the file cannot be read: {e.Message}", "Check the path and the account that this runs as.");
        }
    }

    /// <summary>A parameter that a word names.</summary>
    private sealed record Target(string Name, CmdletParameter? Parameter, bool IsSwitch = false)
    {
        /// <summary>The words that mean true and false; null for any other.</summary>
        public static bool? Truth(string text) => text.ToUpperInvariant() switch
        {
            "TRUE" or "$TRUE" => true,
            "FALSE" or "$FALSE" => false,
            _ => null,
        };

        /// <summary>
        /// Whether the word after the name is its value. A switch takes only a switch's value, so that a name or a value by position can follow.
        /// </summary>
        public bool Takes(string next) => !(IsSwitch || Parameter is { Kind: ParameterKind.Switch }) || Truth(next) is not null;
    }
}
