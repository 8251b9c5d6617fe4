using ExoConnect.Core.Objects;

namespace ExoConnect.Core.Tests.Objects;

public class ByteQuantifiedSizeTests
{
    [Theory]
    [InlineData("99 GB (106,300,440,576 bytes)", 106_300_440_576)]
    [InlineData("0 B (0 bytes)", 0)]
    [InlineData("1.5 KB", 1536)]
    [InlineData("500MB", 524_288_000)]
    [InlineData(" 2 tb ", 2_199_023_255_552)]
    [InlineData("1,024", 1024)]
    [InlineData("7B", 7)]
    public void Is_read_as_the_service_and_as_people_write_it(string text, long bytes) =>
        Assert.Equal(bytes, ByteQuantifiedSize.Parse(text).ToInt64());

    [Theory]
    [InlineData("")]
    [InlineData("much")]
    [InlineData("5 parsecs")]
    [InlineData("-1 KB")]
    [InlineData("1 GB (many bytes)")]
    public void What_is_no_size_is_refused(string text) => Assert.Throws<FormatException>(() => ByteQuantifiedSize.Parse(text));

    [Theory]
    [InlineData(0, "0 B (0 bytes)")]
    [InlineData(1536, "1.5 KB (1,536 bytes)")]
    [InlineData(106_300_440_576, "99 GB (106,300,440,576 bytes)")]
    [InlineData(1_957_320_092, "1.823 GB (1,957,320,092 bytes)")]
    public void Made_of_a_number_it_looks_as_the_service_writes_it(long bytes, string text)
    {
        var size = new ByteQuantifiedSize(bytes);

        Assert.Equal(text, size.ToString());
        Assert.Equal(size, ByteQuantifiedSize.TryParse(text));
        Assert.Equal((double)bytes, (double)size);
    }

    [Fact]
    public void No_size_is_negative_or_endless()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ByteQuantifiedSize(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ByteQuantifiedSize(-1L));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ByteQuantifiedSize(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ByteQuantifiedSize(double.PositiveInfinity));
        Assert.Throws<OverflowException>(() => new ByteQuantifiedSize(ulong.MaxValue).ToInt64());
    }
}
