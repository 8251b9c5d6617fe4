using System.Text;
using System.Text.Json;
using ExoConnect.Core.Json;

namespace ExoConnect.Core.Tests.Json;

public class Utf8CheckTests
{
    [Fact]
    public void Text_is_taken_wherever_it_is_cut_into_pieces()
    {
        var text = Encoding.UTF8.GetBytes("a\u00FC\u4E2D\U0001F600b\U0001F600");
        for (var size = 1; size <= text.Length; size++)
        {
            var check = default(Utf8Check);
            foreach (var piece in text.Chunk(size))
            {
                check.Add(piece);
            }

            check.Add([]);
        }
    }

    [Theory]
    [InlineData("4DFC6C6C6572")]
    [InlineData("61C3")]
    [InlineData("61F09F98")]
    [InlineData("61C0AF")]
    [InlineData("61EDA080")]
    [InlineData("61F4908080")]
    [InlineData("80")]
    [InlineData("FFFE6100")]
    public void What_is_not_UTF_8_is_refused_wherever_it_is_cut_into_pieces(string bytes)
    {
        var text = Convert.FromHexString(bytes);
        Assert.Throws<JsonException>(() => Utf8Check.Whole(text));
        for (var size = 1; size <= text.Length; size++)
        {
            Assert.Throws<JsonException>(() =>
            {
                var check = default(Utf8Check);
                foreach (var piece in text.Chunk(size))
                {
                    check.Add(piece);
                }

                check.Add([]);
            });
        }
    }
}
