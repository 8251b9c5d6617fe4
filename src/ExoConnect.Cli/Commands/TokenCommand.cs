using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ExoConnect.Cli.CommandLine;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Output;
using ExoConnect.Cli.Profiles;
using ExoConnect.Cli.Sessions;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.ServiceRequests;

namespace ExoConnect.Cli.Commands;

/// <summary><c>exoconnect token</c>: the access token of a profile for any service.</summary>
internal sealed class TokenCommand
{
    private readonly Option<string> _resource = OptionTypes.Text(
        "--resource", "NAME|URI",
        $"{string.Join(", ", ServiceTable.Names)}; or any resource's address or identifier. Default: the profile's service.");

    private readonly Option<bool> _decode = OptionTypes.Switch("--decode", "Print what the token says, as JSON, without its signature.");
    private readonly Option<string> _profile = OptionTypes.Profile();
    private readonly Option<OutputFormat?> _output = OptionTypes.TextOrJson(
        "text is the token alone; json says what it is for and when it ends, too. Default: text.");

    private readonly CliHost _host;
    private readonly Messenger _messenger;

    private TokenCommand(CliHost host, Messenger messenger)
    {
        _host = host;
        _messenger = messenger;
        _resource.Aliases.Add("-r");
    }

    public static Command Create(CliHost host, Messenger messenger)
    {
        var token = new TokenCommand(host, messenger);
        var command = new DocumentedCommand("token", "Get an access token for any service, with a profile's sign-in.")
        {
            Usage = "token [--resource NAME|URI] [--decode] [--profile NAME] [--output text|json]",
            Details =
            [
                "Whoever has a token can do what its owner can, until it ends: put it into a variable or a pipe, not into a file or a log. "
                + "exoconnect request sends requests with it and never shows it.",
            ],
            Examples =
            [
                "TOKEN=$(exoconnect token --resource Graph)",
                "exoconnect token --resource https://contoso-admin.sharepoint.com --output json",
                "exoconnect token --resource AzureManagement --decode",
            ],
            Options = { token._resource, token._decode, token._profile, token._output },
        };
        command.SetAction(token.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var profile = ProfileStore.Open(_host.Variable).Find(ProfileName.Chosen(parsed.GetValue(_profile), _host));
        using var services = await new ProfileSessions(_host, _messenger).OpenServicesAsync(profile, cancellationToken).ConfigureAwait(false);
        var resource = parsed.GetValue(_resource) ?? (profile.Service == ServiceName.Exchange ? "Exchange" : "Compliance");
        _messenger.Progress("Signing in");
        var token = await services.Client.GetTokenAsync(resource, cancellationToken).ConfigureAwait(false);
        _messenger.Progress(null);
        if (parsed.GetValue(_decode))
        {
            JsonText.WriteObject(_host.Output, json =>
            {
                var decoded = DecodedToken.Of(token);
                json.WritePropertyName("header");
                WriteElement(json, decoded.Header);
                json.WritePropertyName("claims");
                WriteElement(json, decoded.Payload);
            });
        }
        else if (parsed.GetValue(_output) == OutputFormat.Json)
        {
            JsonText.WriteObject(_host.Output, json =>
            {
                json.WriteString("accessToken", token.Value);
                json.WriteString("resource", token.Resource);
                json.WriteString("expiresOn", token.ExpiresOn.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
                json.WriteString("tenantId", token.Claims.TenantId);
                json.WriteString("appId", token.Claims.AppId);
            });
        }
        else
        {
            _host.Output.WriteLine(token.Value);
        }

        return ExitCodes.Success;
    }

    private static void WriteElement(Utf8JsonWriter json, JsonElement? element)
    {
        if (element is { } value)
        {
            value.WriteTo(json);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
