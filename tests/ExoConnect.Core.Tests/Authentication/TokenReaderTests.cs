using System.Text;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Text;
using FsCheck;
using FsCheck.Fluent;

namespace ExoConnect.Core.Tests.Authentication;

public sealed class TokenReaderTests
{
    private static string Jwt(string payload) => $"eyJhbGciOiJub25lIn0.{Base64Text.Url(Encoding.UTF8.GetBytes(payload))}.c2ln";

    [Fact]
    public void An_applications_token_is_read()
    {
        var claims = TokenReader.Read(Jwt("""
            {"aud":"https://outlook.office365.com","appid":"a","tid":"t","oid":"o","idtyp":"app","exp":1767225600,
             "roles":["Exchange.ManageAsApp"],"wids":["62e90394-69f5-4237-9190-012177145e10","x"]}
            """));
        Assert.Equal("https://outlook.office365.com", claims.Audience);
        Assert.Equal(("a", "t", "o"), (claims.AppId, claims.TenantId, claims.ObjectId));
        Assert.True(claims.IsAppOnly);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), claims.ExpiresOn);
        Assert.Equal(["Exchange.ManageAsApp"], claims.Permissions);
        Assert.Equal("Global Administrator", Assert.Single(DirectoryRoles.Of(claims)).Name);
    }

    [Fact]
    public void A_users_token_is_read()
    {
        var claims = TokenReader.Read(Jwt("""{"appid":"a","upn":"meg@contoso.com","scp":"Exchange.Manage  User.Read","aud":["one","two"]}"""));
        Assert.False(claims.IsAppOnly);
        Assert.Equal("meg@contoso.com", claims.UserPrincipalName);
        Assert.Equal(["Exchange.Manage", "User.Read"], claims.Scopes);
        Assert.Equal("one", claims.Audience);
    }

    [Fact]
    public void A_version_2_token_without_kind_is_an_applications_if_no_user_is_in_it()
    {
        Assert.True(TokenReader.Read(Jwt("""{"azp":"a","roles":"Exchange.ManageAsApp"}""")).IsAppOnly);
        Assert.Equal(["Exchange.ManageAsApp"], TokenReader.Read(Jwt("""{"azp":"a","roles":"Exchange.ManageAsApp"}""")).Permissions);
        Assert.False(TokenReader.Read(Jwt("{}")).IsAppOnly);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("opaque")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("a.!!!.c")]
    public void Rubbish_gives_empty_claims(string? token) => Assert.Null(TokenReader.Read(token).AppId);

    [Theory]
    [InlineData("[1]")]
    [InlineData("{\"exp\":1e300,\"roles\":{},\"tid\":5,\"wids\":[1,null,\"w\"]}")]
    [InlineData("{\"exp\":-1}")]
    [InlineData("{\"exp\":\"tomorrow\",\"upn\":\"\\ud800\"}")]
    public void Odd_claims_are_left_out(string payload)
    {
        var claims = TokenReader.Read(Jwt(payload));
        Assert.Null(claims.ExpiresOn);
        Assert.Null(claims.TenantId);
    }

    [Fact]
    public void Any_text_is_read_without_a_fault() =>
        Prop.ForAll<string?>(text => TokenReader.Read(text) is not null && TokenReader.Read($"a.{text}.c") is not null).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_payload_is_read_without_a_fault() =>
        Prop.ForAll<string?>(text => TokenReader.Read(Jwt(text ?? string.Empty)) is not null
            && TokenReader.Read(Jwt($$"""{"tid":{{text}}}""")) is not null)
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Any_bytes_come_back_from_either_base64() => Prop.ForAll<byte[]>(bytes =>
    {
        bytes ??= [];
        return TokenReader.TryDecode(Base64Text.Url(bytes), out var url) && url.Span.SequenceEqual(bytes)
            && TokenReader.TryDecode(Convert.ToBase64String(bytes), out var plain) && plain.Span.SequenceEqual(bytes);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Tokens_do_not_print()
    {
        var token = new AccessToken("https://graph.microsoft.com", Jwt("{}"), DateTimeOffset.UnixEpoch, new TokenClaims());
        Assert.DoesNotContain(token.Value, token.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(token.Value, new TokenRequest(token.Value, "{}").ToString(), StringComparison.Ordinal);
    }
}
