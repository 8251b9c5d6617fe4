using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ExoConnect.Cli.Hosting;
using ExoConnect.Core.Hosting;

namespace ExoConnect.Cli.Profiles;

/// <summary>
/// The profiles of a user: a JSON file each in <c>profiles</c>, and the name of the default one in <c>settings.json</c>. Files are replaced as a
/// whole, so that a reader never sees half of one, and only their owner can read them.
/// </summary>
/// <param name="folder">The configuration folder; the first save makes it.</param>
internal sealed partial class ProfileStore(string folder)
{
    /// <summary>The profile that <c>connect</c> makes when no other is named.</summary>
    public const string UnnamedProfile = "default";

    private const string DefaultMember = "defaultProfile";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly string[] ReservedOnWindows = ["CON", "PRN", "AUX", "NUL"];
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The configuration folder.</summary>
    public string Folder { get; } = folder;

    private string ProfilesFolder => Path.Combine(Folder, "profiles");

    private string SettingsFile => Path.Combine(Folder, "settings.json");

    /// <summary>The store of a user: in the folder of <c>EXOCONNECT_CONFIG</c>, else in the platform's folder for settings.</summary>
    /// <param name="variable">Reads environment variables.</param>
    /// <exception cref="UsageException">There is no such folder.</exception>
    public static ProfileStore Open(Func<string, string?> variable)
    {
        if (variable("EXOCONNECT_CONFIG") is { Length: > 0 } given)
        {
            return new ProfileStore(Path.GetFullPath(given));
        }

        if (OperatingSystem.IsWindows())
        {
            return variable("APPDATA") is { Length: > 0 } roaming ? new ProfileStore(Path.Combine(roaming, "exoconnect")) : throw NoFolder("APPDATA");
        }

        // By its specification, a relative XDG_CONFIG_HOME must be ignored.
        if (variable("XDG_CONFIG_HOME") is { Length: > 0 } xdg && Path.IsPathFullyQualified(xdg))
        {
            return new ProfileStore(Path.Combine(xdg, "exoconnect"));
        }

        return variable("HOME") is { Length: > 0 } home ? new ProfileStore(Path.Combine(home, ".config", "exoconnect")) : throw NoFolder("HOME");

        static UsageException NoFolder(string name) =>
            new($"There is no place for profiles: the variable {name} is not set.", "Set EXOCONNECT_CONFIG to a folder of your own.");
    }

    /// <summary>Checks a name.</summary>
    /// <exception cref="UsageException">It cannot name a profile.</exception>
    public static void CheckName(string name)
    {
        if (!Name().IsMatch(name) || ReservedOnWindows.Contains(name.Split('.')[0], StringComparer.OrdinalIgnoreCase))
        {
            throw new UsageException(
                $"--profile: '{name}' cannot name a profile.",
                "Use up to 64 letters, digits, dots, dashes and underscores, beginning with a letter or digit, as in contoso-prod.");
        }
    }

    /// <summary>The file of a profile, whether it exists or not.</summary>
    public string PathOf(string name) => FindFile(name) ?? Path.Combine(ProfilesFolder, name + ".json");

    /// <summary>The names, sorted.</summary>
    public IReadOnlyList<string> Names() => Directory.Exists(ProfilesFolder)
        ? [.. Directory.EnumerateFiles(ProfilesFolder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!)
            .Where(n => Name().IsMatch(n)).Order(StringComparer.OrdinalIgnoreCase)]
        : [];

    /// <summary>The profile that is used when none is named: the default, or the only one.</summary>
    public string? DefaultName()
    {
        var names = Names();
        var said = (string?)ReadSettings()[DefaultMember];
        return names.FirstOrDefault(n => string.Equals(n, said, StringComparison.OrdinalIgnoreCase)) ?? (names.Count == 1 ? names[0] : null);
    }

