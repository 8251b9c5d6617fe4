using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Compatibility;

/// <summary>
/// A module with the name of Microsoft's that loads ExoConnect, for scripts that ask for ExchangeOnlineManagement by name: a manifest and a script,
/// in a folder where PowerShell finds modules. Installing and removing it are all or nothing.
/// </summary>
public static class CompatibilityModule
{
    /// <summary>The module's name.</summary>
    public const string Name = "ExchangeOnlineManagement";

    /// <summary>
    /// The module's version: that of the release of EXO whose cmdlets ExoConnect follows. A script that requires a higher one gets Microsoft's
    /// module or an error, never this one.
    /// </summary>
    public const string Version = "3.10.1";

    /// <summary>Distinguishes our manifest from Microsoft's.</summary>
    private const string Guid = "3d0f7a52-6f0c-4f55-8f57-6a1b0b7f7f0e";

    /// <summary>The cmdlets of the module: those of ExoConnect that EXO has too.</summary>
    public static IReadOnlyList<string> Cmdlets { get; } =
    [
        "Connect-ExchangeOnline", "Connect-IPPSSession", "Disconnect-ExchangeOnline", "Get-ConnectionInformation", "Get-EXOCasMailbox",
        "Get-EXOMailbox",
        "Get-EXOMailboxFolderPermission", "Get-EXOMailboxFolderStatistics", "Get-EXOMailboxPermission", "Get-EXOMailboxStatistics",
        "Get-EXOMobileDeviceStatistics", "Get-EXORecipient", "Get-EXORecipientPermission",
    ];

