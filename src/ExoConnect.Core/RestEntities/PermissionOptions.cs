using ExoConnect.Core.Errors;

namespace ExoConnect.Core.RestEntities;

/// <summary>The parameters of <c>Get-EXOMailboxPermission</c>; each member is the parameter of its name.</summary>
public sealed record GetExoMailboxPermissionOptions
{
    private const string Cmdlet = "Get-EXOMailboxPermission";
    private const string Permission = "MailboxPermission";

    // Each entry is for one user; a list inside it holds the user's rights.
    private const string Rights = "PermissionList";

    /// <summary><c>-Identity</c> and the parameters that do the same; none means every mailbox.</summary>
    public ObjectIdentity Target { get; init; } = ObjectIdentity.None;

    /// <summary><c>-Owner</c>: only the owner's entry. Needs a mailbox.</summary>
    public bool Owner { get; init; }

    /// <summary><c>-ResultSize</c>.</summary>
    public ResultSize ResultSize { get; init; }

    /// <summary><c>-SoftDeletedMailbox</c>. Needs a mailbox.</summary>
    public bool SoftDeletedMailbox { get; init; }

    /// <summary><c>-User</c>: only this user's entries; the service distinguishes upper and lower case here. Needs a mailbox.</summary>
    public string? User { get; init; }

    /// <summary>Makes the request.</summary>
    /// <param name="maximumPageSize">The session's page size, 1 to 1,000.</param>
    /// <returns>The request. Without a mailbox, each object of the response holds the permissions of one.</returns>
    /// <exception cref="ExoException">
    /// <c>ParameterCombination</c>, <c>MissingParameter</c>, <c>BlankParameter</c> or <c>InvalidIdentity</c>.
    /// </exception>
    public RestRequest ToRequest(int maximumPageSize = RestRequest.MaximumPageSize)
    {
        var request = new RestRequestBuilder(Cmdlet);
        var user = ParameterErrors.NotBlank(nameof(User), User);
        if (Target.Resolve(Cmdlet) is not { Value: var mailbox, Anchor: var anchor })
        {
            if ((Owner ? nameof(Owner) : user is not null ? nameof(User) : SoftDeletedMailbox ? nameof(SoftDeletedMailbox) : null) is { } narrowing)
            {
                throw ParameterErrors.Missing(
                    Cmdlet, nameof(ObjectIdentity.Identity), $"-{narrowing} needs a mailbox.", "Name the mailbox with -Identity.");
            }

            var all = request.Option("$expand", Permission).Option("$select", Permission + ", ExternalDirectoryObjectId")
                .Build("Mailbox", ResultSize, maximumPageSize);
            return all with { ResultProperty = Permission, SpreadProperty = Rights };
        }

        if (Owner && user is not null)
        {
            throw ParameterErrors.Combination(Cmdlet, nameof(Owner), nameof(User), "Leave one out: each asks for one entry.");
        }

        var path = user is null
            ? ODataText.Path($"Mailbox('{ODataText.Base64(mailbox)}')/MailboxPermission")
            : ODataText.Path($"Mailbox('{ODataText.Base64(mailbox)}')/MailboxPermission('{ODataText.Base64(user)}')");
        var one = request.Option("$filter", Owner ? "IsOwner eq true" : null).KeysAreEncoded()
            .Switch(nameof(SoftDeletedMailbox), SoftDeletedMailbox)
            .Build(path, ResultSize, maximumPageSize);
        return one with
        {
            Target = mailbox,
            Anchor = SoftDeletedMailbox ? RestAnchor.Session : anchor,
            IsSingle = user is not null,
            SpreadProperty = Rights,
        };
    }
}

/// <summary>The parameters of <c>Get-EXORecipientPermission</c>; each member is the parameter of its name.</summary>
public sealed record GetExoRecipientPermissionOptions
{
    private const string Cmdlet = "Get-EXORecipientPermission";
    private const string Permission = "RecipientPermission";
    private const string SendAs = "SendAs";

    /// <summary><c>-Identity</c> and the parameters that do the same; none means every recipient.</summary>
    public ObjectIdentity Target { get; init; } = ObjectIdentity.None;

    /// <summary><c>-AccessRights</c>: <c>SendAs</c>, the only right, so that it filters nothing.</summary>
    public IReadOnlyList<string> AccessRights { get; init; } = [];

    /// <summary><c>-ResultSize</c>.</summary>
    public ResultSize ResultSize { get; init; }

    /// <summary><c>-Trustee</c>: only the permissions of this user or group. Needs a recipient.</summary>
    public string? Trustee { get; init; }

