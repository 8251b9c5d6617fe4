using System.Net;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Text;

namespace ExoConnect.Core.Environments;

/// <summary>Finds a session's environment by the user's parameters.</summary>
public static class ExoEnvironments
{
    private const string NameParameter = "ExchangeEnvironmentName";
    private const string ConnectionUriParameter = "ConnectionUri";
    private const string AuthorizationParameter = "AzureADAuthorizationEndpointUri";

    /// <summary>
    /// Finds the environment. Without a name, a connection URI that belongs to a known cloud chooses that cloud; otherwise it is the
    /// worldwide one.
    /// </summary>
    /// <param name="nameOrFile">A cloud's name in any case, or the path of an environment file; null or empty for the default.</param>
    /// <param name="connectionUri">
    /// Replaces the service's host; only host and port count, so a legacy path (<c>/powershell-liveid/</c>) does no harm. Null to keep the host.
    /// </param>
    /// <param name="authorizationEndpointUri">
    /// Replaces the sign-in host; at sign-in the organization replaces <c>/organizations</c> or <c>/common</c> at the end. Null to keep the host.
    /// </param>
    /// <param name="service">The service that <paramref name="connectionUri"/> is of.</param>
    /// <param name="baseDirectory">Where a relative path starts; null for the current directory.</param>
    /// <param name="messages">Receives warnings; null for none.</param>
    /// <returns>The environment. Equal input gives equal environments.</returns>
    /// <exception cref="ExoException">
    /// <c>EnvironmentUnknown</c>, <c>ConnectionUriInvalid</c>, <c>ConnectionUriMismatch</c>, <c>ConnectionUriUnknown</c>,
    /// <c>AuthorizationEndpointUriInvalid</c>, or an error of <see cref="EnvironmentFile.Load"/>.
    /// </exception>
    public static ExoEnvironment Resolve(
        string? nameOrFile,
        string? connectionUri,
        string? authorizationEndpointUri,
        ExoService service,
        string? baseDirectory = null,
        IEngineMessages? messages = null)
    {
        messages ??= NullMessages.Instance;
        var connection = string.IsNullOrWhiteSpace(connectionUri) ? null : ParseBase(connectionUri, ConnectionUriParameter);
        var authorization = string.IsNullOrWhiteSpace(authorizationEndpointUri) ? null : ParseBase(authorizationEndpointUri, AuthorizationParameter);

        var environment = string.IsNullOrWhiteSpace(nameOrFile)
            ? ByHosts(connection, authorization)
            : CloudEnvironments.Find(nameOrFile) ?? FromFile(nameOrFile.Trim(), baseDirectory);

        if (CloudEnvironments.IsClosed(environment))
        {
            messages.Warning(
                $"{environment.Name} was closed in October 2021 and its hosts no longer respond. Leave -{NameParameter} out to connect to the "
                + "worldwide cloud, where its tenants were moved.");
        }

        WarnOfForeignHosts(environment, messages);
        if (connection is not null)
        {
            environment = WithConnection(environment, connection, service);
        }

        return authorization is null ? environment : WithSignIn(environment, authorization, authorizationEndpointUri!, messages);
    }

    /// <summary>An environment file may send the tokens of a real cloud elsewhere. A warning names the hosts.</summary>
    private static void WarnOfForeignHosts(ExoEnvironment environment, IEngineMessages messages)
    {
        if (environment.IsKnownCloud || CloudEnvironments.All.FirstOrDefault(c => SameHost(c.SignIn, environment.SignIn)) is not { } cloud)
        {
            return;
        }

        var foreign = new[] { environment.Exchange, environment.Compliance, environment.Graph }.Concat(environment.OtherServices.Values)
            .Where(address => !CloudEnvironments.All.Any(c => SameHost(c.SignIn, cloud.SignIn) && c.Owns(address)))
            .Select(static address => address.Host);
        var hosts = (environment.Address is { } at && !IPAddress.IsLoopback(at.Address) ? foreign.Append(at.ToString()) : foreign)
            .Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (hosts.Count > 0)
        {
            messages.Warning(
                $"The environment {environment.Name} signs in at {environment.SignIn.Host}, a host of {cloud.Name}, and names hosts that are not of "
                + $"that cloud: {string.Join(", ", hosts)}. Tokens will be sent to them.");
        }
    }

    private static ExoEnvironment ByHosts(Uri? connection, Uri? authorization)
    {
        if (connection is null)
        {
            return CloudEnvironments.O365Default;
        }

        // The two US government clouds share a sign-in host and their compliance front door; the first match counts.
        var fitting = CloudEnvironments.All.Where(cloud => IsServiceHost(cloud, connection)).ToArray();
        return fitting.FirstOrDefault(cloud => authorization is not null && SameHost(cloud.SignIn, authorization))
            ?? fitting.FirstOrDefault()
            ?? CloudEnvironments.O365Default;
    }

