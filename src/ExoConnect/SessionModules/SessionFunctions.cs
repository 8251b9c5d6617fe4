using System.Management.Automation;
using System.Text;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Sessions;
using ExoConnect.Sessions;

namespace ExoConnect.SessionModules;

/// <summary>
/// A catalog's cmdlets as functions, not yet defined anywhere. Each is parsed when it is first called, completed or asked for its syntax: to parse
/// hundreds of commands at once would take longer than signing in, and most of the memory of a session.
/// </summary>
internal sealed class SessionFunctions
{
    private const string ReferencePage = "https://learn.microsoft.com/powershell/module/exchangepowershell/";

    private readonly CmdletCatalog _catalog;
    private readonly string _prefix;
    private readonly List<(string Name, ScriptBlock Body)> _functions;

    private SessionFunctions(CmdletCatalog catalog, string prefix)
    {
        _catalog = catalog;
        _prefix = prefix;
        _functions = Functions(catalog, prefix);
    }

    /// <summary>Makes them.</summary>
    /// <param name="catalog">The cmdlets.</param>
    /// <param name="prefix">The prefix of their nouns.</param>
    public static SessionFunctions Of(CmdletCatalog catalog, string prefix) => new(catalog, prefix);

    /// <summary>Defines them in a module. Their bodies find the session's <see cref="SessionCommands"/> in its <c>$ExoConnect</c>.</summary>
    /// <param name="module">The module's state; its script is running.</param>
    public void Define(System.Management.Automation.SessionState module)
    {
        var set = LateScript.SetterOf(module);
        foreach (var (name, body) in _functions)
        {
            // In the script's scope: without a scope, the name would mean a function of the caller's, if there is one.
            set("script:" + name, module.Module.NewBoundScriptBlock(body));
        }
    }

    /// <summary>Whether these are the functions of a session.</summary>
    /// <param name="session">The session.</param>
    public bool Fits(ExoSession session) => ReferenceEquals(session.Catalog, _catalog) && session.Description.Prefix == _prefix;

    private static List<(string Name, ScriptBlock Body)> Functions(CmdletCatalog catalog, string prefix)
    {
        var functions = new List<(string, ScriptBlock)>(catalog.Cmdlets.Count);
        var text = new StringBuilder();
        foreach (var cmdlet in catalog.Cmdlets)
        {
            var command = SessionNames.CommandOf(cmdlet.Name, prefix);
            if (TakenNames.Contains(command))
            {
                continue;
            }

            text.Clear().Append("[CmdletBinding(DefaultParameterSetName='")
                .Append(cmdlet.DefaultParameterSetName ?? CommandParameters.UndecidedSet).Append('\'');
            if (cmdlet.SupportsShouldProcess)
            {
                text.Append(",SupportsShouldProcess");
                if (cmdlet.ConfirmImpact != CmdletConfirmImpact.Medium)
                {
                    text.Append(",ConfirmImpact='").Append(cmdlet.ConfirmImpact.ToString()).Append('\'');
                }
            }

            text.Append(",HelpUri='").Append(ReferencePage).Append(cmdlet.Name.ToLowerInvariant()).Append("')]param()")
                .Append("dynamicparam{$ExoConnect.Parameters('").Append(cmdlet.Name).Append("')}")
                .Append("begin{$call=$ExoConnect.Begin('").Append(cmdlet.Name).Append("',$PSCmdlet)}")
                .Append("process{$call.Process($PSBoundParameters)}end{$call.End()}clean{${call}?.Dispose()}");
            functions.Add((command, LateScript.Create(text.ToString())));
        }

        return functions;
    }
}