    /// <summary>Makes the request.</summary>
    /// <param name="maximumPageSize">The session's page size, 1 to 1,000.</param>
    /// <returns>The request. Each object of the response holds the permissions of one recipient.</returns>
    /// <exception cref="ExoException">
    /// <c>ParameterCombination</c>, <c>MissingParameter</c>, <c>BlankParameter</c>, <c>InvalidIdentity</c> or <c>InvalidAccessRight</c>.
    /// </exception>
    public RestRequest ToRequest(int maximumPageSize = RestRequest.MaximumPageSize)
    {
        if (AccessRights.FirstOrDefault(static right => !SendAs.Equals(right, StringComparison.OrdinalIgnoreCase)) is { } unknown)
        {
            throw ParameterErrors.Invalid(
                ErrorIds.InvalidAccessRight, nameof(AccessRights), unknown, $"'{unknown}' isn't a permission on recipients.",
                "The only one is SendAs.");
        }

        var target = Target.Resolve(Cmdlet);
        var trustee = ParameterErrors.NotBlank(nameof(Trustee), Trustee);
        var request = new RestRequestBuilder(Cmdlet).Option("$expand", Permission);
        if (target is not null)
        {
            request.KeysAreEncoded();
        }


        // A blank, or a list without elements, tells the function to ignore a parameter.
        var chooses = trustee is not null || AccessRights.Count > 0;
        var rights = AccessRights.Count > 0 ? "[\"SendAs\"]" : "[]";
        var path = (target?.Value, chooses) switch
        {
            (null, _) when trustee is not null => throw ParameterErrors.Missing(
                Cmdlet, nameof(ObjectIdentity.Identity), "-Trustee needs a recipient.", "Name the recipient with -Identity."),
            (null, _) => "Recipient",
            ({ } identity, false) => ODataText.Path($"Recipient('{ODataText.Base64(identity)}')"),
            ({ } identity, true) => ODataText.Path(
                $"Recipient/Exchange.GetRecipientPermissionByFilters(identity='{ODataText.Base64(identity)}',")
                + ODataText.Path($"trustee='{ODataText.Base64(trustee ?? "")}',accessRights={rights})"),
        };
        return request.Option("$select", Permission + ", ExternalDirectoryObjectId").Build(path, ResultSize, maximumPageSize) with
        {
            Target = target?.Value,
            ResultProperty = Permission,
            IsSingle = target is not null && !chooses,
        };
    }
}

/// <summary>The parameters of <c>Get-EXOMailboxFolderPermission</c>; each member is the parameter of its name.</summary>
public sealed record GetExoMailboxFolderPermissionOptions
{
    private const string Cmdlet = "Get-EXOMailboxFolderPermission";

    /// <summary>
    /// <c>-Identity</c> and the parameters that do the same. A folder follows the mailbox and a colon, as a path
    /// (<c>anna@contoso.com:\Calendar</c>) or an id; without one the request is for the mailbox's root folder.
    /// </summary>
    public ObjectIdentity Target { get; init; } = ObjectIdentity.None;

    /// <summary><c>-GroupMailbox</c>: the mailbox is a Microsoft 365 group's.</summary>
    public bool GroupMailbox { get; init; }

    /// <summary><c>-User</c>: only this user's or group's entry.</summary>
    public string? User { get; init; }

    /// <summary>Makes the request.</summary>
    /// <param name="maximumPageSize">The session's page size, 1 to 1,000.</param>
    /// <returns>The request.</returns>
    /// <exception cref="ExoException">
    /// <c>ParameterCombination</c>, <c>MissingParameter</c>, <c>BlankParameter</c> or <c>InvalidIdentity</c>.
    /// </exception>
    public RestRequest ToRequest(int maximumPageSize = RestRequest.MaximumPageSize)
    {
        var target = Target.Require(Cmdlet);
        // Of a piped object's properties only its identity can name a folder.
        var reference = Target is { FromPipeline: true, Identity: { } path } && path.Contains(":\\", StringComparison.Ordinal)
            ? FolderReference.Parse(nameof(ObjectIdentity.Identity), path)
            : FolderReference.Parse(target.Parameter, target.Value);
        var own = RestAnchor.For(reference.Mailbox);
        var anchor = own.Kind == RestAnchorKind.Session ? target.Anchor : own;

        var (mailbox, folder) = (ODataText.Base64(reference.Mailbox), ODataText.Base64(reference.Folder));
        var user = ParameterErrors.NotBlank(nameof(User), User);
        var uri = user is null
            ? ODataText.Path($"Mailbox('{mailbox}')/MailboxFolder('{folder}')/MailboxFolderPermission")
            : ODataText.Path($"Mailbox('{mailbox}')/MailboxFolder('{folder}')/MailboxFolderPermission('{ODataText.Base64(user)}')");
        var request = new RestRequestBuilder(Cmdlet).Switch("IsUsingMailboxFolderId").KeysAreEncoded().Switch(nameof(GroupMailbox), GroupMailbox)
            .Build(uri, ResultSize.Unlimited, maximumPageSize);
        return request with { Target = $"{reference.Mailbox}:{reference.Folder}", Anchor = anchor, IsSingle = user is not null };
    }
}
