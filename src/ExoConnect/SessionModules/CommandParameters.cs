using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using System.Security;
using ExoConnect.Completion;
using ExoConnect.Core.AdminApi.Parameters;
using ExoConnect.Core.Catalog;

namespace ExoConnect.SessionModules;

/// <summary>Makes PowerShell's parameters from the catalog's.</summary>
internal static class CommandParameters
{
    /// <summary>The default set's name if the service names none. The service itself has sets called Default.</summary>
    public const string UndecidedSet = "ExoConnect.Undecided";

    /// <summary>The parameter for the part of the pipeline's objects that a command takes.</summary>
    public const string ShardParameter = "Shard";

    /// <summary>PowerShell takes no more in one command.</summary>
    private const int MostSets = 32;

    private static readonly TextArgumentAttribute TextOfArgument = new();

    /// <summary>Attributes do not change from call to call and cost more than half; they are cached with their definition.</summary>
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

    /// <summary>Whether a command has the parameter for its session.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <returns>False if the service has a parameter of that name.</returns>
    public static bool HasConnection(CmdletDefinition cmdlet) => cmdlet.FindParameter(ConnectionCompleter.ParameterName) is null;

    /// <summary>Whether a command has the parameter for its part of the pipeline input.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <returns>False if it takes no pipeline input, or the service has a parameter of that name.</returns>
    public static bool HasShard(CmdletDefinition cmdlet) => cmdlet.FindParameter(ShardParameter) is null
        && (TakesRows(cmdlet) || cmdlet.Parameters.Any(static p => p.Sets.Any(static s => s.FromPipeline || s.FromPipelineByPropertyName)));

    private static Declaration[] DeclareAll(CmdletDefinition cmdlet)
    {
        var sets = NamedSets(cmdlet);
        var hasDefault = cmdlet.DefaultParameterSetName is not null;
        var byName = TakesRows(cmdlet);

        // A single set represents all: the default set has another name, and a mandatory parameter of the one is mandatory.
        var isOnly = !hasDefault && sets.Length == 1;
        var undecided = !hasDefault && sets.Length is > 1 and < MostSets ? sets : [];
        var own = cmdlet.Parameters.Select(parameter => Declare(cmdlet, parameter, undecided, isOnly, byName));
        if (HasConnection(cmdlet))
        {
            own = own.Append(new Declaration(
                ConnectionCompleter.ParameterName,
                typeof(string),
                [new ParameterAttribute(), new ArgumentCompleterAttribute(typeof(ConnectionCompleter))]));
        }

        return HasShard(cmdlet) ? [.. own, new Declaration(ShardParameter, typeof(string), [new ParameterAttribute()])] : [.. own];
    }

    private static Declaration Declare(CmdletDefinition cmdlet, CmdletParameter parameter, string[] undecided, bool isOnly, bool byName)
    {
        var attributes = new Collection<Attribute>();
        foreach (var set in isOnly ? parameter.Sets.OrderByDescending(static s => s.Mandatory).Take(1) : parameter.Sets)
        {
            attributes.Add(new ParameterAttribute
            {
                ParameterSetName = isOnly ? ParameterSetMembership.AllSets : set.SetName,
                Mandatory = set.Mandatory,
                Position = set.Position ?? int.MinValue,
                ValueFromPipeline = set.FromPipeline,
                ValueFromPipelineByPropertyName = set.FromPipelineByPropertyName || byName,
                ValueFromRemainingArguments = set.FromRemainingArguments,
            });
        }

        if (undecided.Length > 0 && !parameter.Sets.Any(s => s.SetName == ParameterSetMembership.AllSets))
        {
            var first = parameter.Sets[0];
            attributes.Add(new ParameterAttribute
            {
                ParameterSetName = UndecidedSet,
                Mandatory = Array.TrueForAll(undecided, set => parameter.Sets.Any(s => s.SetName == set && s.Mandatory)),
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

        var takesText = parameter is { Kind: ParameterKind.String, IsArray: false };
        if (takesText)
        {
            attributes.Add(TextOfArgument);
        }

        foreach (var check in Checks(parameter))
        {
            attributes.Add(check);
        }

        // PowerShell evaluates a block for a text parameter that takes pipeline input; a filter in braces must stay unevaluated.
        var type = takesText && byName && FilterText.Takes(parameter.Name) ? typeof(object) : TypeOf(parameter);
        return new Declaration(parameter.Name, type, attributes);
    }

    /// <summary>
    /// True if a cmdlet makes objects and by the service takes no pipeline input. All parameters may then come by property name, so that
    /// <c>Import-Csv | New-MailContact</c> works. If the service takes objects, their properties that happen to have a parameter's name don't
    /// count.
    /// </summary>
    private static bool TakesRows(CmdletDefinition cmdlet) => cmdlet.Name.StartsWith("New-", StringComparison.OrdinalIgnoreCase)
        && !cmdlet.Parameters.Any(static p => p.Sets.Any(static s => s.FromPipeline || s.FromPipelineByPropertyName));

    /// <summary>
    /// The sets that a cmdlet's parameters name. If the service names no default among several, PowerShell would refuse a call that fits more than
    /// one. With a set that takes everything as the default, the service decides, as it does in the end anyway. A parameter that is mandatory in
    /// all of them is mandatory there.
    /// </summary>
    private static string[] NamedSets(CmdletDefinition cmdlet) =>
    [
        .. cmdlet.Parameters.SelectMany(p => p.Sets).Select(s => s.SetName).Where(n => n != ParameterSetMembership.AllSets)
            .Distinct(StringComparer.OrdinalIgnoreCase).Take(MostSets),
    ];

    /// <summary>
    /// The checks that the module file declares for a value; PowerShell refuses such a value before anything is sent, as with Microsoft's client.
    /// </summary>
    private static IEnumerable<Attribute> Checks(CmdletParameter parameter)
    {
        if (parameter.Check is not { } check)
        {
            yield break;
        }

        if (check.NotEmpty)
        {
            yield return new ValidateNotNullOrEmptyAttribute();
        }
        else if (check.NotNull)
        {
            yield return new ValidateNotNullAttribute();
        }

        if (check is { Least: { } least, Most: { } most })
        {
            // The bounds have the parameter's own type: PowerShell compares no others.
            yield return parameter.Kind switch
            {
                ParameterKind.Int32 => new ValidateRangeAttribute(
                    (int)Math.Clamp(least, int.MinValue, int.MaxValue), (int)Math.Clamp(most, int.MinValue, int.MaxValue)),
                _ => new ValidateRangeAttribute(least, most),
            };
        }
    }

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
