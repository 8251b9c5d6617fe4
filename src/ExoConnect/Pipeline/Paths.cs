using System.Management.Automation;
using ExoConnect.Core.Errors;

namespace ExoConnect.Pipeline;

/// <summary>Paths as PowerShell users give them.</summary>
internal static class Paths
{
    /// <summary>PowerShell's current location, which is not the process's directory.</summary>
    public static string Folder(PSCmdlet cmdlet) => cmdlet.SessionState.Path.CurrentFileSystemLocation.ProviderPath;

    /// <summary>Resolves <c>~</c> and PowerShell's drives.</summary>
    public static string Full(PSCmdlet cmdlet, string path)
    {
        try
        {
            return cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
        }
        catch (Exception e) when (e is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or NotSupportedException)
        {
            return path;
        }
    }

    /// <summary>The same for a file to write, which can't lie on another drive of PowerShell's.</summary>
    /// <exception cref="ExoException"><c>NotAFile</c>: the path is on a drive that holds no files.</exception>
    public static string File(PSCmdlet cmdlet, string path, string parameter)
    {
        var full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        return provider.Name == "FileSystem" ? full : throw new ExoException($"'{path}' is not a file: its drive is one of {provider.Name}.")
        {
            ErrorId = ErrorIds.NotAFile,
            Category = ExoErrorCategory.InvalidArgument,
            ParameterName = parameter,
            Target = path,
            Remedy = "Give the path of a file.",
        };
    }
}
