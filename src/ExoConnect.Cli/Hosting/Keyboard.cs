using System.Security;

namespace ExoConnect.Cli.Hosting;

/// <summary>Prompts a person at the terminal.</summary>
internal static class Keyboard
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(30);

    /// <summary>Prompts for yes or no; any key but y is no.</summary>
    public static async Task<bool> ConfirmAsync(TextWriter terminal, string question, CancellationToken cancellationToken)
    {
        await terminal.WriteAsync(question + " [y/N] ").ConfigureAwait(false);
        var response = "";
        try
        {
            var key = await KeyAsync(cancellationToken).ConfigureAwait(false);
            response = key.KeyChar is 'y' or 'Y' ? "y" : "n";
            return response == "y";
        }
        finally
        {
            await terminal.WriteLineAsync(response).ConfigureAwait(false);
        }
    }

    /// <summary>Reads a password: nothing is shown, and no string is made of it.</summary>
    public static async Task<SecureString> ReadSecretAsync(TextWriter terminal, string prompt, CancellationToken cancellationToken)
    {
        var secret = new SecureString();
        await terminal.WriteAsync(prompt).ConfigureAwait(false);
        try
        {
            while (true)
            {
                var key = await KeyAsync(cancellationToken).ConfigureAwait(false);
                switch (key.Key)
                {
                    case ConsoleKey.Enter:
                        secret.MakeReadOnly();
                        return secret;
                    case ConsoleKey.Backspace when secret.Length > 0:
                        secret.RemoveAt(secret.Length - 1);
                        break;
                    default:
                        if (!char.IsControl(key.KeyChar))
                        {
                            secret.AppendChar(key.KeyChar);
                        }

                        break;
                }
            }
        }
        catch
        {
            secret.Dispose();
            throw;
        }
        finally
        {
            await terminal.WriteLineAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The next key. ReadKey alone would not notice a cancellation.</summary>
    private static async Task<ConsoleKeyInfo> KeyAsync(CancellationToken cancellationToken)
    {
        while (!Console.KeyAvailable)
        {
            await Task.Delay(Poll, cancellationToken).ConfigureAwait(false);
        }

        return Console.ReadKey(intercept: true);
    }
}
