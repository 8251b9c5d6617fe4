using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Authentication.Methods;

/// <summary>
/// A person who can be asked to sign in. A non-interactive session has none; then nothing is shown and no window opens. Called from any thread.
/// </summary>
public interface ISignInInteraction
{
    /// <summary>Shows the code that the person enters at a page, on this device or another.</summary>
    /// <param name="prompt">What to show.</param>
    void ShowDeviceCode(DeviceCodePrompt prompt);

    /// <summary>Opens the sign-in page in a browser, and returns as soon as the browser has started.</summary>
    /// <param name="address">The page.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Ends when the browser was started.</returns>
    /// <exception cref="ExoException"><c>BrowserMissing</c>: there is none.</exception>
    Task OpenBrowserAsync(Uri address, CancellationToken cancellationToken);
}

/// <summary>What a person needs to know to sign in for a device.</summary>
/// <param name="UserCode">The code to enter.</param>
/// <param name="Address">The page to enter it at.</param>
/// <param name="Message">Both in a sentence from the sign-in host.</param>
/// <param name="ExpiresOn">When the code expires.</param>
public sealed record DeviceCodePrompt(string UserCode, Uri Address, string Message, DateTimeOffset ExpiresOn);
