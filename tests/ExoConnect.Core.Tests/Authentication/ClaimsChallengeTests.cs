using System.Text;
using System.Text.Json;
using ExoConnect.Core.Authentication.Tokens;
using FsCheck;
using FsCheck.Fluent;

namespace ExoConnect.Core.Tests.Authentication;

public sealed class ClaimsChallengeTests
{
    private const string Claims = """{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}""";
    private static readonly string Encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(Claims));

    [Fact]
    public void The_documented_form_is_read() => Assert.Equal(Claims, ClaimsChallenge.Parse(
        "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", "
        + $"error=\"insufficient_claims\", claims=\"{Encoded}\""));

    [Theory]
    [InlineData("Bearer claims={0}")]
    [InlineData("bearer CLAIMS = \"{0}\"")]
    [InlineData("Basic realm=\"x, claims=\\\"no\\\"\", Bearer error=insufficient_claims,claims=\"{0}\" ")]
    [InlineData("Negotiate, Bearer client_id=\"a\" , ,claims=\"{0}\", x=y")]
    public void Other_writings_are_read(string format)
    {
        Assert.Equal(Claims, ClaimsChallenge.Parse(format.Replace("{0}", Encoded, StringComparison.Ordinal)));
        Assert.Equal(
            Claims, ClaimsChallenge.Parse(format.Replace("{0}", Encoded.TrimEnd('=').Replace('+', '-').Replace('/', '_'), StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer realm=\"\"")]
    [InlineData("Bearer claims=\"\"")]
    [InlineData("Bearer claims=\"!!!\"")]
    [InlineData("Bearer claims=\"WzFd\"")]
    [InlineData("Bearer claims=\"bm90IGpzb24=\"")]
    [InlineData("Bearer claims=\"eyJ")]
    [InlineData("Digest claims=\"e30=\"")]
    [InlineData("=")]
    [InlineData("\"")]
    public void Anything_else_is_no_challenge(string header) => Assert.Null(ClaimsChallenge.Parse(header));

    [Fact]
    public void The_first_of_several_headers_that_has_claims_counts()
    {
        Assert.Equal(Claims, ClaimsChallenge.Parse(["Negotiate", null, $"Bearer claims=\"{Encoded}\"", "Bearer claims=\"e30=\""]));
        Assert.Null(ClaimsChallenge.Parse((IEnumerable<string?>?)null));
        Assert.Null(ClaimsChallenge.Parse([]));
    }

    [Fact]
    public void Any_text_gives_json_or_nothing() => Prop.ForAll<string?, string?>(
        (a, b) => new[] { a, $"Bearer {a}", $"Bearer {a}={b}", $"Bearer claims=\"{a}\"{b}" }
        .Select(ClaimsChallenge.Parse)
        .All(claims => claims is null || JsonDocument.Parse(claims).RootElement.ValueKind == JsonValueKind.Object)).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_claims_survive_any_neighbours() => Prop.ForAll<string?, string?>((value, neighbour) =>
    {
        var json = JsonSerializer.Serialize(new Dictionary<string, string?> { ["x"] = value });
        var quoted = (neighbour ?? string.Empty).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        var header = $"Bearer error=\"{quoted}\", claims=\"{Convert.ToBase64String(Encoding.UTF8.GetBytes(json))}\", description=\"{quoted}\"";
        return ClaimsChallenge.Parse(header) == json;
    }).QuickCheckThrowOnFailure();
}
