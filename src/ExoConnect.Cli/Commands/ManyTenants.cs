using System.Globalization;
using ExoConnect.Cli.CommandLine;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Input;
using ExoConnect.Cli.Output;
using ExoConnect.Cli.Profiles;
using ExoConnect.Cli.Sessions;
using ExoConnect.Core.AdminApi.Batches;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Sessions;

namespace ExoConnect.Cli.Commands;

/// <summary>
/// Runs a cmdlet in the tenants of several profiles, in parallel. Objects are written as they come, each with its profile's name first. A failure
/// in one tenant doesn't stop the others.
/// </summary>
/// <param name="host">The host.</param>
/// <param name="messenger">Receives failures and progress.</param>
/// <param name="template">The cmdlet, without its parameters: a session has their types.</param>
/// <param name="words">The arguments for the parameters.</param>
internal sealed class ManyTenants(CliHost host, Messenger messenger, CmdletRequest template, IReadOnlyList<CmdletWord> words) : IDisposable
{
    /// <summary>The option that names the profiles.</summary>
    public const string ProfilesOption = "--profiles";

    /// <summary>The option that names a file of profiles.</summary>
    public const string FileOption = "--profiles-from";

    private readonly ProgressMeter _meter = new(template.Name);

    /// <summary>Held by the one that writes results, or needs the person at the terminal.</summary>
    private readonly SemaphoreSlim _output = new(1);
    private readonly SemaphoreSlim _person = new(1);
    private int _total;
    private bool? _mayRun;

    /// <summary>Prompts the person at the terminal whether a cmdlet may run.</summary>
    public delegate Task<bool> Question(CmdletDefinition? cmdlet, CmdletRequest request, string? many, CancellationToken cancellationToken);

    /// <summary>The service; null for each profile's.</summary>
    public ServiceName? Service { get; init; }

    /// <summary>How many tenants may be at work at once.</summary>
    public int Limit { get; init; } = OrderedRunner.DefaultLimit;

    /// <summary>How objects are written.</summary>
    public OutputFormat Format { get; init; }

