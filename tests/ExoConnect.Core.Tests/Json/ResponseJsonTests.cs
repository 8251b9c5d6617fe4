using System.Text;
using System.Text.Json;
using ExoConnect.Core.Json;

namespace ExoConnect.Core.Tests.Json;

public class ResponseJsonTests
{
    [Theory]
    [InlineData("{\"a\":\"\\ud83d\\ude00\"}", "😀")]
    [InlineData("{\"a\":\"\\uD83Dx\"}", "\uFFFDx")]
    [InlineData("{\"a\":\"\\ude00\\ud83d\"}", "\uFFFD\uFFFD")]
    [InlineData("{\"a\":\"\\ud83d\\ud83d\\ude00\"}", "\uFFFD😀")]
    [InlineData("{\"a\":\"\\\\ud83d\"}", "\\ud83d")]
    [InlineData("{\"a\":\"\\\\\\ud83d\"}", "\\\uFFFD")]
    public void Every_text_is_readable(string json, string text)
    {
        using var document = JsonDocument.Parse(ResponseJson.Readable(Encoding.UTF8.GetBytes(json)));

        Assert.Equal(text, document.RootElement.GetProperty("a").GetString());
    }

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_replaced()
    {
        using var document = JsonDocument.Parse(ResponseJson.Readable((byte[])[.. "{\"a\":\"b"u8, 0xE4, .. "\"}"u8]));

        Assert.Equal("b\uFFFD", document.RootElement.GetProperty("a").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("\\")]
    [InlineData("\"\\u\"")]
    [InlineData("\"\\ud8\"")]
    [InlineData("{\"a\":\"\\n\"}")]
    public void What_needs_nothing_is_the_same(string json)
    {
        ReadOnlyMemory<byte> bytes = Encoding.UTF8.GetBytes(json);

        Assert.True(ResponseJson.Readable(bytes).Equals(bytes));
    }
}
