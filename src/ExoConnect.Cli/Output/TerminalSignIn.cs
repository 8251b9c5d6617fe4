using ExoConnect.Cli.Hosting;
using ExoConnect.Core.Authentication.Methods;

namespace ExoConnect.Cli.Output;

/// <summary>The person at the terminal, who can be asked to sign in.</summary>
internal sealed class TerminalSignIn(CliHost host, Messenger messenger) : ISignInInteraction
{
    public void ShowDeviceCode(DeviceCodePrompt prompt)
    {
        messenger.Information(SafeText.Line(prompt.Message));
        messenger.Progress("Waiting for the sign-in");
    }

    public Task OpenBrowserAsync(Uri address, CancellationToken cancellationToken)
    {
        host.OpenBrowser(address);
        messenger.Progress("Waiting for the sign-in in the browser");
        return Task.CompletedTask;
    }
}
