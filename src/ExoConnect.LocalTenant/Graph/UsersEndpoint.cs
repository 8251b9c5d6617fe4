using System.Text.Json.Nodes;
using ExoConnect.LocalTenant.Data;

namespace ExoConnect.LocalTenant.Graph;

/// <summary><c>/users</c>: who has a mailbox, to look at. The names and types of properties are those of Graph's resource type user.</summary>
internal sealed class UsersEndpoint(MailboxDirectory mailboxes)
{
    /// <summary>What a response holds where nothing is selected; the rest has to be asked for.</summary>
    private static readonly string[] Usual =
    [
        "businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone", "officeLocation", "preferredLanguage", "surname",
        "userPrincipalName", "id",
    ];

    /// <summary>Responds to one request.</summary>
    /// <exception cref="GraphException">The caller may not, or there is no such user.</exception>
    public GraphResponse Response(GraphRequest request)
    {
        if (request.Method != "GET")
        {
            throw GraphException.NotAllowed();
        }

        GraphAccess.ReadUsers(request.Caller);
        if (request.Segments.Count > 2)
        {
            throw GraphException.NoSegment(request.Segments[2]);
        }

        return request.Segments.Count == 1
            ? GraphList.Response(request, "users", mailboxes.From(0).Select(Describe), Usual)
            : GraphList.One(request, "users", Find(request.Segments[1]), Usual);
    }

    /// <summary>Finds a user by the id in the directory or the name to sign in with; Graph takes no other.</summary>
    private JsonObject Find(string id) =>
        mailboxes.Find(id) is { } row && (row.UserPrincipalName.Equals(id, StringComparison.OrdinalIgnoreCase)
            || row.Guid(IdentityKind.Directory).ToString("D").Equals(id, StringComparison.OrdinalIgnoreCase))
            ? Describe(row) : throw GraphException.NotFound(id);

    private static JsonObject Describe(MailboxRow row)
    {
        var isPerson = row.Shape == 0;
        return new JsonObject
        {
            ["businessPhones"] = Text(row, "Phone", row.Phone) is { } phone ? new JsonArray(phone) : new JsonArray(),
            ["displayName"] = row.DisplayName,
            ["givenName"] = Text(row, "FirstName", row.FirstName),
            ["jobTitle"] = Text(row, "Title", row.Title),
            ["mail"] = row.PrimarySmtpAddress,
            ["mobilePhone"] = Text(row, "MobilePhone", ""),
            ["officeLocation"] = Text(row, "Office", isPerson ? row.Place.Office : ""),
            ["preferredLanguage"] = null,
            ["surname"] = Text(row, "LastName", row.LastName),
            ["userPrincipalName"] = row.UserPrincipalName,
            ["id"] = row.Guid(IdentityKind.Directory).ToString("D"),
            ["accountEnabled"] = isPerson,
            ["city"] = Text(row, "City", isPerson ? row.Place.City : ""),
            ["country"] = Text(row, "CountryOrRegion", isPerson ? row.Place.Country : ""),
            ["createdDateTime"] = row.WhenCreated.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            ["department"] = Text(row, "Department", row.Department),
            ["mailNickname"] = row.Alias,
            ["userType"] = "Member",
        };
    }

    /// <summary>What was changed, else what the mailbox was made with; Graph has null for a blank.</summary>
    private static string? Text(MailboxRow row, string property, string made) =>
        (row.Changed(property) as string ?? made) is { Length: > 0 } text ? text : null;
}
