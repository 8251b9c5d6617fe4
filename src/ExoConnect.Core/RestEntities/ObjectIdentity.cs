using ExoConnect.Core.Errors;

namespace ExoConnect.Core.RestEntities;

/// <summary>
/// The parameters that name one object. Exactly one may be given, unless they are the properties of one object from the pipeline: then they all
/// name the same object, and the best of them counts.
/// </summary>
public sealed record ObjectIdentity
{
    /// <summary>No object in particular: all of them.</summary>
    public static ObjectIdentity None { get; } = new();

    /// <summary>
    /// <c>-Identity</c>: anything that names the object, for example a UPN, an address, a GUID, an alias, a name or a distinguished name.
    /// Null if not given; for the cmdlets that can list, that means every object.
    /// </summary>
    public string? Identity { get; init; }

    /// <summary><c>-ExternalDirectoryObjectId</c>: the object's id in Entra ID, a GUID.</summary>
    public string? ExternalDirectoryObjectId { get; init; }

    /// <summary><c>-PrimarySmtpAddress</c>.</summary>
    public string? PrimarySmtpAddress { get; init; }

    /// <summary><c>-UserPrincipalName</c>.</summary>
    public string? UserPrincipalName { get; init; }

    /// <summary>True if the values are the properties of one object: then blank ones don't matter and several don't contradict each other.</summary>
    public bool FromPipeline { get; init; }

    /// <summary>Makes one of <c>-Identity</c> alone.</summary>
    /// <param name="identity">The identity.</param>
    /// <returns>The parameters.</returns>
    public static ObjectIdentity Of(string identity) => new() { Identity = identity };

    /// <summary>The identity to send; null if none is given.</summary>
    /// <param name="cmdlet">The cmdlet, for errors.</param>
    /// <exception cref="ExoException"><c>ParameterCombination</c>, <c>BlankParameter</c> or <c>InvalidIdentity</c>.</exception>
    internal ResolvedIdentity? Resolve(string cmdlet)
    {
        // In the order of preference: unique and permanent identities come first.
        (string Parameter, string? Value)[] all =
        [
            (nameof(ExternalDirectoryObjectId), ExternalDirectoryObjectId),
            (nameof(UserPrincipalName), UserPrincipalName),
            (nameof(PrimarySmtpAddress), PrimarySmtpAddress),
            (nameof(Identity), Identity),
        ];
        var given = Array.FindAll(all, one => FromPipeline ? !string.IsNullOrWhiteSpace(one.Value) : one.Value is not null);
        if (given.Length == 0)
        {
            return null;
        }

        var (parameter, value) = given[0];
        if (given.Length > 1 && !FromPipeline)
        {
            throw ParameterErrors.Combination(
                cmdlet, given[1].Parameter, parameter, "Each names one object; give only one of them.");
        }

        ParameterErrors.NotBlank(parameter, value);
        if (parameter == nameof(ExternalDirectoryObjectId))
        {
            value = Guid.TryParse(value, out var id) ? id.ToString() : throw ParameterErrors.Invalid(
                ErrorIds.InvalidIdentity,
                parameter,
                value,
                $"'{value}' isn't a GUID.",
                "Give the object id from Entra ID, or use -Identity for another kind of name.");
        }

        return new ResolvedIdentity(parameter, value!, RestAnchor.For(value));
    }

    /// <summary>The identity to send.</summary>
    /// <exception cref="ExoException">As for <see cref="Resolve"/>, and <c>MissingParameter</c>.</exception>
    internal ResolvedIdentity Require(string cmdlet, string parameter = nameof(Identity)) => Resolve(cmdlet) ?? throw ParameterErrors.Missing(
        cmdlet, parameter, "no mailbox is named.", $"Name it with -{parameter}, -UserPrincipalName or -PrimarySmtpAddress.");
}

/// <summary>The one identity to send.</summary>
/// <param name="Parameter">The parameter it came from.</param>
/// <param name="Value">The identity.</param>
/// <param name="Anchor">The anchor for requests about that one mailbox.</param>
internal readonly record struct ResolvedIdentity(string Parameter, string Value, RestAnchor Anchor);
