using ExoConnect.Core.Authentication;

namespace ExoConnect.Cli.Hosting;

/// <summary>The person at the terminal, who can be asked to sign in.</summary>
internal sealed class TerminalSignIn(CliHost host) : ISignInInteraction
{
    public void ShowDeviceCode(DeviceCodePrompt prompt)
    {
        host.Error.WriteLine(Output.SafeText.Line(prompt.Message));
        host.Error.Flush();
    }

    public Task OpenBrowserAsync(Uri address, CancellationToken cancellationToken)
    {
        SystemBrowser.Open(address);
        return Task.CompletedTask;
    }
}
