namespace ExoConnect.LocalTenant.Entra;

/// <summary>A token with the tenant's signature.</summary>
/// <param name="Audience">Its audience.</param>
/// <param name="Issuer">Its issuer.</param>
/// <param name="NotBefore">When it begins, in seconds since 1970.</param>
/// <param name="Expires">When it ends, in seconds since 1970.</param>
/// <param name="Generation">The number of revocations that its app knew.</param>
/// <param name="Caller">The caller that it names.</param>
internal sealed record VerifiedToken(string Audience, string Issuer, long NotBefore, long Expires, int Generation, Caller Caller);

/// <summary>The problem of a token.</summary>
internal enum TokenProblem
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Another issuer issued it.</summary>
    Issuer,

    /// <summary>It has expired, or is not valid yet.</summary>
    Lifetime,

    /// <summary>It was revoked, and its app has not sent the claims of the challenge.</summary>
    Revoked,
}
