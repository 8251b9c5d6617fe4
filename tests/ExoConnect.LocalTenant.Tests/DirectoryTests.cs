using ExoConnect.LocalTenant.AdminApi;
using ExoConnect.LocalTenant.Data;
using ExoConnect.LocalTenant.Filters;
using ExoConnect.LocalTenant.Objects;
using ExoConnect.LocalTenant.Responses;
using FsCheck;
using FsCheck.Fluent;

namespace ExoConnect.LocalTenant.Tests;

public sealed class DirectoryTests
{
    private const string Organization = "contoso.onmicrosoft.com";

    [Fact]
    public void An_index_has_a_name_and_the_name_the_index()
    {
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), index =>
            PersonNames.IndexOfAddress(PersonNames.Address(index)) == index && PersonNames.IndexOfShown(PersonNames.Shown(index)) == index)
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_first_names_are_all_different()
    {
        Assert.Equal(50_000, Enumerable.Range(0, 50_000).Select(PersonNames.Address).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal("Adele Vance", PersonNames.Shown(0));
        Assert.Equal("Adele Vance 2", PersonNames.Shown(PersonNames.Pairs));
        Assert.Equal("adele.vance2", PersonNames.Address(PersonNames.Pairs));
    }

    [Theory]
    [InlineData("")]
    [InlineData("adele")]
    [InlineData("adele.nobody")]
    [InlineData("adele.vance1")]
    [InlineData("adele.vance99999999999")]
    [InlineData(".")]
    public void What_is_no_name_has_no_index(string address)
    {
        Assert.Equal(-1, PersonNames.IndexOfAddress(address));
    }

    [Fact]
    public void A_guid_says_what_it_is_of_and_nobody_elses_guid_does()
    {
        var cipher = new IdentityCipher(Organization);
        Arbitrary<(IdentityKind, int)> kinds = (
            from kind in Gen.Choose(1, 6)
            from index in Gen.Choose(0, int.MaxValue)
            select ((IdentityKind)kind, index)).ToArbitrary();
        Prop.ForAll(kinds, pair => Decodes(cipher, pair.Item1, pair.Item2)).QuickCheckThrowOnFailure();
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.False(cipher.TryDecode(Guid.NewGuid(), out var _, out var _)));
        Assert.False(new IdentityCipher("fabrikam.onmicrosoft.com").TryDecode(cipher.Encode(IdentityKind.Object, 7), out var _, out var _));
    }

    [Fact]
    public void A_guid_looks_like_any_other()
    {
        var guid = new IdentityCipher(Organization).Encode(IdentityKind.Mailbox, 42);

        Assert.Equal(4, guid.Version);
        Assert.InRange(guid.Variant, 8, 11);
    }

    [Fact]
    public void The_same_organization_has_the_same_mailboxes_again()
    {
        var first = new MailboxDirectory(Organization, Guid.NewGuid(), 10).Row(3)!;
        var second = new MailboxDirectory(Organization, Guid.NewGuid(), 10).Row(3)!;

        Assert.Equal((first.Alias, first.Guid(IdentityKind.Object), first.WhenCreated),
            (second.Alias, second.Guid(IdentityKind.Object), second.WhenCreated));
    }

    [Fact]
    public void Every_mailbox_is_found_by_every_name_that_it_shows()
    {
        var directory = new MailboxDirectory(Organization, Guid.NewGuid(), 120_000);
        foreach (var index in new[] { 0, 1, 7, 23, 49, 1201, 37_465, 37_466, 99_999, 119_999 })
        {
            var row = directory.Row(index)!;
            string[] names =
            [
                row.Alias, row.Name, row.DisplayName, row.UserPrincipalName, row.PrimarySmtpAddress, row.DistinguishedName, row.LegacyExchangeDN,
                row.Alias.ToUpperInvariant(), .. row.EmailAddresses.Where(address => !address.StartsWith("SPO:", StringComparison.Ordinal)),
                row.Guid(IdentityKind.Object).ToString("D"), row.Guid(IdentityKind.Mailbox).ToString("B"), row.Guid(IdentityKind.Directory)
                    .ToString("N"),
            ];
            Assert.All(names, name => Assert.Equal(index, directory.Find(name)?.Index));
        }

        Assert.Null(directory.Find(PersonNames.Address(120_000)));
        Assert.Null(directory.Find("m120000@contoso.onmicrosoft.com"));
        Assert.Null(directory.Find("adele.vance@elsewhere.com"));
        Assert.Null(directory.Find(""));
        Assert.Null(directory.Find("/"));
        Assert.Null(directory.Find("CN="));
    }

    [Fact]
    public void Anything_may_be_looked_for()
    {
        var directory = new MailboxDirectory(Organization, Guid.NewGuid(), 100);
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => directory.Find(text ?? "") is null).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Removed_mailboxes_are_gone_until_restored()
    {
        var directory = new MailboxDirectory(Organization, Guid.NewGuid(), 10);
        Assert.True(directory.Remove(4, DateTime.UtcNow));
        Assert.False(directory.Remove(4, DateTime.UtcNow));
        Assert.Equal(9, directory.From(0).Count());
        Assert.Null(directory.Change(4, new Dictionary<string, object?> { ["Office"] = "x" }));
        Assert.Equal(4, Assert.Single(directory.Removed(0)).Row.Index);
        Assert.NotNull(directory.Restore(4));
        Assert.Null(directory.Restore(4));
        Assert.Equal(10, directory.From(0).Count());
    }

    [Fact]
    public async Task Changes_of_many_threads_all_count_and_readers_see_whole_ones()
    {
        var directory = new MailboxDirectory(Organization, Guid.NewGuid(), 100);
        using var stop = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                var row = directory.Row(5)!;
                Assert.Equal(row.Changed("CustomAttribute1"), row.Changed("CustomAttribute2"));
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
        {
            for (var i = 0; i < 2000; i++)
            {
                var values = new Dictionary<string, object?>
                {
                    ["CustomAttribute1"] = $"{writer}.{i}", ["CustomAttribute2"] = $"{writer}.{i}", [$"Own{writer}"] = i,
                };
                directory.Change(5, values);
                directory.Add(new Dictionary<string, object?> { ["Name"] = $"new {writer}.{i}", ["Alias"] = $"new{writer}.{i}" });
            }
        })));
        await stop.CancelAsync();
        await reader;

        var changed = directory.Row(5)!;
        Assert.All(Enumerable.Range(0, 4), writer => Assert.Equal(1999, changed.Changed($"Own{writer}")));
        Assert.Equal(100 + 8000, directory.Count);
        Assert.Equal("new3.1999", directory.Find("new 3.1999")!.Alias);
    }

    [Fact]
    public async Task A_million_mailboxes_are_listed_by_pages_to_the_last()
    {
        using var tenant = new AdminApiHarness(new() { Mailboxes = 1_000_000 });
        var parameters = new { ResultSize = "Unlimited" };
        var body = AdminApiHarness.CommandBody("Get-Mailbox", parameters);
        var page = (await tenant.InvokeAsync("Get-Mailbox", parameters, "?$select=Alias,Guid")).Ok();
        for (var i = 0; i < 5; i++)
        {
            page = (await tenant.SendAsync("POST", page.NextTarget, body)).Ok();
            Assert.Equal(1000, page.Value.Count);
        }

        var far = $"/adminapi/beta/{AdminApiHarness.TenantId:D}/InvokeCommand?$select=Alias&$skiptoken={new SkipToken(999_500, 999_500)}";
        var last = (await tenant.SendAsync("POST", far, body)).Ok();
        Assert.Equal(500, last.Value.Count);
        Assert.Null(last.NextLink);
        Assert.Equal("adele.vance27", (string)(await tenant.InvokeAsync("Get-Mailbox", new { Identity = "adele.vance27" })).Ok().Only["Alias"]!);
    }

    [Fact]
    public void A_million_mailboxes_need_no_more_memory_than_a_page_of_them()
    {
        long Allocated(Action work)
        {
            work();
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        MailboxDirectory directory = new(Organization, Guid.NewGuid(), 1_000_000);
        var selection = new Selection(["Alias", "Guid"]);
        void Page(int start)
        {
            using var sink = new Utf8Sink(null);
            var records = directory.From(start).Select(row => new SchemaRecord(MailboxSchema.Mailbox, row));
            foreach (var record in ResultPage.Read(records, new SkipToken(start, start), 1000, null).Records)
            {
                record.WriteJson(sink, selection);
            }
        }

        Assert.InRange(Allocated(() => _ = new MailboxDirectory(Organization, Guid.NewGuid(), 1_000_000)), 0, 100_000);
        var near = Allocated(() => Page(0));
        Assert.InRange(near, 0, 1_000_000);
        Assert.InRange(Allocated(() => Page(998_000)), 0, near * 2);
    }

    [Theory]
    [InlineData("99 GB (106,300,440,576 bytes)", 106_300_440_576)]
    [InlineData("10GB", 10_737_418_240)]
    [InlineData("1.5 KB", 1536)]
    [InlineData("123", 123)]
    [InlineData("7 b", 7)]
    public void A_size_is_read(string text, long expected)
    {
        Assert.True(ValueText.TrySize(text, out var bytes));
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Unlimited")]
    [InlineData("GB")]
    [InlineData("5 XB")]
    [InlineData("(x bytes)")]
    [InlineData("99999999999999999999 TB")]
    public void What_is_no_size_is_not_read(string text)
    {
        Assert.False(ValueText.TrySize(text, out _));
    }

    [Fact]
    public void A_size_is_written_as_the_service_does()
    {
        Assert.Equal("99 GB (106,300,440,576 bytes)", ValueText.Size(106_300_440_576));
        Assert.Equal("256 KB (262,144 bytes)", ValueText.Size(262_144));
        Assert.Equal("0 B (0 bytes)", ValueText.Size(0));
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), bytes => ValueText.TrySize(ValueText.Size(bytes), out var read) && read == bytes)
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_filter_text_ends_in_a_filter_or_a_format_error()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => Survives(() => OpathFilter.Parse(text ?? ""))
            && Survives(() => ODataFilter.Parse(text ?? "", static _ => false)))
            .QuickCheckThrowOnFailure();
        Assert.True(Survives(() => OpathFilter.Parse(new string('(', 100_000))));
        Assert.True(Survives(() => ODataFilter.Parse(new string('(', 100_000), static _ => false)));
    }

    [Theory]
    [InlineData("A -eq 1 -or A -eq 2 -and A -eq 3", true)]
    [InlineData("(A -eq 1 -or A -eq 2) -and A -eq 3", false)]
    [InlineData("-not A -eq 1 -or A -eq 1", true)]
    [InlineData("!(A -eq 1)", false)]
    [InlineData("A -ge 1 -and A -le 1 -and -not (A -gt 1) -and -not (A -lt 1)", true)]
    [InlineData("B -like 'it''s*'", true)]
    [InlineData("B -notlike '*x'", true)]
    [InlineData("B -like '*'", true)]
    [InlineData("B -like 'it*it*'", false)]
    [InlineData("B -like '*T*E*'", true)]
    [InlineData("B -eq \"IT'S HERE\"", true)]
    [InlineData("C -eq $null", true)]
    [InlineData("D -eq $true", true)]
    [InlineData("E -eq 'two'", true)]
    [InlineData("E -ne 'two'", false)]
    [InlineData("F -gt '1GB'", true)]
    public void Operators_bind_and_compare_as_in_opath(string filter, bool expected)
    {
        var record = new StoreObject(
            ["T"],
            [
                new("A", 1), new("B", "it's here"), new("C", null), new("D", true), new("E", (string[])["one", "two"]),
                new("F", "2 GB (2,147,483,648 bytes)"),
            ]);

        Assert.Equal(expected, OpathFilter.Parse(filter).Accepts(record));
    }

    private static bool Decodes(IdentityCipher cipher, IdentityKind kind, int index)
    {
        return cipher.TryDecode(cipher.Encode(kind, index), out var decodedKind, out var decodedIndex) && decodedKind == kind
            && decodedIndex == index;
    }

    private static bool Survives(Action parse)
    {
        try
        {
            parse();
        }
        catch (FormatException)
        {
            // What is no filter says so.
        }

        return true;
    }
}