    /// <summary>Finds the profile of a command.</summary>
    /// <param name="name">The named one; null for the default.</param>
    /// <exception cref="UsageException">There is none, or its file cannot be read.</exception>
    public Profile Find(string? name)
    {
        var names = Names();
        if (name is null)
        {
            name = DefaultName() ?? throw (names.Count == 0
                ? new UsageException(
                    "You are not connected: there is no profile.",
                    "Make one with: exoconnect connect --app-id … --organization … --certificate FILE (exoconnect connect --help tells more).")
                : new UsageException("No profile is the default one.", $"Name one with --profile: {string.Join(", ", names)}."));
        }

        return Read(names.FirstOrDefault(n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase)) ?? throw Missing(name, names));
    }

    /// <summary>Reads a profile.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="UsageException">The file cannot be read.</exception>
    public Profile Read(string name)
    {
        var path = PathOf(name);
        string problem;
        try
        {
            RegularFile.ThrowIfSpecial(path);
            using var file = File.OpenRead(path);
            var profile = JsonSerializer.Deserialize(file, ProfileJson.Default.Profile);
            if (profile is { Version: > Profile.CurrentVersion })
            {
                throw new UsageException(
                    $"The profile '{name}' was made by a newer version of exoconnect.",
                    $"Use that version, or connect again with: --profile {name}.");
            }

            if (profile is { Organization: not null, AppId: not null, Environment: not null, SignIn: not null })
            {
                return profile with { Name = name };
            }

            problem = "something is missing in it";
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            problem = e.Message;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = e.Message;
        }

        throw new UsageException(
            $"The profile '{name}' cannot be read: {problem.TrimEnd('.')}.",
            $"Connect again with --profile {name}, or remove it with: exoconnect disconnect --profile {name}. Its file is {path}.");
    }

    /// <summary>Reads a profile that may be missing or damaged.</summary>
    /// <param name="name">Its name, in any case.</param>
    /// <returns>The profile; null if it can't be read.</returns>
    public Profile? TryRead(string name)
    {
        try
        {
            return Names().FirstOrDefault(n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase)) is { } found ? Read(found) : null;
        }
        catch (UsageException)
        {
            return null;
        }
    }

    /// <summary>All readable profiles but one.</summary>
    /// <param name="name">That one.</param>
    public IEnumerable<Profile> Others(string name) =>
        Names().Where(n => !string.Equals(n, name, StringComparison.OrdinalIgnoreCase)).Select(TryRead).OfType<Profile>();

    /// <summary>Saves a profile.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="asDefault">Whether it becomes the default one; the first one does in any case.</param>
    /// <returns>Whether it is the default one now.</returns>
    public bool Save(Profile profile, bool asDefault)
    {
        var path = PathOf(profile.Name);
        Write(path, JsonSerializer.SerializeToUtf8Bytes(profile, ProfileJson.Default.Profile));
        var settings = ReadSettings();
        var said = (string?)settings[DefaultMember];
        if (asDefault || said is null || FindFile(said) is null)
        {
            settings[DefaultMember] = profile.Name;
            Write(SettingsFile, Encoding.UTF8.GetBytes(settings.ToJsonString(Indented) + "\n"));
            return true;
        }

        return string.Equals(said, profile.Name, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Makes a profile the default one.</summary>
    /// <param name="name">Its name, in any case.</param>
    /// <returns>Its exact name.</returns>
    /// <exception cref="UsageException">There is no such profile.</exception>
    public string Use(string name)
    {
        var names = Names();
        var found = names.FirstOrDefault(n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase)) ?? throw Missing(name, names);
        var settings = ReadSettings();
        settings[DefaultMember] = found;
        Write(SettingsFile, Encoding.UTF8.GetBytes(settings.ToJsonString(Indented) + "\n"));
        return found;
    }

    /// <summary>Removes a profile; if it was the default, there is none afterwards.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="UsageException">There is no such profile.</exception>
    public void Remove(string name)
    {
        File.Delete(FindFile(name) ?? throw Missing(name, Names()));
        var settings = ReadSettings();
        if (string.Equals((string?)settings[DefaultMember], name, StringComparison.OrdinalIgnoreCase) && settings.Remove(DefaultMember))
        {
            Write(SettingsFile, Encoding.UTF8.GetBytes(settings.ToJsonString(Indented) + "\n"));
        }
    }

    private static UsageException Missing(string name, IReadOnlyList<string> names) => new(
        $"There is no profile '{name}'.",
        names.Count == 0 ? "There is none at all; make one with: exoconnect connect." : $"The profiles are: {string.Join(", ", names)}.");

    private void Write(string path, byte[] content)
    {
        foreach (var folder in new[] { Folder, Path.GetDirectoryName(path)! })
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
            }
        }

        var temporary = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}.tmp";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            using (var file = new FileStream(temporary, options))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private string? FindFile(string name) => Directory.Exists(ProfilesFolder)
        ? Directory.EnumerateFiles(ProfilesFolder, "*.json")
            .FirstOrDefault(f => string.Equals(Path.GetFileNameWithoutExtension(f), name, StringComparison.OrdinalIgnoreCase))
        : null;

    /// <summary>The settings, including members of a later version.</summary>
    private JsonObject ReadSettings()
    {
        try
        {
            return File.Exists(SettingsFile) && JsonNode.Parse(File.ReadAllText(SettingsFile)) is JsonObject settings
                && (settings[DefaultMember] is not { } name || (name is JsonValue value && value.TryGetValue<string>(out _))) ? settings : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // The second exception is for invalid Unicode, the third for a duplicate name. The file holds nothing that can't be set again.
            return [];
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
