using System.Management.Automation;
using ExoConnect.Core.Compatibility;
using ExoConnect.Core.Errors;
using ExoConnect.Output;
using ExoConnect.Pipeline;

namespace ExoConnect.Cmdlets.Compatibility;

/// <summary>The common part of installing and uninstalling the module of Microsoft's name: its folder.</summary>
public abstract class CompatibilityCmdlet : PSCmdlet
{
    private const string PathVariable = "PSModulePath";

    private static string? _processFolder;

    /// <summary>For this process, the current user, or all users of this machine.</summary>
    [Parameter(Position = 0)]
    [ValidateSet("Process", "CurrentUser", "AllUsers")]
    public string Scope { get; set; } = "CurrentUser";

    private protected bool IsOfProcess => Scope.Equals("Process", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        EngineHost.Use();
        try
        {
            Run(Modules());
        }
        catch (ExoException e)
        {
            ThrowTerminatingError(EngineErrors.ToRecord(e));
        }
    }

    private protected abstract void Run(string modules);

    /// <summary>Lets this process find modules in a folder of its own, which is removed when the process ends.</summary>
    private protected static void OpenProcessFolder(string folder)
    {
        if (Folders().Contains(folder, StringComparer.Ordinal))
        {
            return;
        }

        Environment.SetEnvironmentVariable(PathVariable, string.Join(Path.PathSeparator, Folders().Prepend(folder)));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => DeleteProcessFolder(folder);
    }

    /// <summary>Removes the folder.</summary>
    private protected static void CloseProcessFolder(string folder)
    {
        Environment.SetEnvironmentVariable(PathVariable, string.Join(Path.PathSeparator, Folders().Where(f => f != folder)));
        DeleteProcessFolder(folder);
    }

    private protected static IEnumerable<string> Folders() =>
        (Environment.GetEnvironmentVariable(PathVariable) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private static void DeleteProcessFolder(string folder)
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
            // A process that ends can't report anything; the folder is one of temporary files.
        }
    }

    private string Modules() => Scope.ToUpperInvariant() switch
    {
        "PROCESS" => LazyInitializer.EnsureInitialized(
            ref _processFolder, static () => Path.Combine(Path.GetTempPath(), $"ExoConnect-{Environment.ProcessId}-{Guid.NewGuid():N}")),
        "ALLUSERS" => CompatibilityModule.SharedModules(),
        _ => CompatibilityModule.UserModules() ?? throw new ExoException("This account has no folder for modules.")
        {
            ErrorId = ErrorIds.NoUserModules,
            Category = ExoErrorCategory.InvalidOperation,
            ParameterName = nameof(Scope),
            Remedy = "Use -Scope Process or AllUsers.",
        },
    };
}