    /// <summary>The folder of the current user's modules, by PowerShell's rules.</summary>
    /// <returns>The folder, which need not exist; null if the platform names none.</returns>
    public static string? UserModules()
    {
        if (OperatingSystem.IsWindows())
        {
            var documents = System.Environment.GetFolderPath(System.Environment.SpecialFolder.MyDocuments);
            return documents.Length == 0 ? null : Path.Combine(documents, "PowerShell", "Modules");
        }

        if (System.Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data && Path.IsPathFullyQualified(data))
        {
            return Path.Combine(data, "powershell", "Modules");
        }

        var home = System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile);
        return home.Length == 0 ? null : Path.Combine(home, ".local", "share", "powershell", "Modules");
    }

    /// <summary>The folder of all users' modules, by PowerShell's rules.</summary>
    public static string SharedModules() => OperatingSystem.IsWindows()
        ? Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.ProgramFiles), "PowerShell", "Modules")
        : "/usr/local/share/powershell/Modules";

    /// <summary>Whether the module is in a folder of modules.</summary>
    /// <param name="modules">The folder of modules.</param>
    public static bool IsIn(string modules) => IsOurs(Folder(modules));

    /// <summary>The module's manifest in a folder of modules.</summary>
    /// <param name="modules">The folder of modules.</param>
    public static string Manifest(string modules) => Path.Combine(Folder(modules), Name + ".psd1");

    /// <summary>Installs the module, replacing an installed one of ours.</summary>
    /// <param name="modules">The folder of modules; made if it is missing.</param>
    /// <param name="exoConnect">The manifest of the ExoConnect to load; null for the one that PowerShell finds by name.</param>
    /// <exception cref="ExoException">
    /// <c>MicrosoftModuleInstalled</c>: Microsoft's module is in the same folder. <c>CompatibilityNotWritable</c>: the folder can't be written.
    /// </exception>
    public static void Install(string modules, string? exoConnect)
    {
        Check(modules);
        var folder = Folder(modules);
        var staged = folder + "." + System.Guid.NewGuid().ToString("N");
        try
        {
            Directory.CreateDirectory(staged);
            File.WriteAllText(Path.Combine(staged, Name + ".psd1"), ManifestText());
            File.WriteAllText(Path.Combine(staged, Name + ".psm1"), ScriptText(exoConnect));
            Remove(modules);
            Directory.Move(staged, folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(modules, e);
        }
        finally
        {
            TryDelete(staged);
        }
    }

    /// <summary>Checks whether the module can be installed, without installing it.</summary>
    /// <param name="modules">The folder of modules.</param>
    /// <exception cref="ExoException"><c>MicrosoftModuleInstalled</c>: Microsoft's module is in the same folder.</exception>
    public static void Check(string modules)
    {
        var all = Path.Combine(modules, Name);
        var theirs = !Directory.Exists(all) ? null : Directory.EnumerateFiles(all, Name + ".psd1", SearchOption.AllDirectories)
            .Select(Path.GetDirectoryName).FirstOrDefault(folder => !IsOurs(folder!));
        if (theirs is not null)
        {
            throw new ExoException($"Microsoft's {Name} is installed in {theirs}.")
            {
                ErrorId = ErrorIds.MicrosoftModuleInstalled,
                Category = ExoErrorCategory.ResourceExists,
                Target = theirs,
                Remedy = $"Uninstall it first (Uninstall-Module {Name}), or use -Scope Process, which leaves it alone and hides it from this "
                    + "process.",
            };
        }
    }

    /// <summary>Removes the module, if it is ours and there.</summary>
    /// <param name="modules">The folder of modules.</param>
    /// <returns>True if it was there.</returns>
    /// <exception cref="ExoException"><c>CompatibilityNotWritable</c>: the folder can't be written.</exception>
    public static bool Uninstall(string modules)
    {
        try
        {
            return Remove(modules);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(modules, e);
        }
    }

    private static bool Remove(string modules)
    {
        var folder = Folder(modules);
        if (!IsOurs(folder))
        {
            return false;
        }

        // Renamed first: PowerShell never finds half a module.
        var gone = folder + "." + System.Guid.NewGuid().ToString("N");
        Directory.Move(folder, gone);
        Directory.Delete(gone, recursive: true);
        var all = Path.Combine(modules, Name);
        if (!Directory.EnumerateFileSystemEntries(all).Any())
        {
            Directory.Delete(all);
        }

        return true;
    }

    private static string Folder(string modules) => Path.Combine(modules, Name, Version);

    private static bool IsOurs(string folder)
    {
        var manifest = Path.Combine(folder, Name + ".psd1");
        try
        {
            return File.Exists(manifest) && File.ReadAllText(manifest).Contains(Guid, StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // This account can read a module of ours.
            return false;
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The original error says more.
        }
    }

    private static ExoException NotWritable(string modules, Exception cause) => new($"{modules} can't be written: {cause.Message}", cause)
    {
        ErrorId = ErrorIds.CompatibilityNotWritable,
        Category = ExoErrorCategory.PermissionDenied,
        Target = modules,
        Remedy = "Run it with the rights to write there, or choose -Scope CurrentUser or Process.",
    };

    private static string ManifestText() => $$"""
        @{
            RootModule           = '{{Name}}.psm1'
            ModuleVersion        = '{{Version}}'
            GUID                 = '{{Guid}}'
            Author               = 'ExoConnect maintainers'
            CompanyName          = 'ExoConnect'
            Copyright            = '(c) ExoConnect maintainers. MIT license.'
            Description          = 'ExoConnect under the name of Microsoft''s module, so that scripts which ask for {{Name}} run unchanged. Not Microsoft''s module. Remove it with Uninstall-ExoCompatibility.'
            PowerShellVersion    = '7.4'
            CompatiblePSEditions = @('Core')
            FunctionsToExport    = @()
            CmdletsToExport      = @({{string.Join(", ", Cmdlets.Select(static c => $"'{c}'"))}})
            VariablesToExport    = @()
            AliasesToExport      = @()
        }

        """;

    private static string ScriptText(string? exoConnect) => $$"""
        # ExoConnect under the name of Microsoft's module. Made by Install-ExoCompatibility.
        $path = '{{exoConnect?.Replace("'", "''", StringComparison.Ordinal)}}'
        $from = if ($path -and (Microsoft.PowerShell.Management\Test-Path -LiteralPath $path)) { $path } else { 'ExoConnect' }
        $module = Microsoft.PowerShell.Core\Get-Module -Name ExoConnect
        if (-not $module) { $module = Microsoft.PowerShell.Core\Import-Module -Name $from -Global -PassThru -ErrorAction Stop }
        $module | Microsoft.PowerShell.Core\Import-Module -ErrorAction Stop
        Microsoft.PowerShell.Core\Export-ModuleMember -Cmdlet {{string.Join(", ", Cmdlets)}}

        """;
}
