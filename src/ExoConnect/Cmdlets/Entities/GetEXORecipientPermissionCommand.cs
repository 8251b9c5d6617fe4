using System.Management.Automation;
using ExoConnect.Completion;
using ExoConnect.Core.RestEntities;

namespace ExoConnect.Cmdlets.Entities;

/// <summary>Gets who may send on behalf of recipients.</summary>
[Cmdlet(VerbsCommon.Get, "EXORecipientPermission", DefaultParameterSetName = "Default")]
[OutputType("ExoConnect.RecipientPermission")]
public sealed class GetEXORecipientPermissionCommand : EntraEntityCmdlet
{
    /// <summary>The permission: SendAs, the only one.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EntityValueCompleter))]
    public string[]? AccessRights { get; set; }

    /// <summary>How many recipients to read, 1,000 by default; Unlimited for all.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EntityValueCompleter))]
    public string? ResultSize { get; set; }

    /// <summary>Only the permissions of this user or group.</summary>
    [Parameter]
    public string? Trustee { get; set; }

    private protected override RestRequest Request(int pageSize) => new GetExoRecipientPermissionOptions
    {
        Target = Target,
        AccessRights = List(AccessRights),
        ResultSize = ResultSizeText.Parse(ResultSize),
        Trustee = Trustee,
    }.ToRequest(pageSize);
}
