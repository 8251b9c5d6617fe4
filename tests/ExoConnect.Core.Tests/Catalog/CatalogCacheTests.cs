using System.Security.Cryptography;
using System.Text;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Tests.Certificates;
using FsCheck;
using FsCheck.Fluent;

namespace ExoConnect.Core.Tests.Catalog;

public sealed class CatalogCacheTests : IDisposable
{
    private static readonly Uri Host = new("https://nam12b.ps.compliance.example.test/");

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "exoconnect-tests-" + Guid.NewGuid().ToString("N"), "catalog");
    private readonly Clock _clock = new();
    private readonly Messages _messages = new();

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
        }
    }

    [Fact]
    public async Task What_is_written_reads_back()
    {
        var cache = Cache();
        Assert.Null(await cache.ReadAsync(Key()));

        Assert.True(await cache.WriteAsync(Key(), Catalog(withKey: true), new Uri(Host, "/adminapi/beta?x")));
        var cached = await Cache().ReadAsync(Key());

        Assert.NotNull(cached);
        Assert.Equal(Host, cached.Host);
        Assert.Equal(_clock.GetUtcNow(), cached.Created);
        Assert.Equal(ExoService.SecurityCompliance, cached.Catalog.Service);
        Assert.Equal(["Get-A", "Get-B"], cached.Catalog.Cmdlets.Select(cmdlet => cmdlet.Name));
        Assert.Equal(["First", "Second"], cached.Catalog.Cmdlets[0].Parameters.Select(parameter => parameter.Name));
        Assert.Equal(2048, cached.Catalog.Key!.KeySize);
        Assert.Empty(_messages.Lines);
    }

    [Fact]
    public async Task What_a_sign_in_led_to_is_expected_of_the_next_one()
    {
        var cache = Cache();
        var before = Key() with { TenantId = "contoso.onmicrosoft.com", Roles = [] };
        Assert.Null(await cache.ExpectAsync(before));

        await cache.WriteAsync(Key(), Catalog(), Host);
        Assert.Null(await cache.ExpectAsync(before));
        await cache.NoteAsync(before, Key());
        var expected = await Cache().ExpectAsync(before);

        Assert.NotNull(expected);
        Assert.Same(expected.Cached, await cache.ReadAsync(Key(), expected));
        Assert.Null(await cache.ExpectAsync(before with { Identity = "other" }));
        Assert.Null(await cache.ReadAsync(Key() with { Roles = ["a"] }, expected));
        cache.Remove(Key());
        Assert.Null(await cache.ExpectAsync(before));
        Assert.Empty(_messages.Lines);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../../../../../../../../../../../../../../../../../etc/passwd.")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public async Task A_damaged_note_of_what_is_expected_counts_as_none(string content)
    {
        var cache = Cache();
        var before = Key() with { Roles = [] };
        await cache.WriteAsync(Key(), Catalog(), Host);
        await cache.NoteAsync(before, Key());
        await File.WriteAllTextAsync(Directory.GetFiles(_folder, "*.exonext").Single(), content);

        Assert.Null(await cache.ExpectAsync(before));
        await cache.NoteAsync(before, Key());
        Assert.NotNull(await cache.ExpectAsync(before));
    }

    [Fact]
    public async Task Written_models_read_back_equal_to_the_catalog_they_came_from()
    {
        var cache = Cache();
        foreach (var models in Generators.Cmdlets.Sample(8, 5))
        {
            var catalog = CmdletCatalog.Parse(ModuleFileWriter.Write(models), ExoService.SecurityCompliance);
            Assert.True(await cache.WriteAsync(Key(), catalog, Host));
            var cached = await cache.ReadAsync(Key());
            Assert.NotNull(cached);
            Assert.True(catalog.Text.Span.SequenceEqual(cached.Catalog.Text.Span));
        }
    }

    [Fact]
    public async Task A_catalog_is_for_one_key_only()
    {
        var cache = Cache();
        await cache.WriteAsync(Key(), Catalog(), Host);

        var others = new[]
        {
            Key() with { TenantId = "other" },
            Key() with { Identity = "other" },
            Key() with { Service = ExoService.ExchangeOnline },
            Key() with { Roles = ["a"] },
            Key() with { Roles = ["a", "b", "c"] },
            Key() with { CommandNames = ["Get-*"] },
            Key() with { IsSearchOnly = true },
            Key() with { Environment = Environment("https://ps.compliance.other.test") },
            Key() with { Environment = Key().Environment with { Name = "Other" } },
        };

        foreach (var other in others)
        {
            Assert.Null(await cache.ReadAsync(other));
        }

        Assert.NotNull(await cache.ReadAsync(Key() with { TenantId = "TENANT ", Roles = ["B", "a", "b"] }));
        Assert.Equal(others.Length + 1, others.Append(Key()).Select(key => key.Hash()).Distinct().Count());
    }

    [Fact]
    public async Task A_catalog_grows_old()
    {
        var cache = Cache();
        await cache.WriteAsync(Key(), Catalog(), Host);

        _clock.Move(TimeSpan.FromHours(24));
        Assert.NotNull(await cache.ReadAsync(Key()));
        _clock.Move(TimeSpan.FromSeconds(1));
        Assert.Null(await cache.ReadAsync(Key()));
        Assert.NotNull(await Cache(new CatalogCacheOptions { Folder = _folder, MaximumAge = TimeSpan.FromDays(2) }).ReadAsync(Key()));

        _clock.Move(-TimeSpan.FromHours(25));
        Assert.Null(await cache.ReadAsync(Key()));
    }

    [Fact]
    public async Task Removing_one_leaves_the_others()
    {
        var cache = Cache();
        await cache.WriteAsync(Key(), Catalog(), Host);
        await cache.WriteAsync(Key() with { TenantId = "other" }, Catalog(), Host);

        cache.Remove(Key());
        cache.Remove(Key());

        Assert.Null(await cache.ReadAsync(Key()));
        Assert.NotNull(await cache.ReadAsync(Key() with { TenantId = "other" }));
    }

    [Fact]
    public async Task The_oldest_go_when_there_are_too_many()
    {
        await Cache().WriteAsync(Key(), Catalog(), Host);
        var size = new FileInfo(Assert.Single(Directory.GetFiles(_folder))).Length;
        var cache = Cache(new CatalogCacheOptions { Folder = _folder, MaximumSize = (size * 3) + (size / 2) });

        for (var i = 0; i < 6; i++)
        {
            _clock.Move(TimeSpan.FromMinutes(1));
            Assert.True(await cache.WriteAsync(Key() with { TenantId = $"tenant{i}" }, Catalog(), Host));
        }

        Assert.Equal(3, Directory.GetFiles(_folder).Length);
        Assert.Null(await cache.ReadAsync(Key()));
        Assert.Null(await cache.ReadAsync(Key() with { TenantId = "tenant2" }));
        Assert.NotNull(await cache.ReadAsync(Key() with { TenantId = "tenant3" }));
        Assert.NotNull(await cache.ReadAsync(Key() with { TenantId = "tenant5" }));
        Assert.False(await Cache(new CatalogCacheOptions { Folder = _folder, MaximumSize = 10 }).WriteAsync(Key(), Catalog(), Host));
    }

    [Fact]
    public async Task What_crashed_writers_left_behind_is_tidied_up()
    {
        await Cache().WriteAsync(Key(), Catalog(), Host);
        var left = Directory.GetFiles(_folder)[0] + ".0123456789ABCDEF.tmp";
        await File.WriteAllTextAsync(left, "half");
        File.SetLastWriteTimeUtc(left, _clock.GetUtcNow().UtcDateTime);

        await Cache().WriteAsync(Key(), Catalog(), Host);
        Assert.True(File.Exists(left));

        _clock.Move(TimeSpan.FromHours(2));
        await Cache().WriteAsync(Key(), Catalog(), Host);
        Assert.False(File.Exists(left));
    }

    [Fact]
    public async Task A_damaged_file_is_absent_and_is_replaced()
    {
        var cache = Cache();
        await cache.WriteAsync(Key(), Catalog(withKey: true), Host);
        var path = Assert.Single(Directory.GetFiles(_folder));
        var whole = await File.ReadAllBytesAsync(path);

        var place = Gen.Choose(0, whole.Length - 1).ToArbitrary();
        Prop.ForAll(place, Gen.Choose(0, 7).ToArbitrary(), Gen.Elements(true, false).ToArbitrary(), (at, bit, cut) =>
        {
            var bytes = cut ? whole[..at] : whole.ToArray();
            if (!cut)
            {
                bytes[at] ^= (byte)(1 << bit);
            }

            File.WriteAllBytes(path, bytes);
            Assert.Null(cache.ReadAsync(Key()).GetAwaiter().GetResult());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

        await File.WriteAllBytesAsync(path, [.. whole, 0]);
        Assert.Null(await cache.ReadAsync(Key()));
        await File.WriteAllBytesAsync(path, []);
        Assert.Null(await cache.ReadAsync(Key()));
        Assert.True(await cache.WriteAsync(Key(), Catalog(), Host));
        Assert.NotNull(await cache.ReadAsync(Key()));
        Assert.Empty(_messages.Lines);
    }

    [Fact]
    public void A_forged_file_with_a_good_checksum_gives_a_harmless_catalog_or_none()
    {
        var key = Key();
        var whole = CatalogFile.Write(key.Hash(), Catalog(withKey: true), Host, _clock.GetUtcNow());
        Prop.ForAll(Gen.Choose(0, whole.Length - 33).ToArbitrary(), Gen.Choose(0, 255).ToArbitrary(), (at, value) =>
        {
            var bytes = whole.ToArray();
            bytes[at] = (byte)value;
            SHA256.HashData(bytes.AsSpan(0, bytes.Length - 32), bytes.AsSpan(bytes.Length - 32));
            if (CatalogFile.Read(bytes, key.Hash(), key) is { } cached)
            {
                Assert.True(key.Environment.Owns(cached.Host));
                Assert.All(cached.Catalog.Cmdlets, cmdlet => Assert.Matches("^[A-Za-z0-9_-]+$", cmdlet.Name));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void Unpacking_takes_64_KB_of_native_memory_and_not_the_usual_4_MB()
    {
        var file = CatalogFile.Write(Key().Hash(), Catalog(), Host, _clock.GetUtcNow());

        // RFC 7932, section 9.1: a stream begins with its window's size, and a first bit of 0 says 64 KB.
        var headerLength = BitConverter.ToInt32(file, 8);
        Assert.Equal(0, file[12 + headerLength] & 1);
    }

    [Fact]
    public async Task A_token_never_goes_where_a_forged_file_says()
    {
        Directory.CreateDirectory(_folder);
        var key = Key();
        Assert.False(await Cache().WriteAsync(key, Catalog(), new Uri("https://evil.example/")));
        var hostile = CatalogFile.Write(key.Hash(), Catalog(), new Uri("https://evil.example/"), _clock.GetUtcNow());

        Assert.Null(CatalogFile.Read(hostile, key.Hash(), key));
        Assert.NotNull(CatalogFile.Read(CatalogFile.Write(key.Hash(), Catalog(), Host, _clock.GetUtcNow()), key.Hash(), key));
    }

    [Fact]
    public async Task Only_the_owner_may_read_it()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var cache = Cache();
        await cache.WriteAsync(Key(), Catalog(), Host);
        var path = Assert.Single(Directory.GetFiles(_folder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder));

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
        Assert.Null(await cache.ReadAsync(Key()));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupWrite);
        Assert.Null(await cache.ReadAsync(Key()));
        Assert.False(await cache.WriteAsync(Key(), Catalog(), Host));
        Assert.Single(_messages.Lines);
        Assert.Contains(_folder, _messages.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_means_no_cache_and_one_message()
    {
        // A file where the folder should be stops even an administrator.
        Directory.CreateDirectory(Path.GetDirectoryName(_folder)!);
        await File.WriteAllTextAsync(_folder, "in the way");
        var cache = Cache();

        Assert.False(await cache.WriteAsync(Key(), Catalog(), Host));
        Assert.False(await cache.WriteAsync(Key(), Catalog(), Host));
        Assert.Null(await cache.ReadAsync(Key()));
        cache.Remove(Key());

        Assert.Single(_messages.Lines);
        Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
        Assert.False(await Cache(new CatalogCacheOptions { Folder = null }).WriteAsync(Key(), Catalog(), Host));
        Assert.Null(await Cache(new CatalogCacheOptions { Folder = null }).ReadAsync(Key()));
    }

    [Fact]
    public async Task Writers_and_readers_at_once_see_whole_catalogs_only()
    {
        var caches = Enumerable.Range(0, 4).Select(_ => Cache()).ToArray();
        await caches[0].WriteAsync(Key(), Catalog(), Host);

        var writers = caches.Take(2).Select(cache => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await cache.WriteAsync(Key(), Catalog(), Host);
            }
        }));
        var readers = caches.Skip(2).Select(cache => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                Assert.NotNull(await cache.ReadAsync(Key()));
            }
        }));

        await Task.WhenAll([.. writers, .. readers]);
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Can_be_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Cache().ReadAsync(Key(), cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Cache().WriteAsync(Key(), Catalog(), Host, cancelled.Token));
    }

    [Fact]
    public async Task Nothing_that_names_tenant_app_or_role_is_on_disk()
    {
        await Cache().WriteAsync(Key(), Catalog(), Host);
        var path = Assert.Single(Directory.GetFiles(_folder));
        var text = path + Encoding.Latin1.GetString(await File.ReadAllBytesAsync(path));

        Assert.DoesNotContain("tenant", Path.GetFileName(path), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("the-app", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_folder_follows_the_platform_and_the_environment()
    {
        var set = new Dictionary<string, string> { ["EXOCONNECT_CACHE"] = Path.Combine(Path.GetTempPath(), "mine") };
        Assert.Equal(Path.Combine(Path.GetTempPath(), "mine", "catalog"), CatalogCacheOptions.FindFolder(set.GetValueOrDefault));

        if (OperatingSystem.IsLinux())
        {
            set = new() { ["XDG_CACHE_HOME"] = "/var/x", ["HOME"] = "/home/a" };
            Assert.Equal("/var/x/exoconnect/catalog", CatalogCacheOptions.FindFolder(set.GetValueOrDefault));
            set["XDG_CACHE_HOME"] = "relative";
            Assert.Equal("/home/a/.cache/exoconnect/catalog", CatalogCacheOptions.FindFolder(set.GetValueOrDefault));
        }
    }

    private static CmdletCatalog Catalog(bool withKey = false)
    {
        var rsa = TestCertificates.Key;
        var key = withKey ? $"# {rsa.ToXmlString(false)}\n" : "";
        return CmdletCatalog.Parse(
            "function script:Get-B { param() 'code' }\n" + key + "function script:Get-A { [CmdletBinding()] param($First, [string] $Second) }",
            ExoService.SecurityCompliance);
    }

    private static CatalogCacheKey Key() => new()
    {
        TenantId = "tenant",
        Identity = "the-app",
        Service = ExoService.SecurityCompliance,
        Environment = Environment("https://ps.compliance.example.test"),
        Roles = ["a", "b"],
    };

    private static ExoEnvironment Environment(string compliance) => new()
    {
        Name = "Test",
        SignIn = new Uri("https://login.example.test"),
        Exchange = new Uri("https://outlook.example.test"),
        Compliance = new Uri(compliance),
        Graph = new Uri("https://graph.example.test"),
        ExchangeResource = "https://outlook.office365.com",
        ComplianceResource = "https://ps.compliance.protection.outlook.com",
        GraphResource = "https://graph.microsoft.com",
        TrustedSuffixes = ["example.test"],
    };

    private CatalogCache Cache(CatalogCacheOptions? options = null) =>
        new(options ?? new CatalogCacheOptions { Folder = _folder }, _clock, _messages);

    private sealed class Clock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        public void Move(TimeSpan by) => _now += by;

        public override DateTimeOffset GetUtcNow() => _now;
    }

    private sealed class Messages : IEngineMessages
    {
        public List<string> Lines { get; } = [];

        public void Warning(string message) => throw new InvalidOperationException(message);

        public void Verbose(string message) => Lines.Add(message);
    }
}
