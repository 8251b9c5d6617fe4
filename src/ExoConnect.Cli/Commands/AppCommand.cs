using System.CommandLine;
using ExoConnect.Cli.CommandLine;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Output;

namespace ExoConnect.Cli.Commands;

/// <summary><c>exoconnect app register|test|rotate|remove</c>: sets up an application, and maintains it.</summary>
internal static class AppCommand
{
    public static Command Create(CliHost host, Messenger messenger)
    {
        const string Sign =
            "Signs in to Microsoft Graph as an administrator: in the browser, with --device, or with a token from a file or variable. ";
        return new DocumentedCommand("app", "Set up an application, and look after it.")
        {
            Usage = "app register|test|rotate|remove [options]",
            Subcommands =
            {
                Make("register", "From nothing, or half of it, to an application that connects.",
                    "app register --display-name NAME --organization DOMAIN [options]",
                    Sign + "What is there is found and left alone, what is missing is made, and in the end it really connects. Safe to run again; "
                        + "with --app-id it repairs.",
                    [
                        "exoconnect app register --display-name nightly --organization contoso.onmicrosoft.com --password-file nightly.secret",
                        "exoconnect app register --display-name nightly --organization contoso.onmicrosoft.com --no-password --role 'Exchange "
                            + "Recipient Administrator' --device",
                        "exoconnect app register --app-id 6f2a… --organization contoso.onmicrosoft.com --certificate nightly.pem --what-if",
                    ],
                    o => [o.DisplayName, o.AppId, o.Organization, o.Roles, o.ServiceNames, o.MultiTenant, .. o.Certificates, .. o.Making,
                        .. o.SignIns, o.Timeout, o.WhatIf, o.Output],
                    (o, parsed, token) => new AppRegistration(host, messenger, o).RunAsync(parsed, token)),
                Make("test", "Say of each step whether it is done, and what to do.", "app test --app-id ID --organization DOMAIN [options]",
                    "Reads only. From the certificate alone it reports what sign-in and the services allow; signed in to Graph it reports "
                        + "everything. The exit code is 1 if a step is missing.",
                    ["exoconnect app test --app-id 6f2a… --organization contoso.onmicrosoft.com --certificate nightly.pfx"],
                    o => [Required(o.AppId), o.Organization, o.ServiceNames, .. o.Certificates, .. o.SignIns, o.Output],
                    (o, parsed, token) => new AppTest(host, messenger, o).RunAsync(parsed, token)),
                Make("rotate", "Give it a new certificate without a moment in which it can't sign in.",
                    "app rotate --app-id ID --organization DOMAIN [options]",
                    Sign + "The new certificate is added and has to sign in before --remove-old takes the others off.",
                    [
                        "exoconnect app rotate --app-id 6f2a… --organization contoso.onmicrosoft.com --password-file nightly.secret --device",
                        "exoconnect app rotate --app-id 6f2a… --organization contoso.onmicrosoft.com --certificate new.pem --remove-old --device",
                    ],
                    o => [Required(o.AppId), o.Organization, o.RemoveOld, .. o.Certificates, .. o.Making, .. o.SignIns, o.Timeout, o.WhatIf,
                        o.Output],
                    (o, parsed, token) => new AppRotation(host, messenger, o).RunAsync(parsed, token)),
                Make("remove", "Remove it, with its service principal, consent and roles.", "app remove --app-id ID --organization DOMAIN [options]",
                    Sign + "Asks first, unless --yes is given.",
                    ["exoconnect app remove --app-id 6f2a… --organization contoso.onmicrosoft.com --device"],
                    o => [Required(o.AppId), o.Organization, .. o.SignIns, o.WhatIf, o.Yes],
                    (o, parsed, token) => new AppRemoval(host, messenger, o).RunAsync(parsed, token)),
            },
        };

        Command Make(
            string name, string what, string usage, string details, string[] examples, Func<AppOptions, Option[]> options,
            Func<AppOptions, ParseResult, CancellationToken, Task<int>> run)
        {
            var app = new AppOptions(host, messenger);
            app.Organization.Required = true;
            var command = new DocumentedCommand(name, what) { Usage = usage, Details = [details], Examples = examples };
            foreach (var option in options(app))
            {
                command.Options.Add(option);
            }

            command.SetAction((parsed, token) => run(app, parsed, token));
            return command;
        }
    }

    private static Option<string> Required(Option<string> option)
    {
        option.Required = true;
        return option;
    }
}
