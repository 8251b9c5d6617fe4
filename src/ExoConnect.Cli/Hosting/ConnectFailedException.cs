using ExoConnect.Core.Errors;

namespace ExoConnect.Cli.Hosting;

/// <summary>There is no session; <see cref="Failure"/> has the reason.</summary>
/// <param name="failure">The engine's failure.</param>
internal sealed class ConnectFailedException(ExoException failure) : Exception(failure.Message, failure)
{
    public ExoException Failure { get; } = failure;
}
