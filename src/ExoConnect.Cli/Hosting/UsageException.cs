namespace ExoConnect.Cli.Hosting;

/// <summary>The command line cannot work as it stands.</summary>
/// <param name="message">What is wrong, naming the option.</param>
/// <param name="remedy">What to write instead.</param>
internal sealed class UsageException(string message, string remedy) : Exception(message)
{
    public string Remedy { get; } = remedy;
}
