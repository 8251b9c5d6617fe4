using System.CommandLine;
using ExoConnect.Cli.CommandLine;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Output;
using ExoConnect.Cli.Profiles;
using ExoConnect.Cli.Sessions;
using ExoConnect.Core.Errors;

namespace ExoConnect.Cli.Commands;

/// <summary>
/// <c>exoconnect disconnect</c>: removes profiles, and the stored sign-ins of users. Of applications nothing outlives a command.
/// </summary>
internal static class DisconnectCommand
{
    public static Command Create(CliHost host, Messenger messenger)
    {
        var profile = OptionTypes.Text("--profile", "NAME", "The profile to remove, instead of the default one.");
        var all = OptionTypes.Switch("--all", "Remove every profile.");
        var command = new DocumentedCommand("disconnect", "Remove a profile, and the user's sign-in that is kept for it.")
        {
            Usage = "disconnect [--profile NAME | --all]",
            Details =
            [
                "The certificate and the app registration are left alone. A user's sign-in is removed from where it is kept, unless another "
                    + "profile uses it.",
            ],
            Examples = ["exoconnect disconnect --profile nightly"],
            Options = { profile, all },
        };
        command.Aliases.Add("logout");
        command.SetAction(parsed => Run(host, messenger, parsed.GetValue(profile), parsed.GetValue(all)));
        return command;
    }

    public static int Run(CliHost host, Messenger messenger, string? profile, bool all)
    {
        var store = ProfileStore.Open(host.Variable);
        if (all && profile is not null)
        {
            throw new UsageException("--profile and --all exclude each other.", "Give the one you mean.");
        }

        var names = all
            ? store.Names()
            : [ProfileName.Chosen(profile, host) ?? store.DefaultName() ?? throw Undecided(store.Names())];
        foreach (var name in names)
        {
            Forget(store, name, host, messenger);
            store.Remove(name);
            host.Output.WriteLine($"Removed the profile '{name}'.");
        }

        if (names.Count == 0)
        {
            host.Output.WriteLine("There are no profiles.");
        }
        else if (store.DefaultName() is null && store.Names() is { Count: > 0 } left)
        {
            messenger.Hint($"No profile is the default one now; name one with --profile: {string.Join(", ", left)}.");
        }

        return ExitCodes.Success;
    }

    /// <summary>Removes the sign-in first: if that fails, the profile must stay, to find it again.</summary>
    private static void Forget(ProfileStore store, string name, CliHost host, Messenger messenger)
    {
        try
        {
            if (store.TryRead(name) is { SignIn: UserSignIn } profile)
            {
                new ProfileSessions(host, messenger).Forget(profile, store.Others(profile.Name));
            }
        }
        catch (ExoException e) when (e.ErrorId == ErrorIds.EnvironmentFileNotFound)
        {
            messenger.Warning($"Its environment file is gone, so its sign-in can't be found any more: {e.Message}");
        }
    }

    private static UsageException Undecided(IReadOnlyList<string> names) => names.Count == 0
        ? new UsageException("There is no profile to remove.", "exoconnect status shows the profiles.")
        : new UsageException("No profile is the default one.", $"Name one with --profile: {string.Join(", ", names)}; or remove them with --all.");
}
