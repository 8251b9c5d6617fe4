using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using ExoConnect.Core.Sessions;
using ExoConnect.Sessions;

namespace ExoConnect.SessionModules;

/// <summary>
/// What Get-Help says of a session's commands: what PowerShell makes of their parameters, and a synopsis of ours. PowerShell takes a synopsis from a
/// comment, which costs a function the syntax of its dynamic parameters, or from a help file, which must exist and is read whole. So a function names
/// its module as its help file, and the table in which PowerShell keeps what it has read of help files makes the help when PowerShell looks there.
/// The table's place is looked up by name; in a version without it, Get-Help shows the syntax alone.
/// </summary>
internal static class SessionHelp
{
    private const BindingFlags Internal = BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic;
    private const string Namespace = "System.Management.Automation.";

    private static readonly Assembly PowerShell = typeof(PSObject).Assembly;
    private static readonly FieldInfo? ReadHelp = Field("HelpProviderWithCache", "_helpCache");
    private static readonly FieldInfo? ReadFiles = Field("CommandHelpProvider", "_helpFiles");

    private static readonly Func<CommandInfo, PSObject>? HelpOf = PowerShell.GetType(Namespace + "Help.DefaultCommandHelpObjectBuilder")
        ?.GetMethod("GetPSObjectFromCmdletInfo", Internal, [typeof(CommandInfo)])?.CreateDelegate<Func<CommandInfo, PSObject>>();

    private static readonly Action<FunctionInfo, string>? SetHelpFile = typeof(FunctionInfo).GetProperty(nameof(FunctionInfo.HelpFile))
        ?.GetSetMethod(nonPublic: true)?.CreateDelegate<Action<FunctionInfo, string>>();

    private static readonly Type? Category = PowerShell.GetType(Namespace + "HelpCategory");
    private static readonly ConstructorInfo? Made = Category is null ? null : PowerShell.GetType(Namespace + "MamlCommandHelpInfo")
        ?.GetConstructor(Internal, [typeof(PSObject), Category]);

    /// <summary>
    /// Lets Get-Help find the help of all sessions' commands of the current runspace. PowerShell forgets that with each import of a module.
    /// </summary>
    public static void Offer()
    {
        if (HelpOf is null || SetHelpFile is null || Made is null || Functions() is not { } functions || Provider() is not { } provider
            || ReadHelp?.GetValue(provider) is not Hashtable help || ReadFiles?.GetValue(provider) is not Hashtable)
        {
            return;
        }

        if (help is not Pages)
        {
            ReadHelp.SetValue(provider, new Pages());
            ReadFiles.SetValue(provider, new Files());
        }

        foreach (var function in functions.Values)
        {
            if (string.IsNullOrEmpty(function.HelpFile) && IsSessions(function.ModuleName))
            {
                SetHelpFile(function, function.ModuleName);
            }
        }
    }

    private static bool IsSessions(string name) => name.StartsWith(SessionNames.ModulePrefix, StringComparison.Ordinal);

    /// <summary>The runspace's functions by their names.</summary>
    private static Dictionary<string, FunctionInfo>? Functions() =>
        Part(Part(Part(Context(), "TopLevelSessionState"), "GlobalScope"), "FunctionTable") as Dictionary<string, FunctionInfo>;

    /// <summary>The part of PowerShell's help that knows functions.</summary>
    private static object? Provider() => (Part(Part(Context(), "HelpSystem"), "HelpProviders") as IEnumerable)?.Cast<object>()
        .FirstOrDefault(static p => p.GetType().Name == "ScriptCommandHelpProvider");

    private static object? Context() => Part(typeof(Runspace), Runspace.DefaultRunspace, "ExecutionContext");

    private static object? Part(object? whole, string name) => whole is null ? null : Part(whole.GetType(), whole, name);

    private static object? Part(Type type, object? whole, string name) => whole is null ? null : type.GetProperty(name, Internal)?.GetValue(whole);

    private static FieldInfo? Field(string type, string name) =>
        PowerShell.GetType(Namespace + type)?.GetField(name, Internal) is { } field && field.FieldType == typeof(Hashtable) ? field : null;

    /// <summary>The help of a session's command, as PowerShell would read it from a help file.</summary>
    /// <param name="command">The command with its module's name.</param>
    private static object? Page(string command)
    {
        if (Functions()?.GetValueOrDefault(command[(command.LastIndexOf('\\') + 1)..]) is not { } function)
        {
            return null;
        }

        var page = HelpOf!(function);
        var synopsis = Synopses.Of(CmdletOf(function));

        // The names that help from a file has: with those of PowerShell's own making, no view shows a synopsis.
        page.TypeNames.Clear();
        page.TypeNames.Add("MamlCommandHelpInfo");
        page.TypeNames.Add("HelpInfo");
        Set(page, "Synopsis", synopsis);
        Set(page, "description", Paragraph($"A cmdlet of the service. `Get-Help {function.Name} -Online` opens Microsoft's page about it."));
        Set(page, "remarks", null);
        if (page.Properties["details"]?.Value is PSObject details)
        {
            Set(details, "description", Paragraph(synopsis));
        }

        return Made!.Invoke([page, Enum.Parse(Category!, "Function")]);
    }

    /// <summary>The cmdlet that a command runs: its name without the session's prefix.</summary>
    private static string CmdletOf(CommandInfo command)
    {
        var session = SessionRegistry.Shared.Sessions.FirstOrDefault(s => SessionNames.ModuleOf(s) == command.ModuleName);
        return session is null ? command.Name : SessionNames.CmdletOf(command.Name, session.Description.Prefix);
    }

    private static PSObject[] Paragraph(string text)
    {
        var paragraph = new PSObject();
        paragraph.TypeNames.Insert(0, "MamlParaTextItem");
        paragraph.Properties.Add(new PSNoteProperty("Text", text));
        return [paragraph];
    }

    private static void Set(PSObject target, string name, object? value)
    {
        target.Properties.Remove(name);
        target.Properties.Add(new PSNoteProperty(name, value));
    }

    /// <summary>The help that PowerShell has read, by file and command, and that of sessions' commands.</summary>
    private sealed class Pages() : Hashtable(StringComparer.OrdinalIgnoreCase)
    {
        public override object? this[object key]
        {
            get => key is string name && IsSessions(name) ? Page(name) : base[key];
            set => base[key] = value;
        }
    }

    /// <summary>The help files that PowerShell has read. It need not read those of sessions.</summary>
    private sealed class Files : Hashtable
    {
        public override bool Contains(object key) => (key is string name && IsSessions(name)) || base.Contains(key);
    }
}
