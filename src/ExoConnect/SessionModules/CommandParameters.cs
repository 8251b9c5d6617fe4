using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using System.Security;
using ExoConnect.Completion;
using ExoConnect.Core.Catalog;

namespace ExoConnect.SessionModules;

/// <summary>Makes PowerShell's parameters of the catalog's.</summary>
internal static class CommandParameters
{
    /// <summary>The default set's name where the service names none. The service itself has sets called Default.</summary>
    public const string UndecidedSet = "ExoConnect.Undecided";

    /// <summary>Ours beside the service's: in which session to run. A cmdlet that has one of this name keeps its own.</summary>
    public const string Connection = "Connection";

    /// <summary>PowerShell takes no more in one command.</summary>
    private const int MostSets = 32;

    /// <summary>Attributes do not change from call to call and are the dearer half; they go with their definition.</summary>
    private static readonly ConditionalWeakTable<CmdletDefinition, Declaration[]> Declarations = [];

    public static RuntimeDefinedParameterDictionary Create(CmdletDefinition cmdlet)
    {
        var parameters = new RuntimeDefinedParameterDictionary();
        foreach (var declaration in Declarations.GetValue(cmdlet, DeclareAll))
        {
            parameters.Add(declaration.Name, new RuntimeDefinedParameter(declaration.Name, declaration.Type, declaration.Attributes));
        }

        return parameters;
    }

    /// <summary>Whether a command can be told its session.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <returns>False where the service has a parameter of that name.</returns>
    public static bool HasConnection(CmdletDefinition cmdlet) => cmdlet.FindParameter(Connection) is null;

    private static Declaration[] DeclareAll(CmdletDefinition cmdlet)
    {
        var undecided = IsUndecided(cmdlet);
        var byName = TakesRows(cmdlet);
        var own = cmdlet.Parameters.Select(parameter => Declare(cmdlet, parameter, undecided, byName));
        return HasConnection(cmdlet)
            ? [.. own, new Declaration(Connection, typeof(string), [new ParameterAttribute(), new ArgumentCompleterAttribute(typeof(ConnectionCompleter))])]
            : [.. own];
    }

    private static Declaration Declare(CmdletDefinition cmdlet, CmdletParameter parameter, bool undecided, bool byName)
    {
        var attributes = new Collection<Attribute>();
        foreach (var set in parameter.Sets)
        {
            attributes.Add(new ParameterAttribute
            {
                ParameterSetName = set.SetName,
                Mandatory = set.Mandatory,
                Position = set.Position ?? int.MinValue,
                ValueFromPipeline = set.FromPipeline,
                ValueFromPipelineByPropertyName = set.FromPipelineByPropertyName || byName,
                ValueFromRemainingArguments = set.FromRemainingArguments,
            });
        }

        if (undecided && !parameter.Sets.Any(s => s.SetName == ParameterSetMembership.AllSets))
        {
            var first = parameter.Sets[0];
            attributes.Add(new ParameterAttribute
            {
                ParameterSetName = UndecidedSet,
                Position = first.Position ?? int.MinValue,
                ValueFromPipeline = first.FromPipeline,
                ValueFromPipelineByPropertyName = first.FromPipelineByPropertyName || byName,
            });
        }

        if (parameter.Aliases.Count > 0)
        {
            attributes.Add(new AliasAttribute([.. parameter.Aliases]));
        }

        if (parameter.ValidValues.Count > 0)
        {
            // A completion, not a check: the service may know more values than its module file lists, and says so itself where it does not.
            attributes.Add(new ArgumentCompleterAttribute(typeof(ValidValueCompleter)));
        }
        else if (IdentityCompleter.Completes(cmdlet.Name, parameter))
        {
            attributes.Add(new ArgumentCompleterAttribute(typeof(IdentityCompleter)));
        }

        // An empty or missing value says "clear this" to the service, mandatory or not.
        attributes.Add(new AllowNullAttribute());
        attributes.Add(new AllowEmptyStringAttribute());
        attributes.Add(new AllowEmptyCollectionAttribute());
        return new Declaration(parameter.Name, TypeOf(parameter), attributes);
    }

    /// <summary>
    /// True where a cmdlet makes things and the service lets nothing come by the pipeline. All may then come by their names, so that
    /// <c>Import-Csv | New-MailContact</c> does what it says; where the service takes objects, names of theirs that happen to be a parameter's stay out.
    /// </summary>
    private static bool TakesRows(CmdletDefinition cmdlet) => cmdlet.Name.StartsWith("New-", StringComparison.OrdinalIgnoreCase)
        && !cmdlet.Parameters.Any(static p => p.Sets.Any(static s => s.FromPipeline || s.FromPipelineByPropertyName));

    /// <summary>
    /// True where the service names no default among several sets. PowerShell would refuse what fits more than one; with a set that takes
    /// everything as the default, the service decides, as it does in the end anyway.
    /// </summary>
    private static bool IsUndecided(CmdletDefinition cmdlet) => cmdlet.DefaultParameterSetName is null
        && cmdlet.Parameters.SelectMany(p => p.Sets).Select(s => s.SetName).Where(n => n != ParameterSetMembership.AllSets)
            .Distinct(StringComparer.OrdinalIgnoreCase).Take(MostSets).Count() is > 1 and < MostSets;

    /// <summary>
    /// The .NET type. Numbers, dates and truth values are nullable, since <c>$null</c> clears a property; lists are objects, since they may be
    /// given as <c>@{Add=...}</c>.
    /// </summary>
    private static Type TypeOf(CmdletParameter parameter)
    {
        var type = parameter.Kind switch
        {
            ParameterKind.Switch => typeof(SwitchParameter),
            ParameterKind.String => typeof(string),
            ParameterKind.Boolean => typeof(bool?),
            ParameterKind.Byte => parameter.IsArray ? typeof(byte) : typeof(byte?),
            ParameterKind.Int16 => typeof(short?),
            ParameterKind.Int32 => typeof(int?),
            ParameterKind.Int64 => typeof(long?),
            ParameterKind.UInt32 => typeof(uint?),
            ParameterKind.UInt64 => typeof(ulong?),
            ParameterKind.Double => typeof(double?),
            ParameterKind.DateTime => typeof(DateTime?),
            ParameterKind.TimeSpan => typeof(TimeSpan?),
            ParameterKind.Guid => typeof(Guid?),
            ParameterKind.Uri => typeof(Uri),
            ParameterKind.Version => typeof(Version),
            ParameterKind.CultureInfo => typeof(CultureInfo),
            ParameterKind.Credential => typeof(PSCredential),
            ParameterKind.SecureString => typeof(SecureString),
            _ => typeof(object),
        };
        return !parameter.IsArray ? type : parameter.Kind == ParameterKind.Byte ? typeof(byte[]) : typeof(object);
    }

    private sealed record Declaration(string Name, Type Type, Collection<Attribute> Attributes);
}
