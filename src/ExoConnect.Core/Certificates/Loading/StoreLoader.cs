using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ExoConnect.Core.Certificates.Loading;

/// <summary>Finds a certificate by its thumbprint.</summary>
internal static class StoreLoader
{
    private static readonly StoreLocation[] Locations = [StoreLocation.CurrentUser, StoreLocation.LocalMachine];

    /// <summary>The certificates of one personal store that have a thumbprint; null if there is no such store.</summary>
    /// <param name="location">The store's location.</param>
    /// <param name="thumbprint">The normalized thumbprint.</param>
    /// <returns>The certificates, to be disposed by the caller.</returns>
    public delegate IReadOnlyList<X509Certificate2>? Search(StoreLocation location, string thumbprint);

    /// <summary>The stores of this machine and user.</summary>
    public static Search Machine { get; } = SearchMachine;

    /// <summary>Finds a certificate and opens it.</summary>
    /// <param name="text">The thumbprint as given.</param>
    /// <param name="search">The stores.</param>
    /// <param name="clock">The clock for its validity.</param>
    /// <returns>The certificate.</returns>
    public static ClientCertificate Open(string text, Search search, TimeProvider clock)
    {
        var thumbprint = Certificates.Thumbprint.Normalize(text);
        List<string> searched = [];
        List<string> keyless = [];
        foreach (var location in Locations)
        {
            var name = $"{location}\\My";
            if (search(location, thumbprint) is not { } found)
            {
                continue;
            }

            searched.Add(name);
            var candidates = found.Where(c => c.HasPrivateKey).DistinctBy(c => c.GetCertHashString(HashAlgorithmName.SHA256)).ToArray();
            if (candidates.Length == 1)
            {
                DisposeAll(found, candidates[0]);
                return ClientCertificate.Accept(candidates[0], isOwned: true, OriginOf(name), clock);
            }

            var descriptions = candidates.Select(c => $"{c.Subject}, serial number {c.SerialNumber}").ToArray();
            var without = found.Count > 0;
            DisposeAll(found, except: null);
            if (descriptions.Length > 1)
            {
                throw CertificateErrors.Ambiguous(OriginOf(name), descriptions);
            }

            if (without)
            {
                keyless.Add(name);
            }
        }

        if (keyless.Count > 0)
        {
            throw CertificateErrors.NoPrivateKey(
                OriginOf(string.Join(" and ", keyless)),
                "Only its public part was imported there. Import the PFX file, with its key, into the store of the account that this runs as.");
        }

        var where = searched.Count == 0 ? "no personal certificate store exists here" : $"searched {string.Join(" and ", searched)}";
        throw CertificateErrors.NotFound(
            thumbprint,
            $"No certificate with the thumbprint {thumbprint} was found ({where}).",
            OperatingSystem.IsWindows()
                ? "Check the thumbprint and the account that this runs as; a certificate in another user's store is not seen."
                : $"Check the thumbprint and the account that this runs as, or name the PFX or PEM file with -{CertificateErrors.FileParameter}; "
                    + "outside Windows the stores are .NET's own, one for each user.");

        CertificateErrors.Origin OriginOf(string store) =>
            new($"The certificate {thumbprint} in {store}", CertificateErrors.ThumbprintParameter, thumbprint);
    }

    private static List<X509Certificate2>? SearchMachine(StoreLocation location, string thumbprint)
    {
        using var store = new X509Store(StoreName.My, location);
        try
        {
            store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
        }
        catch (Exception e) when (e is CryptographicException or PlatformNotSupportedException)
        {
            return null;
        }

        var hash = thumbprint.Length == Certificates.Thumbprint.Sha1Length ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256;
        List<X509Certificate2> found = [];
        foreach (var certificate in store.Certificates)
        {
            if (certificate.GetCertHashString(hash) == thumbprint)
            {
                found.Add(certificate);
            }
            else
            {
                certificate.Dispose();
            }
        }

        return found;
    }

    private static void DisposeAll(IReadOnlyList<X509Certificate2> certificates, X509Certificate2? except)
    {
        foreach (var certificate in certificates)
        {
            if (!ReferenceEquals(certificate, except))
            {
                certificate.Dispose();
            }
        }
    }
}
