using ExoConnect.Core.Authentication;

namespace ExoConnect.Cmdlets.Applications;

/// <summary>Asks the person at the prompt to sign in. The code goes to the warning stream, which is shown even where output is kept in a variable.</summary>
internal sealed class GraphSignInPrompt(PipelineBridge bridge) : ISignInInteraction
{
    public void ShowDeviceCode(DeviceCodePrompt prompt) => bridge.Warning(prompt.Message);

    public Task OpenBrowserAsync(Uri address, CancellationToken cancellationToken)
    {
        SystemBrowser.Open(address);
        return Task.CompletedTask;
    }
}