    private static ExoEnvironment FromFile(string nameOrFile, string? baseDirectory)
    {
        var path = PathText.Resolve(nameOrFile, baseDirectory);
        var looksLikePath = nameOrFile.AsSpan().IndexOfAny('/', '\\') >= 0 || nameOrFile.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        if (!looksLikePath && !File.Exists(path))
        {
            throw new ExoException($"There is no cloud or environment file named '{nameOrFile}'.")
            {
                ErrorId = ErrorIds.EnvironmentUnknown,
                Category = ExoErrorCategory.InvalidArgument,
                ParameterName = NameParameter,
                Target = nameOrFile,
                Remedy = $"Use one of {string.Join(", ", CloudEnvironments.All.Select(cloud => cloud.Name))}, or the path of an environment file.",
            };
        }

        return EnvironmentFile.Load(path);
    }

    private static ExoEnvironment WithConnection(ExoEnvironment environment, Uri connection, ExoService service)
    {
        if (IsServiceHost(environment, connection))
        {
            return service == ExoService.ExchangeOnline ? environment with { Exchange = connection } : environment with { Compliance = connection };
        }

        if (CloudEnvironments.All.FirstOrDefault(cloud => IsServiceHost(cloud, connection)) is { } other)
        {
            throw Refused(
                ErrorIds.ConnectionUriMismatch,
                $"{connection.Host} belongs to {other.Name}, but the environment is {environment.Name}; a token of one cloud is never sent to "
                    + "another.",
                $"Give -{NameParameter} {other.Name}, or leave -{ConnectionUriParameter} out.");
        }

        if (CloudEnvironments.All.Append(environment).Any(e => SameHost(e.SignIn, connection) || SameHost(e.Graph, connection)))
        {
            throw Invalid(connection.ToString(), ConnectionUriParameter, "names a host that is for sign-in or Microsoft Graph, not for this service");
        }

        // Microsoft's client asks for a token of the host that the address names, which sign-in refuses. Ours would be a token of the cloud.
        throw Refused(
            ErrorIds.ConnectionUriUnknown,
            $"{connection.Host} is not a known host of {environment.Name}; a token of a cloud is sent to its own hosts only.",
            $"Check the spelling, or leave -{ConnectionUriParameter} out. A host of your own goes into an environment file: -{NameParameter} FILE.");

        ExoException Refused(string id, string message, string remedy) => new(message)
        {
            ErrorId = id,
            Category = ExoErrorCategory.InvalidArgument,
            ParameterName = ConnectionUriParameter,
            Target = connection,
            Remedy = remedy,
        };
    }

    private static ExoEnvironment WithSignIn(ExoEnvironment environment, Uri authorization, string given, IEngineMessages messages)
    {
        var path = new Uri(given.Trim()).AbsolutePath.Trim('/');
        if (path.Length > 0
            && !path.Equals("organizations", StringComparison.OrdinalIgnoreCase)
            && !path.Equals("common", StringComparison.OrdinalIgnoreCase))
        {
            messages.Warning($"Only the host of -{AuthorizationParameter} is used; '/{path}' is replaced by the organization.");
        }

        var known = CloudEnvironments.All.Any(cloud => SameHost(cloud.SignIn, authorization));
        if (!known && !SameHost(environment.SignIn, authorization))
        {
            messages.Warning(
                $"{authorization.Host} is not a known sign-in host. The sign-in request of the application will be sent to it.");
        }

        return environment with { SignIn = authorization, IsKnownCloud = environment.IsKnownCloud && known };
    }

    /// <summary>A service's own address or one under the suffixes; a session can't be of a sign-in or Graph host.</summary>
    private static bool IsServiceHost(ExoEnvironment environment, Uri address) => environment.OwnsService(address);

    private static bool SameHost(Uri a, Uri b) => string.Equals(a.IdnHost, b.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static Uri ParseBase(string text, string parameter)
    {
        var trimmed = text.Trim();
        if (!Uri.TryCreate(trimmed, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            throw Invalid(trimmed, parameter, "is not an absolute address");
        }

        if (uri.Scheme != Uri.UriSchemeHttps)
        {
            throw Invalid(trimmed, parameter, "does not start with https://; tokens never travel unencrypted");
        }

        if (uri.UserInfo.Length > 0)
        {
            throw Invalid("the address", parameter, "has a user name in front of its host");
        }

        return new UriBuilder(Uri.UriSchemeHttps, uri.Host, uri.Port).Uri;
    }

    private static ExoException Invalid(string text, string parameter, string reason) => new($"-{parameter}: {text} {reason}.")
    {
        ErrorId = parameter == ConnectionUriParameter ? ErrorIds.ConnectionUriInvalid : ErrorIds.AuthorizationEndpointUriInvalid,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = parameter,
        Target = text,
        Remedy = parameter == ConnectionUriParameter
            ? $"Give an address such as {CloudEnvironments.O365Default.Exchange}, or leave -{parameter} out and name the cloud with -{NameParameter}."
            : $"Give an address such as {CloudEnvironments.O365Default.SignIn}organizations, or leave -{parameter} out.",
    };
}
