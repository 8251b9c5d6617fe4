using System.Security.Cryptography;
using System.Text;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using Microsoft.Identity.Client;
using Microsoft.Identity.Client.Extensions.Msal;

namespace ExoConnect.Core.Authentication.Msal;

/// <summary>
/// The stores of users' sign-ins: one for each sign-in host and application, shared by all processes of the account. MSAL's extensions write them,
/// with DPAPI, the Keychain or the Secret Service.
/// </summary>
internal static class PersistedSignIns
{
    private const string Service = "ExoConnect";
    private const string OpenExtension = ".plain";

    /// <summary>Attaches a store to a client.</summary>
    /// <param name="client">The client.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="identity">The application.</param>
    /// <param name="options">The settings.</param>
    /// <returns>The store.</returns>
    /// <exception cref="ExoException"><c>SignInStoreMissing</c>: the platform has no usable store for secrets.</exception>
    public static async Task<PersistedSignInStore> AttachAsync(
        IPublicClientApplication client, ExoEnvironment environment, SignInIdentity identity, SignInOptions options)
    {
        var folder = Folder(options) ?? throw Missing("This account has no folder for it.", null);
        var name = $"{Host(environment)}-{identity.AppId}";
        try
        {
            CreateFolder(folder);
            var sealedStore = new StorageCreationPropertiesBuilder(name, folder)
                .WithMacKeyChain(Service, name)
                .WithLinuxKeyring("io.github.exoconnect", MsalCacheHelper.LinuxKeyRingDefaultCollection, "ExoConnect sign-in",
                    new("Product", Service), new("Store", name))
                .Build();
            var helper = await MsalCacheHelper.CreateAsync(sealedStore).ConfigureAwait(false);
            helper.VerifyPersistence();
            helper.RegisterCache(client.UserTokenCache);
            return new PersistedSignInStore(helper, null, Path.Combine(folder, name + OpenExtension));
        }
        catch (Exception e) when (e is MsalCachePersistenceException or DllNotFoundException or IOException or UnauthorizedAccessException)
        {
            if (options.Persistence != SignInPersistence.PlaintextAllowed)
            {
                throw Missing(
                    $"The platform has no usable store for secrets ({(e.InnerException ?? e).Message.Split('\n')[0].TrimEnd('.', '\r')}).", e);
            }
        }

        try
        {
            var open = new StorageCreationPropertiesBuilder(name + OpenExtension, folder).WithUnprotectedFile().Build();
            var helper = await MsalCacheHelper.CreateAsync(open).ConfigureAwait(false);
            helper.VerifyPersistence();
            helper.RegisterCache(client.UserTokenCache);
            return new PersistedSignInStore(helper, open.CacheFilePath, null);
        }
        catch (Exception e) when (e is MsalCachePersistenceException or IOException or UnauthorizedAccessException)
        {
            throw Missing($"The folder '{folder}' cannot be used.", e);
        }
    }

    /// <summary>Finds another application with a stored sign-in at the same host.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="identity">The wanted application.</param>
    /// <param name="options">The settings.</param>
    /// <returns>The other application's id, or null.</returns>
    public static string? OtherApplication(ExoEnvironment environment, SignInIdentity identity, SignInOptions options)
    {
        var prefix = Host(environment) + "-";
        try
        {
            return Folder(options) is { } folder && Directory.Exists(folder)
                ? Directory.EnumerateFiles(folder, prefix + "*")
                    .Select(file => Path.GetFileName(file)[prefix.Length..])
                    .Select(rest => rest.Length >= 36 ? rest[..36] : "")
                    .FirstOrDefault(id => Guid.TryParse(id, out _) && !id.Equals(identity.AppId, StringComparison.OrdinalIgnoreCase))
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The folder beside the cached lists of cmdlets.</summary>
    private static string? Folder(SignInOptions options) =>
        options.StoreFolder ?? (CacheFolder.Find(System.Environment.GetEnvironmentVariable) is { } root ? Path.Combine(root, "sign-ins") : null);

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Different hosts of the same name (local tenants) have different authorities or addresses.</summary>
    private static string Host(ExoEnvironment environment)
    {
        var what = string.Join('\n', (environment.CertificateAuthorities ?? []).Select(c => c.Thumbprint).Append(environment.SignIn.AbsoluteUri)
            .Append(environment.Address?.ToString()));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(what)).AsSpan(0, 8));
    }

    private static ExoException Missing(string why, Exception? inner) => new($"The sign-in cannot be stored. {why}", inner)
    {
        ErrorId = ErrorIds.SignInStoreMissing,
        Category = ExoErrorCategory.ResourceUnavailable,
        ParameterName = "PersistSignIn",
        Remedy = "On Linux, unlock a keyring with a Secret Service (gnome-keyring, KWallet); or leave -PersistSignIn out; or, knowing that "
            + "whoever can read the file can sign in as this user, add -AllowPlaintextCache.",
    };
}

/// <summary>The store of one application's sign-ins at one host.</summary>
/// <param name="helper">Reads and writes it.</param>
/// <param name="plaintextPath">The file, if it is not encrypted; else null.</param>
/// <param name="supersededPath">The unencrypted file from before the platform had a store; null if that file is the store itself.</param>
internal sealed class PersistedSignInStore(MsalCacheHelper helper, string? plaintextPath, string? supersededPath)
{
    /// <summary>The file, if it is not encrypted; else null.</summary>
    public string? PlaintextPath { get; } = plaintextPath;

    /// <summary>Removes a user, and the store with the last one: an empty store would pass for a sign-in.</summary>
    /// <param name="client">The client with the store.</param>
    /// <param name="account">The user; null for none.</param>
    /// <returns>Ends when that is done.</returns>
    public async Task ForgetAsync(IPublicClientApplication client, IAccount? account)
    {
        if (account is not null)
        {
            await client.RemoveAsync(account).ConfigureAwait(false);
        }

        if (!(await client.GetAccountsAsync().ConfigureAwait(false)).Any())
        {
#pragma warning disable CS0618 // Meant against throwing away sign-ins of others; there are none.
            helper.Clear();
#pragma warning restore CS0618
        }

        if (supersededPath is not null)
        {
            // Nobody reads it any longer, but its tokens may still be valid.
            File.Delete(supersededPath);
        }
    }
}
