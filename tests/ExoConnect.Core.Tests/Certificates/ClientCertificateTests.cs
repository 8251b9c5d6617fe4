using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Certificates.Loading;
using ExoConnect.Core.Errors;
using static ExoConnect.Core.Tests.Certificates.TestCertificates;

namespace ExoConnect.Core.Tests.Certificates;

public sealed class ClientCertificateTests
{
    private static readonly CertificateErrors.Origin Origin = new("The certificate", CertificateErrors.ObjectParameter, null);

    [Fact]
    public void Object_stays_the_callers()
    {
        using var made = Rsa();
        using (var opened = new CertificateSource.Instance(made).Open())
        {
            Assert.False(opened.IsOwned);
            Assert.Same(made, opened.Certificate);
        }

        using var key = made.GetRSAPrivateKey()!;
        Assert.NotEmpty(key.SignData([1], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Fact]
    public void Object_that_the_caller_disposes_can_still_sign()
    {
        var made = Rsa();
        using var opened = new CertificateSource.Instance(made).Open();
        made.Dispose();
        Assert.NotEmpty(opened.Sign([1]));
        Assert.Null(opened.ExpiryWarning);
        Assert.Contains(opened.Thumbprint, opened.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Disposed_object_is_said()
    {
        var made = Rsa();
        made.Dispose();
        var e = Assert.Throws<ExoException>(() => new CertificateSource.Instance(made).Open());
        Assert.Equal("CertificateInvalid", e.ErrorId);
        Assert.Equal("Certificate", e.ParameterName);
    }

    [Fact]
    public void Object_without_key_is_said()
    {
        using var made = Rsa();
        using var part = made.PublicPart();
        var e = Assert.Throws<ExoException>(() => new CertificateSource.Instance(part).Open());
        Assert.Equal("CertificateNoPrivateKey", e.ErrorId);
        Assert.Equal("Certificate", e.ParameterName);
    }

    [Fact]
    public void Owned_certificate_ends_with_its_owner()
    {
        using var made = Rsa();
        var opened = new CertificateSource.Bytes(made.Pfx()).Open();
        opened.Dispose();
        opened.Dispose();
        Assert.Throws<ObjectDisposedException>(() => opened.Sign([1]));
        Assert.Equal(IntPtr.Zero, opened.Certificate.Handle);
    }

    [Fact]
    public void Expired_and_not_yet_valid_say_the_dates()
    {
        var from = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        using var made = Rsa(from: from, to: from.AddYears(1));

        var e = Assert.Throws<ExoException>(() => new CertificateSource.Instance(made).Open(clock: new FixedClock(from.AddDays(-1))));
        Assert.Equal("CertificateNotYetValid", e.ErrorId);
        Assert.Contains("2026-03-01 12:00 UTC", e.Message, StringComparison.Ordinal);
        Assert.Contains("2026-02-28 12:00 UTC", e.Message, StringComparison.Ordinal);

        e = Assert.Throws<ExoException>(() => new CertificateSource.Instance(made).Open(clock: new FixedClock(from.AddYears(1).AddSeconds(1))));
        Assert.Equal("CertificateExpired", e.ErrorId);
        Assert.Contains("2027-03-01 12:00 UTC", e.Message, StringComparison.Ordinal);

        using var good = new CertificateSource.Instance(made).Open(clock: new FixedClock(from));
        Assert.Equal(from, good.NotBefore);
        Assert.Equal(from.AddYears(1), good.NotAfter);
    }

    [Theory]
    [InlineData(31, null)]
    [InlineData(30.5, null)]
    [InlineData(29.5, "in 29 days")]
    [InlineData(1.5, "tomorrow")]
    [InlineData(0.5, "today")]
    public void Warns_in_the_last_thirty_days(double daysLeft, string? expected)
    {
        var end = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var made = Rsa(from: end.AddYears(-1), to: end);
        using var opened = new CertificateSource.Instance(made).Open(clock: new FixedClock(end.AddDays(-daysLeft)));
        if (expected is null)
        {
            Assert.Null(opened.ExpiryWarning);
        }
        else
        {
            Assert.Contains(expected, opened.ExpiryWarning, StringComparison.Ordinal);
            Assert.Contains(opened.Thumbprint, opened.ExpiryWarning, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Key_that_knows_no_pss_signs_the_old_way()
    {
        using var made = Rsa();
        using var old = new OldProviderKey(Key, allowPkcs1: true);
        Assert.Equal(RSASignaturePadding.Pkcs1, ClientCertificate.Probe(made, old, Origin));
    }

    [Fact]
    public void Key_that_cannot_sign_is_said()
    {
        using var made = Rsa();
        using var broken = new OldProviderKey(Key, allowPkcs1: false);
        Assert.Equal("CertificateKeyUnusable", Assert.Throws<ExoException>(() => ClientCertificate.Probe(made, broken, Origin)).ErrorId);
        Assert.Equal("CertificateKeyMismatch", Assert.Throws<ExoException>(() => ClientCertificate.Probe(made, OtherKey, Origin)).ErrorId);
    }

    [Fact]
    public void Store_of_the_user_is_searched_by_either_thumbprint()
    {
        using var key = RSA.Create(2048);
        using var made = Rsa(key, subject: "CN=ExoConnect store test");
        using var stored = X509CertificateLoader.LoadPkcs12(made.Pfx(), null, X509KeyStorageFlags.PersistKeySet);
        using var store = new X509Store(StoreName.My, StoreLocation.CurrentUser);
        store.Open(OpenFlags.ReadWrite);
        store.Add(stored);
        try
        {
            foreach (var text in new[] { made.Thumbprint, "\u200e" + made.Thumbprint.ToLowerInvariant(),
                made.GetCertHashString(HashAlgorithmName.SHA256) })
            {
                using var opened = new CertificateSource.Thumbprint(text).Open();
                Assert.Equal(made.Thumbprint, opened.Thumbprint);
                Assert.True(opened.IsOwned);
                Assert.NotEmpty(opened.Sign([1]));
            }
        }
        finally
        {
            store.Remove(stored);
        }

        var e = Assert.Throws<ExoException>(() => new CertificateSource.Thumbprint(made.Thumbprint).Open());
        Assert.Equal("CertificateNotFound", e.ErrorId);
        Assert.Equal("CertificateThumbprint", e.ParameterName);
        Assert.Contains(made.Thumbprint, e.Message, StringComparison.Ordinal);
        Assert.Contains("CurrentUser\\My", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Store_entry_without_key_is_said_and_the_next_store_is_still_tried()
    {
        using var made = Rsa();
        var e = Assert.Throws<ExoException>(() => Open(user: [made.PublicPart()], machine: []));
        Assert.Equal("CertificateNoPrivateKey", e.ErrorId);
        Assert.Contains("CurrentUser\\My", e.Message, StringComparison.Ordinal);

        using var opened = Open(user: [made.PublicPart()], machine: [X509CertificateLoader.LoadPkcs12(made.Pfx(), null)]);
        Assert.Equal(made.Thumbprint, opened.Thumbprint);

        e = Assert.Throws<ExoException>(() => Open(user: null, machine: null));
        Assert.Contains("no personal certificate store", e.Message, StringComparison.Ordinal);

        ClientCertificate Open(X509Certificate2[]? user, X509Certificate2[]? machine) =>
            StoreLoader.Open(made.Thumbprint, (location, _) => location == StoreLocation.CurrentUser ? user : machine, TimeProvider.System);
    }

    [Fact]
    public void Several_certificates_for_one_thumbprint_are_ambiguous()
    {
        using var first = Rsa(subject: "CN=First");
        using var second = Rsa(subject: "CN=Second");
        X509Certificate2[] both = [X509CertificateLoader.LoadPkcs12(first.Pfx(), null), X509CertificateLoader.LoadPkcs12(second.Pfx(), null)];
        var e = Assert.Throws<ExoException>(() => StoreLoader.Open(first.Thumbprint, (_, _) => both, TimeProvider.System));
        Assert.Equal("CertificateAmbiguous", e.ErrorId);
        Assert.Contains("CN=First", e.Message, StringComparison.Ordinal);
        Assert.Contains("CN=Second", e.Message, StringComparison.Ordinal);

        // The same certificate twice is one.
        X509Certificate2[] twice = [X509CertificateLoader.LoadPkcs12(first.Pfx(), null), X509CertificateLoader.LoadPkcs12(first.Pfx(), null)];
        using var opened = StoreLoader.Open(first.Thumbprint, (_, _) => twice, TimeProvider.System);
        Assert.Equal(first.Thumbprint, opened.Thumbprint);
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
