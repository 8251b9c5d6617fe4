using System.Security.Cryptography;

namespace ExoConnect.Core.Tests.Certificates;

/// <summary>Behaves as a key in a cryptographic service provider of old does.</summary>
internal sealed class OldProviderKey(RSA key, bool allowPkcs1) : RSA
{
    public override int KeySize => key.KeySize;

    public override RSAParameters ExportParameters(bool includePrivateParameters) => key.ExportParameters(includePrivateParameters);

    public override void ImportParameters(RSAParameters parameters) => throw new NotSupportedException();

    public override byte[] SignHash(byte[] hash, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding) =>
        allowPkcs1 && padding == RSASignaturePadding.Pkcs1
            ? key.SignHash(hash, hashAlgorithm, padding)
            : throw new CryptographicException("Specified padding mode is not valid for this algorithm.");

    protected override byte[] HashData(byte[] data, int offset, int count, HashAlgorithmName hashAlgorithm) =>
        SHA256.HashData(data.AsSpan(offset, count));
}
