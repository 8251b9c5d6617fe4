using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace ExoConnect.LocalTenant.Data;

/// <summary>The kinds of object with permissions.</summary>
internal enum GrantScope
{
    /// <summary>A mailbox.</summary>
    Mailbox,

    /// <summary>A recipient: sending in its name.</summary>
    Recipient,

    /// <summary>A folder of a mailbox.</summary>
    Folder,
}

/// <summary>A permission of a user.</summary>
/// <param name="User">The user, as the service shows it.</param>
/// <param name="Rights">The rights.</param>
/// <param name="Deny">Whether they are denied.</param>
/// <param name="Inheritance">How it is inherited.</param>
/// <param name="Flags">A calendar delegate's flags.</param>
internal sealed record Grant(string User, ImmutableArray<string> Rights, bool Deny = false, string Inheritance = "All", string Flags = "");

/// <summary>All permissions. Unchanged ones are computed. Thread-safe; readers take no lock.</summary>
internal sealed class GrantTable
{
    /// <summary>The mailbox's owner.</summary>
    public const string Self = "NT AUTHORITY\\SELF";

    private readonly ConcurrentDictionary<(GrantScope Scope, Guid Target, string Folder), ImmutableArray<Grant>> _changed = new();

    /// <summary>The permissions on a mailbox, recipient or folder.</summary>
    public ImmutableArray<Grant> Of(GrantScope scope, Recipient target, string folder = "")
    {
        return _changed.TryGetValue((scope, target.Guid, folder), out var changed) ? changed : Default(scope, target, folder);
    }

    /// <summary>Changes the permissions; later readings see all of it or nothing.</summary>
    /// <param name="scope">The kind of object.</param>
    /// <param name="target">The object.</param>
    /// <param name="folder">The folder's path, or nothing.</param>
    /// <param name="change">Computes the new list from the old one; may be called more than once.</param>
    public void Change(GrantScope scope, Recipient target, string folder, Func<ImmutableArray<Grant>, ImmutableArray<Grant>> change)
    {
        _changed.AddOrUpdate((scope, target.Guid, folder), _ => change(Default(scope, target, folder)), (_, old) => change(old));
    }

    private static ImmutableArray<Grant> Default(GrantScope scope, Recipient target, string folder)
    {
        var row = target.Row;
        var neighbour = row is not null && row.Directory.IsGenerated(row.Index) && (row.Shape == 1 || row.Index % 25 == 3)
            ? row.Directory.Row(row.Index == 0 ? 1 : row.Index - 1)?.UserPrincipalName : null;
        return scope switch
        {
            GrantScope.Mailbox when neighbour is not null =>
                [new Grant(Self, ["FullAccess", "ReadPermission"]), new Grant(neighbour, ["FullAccess"])],
            GrantScope.Mailbox => [new Grant(Self, ["FullAccess", "ReadPermission"])],
            GrantScope.Recipient when neighbour is not null =>
                [new Grant(Self, ["SendAs"], Inheritance: "None"), new Grant(neighbour, ["SendAs"], Inheritance: "None")],
            GrantScope.Recipient => [new Grant(Self, ["SendAs"], Inheritance: "None")],
            _ => [new Grant("Default", [folder == "/Calendar" ? "AvailabilityOnly" : "None"]), new Grant("Anonymous", ["None"])],
        };
    }
}
