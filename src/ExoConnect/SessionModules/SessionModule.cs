using System.Management.Automation;
using ExoConnect.Core.Sessions;
using ExoConnect.Output;
using ExoConnect.Pipeline;
using ExoConnect.Sessions;

namespace ExoConnect.SessionModules;

/// <summary>
/// The in-memory module with a session's commands in one runspace. Each is a function of a few lines whose parameters are made when it is first
/// called, completed or asked for its syntax. The script text is made here, from names that the catalog has checked; nothing from the service is
/// ever run.
/// </summary>
internal static class SessionModule
{
    private const string DefineScript = """
        param($ExoConnect, $define)
        $define.Invoke($ExecutionContext.SessionState)
        $define = $null
        Microsoft.PowerShell.Core\Export-ModuleMember -Function *
        """;

    // Every command is called by its module's name: a name alone means whatever the runspace, or a session in it, has defined.
    private static readonly Lazy<ScriptBlock> ImportScript = new(static () => ScriptBlock.Create("""
        param($name, $script, $commands, $define)
        Microsoft.PowerShell.Core\New-Module -Name $name -ScriptBlock $script -ArgumentList $commands, $define |
            Microsoft.PowerShell.Core\Import-Module -Global -DisableNameChecking -Force
        """));

    private static readonly Lazy<ScriptBlock> RemoveScript = new(static () => ScriptBlock.Create("""
        param($name, $hidden)
        Microsoft.PowerShell.Core\Get-Module -Name $name | Microsoft.PowerShell.Core\Remove-Module -Force
        foreach ($other in $hidden) {
            Microsoft.PowerShell.Core\Get-Module -Name $other | Microsoft.PowerShell.Core\Import-Module -Global -DisableNameChecking -Force
        }
        """));

    private static readonly Lazy<ScriptBlock> PreferScript = new(static () => ScriptBlock.Create("""
        param($name)
        $module = Microsoft.PowerShell.Core\Get-Module -Name $name
        if ($module) { $module | Microsoft.PowerShell.Core\Import-Module -Global -DisableNameChecking -Force; $true }
        """));

    private static readonly Lazy<ScriptBlock> RenewScript = new(static () => ScriptBlock.Create("""
        param($name, $script, $commands, $define, $later)
        Microsoft.PowerShell.Core\Get-Module -Name $name | Microsoft.PowerShell.Core\Remove-Module -Force
        Microsoft.PowerShell.Core\New-Module -Name $name -ScriptBlock $script -ArgumentList $commands, $define |
            Microsoft.PowerShell.Core\Import-Module -Global -DisableNameChecking -Force
        foreach ($other in $later) {
            Microsoft.PowerShell.Core\Get-Module -Name $other | Microsoft.PowerShell.Core\Import-Module -Global -DisableNameChecking -Force
        }
        """));

    /// <summary>Defines the session's commands in the current runspace. They win over those of other sessions that have the same names.</summary>
    /// <param name="session">The session.</param>
    /// <param name="made">Its functions, if they exist already.</param>
    public static void Import(ExoSession session, SessionFunctions? made = null)
    {
        ImportScript.Value.Invoke(
            SessionNames.ModuleOf(session), ScriptBlock.Create(DefineScript), new SessionCommands(session), DefinitionOf(session, made));
        SessionHelp.Offer();
    }

    /// <summary>Makes the session's commands win over those of other sessions in the current runspace.</summary>
    /// <param name="session">The session; its commands are imported if they are missing.</param>
    /// <param name="made">Its functions, if they exist already.</param>
    public static void Prefer(ExoSession session, SessionFunctions? made = null)
    {
        if (PreferScript.Value.Invoke(SessionNames.ModuleOf(session)).Count == 0)
        {
            ObjectViews.Load();
            Import(session, made);
        }
        else
        {
            SessionHelp.Offer();
        }
    }

    /// <summary>
    /// Creates the session's commands again in the current runspace, after its list of cmdlets has changed. Commands of later sessions with the same
    /// names still win.
    /// </summary>
    /// <param name="session">The session; nothing happens if its list of cmdlets is up to date.</param>
    /// <param name="caller">
    /// The command that noticed it. If that is one of the session's, the removed module is the one it runs in, so its caller's state is used.
    /// </param>
    /// <param name="bridge">The caller's bridge to the engine.</param>
    public static void RenewIfOutdated(ExoSession session, PSCmdlet caller, PipelineBridge bridge)
    {
        if (!session.IsCatalogOutdated || !bridge.Run(token => session.RenewCatalogAsync(bridge, token)))
        {
            return;
        }

        var later = SessionRegistry.Shared.Sessions.SkipWhile(s => s != session).Skip(1);
        caller.InvokeCommand.InvokeScript(
            caller.SessionState, RenewScript.Value, SessionNames.ModuleOf(session), ScriptBlock.Create(DefineScript), new SessionCommands(session),
            DefinitionOf(session),
            later.Select(SessionNames.ModuleOf).ToArray());
        SessionHelp.Offer();
        caller.WriteWarning(
            $"The roles of {session.Description.Name} have changed. It has {session.Catalog.Cmdlets.Count} cmdlets now.");
    }

    /// <summary>Removes the session's commands from the current runspace; commands of other sessions that they hid come back.</summary>
    /// <param name="session">The session, which is no longer among the others.</param>
    /// <param name="others">The sessions that stay, oldest first.</param>
    public static void Remove(ExoSession session, IEnumerable<ExoSession> others)
    {
        var hidden = others.Where(o => o.Description.Prefix.Equals(session.Description.Prefix, StringComparison.OrdinalIgnoreCase));
        RemoveScript.Value.Invoke(SessionNames.ModuleOf(session), hidden.Select(SessionNames.ModuleOf).ToArray());
        SessionHelp.Offer();
    }

    /// <summary>Defines the commands of all sessions in a runspace that has just imported the module.</summary>
    public static void ImportAll()
    {
        foreach (var session in SessionRegistry.Shared.ByPreference)
        {
            ObjectViews.Load();
            Import(session);
        }
    }

    /// <summary>Removes the commands of all sessions and the views from the current runspace; the sessions stay.</summary>
    public static void RemoveAll()
    {
        RemoveScript.Value.Invoke(SessionNames.ModulePrefix + "*", Array.Empty<string>());
        ObjectViews.Forget();
    }

    private static Action<System.Management.Automation.SessionState> DefinitionOf(ExoSession session, SessionFunctions? made = null) =>
        (made?.Fits(session) == true ? made : SessionFunctions.Of(session.Catalog, session.Description.Prefix)).Define;
}
