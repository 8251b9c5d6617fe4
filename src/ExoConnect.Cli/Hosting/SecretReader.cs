using System.Security;

namespace ExoConnect.Cli.Hosting;

/// <summary>Reads a password from the keyboard: nothing is shown, and no string is made of it.</summary>
internal static class SecretReader
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(30);

    public static async Task<SecureString> ReadAsync(TextWriter terminal, string prompt, CancellationToken cancellationToken)
    {
        var secret = new SecureString();
        await terminal.WriteAsync(prompt).ConfigureAwait(false);
        try
        {
            while (true)
            {
                // ReadKey itself would not notice a cancellation.
                while (!Console.KeyAvailable)
                {
                    await Task.Delay(Poll, cancellationToken).ConfigureAwait(false);
                }

                var key = Console.ReadKey(intercept: true);
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
}
