using System.Management.Automation;
using System.Text;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Sessions;
using ExoConnect.Sessions;

namespace ExoConnect.SessionModules;

/// <summary>A catalog's cmdlets as functions, parsed and not yet defined anywhere. Parsing is most of the work and needs no session.</summary>
internal sealed class SessionFunctions
{
    private const string ReferencePage = "https://learn.microsoft.com/powershell/module/exchangepowershell/";

    private readonly CmdletCatalog _catalog;
    private readonly string _prefix;

    private SessionFunctions(CmdletCatalog catalog, string prefix)
    {
        _catalog = catalog;
        _prefix = prefix;
        Block = ScriptBlock.Create(Text(catalog, prefix));
    }

    /// <summary>Defines the functions; its parameter is the session's <see cref="SessionCommands"/>.</summary>
    public ScriptBlock Block { get; }

    /// <summary>Parses them.</summary>
    /// <param name="catalog">The cmdlets.</param>
    /// <param name="prefix">What stands before their nouns.</param>
    public static SessionFunctions Parse(CmdletCatalog catalog, string prefix) => new(catalog, prefix);

    /// <summary>Whether these are the functions of a session.</summary>
    /// <param name="session">The session.</param>
    public bool Fits(ExoSession session) => ReferenceEquals(session.Catalog, _catalog) && session.Description.Prefix == _prefix;

    private static string Text(CmdletCatalog catalog, string prefix)
    {
        var text = new StringBuilder(catalog.Cmdlets.Count * 320).Append("param($ExoConnect)\n");
        foreach (var cmdlet in catalog.Cmdlets)
        {
            var command = SessionNames.CommandOf(cmdlet.Name, prefix);
            if (TakenNames.Contains(command))
            {
                continue;
            }

            text.Append("function ").Append(command).Append("{[CmdletBinding(DefaultParameterSetName='")
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
                .Append("process{$call.Process($PSBoundParameters)}end{$call.End()}clean{${call}?.Dispose()}}\n");
        }

        return text.Append(@"Microsoft.PowerShell.Core\Export-ModuleMember -Function *").ToString();
    }
}