    /// <summary>The names from the command line or a file.</summary>
    /// <param name="list">Names with commas between them; null for none.</param>
    /// <param name="file">
    /// A file with one name per line, without blank lines and those that begin with #; - for standard input; null for none.
    /// </param>
    /// <param name="host">The host.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The names, in their order.</returns>
    /// <exception cref="UsageException">There are none, or the file can't be read.</exception>
    public static async Task<IReadOnlyList<string>> NamesAsync(string? list, string? file, CliHost host, CancellationToken cancellationToken)
    {
        var names = (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToList();
        if (file is not null)
        {
            names.AddRange(await ReadAsync(file, host, cancellationToken).ConfigureAwait(false));
        }

        return names.Count > 0
            ? names
            : throw new UsageException("No profile is named.", $"Give their names, as in {ProfilesOption} contoso,fabrikam; a file has one a line.");
    }

    private static async Task<List<string>> ReadAsync(string file, CliHost host, CancellationToken cancellationToken)
    {
        if (file == "-" && host.IsInputTerminal)
        {
            throw new UsageException($"{FileOption} - reads standard input, and that is a terminal.", "Pipe something into it, or name a file.");
        }

        try
        {
            var bytes = file == "-"
                ? host.OpenInput()
                : new MemoryStream(await WholeFile.ReadAsync(UserPath.Full(file, host), cancellationToken).ConfigureAwait(false));
            var lines = await TextLines.OpenAsync(bytes, encoding: null, cancellationToken).ConfigureAwait(false);
            await using var closing = lines.ConfigureAwait(false);
            var text = await lines.RestAsync().ConfigureAwait(false);
            return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(static n => n[0] != '#')];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"{FileOption}: the file cannot be read: {e.Message}", "Check the path and the account that this runs as.");
        }
        catch (UsageException e)
        {
            throw new UsageException($"{FileOption}: {e.Message}", "Save the file as UTF-8, with a profile's name a line.");
        }
    }

    /// <summary>Runs it.</summary>
    /// <param name="profiles">The profiles.</param>
    /// <param name="mayRun">The prompt, shown once for all tenants.</param>
    /// <param name="cancellationToken">Stops it at once.</param>
    /// <returns>The exit code: failed if it failed in any tenant.</returns>
    public async Task<int> RunAsync(IReadOnlyList<Profile> profiles, Question mayRun, CancellationToken cancellationToken)
    {
        _total = profiles.Count;
        _meter.Expect(_total);
        var failed = new List<string>();
        var results = new ResultWriter(host, messenger, Format, template, _meter, ofTenants: true);
        await using (results.ConfigureAwait(false))
        {
            await Parallel.ForEachAsync(
                profiles,
                new ParallelOptions { MaxDegreeOfParallelism = Limit, CancellationToken = cancellationToken },
                async (profile, cancel) =>
                {
                    _meter.AddInput();
                    var succeeded = await RunAsync(profile, results, mayRun, cancel).ConfigureAwait(false);
                    _meter.Finish(succeeded);
                    if (!succeeded)
                    {
                        lock (failed)
                        {
                            failed.Add(profile.Name);
                        }
                    }
                }).ConfigureAwait(false);
            results.Complete();
        }

        if (_mayRun == false)
        {
            messenger.Information("Nothing was run.");
            return ExitCodes.Failed;
        }

        var text = string.Create(CultureInfo.InvariantCulture, $"{_total - failed.Count:N0} of {_total:N0} tenants done");
        if (failed.Count == 0)
        {
            messenger.Hint(text + ", none failed.");
            return ExitCodes.Success;
        }

        messenger.Information($"{text}; failed in {string.Join(", ", profiles.Select(p => p.Name).Where(failed.Contains))}.");
        return ExitCodes.Failed;
    }

    public void Dispose()
    {
        _output.Dispose();
        _person.Dispose();
    }

    private async Task<bool> RunAsync(Profile profile, ResultWriter results, Question mayRun, CancellationToken cancellationToken)
    {
        using var own = messenger.Of(profile.Name);
        try
        {
            var sessions = new ProfileSessions(host, own);
            using var session = await ConnectAsync(sessions, profile, cancellationToken).ConfigureAwait(false);
            session.Catalog.TryGet(template.Name, out var definition);
            using var binder = new CmdletBinder(definition, template.Name, host, sessions.Passwords);
            var request = await PrepareAsync(binder, definition, mayRun, cancellationToken).ConfigureAwait(false);
            if (request is null)
            {
                return false;
            }

            try
            {
                return await WriteAsync(session, request, own, profile.Name, results, cancellationToken).ConfigureAwait(false);
            }
            catch (ServiceException e) when (definition is null && e.StatusCode is 400 or 403 or 404)
            {
                RunCommand.WarnOfUnknownCmdlet(own, session.Catalog, template.Name, e);
                return false;
            }
        }
        catch (ConnectFailedException e)
        {
            own.Error(e.Failure);
        }
        catch (ExoException e)
        {
            own.Error(e);
        }
        catch (UsageException e)
        {
            own.Error(e.Message, e.Remedy);
        }

        return false;
    }

    /// <summary>Signs in. A sign-in that may need a prompt waits until no other prompts.</summary>
    private async Task<ExoSession> ConnectAsync(ProfileSessions sessions, Profile profile, CancellationToken cancellationToken)
    {
        var asks = host.IsInputTerminal && profile.SignIn is FileSignIn { Password: PromptedPassword } or SecretSignIn { Secret: PromptedPassword };
        if (asks)
        {
            await _person.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return await sessions.ConnectAsync(profile, Service, CatalogUse.Cached, [], cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (asks)
            {
                _person.Release();
            }
        }
    }

    /// <returns>The cmdlet with its parameters; null if it must not run.</returns>
    private async Task<CmdletRequest?> PrepareAsync(
        CmdletBinder binder, CmdletDefinition? definition, Question mayRun, CancellationToken cancellationToken)
    {
        await _person.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var request = template with
            {
                Name = definition?.Name ?? template.Name,
                Parameters = await binder.BindAsync(words, cancellationToken).ConfigureAwait(false),
            };
            if (definition is not null)
            {
                _mayRun ??= await mayRun(definition, request, $"{_total} tenants", cancellationToken).ConfigureAwait(false);
            }

            return _mayRun == false ? null : request;
        }
        finally
        {
            _person.Release();
        }
    }

    private async Task<bool> WriteAsync(
        ExoSession session, CmdletRequest request, Messenger own, string tenant, ResultWriter results, CancellationToken cancellationToken)
    {
        var succeeded = true;
        await foreach (var chunk in session.InvokeAsync(request, own, cancellationToken).ConfigureAwait(false))
        {
            await _output.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await results.WriteAsync(chunk, tenant, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _output.Release();
            }

            succeeded &= chunk.Errors.Count == 0;
        }

        return succeeded;
    }
}
