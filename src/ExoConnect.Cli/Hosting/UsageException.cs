namespace ExoConnect.Cli.Hosting;

/// <summary>The command line is invalid.</summary>
/// <param name="message">The mistake, naming the option.</param>
/// <param name="remedy">What to write instead.</param>
internal sealed class UsageException(string message, string remedy) : Exception(message)
{
    public string Remedy { get; } = remedy;
}
