using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using ExoConnect.LocalTenant.Entra;

namespace ExoConnect.LocalTenant.Graph;

/// <summary><c>/applications</c>: registrations, their requested permissions and their certificates.</summary>
internal sealed class ApplicationsEndpoint(TenantRegistry registry)
{
    private const string Context = "applications";

    private static readonly string[] Writable =
    [
        "displayName", "signInAudience", "requiredResourceAccess", "keyCredentials", "api", "appRoles", "description", "identifierUris",
        "isFallbackPublicClient", "notes", "optionalClaims", "publicClient", "spa", "tags", "web",
    ];

    private static readonly string[] Audiences = ["AzureADMyOrg", "AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount",
        "PersonalMicrosoftAccount"];

    /// <summary>Responds to one request.</summary>
    public GraphResponse Response(GraphRequest request)
    {
        var key = GraphKey.Of(request);
        switch (request.Method, key)
        {
            case ("GET", null):
                GraphAccess.ReadApplications(request.Caller);
                return GraphList.Response(
                    request, Context, registry.Applications.Where(app => app.IsThere(app.Since)).OrderBy(app => app.ObjectId).Select(
                        app => Describe(app, withKeys: false)));
            case ("POST", null):
                GraphAccess.WriteApplications(request.Caller);
                return Create(request);
            case ("GET", { Rest.Count: 0 }):
                GraphAccess.ReadApplications(request.Caller);
                var selected = GraphList.Selected(request);
                return GraphList.One(
                    request, Context, Describe(Find(key), withKeys: selected?.Contains("keyCredentials", StringComparer.OrdinalIgnoreCase) == true));
            case ("PATCH", { Rest.Count: 0 }):
                GraphAccess.WriteApplications(request.Caller);
                Change(Find(key), request);
                return GraphResponse.NoContent;
            case ("DELETE", { Rest.Count: 0 }):
                GraphAccess.WriteApplications(request.Caller);
                registry.RemoveApplication(Find(key).AppId);
                return GraphResponse.NoContent;
            default:
                throw key is { Rest: [var segment, ..] } ? GraphException.NoSegment(segment) : GraphException.NotAllowed();
        }
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static JsonObject Describe(KeyCredential key, bool withKey) => new()
    {
        ["customKeyIdentifier"] = Convert.ToBase64String(key.CustomKeyIdentifier),
        ["displayName"] = key.Name,
        ["endDateTime"] = Time(key.End),
        ["key"] = withKey ? Convert.ToBase64String(key.Certificate.RawData) : null,
        ["keyId"] = key.KeyId.ToString(),
        ["startDateTime"] = Time(key.Start),
        ["type"] = "AsymmetricX509Cert",
        ["usage"] = "Verify",
    };

    private static JsonArray Describe(IEnumerable<RequestedAccess> requested) => new([.. requested
        .GroupBy(access => access.ResourceAppId)
        .Select(resource => new JsonObject
        {
            ["resourceAppId"] = resource.Key.ToString(),
            ["resourceAccess"] = new JsonArray([.. resource.Select(access => new JsonObject
            {
                ["id"] = access.Id.ToString(),
                ["type"] = access.IsRole ? "Role" : "Scope",
            })]),
        })]);

    private static void Check(GraphRequest request)
    {
        foreach (var (name, _) in request.Body!)
        {
            if (!name.StartsWith('@') && !Writable.Contains(name, StringComparer.Ordinal))
            {
                throw GraphException.BadRequest($"Invalid property '{name}'.");
            }
        }

        if (request.Text("signInAudience") is { } audience && !Audiences.Contains(audience, StringComparer.Ordinal))
        {
            throw GraphException.BadRequest("Invalid value specified for property 'signInAudience' of resource 'Application'.");
        }
    }

    private static IEnumerable<RequestedAccess> Requested(JsonArray list)
    {
        foreach (var resource in list.Select(Object))
        {
            var resourceAppId = Id(resource, "resourceAppId");
            foreach (var access in (resource["resourceAccess"] as JsonArray ?? throw GraphException.MissingProperty("resourceAccess")).Select(Object))
            {
                yield return new RequestedAccess(resourceAppId, Id(access, "id"), GraphRequest.Text(access, "type") switch
                {
                    "Role" => true,
                    "Scope" => false,
                    _ => throw GraphException.BadRequest("Invalid value specified for property 'type' of resource 'ResourceAccess'."),
                });
            }
        }

        static Guid Id(JsonObject json, string name) => Guid.TryParse(GraphRequest.Text(json, name), out var id)
            ? id
            : throw GraphException.BadRequest($"Invalid value specified for property '{name}' of resource.");
    }

    private static JsonObject Object(JsonNode? node) => node as JsonObject ?? throw GraphException.Malformed();

    private static DateTimeOffset Moment(JsonObject entry, string name, DateTimeOffset otherwise) => GraphRequest.Text(entry, name) is not { } text
        ? otherwise
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw GraphException.BadRequest($"Invalid value specified for property '{name}' of resource 'KeyCredential'.");

    private static JsonObject Describe(TenantApplication app, bool withKeys)
    {
        var json = new JsonObject
        {
            ["id"] = app.ObjectId.ToString(),
            ["appId"] = app.AppId.ToString(),
            ["createdDateTime"] = Time(app.Created),
            ["displayName"] = app.Name,
            ["signInAudience"] = app.SignInAudience,
            ["requiredResourceAccess"] = Describe(app.Requested),
            ["keyCredentials"] = new JsonArray([.. app.Keys.Where(key => app.IsThere(key.Since)).Select(key => Describe(key, withKeys))]),
            ["passwordCredentials"] = new JsonArray(),
            ["description"] = null,
            ["identifierUris"] = new JsonArray(),
            ["notes"] = null,
            ["tags"] = new JsonArray(),
        };
        foreach (var (name, value) in app.OtherProperties)
        {
            json[name] = value?.DeepClone();
        }

        return json;
    }

    private TenantApplication Find(GraphKey key)
    {
        var found = key.AppId is { } appId
            ? registry.Find(appId)
            : registry.Applications.FirstOrDefault(app => app.ObjectId == key.Id);
        return found is not null && found.IsThere(found.Since) ? found : throw GraphException.NotFound(key.Text);
    }

    private GraphResponse Create(GraphRequest request)
    {
        Check(request);
        var name = request.Required("displayName");
        var keys = Keys(request.Body!["keyCredentials"], []);
        var requested = Requests(request.Body!["requiredResourceAccess"]);
        var app = registry.Create(name);
        Apply(app, request, keys, requested);
        var made = GraphList.One(request, Context, Describe(app, withKeys: false)).Body!;

        // The creator gets the new object in the response, before the rest of the directory knows it.
        made["keyCredentials"] = new JsonArray([.. app.Keys.Select(key => Describe(key, withKey: false))]);
        return GraphResponse.Created(made);
    }

    private void Change(TenantApplication app, GraphRequest request)
    {
        Check(request);
        if (request.Body!.ContainsKey("displayName"))
        {
            request.Required("displayName");
        }

        Apply(app, request, Keys(request.Body["keyCredentials"], app.Keys), Requests(request.Body["requiredResourceAccess"]));
    }

    private static void Apply(TenantApplication app, GraphRequest request, List<KeyCredential>? keys, List<RequestedAccess>? requested)
    {
        foreach (var (name, value) in request.Body!)
        {
            switch (name)
            {
                case "displayName":
                    app.Name = request.Required(name);
                    break;
                case "signInAudience":
                    app.SignInAudience = request.Required(name);
                    break;
                case "keyCredentials":
                    app.ReplaceKeys(keys ?? []);
                    break;
                case "requiredResourceAccess":
                    app.ReplaceRequests(requested ?? []);
                    break;
                default:
                    if (!name.StartsWith('@'))
                    {
                        app.OtherProperties[name] = value?.DeepClone();
                    }

                    break;
            }
        }
    }

    private static List<RequestedAccess>? Requests(JsonNode? node) => node switch
    {
        null => null,
        JsonArray list => [.. Requested(list)],
        _ => throw GraphException.Malformed(),
    };

    /// <summary>The collection that replaces the old one; an entry with an old id keeps that entry, without repeating its key.</summary>
    private List<KeyCredential>? Keys(JsonNode? node, IReadOnlyList<KeyCredential> old) => node switch
    {
        null => null,
        JsonArray list => [.. list.Select(entry => Key(Object(entry), old))],
        _ => throw GraphException.Malformed(),
    };

    private KeyCredential Key(JsonObject entry, IReadOnlyList<KeyCredential> old)
    {
        var key = GraphRequest.Text(entry, "key");
        var id = Guid.TryParse(GraphRequest.Text(entry, "keyId"), out var given) ? given : Guid.NewGuid();
        if (old.FirstOrDefault(known => known.KeyId == id) is { } same)
        {
            return key is null || key == Convert.ToBase64String(same.Certificate.RawData)
                ? same
                : throw GraphException.BadRequest($"Update to existing credential with KeyId '{id}' is not allowed.");
        }

        if (GraphRequest.Text(entry, "type") != "AsymmetricX509Cert" || GraphRequest.Text(entry, "usage") != "Verify")
        {
            throw GraphException.BadRequest("Invalid value specified for property 'type' or 'usage' of resource 'KeyCredential'.");
        }

        var certificate = Load(key ?? throw GraphException.MissingProperty("key"));
        var end = Moment(entry, "endDateTime", certificate.NotAfter);
        if (end.UtcDateTime > certificate.NotAfter.ToUniversalTime().AddSeconds(1))
        {
            throw new GraphException(400, "KeyCredentialsInvalidEndDate", "Key credential end date is invalid.");
        }

        return new KeyCredential(
            id,
            certificate,
            GraphRequest.Text(entry, "displayName") ?? certificate.Subject,
            Identifier(GraphRequest.Text(entry, "customKeyIdentifier")) ?? certificate.GetCertHash(),
            Moment(entry, "startDateTime", certificate.NotBefore),
            end,
            registry.ReplicatedAt());
    }

    private static X509Certificate2 Load(string key)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(Convert.FromBase64String(key));
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            throw new GraphException(400, "KeyCredentialsInvalidKeyValue", "Key credential value is invalid.");
        }
    }

    private static byte[]? Identifier(string? text)
    {
        try
        {
            return text is null ? null : Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw GraphException.BadRequest("Invalid value specified for property 'customKeyIdentifier' of resource 'KeyCredential'.");
        }
    }
}
