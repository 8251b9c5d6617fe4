using System.Globalization;
using ExoConnect.Core.AdminApi;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Http.Pipeline;

namespace ExoConnect.Core.Sessions;

/// <summary>Gets a session's list of cmdlets: a fresh one from the disk, else by starting the session in the service.</summary>
internal sealed class CatalogStore(
    AdminApiClient client, ConnectOptions options, SessionDescription session, IEngineMessages messages, Task<ExpectedCatalog?> expected)
{
    /// <summary>The whole list is about 3 MB; a response many times that size isn't a list.</summary>
    private const int LargestResponse = 64 * 1024 * 1024;

    private readonly CatalogCache? _cache = CacheOf(options, messages);

    private readonly CatalogCacheKey _beforeSignIn = BeforeSignIn(options);

    private readonly CatalogCacheKey _key = new()
    {
        TenantId = session.TenantId,
        Identity = session.Claims.UserPrincipalName is { } user ? $"{session.AppId} {user}" : session.AppId,
        Service = options.Service,
        Environment = options.Environment,
        Roles = [.. session.Claims.DirectoryRoleIds, .. session.Claims.Permissions, .. session.Claims.Scopes],
        CommandNames = options.CommandNames,
        IsSearchOnly = options.IsSearchOnly,
    };

    /// <summary>Gets the list. With a list from the disk, the session also uses the regional host that was stored with it.</summary>
    public async Task<CmdletCatalog> GetAsync(CancellationToken cancellationToken)
    {
        if (_cache is not null && options.Catalog == CatalogUse.Cached
            && await _cache.ReadAsync(_key, await expected.ConfigureAwait(false), cancellationToken).ConfigureAwait(false) is { } kept
            && options.Environment.OwnsService(kept.Host))
        {
            client.BaseAddress = kept.Host;
            await _cache.NoteAsync(_beforeSignIn, _key, cancellationToken).ConfigureAwait(false);
            messages.Verbose(string.Create(
                CultureInfo.InvariantCulture, $"{kept.Catalog.Cmdlets.Count} cmdlets, as the service listed them at {kept.Created:u}."));
            return kept.Catalog;
        }

        return await FetchAsync(messages, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks the service for the list, and stores it.</summary>
    /// <param name="steps">Receives steps; the caller that connected may be gone.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<CmdletCatalog> FetchAsync(IEngineMessages steps, CancellationToken cancellationToken)
    {
        var catalog = await AskAsync(steps, cancellationToken).ConfigureAwait(false);
        steps.Verbose(string.Create(CultureInfo.InvariantCulture, $"The session's roles allow {catalog.Cmdlets.Count} cmdlets."));
        if (catalog.UnreadableCount > 0)
        {
            steps.Warning(string.Create(CultureInfo.InvariantCulture,
                $"{catalog.UnreadableCount} of the service's cmdlets can't be read and have no command; Invoke-ExoCommand still runs them."));
        }

        if (_cache is not null)
        {
            await _cache.WriteAsync(_key, catalog, client.BaseAddress, cancellationToken).ConfigureAwait(false);
            await _cache.NoteAsync(_beforeSignIn, _key, cancellationToken).ConfigureAwait(false);
        }

        return catalog;
    }

    /// <summary>Asks for the list; once more where what came is none, as is done for every other read.</summary>
    private async Task<CmdletCatalog> AskAsync(IEngineMessages steps, CancellationToken cancellationToken)
    {
        var request = new AdminRequest
        {
            Method = HttpMethod.Get,
            ApiVersion = "v1.0",
            Path = "EXOModuleFile?Version=" + ClientInfo.WireVersion,
            CmdletName = "EXOModuleFile",
            IsStart = true,
            IsRead = true,
            Headers = new Dictionary<string, string>
            {
                ["CommandName"] = options.CommandNames.Count == 0 ? "*" : string.Join(',', options.CommandNames),
            },
        };
        for (var attempt = 1; ; attempt++)
        {
            var response = await client.ReadAsync(request, LargestResponse, steps, cancellationToken).ConfigureAwait(false);
            try
            {
                return ModuleFileResponse.Read(response.Span, options.Service);
            }
            catch (ExoException e) when (e.ErrorId == ErrorIds.ModuleFileUnreadable && attempt < LostResponse.MostAttempts)
            {
                steps.Verbose(e.Message + " Asking again.");
            }
        }
    }

    /// <summary>Reads the list that the last sign-in of the same kind led to.</summary>
    /// <param name="options">The session's options.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<ExpectedCatalog?> ExpectAsync(ConnectOptions options, CancellationToken cancellationToken) =>
        options.Catalog == CatalogUse.Cached && CacheOf(options, NullMessages.Instance) is { } cache
            ? Task.Run(() => cache.ExpectAsync(BeforeSignIn(options), cancellationToken), cancellationToken)
            : Task.FromResult<ExpectedCatalog?>(null);

    private static CatalogCache? CacheOf(ConnectOptions options, IEngineMessages messages) =>
        options.Catalog == CatalogUse.Uncached ? null : new CatalogCache(options.Cache, options.Clock, messages);

    private static CatalogCacheKey BeforeSignIn(ConnectOptions options) => new()
    {
        TenantId = $"{options.Organization}\n{options.DelegatedOrganization}",
        Identity = $"{options.AppId}\n{options.SignIn.Name}\n{options.SignIn.User}",
        Service = options.Service,
        Environment = options.Environment,
        CommandNames = options.CommandNames,
        IsSearchOnly = options.IsSearchOnly,
    };

    public void Forget() => _cache?.Remove(_key);
}
