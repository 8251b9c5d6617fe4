namespace ExoConnect.LocalTenant;

/// <summary>
/// A local tenant cannot start, or was told something that makes no sense: a bad option, a port in use, a faults file with a mistake.
/// </summary>
public sealed class TenantException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is wrong, naming the option, file or value.</param>
    /// <param name="remedy">What to do about it, as a sentence.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public TenantException(string message, string remedy, Exception? inner = null)
        : base(message, inner) => Remedy = remedy;

    /// <summary>What to do about it, as a sentence.</summary>
    public string Remedy { get; }
}
