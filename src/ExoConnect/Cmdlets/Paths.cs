using System.Management.Automation;

namespace ExoConnect.Cmdlets;

/// <summary>Paths as PowerShell users give them.</summary>
internal static class Paths
{
    /// <summary>PowerShell's current location, which is not the process's directory.</summary>
    public static string Folder(PSCmdlet cmdlet) => cmdlet.SessionState.Path.CurrentFileSystemLocation.ProviderPath;

    /// <summary>Understands <c>~</c> and PowerShell's drives.</summary>
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
}
