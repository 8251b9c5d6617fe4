namespace ExoConnect.LocalTenant.Entra;

/// <summary>A token whose signature is the tenant's.</summary>
/// <param name="Audience">What it is for.</param>
/// <param name="Issuer">Who issued it.</param>
/// <param name="NotBefore">When it begins, in seconds since 1970.</param>
/// <param name="Expires">When it ends, in seconds since 1970.</param>
/// <param name="Generation">How many revocations its app knew of.</param>
/// <param name="Caller">Whom it names.</param>
internal sealed record VerifiedToken(string Audience, string Issuer, long NotBefore, long Expires, int Generation, Caller Caller);

/// <summary>What is wrong with a token.</summary>
internal enum TokenProblem
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It was issued by somebody else.</summary>
    Issuer,

    /// <summary>It has expired, or is not valid yet.</summary>
    Lifetime,

    /// <summary>It was revoked, and its app has not answered the claims challenge.</summary>
    Revoked,
}
