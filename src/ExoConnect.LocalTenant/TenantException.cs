namespace ExoConnect.LocalTenant;

/// <summary>
/// A local tenant cannot start, or got invalid input: a bad option, a port in use, a faults file with a mistake.
/// </summary>
public sealed class TenantException : Exception
{
    /// <summary>Creates an exception.</summary>
    /// <param name="message">The problem, with the name of the option, file or value.</param>
    /// <param name="remedy">The remedy, as a sentence.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public TenantException(string message, string remedy, Exception? inner = null)
        : base(message, inner) => Remedy = remedy;

    /// <summary>The remedy, as a sentence.</summary>
    public string Remedy { get; }
}
