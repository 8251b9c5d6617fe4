using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Profiles;

namespace ExoConnect.Cli.Tests.Profiles;

public sealed class ProfileStoreTests : IDisposable
{
    private readonly Sandbox _user = new();

    private ProfileStore Store => ProfileStore.Open(name => _user.Variables.GetValueOrDefault(name));

    public void Dispose() => _user.Dispose();

    [Fact]
    public void A_profile_comes_back_as_it_was()
    {
        foreach (var signIn in new SignIn[]
        {
            new ThumbprintSignIn("AB"), new FileSignIn("/a.pem", "/a.key"), new FileSignIn("/a.pfx", null, new VariablePassword("X")),
            new FileSignIn("/a.pfx", null, new FilePassword("/p")), new FileSignIn("/a.pfx", null, new PromptedPassword()),
            new SecretSignIn(new VariablePassword("X")), new ManagedSignIn(), new ManagedSignIn("1"), new WorkloadSignIn("/t"), new WorkloadSignIn(
                null, "2"),
            new TokenSignIn(new FilePassword("/t")),
        })
        {
            var profile = Make("one") with { SignIn = signIn, ConnectedAt = DateTimeOffset.UnixEpoch, Service = ServiceName.Compliance };
            Store.Save(profile, asDefault: false);
            Assert.Equal(profile, Store.Read("one"));
        }
    }

    [Fact]
    public void The_first_is_the_default_one_until_another_is_said_to_be()
    {
        Assert.Null(Store.DefaultName());
        Assert.True(Store.Save(Make("one"), asDefault: false));
        Assert.False(Store.Save(Make("two"), asDefault: false));
        Assert.Equal("one", Store.DefaultName());
        Assert.True(Store.Save(Make("two"), asDefault: true));
        Assert.Equal("two", Store.Find(null).Name);
        Assert.Equal("one", Store.Find("ONE").Name);
    }

    [Fact]
    public void Without_a_default_one_only_a_single_profile_is_taken_for_it()
    {
        Store.Save(Make("one"), false);
        Store.Save(Make("two"), false);
        Store.Save(Make("three"), false);
        Store.Remove("one");
        Assert.Null(Store.DefaultName());
        Assert.Contains("three, two", Assert.Throws<UsageException>(() => Store.Find(null)).Remedy, StringComparison.Ordinal);
        Store.Remove("two");
        Assert.Equal("three", Store.DefaultName());
    }

    [Fact]
    public void Names_differ_in_more_than_case()
    {
        Store.Save(Make("Prod") with { Organization = "a.onmicrosoft.com" }, false);
        Store.Save(Make("prod") with { Organization = "b.onmicrosoft.com" }, false);
        Assert.Equal("b.onmicrosoft.com", Store.Find("PROD").Organization);
        Assert.Single(Store.Names());
    }

    [Fact]
    public void Only_the_owner_can_read_them_and_nothing_else_is_left()
    {
        Store.Save(Make("one"), false);
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Others = (UnixFileMode)0b000_111_111;
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_user.ProfileFile("one")));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_user.ConfigFolder, "settings.json")));
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(_user.ConfigFolder) & Others);
        }

        Assert.Equal(2, Directory.EnumerateFiles(_user.ConfigFolder, "*", SearchOption.AllDirectories).Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"service":"exchange","organization":null,"appId":"a","environment":"e","signIn":{"kind":"thumbprint","thumbprint":"A"}}""")]
    [InlineData("""{"service":"exchange","organization":"o","appId":"a","environment":"e","signIn":{"kind":"magic"}}""")]
    [InlineData("""{"service":"exchange","organization":"o","appId":"a","environment":"e","signIn":{"kind":"file"}}""")]
    [InlineData("""{"service":"exchange","organization":"o\ud800","appId":"a","environment":"e","signIn":{"kind":"thumbprint","thumbprint":"A"}}""")]
    [InlineData("""{"service":"mail","organization":"o","appId":"a","environment":"e","signIn":{"kind":"thumbprint","thumbprint":"A"}}""")]
    public void A_broken_file_is_said_to_be_one(string content)
    {
        Store.Save(Make("one"), false);
        File.WriteAllText(_user.ProfileFile("one"), content);
        var error = Assert.Throws<UsageException>(() => Store.Find("one"));
        Assert.Contains("'one' cannot be read", error.Message, StringComparison.Ordinal);
        Assert.Contains("exoconnect disconnect --profile one", error.Remedy, StringComparison.Ordinal);
        Store.Remove("one");
        Assert.Empty(Store.Names());
    }

    [Fact]
    public void A_file_of_a_later_version_is_not_guessed_at()
    {
        Store.Save(Make("one") with { Version = 2 }, false);
        Assert.Contains("newer version", Assert.Throws<UsageException>(() => Store.Find("one")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_a_later_version_are_kept()
    {
        Directory.CreateDirectory(_user.ConfigFolder);
        var settings = Path.Combine(_user.ConfigFolder, "settings.json");
        File.WriteAllText(settings, """{ "future": [1], "defaultProfile": "gone" }""");
        Store.Save(Make("one"), false);
        Assert.Contains("future", File.ReadAllText(settings), StringComparison.Ordinal);
        Assert.Equal("one", Store.DefaultName());
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{\"defaultProfile\":7}")]
    [InlineData("{\"defaultProfile\":\"a\",\"defaultProfile\":\"b\"}")]
    [InlineData("{\"default\\ud800\":\"a\"}")]
    public void Settings_that_are_none_count_as_missing(string content)
    {
        Store.Save(Make("one"), false);
        File.WriteAllText(Path.Combine(_user.ConfigFolder, "settings.json"), content);
        Assert.Equal("one", Store.DefaultName());
    }

    [Theory]
    [InlineData("XDG_CONFIG_HOME", "/x", "/x/exoconnect")]
    [InlineData("HOME", "/h", "/h/.config/exoconnect")]
    [InlineData("EXOCONNECT_CONFIG", "/e", "/e")]
    public void They_are_kept_where_the_platform_keeps_such_things(string variable, string value, string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(folder, ProfileStore.Open(n => n == variable ? value : n == "XDG_CONFIG_HOME" ? "relative" : null).Folder);
        }
    }

    [Fact]
    public void Without_a_home_the_variable_is_named() =>
        Assert.Contains("EXOCONNECT_CONFIG", Assert.Throws<UsageException>(() => ProfileStore.Open(_ => null)).Remedy, StringComparison.Ordinal);

    private static Profile Make(string name) => new()
    {
        Name = name,
        Service = ServiceName.Exchange,
        Organization = "contoso.onmicrosoft.com",
        AppId = Guid.Empty.ToString(),
        Environment = "O365Default",
        SignIn = new ThumbprintSignIn("AB"),
    };
}
