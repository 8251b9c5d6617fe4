using ExoConnect.Core.Certificates;
using ExoConnect.Core.Errors;
using FsCheck;
using FsCheck.Fluent;

namespace ExoConnect.Core.Tests.Certificates;

public sealed class ThumbprintTests
{
    private const string Good = "0123456789ABCDEF0123456789ABCDEF01234567";

    [Theory]
    [InlineData(Good)]
    [InlineData("\u200e0123456789abcdef0123456789abcdef01234567")]
    [InlineData(" 01 23 45 67 89 ab cd ef 01 23 45 67 89 ab cd ef 01 23 45 67 \r\n")]
    [InlineData("01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67")]
    [InlineData("01-23-45-67-89-AB-CD-EF-01-23-45-67-89-AB-CD-EF-01-23-45-67")]
    [InlineData("\ufeff0123456789\u200bABCDEF\u00a00123456789\u202dABCDEF01234567\u202c\0")]
    public void What_gets_between_the_digits_is_forgiven(string text) => Assert.Equal(Good, Thumbprint.Normalize(text));

    [Fact]
    public void Sha256_is_taken_too() => Assert.Equal(64, Thumbprint.Normalize(Good + "0123456789abcdef01234567").Length);

    [Theory]
    [InlineData("", "empty")]
    [InlineData("\u200e", "empty")]
    [InlineData("0123456789", "10 digits")]
    [InlineData(Good + "0", "41 digits")]
    [InlineData("CN=ExoConnect", "'N'")]
    [InlineData("O123456789ABCDEF0123456789ABCDEF01234567", "'O' (U+004F)")]
    public void Anything_else_says_what_is_wrong(string text, string reason)
    {
        var e = Assert.Throws<ExoException>(() => Thumbprint.Normalize(text));
        Assert.Equal("CertificateThumbprintInvalid", e.ErrorId);
        Assert.Equal("CertificateThumbprint", e.ParameterName);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_gives_a_thumbprint_or_an_error() => Prop.ForAll<string?>(text =>
    {
        try
        {
            var result = Thumbprint.Normalize(text ?? string.Empty);
            return result.Length is 40 or 64 && result.All(char.IsAsciiHexDigitUpper) && Thumbprint.Normalize(result) == result;
        }
        catch (ExoException e)
        {
            return e.ErrorId == "CertificateThumbprintInvalid" && e.Message.Length < 400;
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Noise_anywhere_changes_nothing()
    {
        var noise = Gen.Elements(' ', ':', '-', '\t', '\n', '\r', '\u200e', '\u200f', '\u200b', '\u00a0', '\ufeff', '\u202a', '\u2066');
        var digits = Gen.ArrayOf(Gen.Elements("0123456789abcdefABCDEF".ToCharArray()), 40);
        var both = from d in digits
                   from n in Gen.ArrayOf(noise, 41)
                   select (Digits: new string(d), Noisy: n[40] + string.Concat(d.Select((c, i) => $"{c}{n[i]}")));
        Prop.ForAll(both.ToArbitrary(), pair =>
            string.Equals(Thumbprint.Normalize(pair.Noisy), pair.Digits, StringComparison.OrdinalIgnoreCase)).QuickCheckThrowOnFailure();
    }
}
