using ExoConnect.Core.Hosting;

namespace ExoConnect.Cli.Hosting;

/// <summary>Reads files that the command line names.</summary>
internal static class WholeFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The full path; a pipe of the shell's works too.</param>
    /// <param name="cancellationToken">Stops waiting; a read that hangs is left to itself.</param>
    /// <returns>Its bytes.</returns>
    /// <exception cref="IOException">It can't be read, or isn't a file.</exception>
    public static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        RegularFile.ThrowIfSpecial(path, allowHandedOver: true);
        var reading = Task.Run(() => File.ReadAllBytesAsync(path, cancellationToken), cancellationToken);
        return await reading.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
