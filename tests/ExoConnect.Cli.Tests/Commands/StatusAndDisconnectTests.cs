using System.Text.Json;

namespace ExoConnect.Cli.Tests.Commands;

public sealed class StatusAndDisconnectTests(TenantFixture fixture) : IClassFixture<TenantFixture>, IDisposable
{
    private readonly Sandbox _user = new();

    public void Dispose() => _user.Dispose();

    [Fact]
    public async Task Without_profiles_the_way_to_one_is_shown() =>
        Assert.Contains("exoconnect connect", (await _user.RunAsync("status")).Ended(0).Output, StringComparison.Ordinal);

    [Fact]
    public async Task Profiles_are_listed_and_checked()
    {
        (await _user.RunAsync(fixture.Connect("--profile", "good"))).Ended(0);
        (await _user.RunAsync(fixture.Connect("--profile", "bad", "--service", "compliance"))).Ended(0);
        var file = _user.ProfileFile("bad");
        await File.WriteAllTextAsync(
            file, (await File.ReadAllTextAsync(file)).Replace(fixture.Tenant.AppId.ToString(), Guid.Empty.ToString(), StringComparison.Ordinal));

        var plain = (await _user.RunAsync("status")).Ended(0);
        Assert.Equal(12, plain.Lines.Length);
        Assert.Equal("bad", plain.Lines[0]);
        Assert.Matches("^  service +Security & Compliance$", plain.Lines[1]);
        Assert.Equal("good (default)", plain.Lines[6]);
        Assert.Matches("^  certificate +" + fixture.Tenant.PemPath, plain.Lines[10]);

        var ran = (await _user.RunAsync("status", "--check", "--output", "json")).Ended(3);
        Assert.Contains("AADSTS700016", ran.Error, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(ran.Output);
        Assert.Equal(["failed", "ok"], json.RootElement.EnumerateArray().Select(p => p.GetProperty("signInState").GetString()));
        Assert.Equal(["Global Administrator"], json.RootElement[1].GetProperty("roles").EnumerateArray().Select(r => r.GetString()));
        Assert.True(json.RootElement[1].GetProperty("default").GetBoolean());

        Assert.Contains("ok (Global Administrator)", (await _user.RunAsync("status", "--check", "--profile", "good")).Ended(0).Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unreadable_profile_does_not_hide_the_others()
    {
        (await _user.RunAsync(fixture.Connect("--profile", "good"))).Ended(0);
        await File.WriteAllTextAsync(_user.ProfileFile("odd"), "{");
        var ran = (await _user.RunAsync("status")).Ended(2);
        Assert.Contains("good", ran.Output, StringComparison.Ordinal);
        Assert.Contains("unreadable", ran.Output, StringComparison.Ordinal);
        Assert.Contains("'odd' cannot be read", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disconnect_removes_one_or_all()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            (await _user.RunAsync(fixture.Connect("--profile", name))).Ended(0);
        }

        Assert.Equal("Removed the profile 'a'.\n", (await _user.RunAsync("disconnect")).Ended(0).Output);
        Assert.Contains("b, c", (await _user.RunAsync("disconnect")).Ended(2).Error, StringComparison.Ordinal);
        Assert.Contains("There is no profile 'a'", (await _user.RunAsync("disconnect", "--profile", "a")).Ended(2).Error, StringComparison.Ordinal);
        Assert.Equal(2, (await _user.RunAsync("disconnect", "--all")).Ended(0).Lines.Length);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_user.ConfigFolder, "profiles")));
        (await _user.RunAsync("disconnect", "--all")).Ended(0);
    }
}
