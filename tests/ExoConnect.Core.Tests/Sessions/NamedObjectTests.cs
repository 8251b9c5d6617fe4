using System.Collections;
using System.Security;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Objects;
using ExoConnect.Core.Sessions;

namespace ExoConnect.Core.Tests.Sessions;

/// <summary>Objects of earlier responses as identities, and identities that are none.</summary>
public class NamedObjectTests
{
    [Theory]
    [InlineData("UserPrincipalName")]
    [InlineData("PrimarySmtpAddress")]
    [InlineData("WindowsEmailAddress")]
    [InlineData("ExternalDirectoryObjectId")]
    [InlineData("DistinguishedName")]
    [InlineData("ExchangeObjectId")]
    [InlineData("ExchangeGuid")]
    [InlineData("Guid")]
    [InlineData("Alias")]
    [InlineData("Identity")]
    [InlineData("Name")]
    public async Task A_write_goes_to_the_object_and_not_to_whom_its_display_name_is_the_name_of(string property)
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        await tenant.RunAsync(session, "Set-Mailbox", ("Identity", "carlos.doyle"), ("DisplayName", "cornelius.sanchez"));
        var carlos = await SelectAsync(tenant, session, "DisplayName", property);
        await tenant.RunAsync(session, "Set-Mailbox", ("Identity", carlos), ("CustomAttribute14", "X"));

        var changed = Assert.Single(await tenant.RunAsync(session, "Get-Mailbox", ("Filter", "CustomAttribute14 -eq 'X'")));
        Assert.Equal("carlos.doyle", ConnectedTenant.Value(changed, "Alias"));
        Assert.Equal(property is "Identity" or "Name" ? "carlos.doyle" : "cornelius.sanchez", carlos.ToString());
    }

    [Fact]
    public async Task An_object_that_nothing_names_is_an_error_before_any_request_and_stops_no_other()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        var nameless = await SelectAsync(tenant, session, "DisplayName", "Office");
        tenant.Tenant.Requests.Clear();
        var results = await ManyAsync(
            tenant,
            session,
            ConnectedTenant.Request("Set-Mailbox", ("Identity", nameless), ("CustomAttribute1", "x")),
            ConnectedTenant.Request("Set-Mailbox", ("Identity", "adele.vance"), ("ForwardingAddress", nameless)),
            ConnectedTenant.Request("Set-Mailbox", ("Identity", "adele.vance"), ("GrantSendOnBehalfTo", new[] { nameless })),
            ConnectedTenant.Request("Get-Mailbox", ("Identity", "adele.vance")));

        Assert.Equal(["UnidentifiedObject", "UnidentifiedObject", "UnidentifiedObject", null], results.Select(r => r.Error?.ErrorId));
        Assert.Equal(["Identity", "ForwardingAddress", "GrantSendOnBehalfTo"], results.Take(3).Select(r => r.Error!.ParameterName));
        Assert.Contains("-Property DisplayName, Guid", results[0].Error!.Remedy, StringComparison.Ordinal);
        Assert.Single(tenant.Tenant.Requests.Snapshot());
    }

    [Theory]
    [InlineData("Identity", null)]
    [InlineData("identity", "")]
    [InlineData("Identity", " \t")]
    [InlineData("Mailbox", "")]
    public async Task A_blank_name_never_means_all(string parameter, string? value)
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        tenant.Tenant.Requests.Clear();
        var error = await Assert.ThrowsAsync<ExoException>(() => tenant.RunAsync(session, "Get-MobileDevice", (parameter, value)));
        var results = await ManyAsync(
            tenant,
            session,
            ConnectedTenant.Request("Get-Mailbox", (parameter, value)),
            ConnectedTenant.Request("Get-Mailbox", (parameter, new object?[] { null, value })),
            ConnectedTenant.Request("Set-Mailbox", (parameter, value), ("CustomAttribute1", "x")),
            ConnectedTenant.Request("Get-Mailbox", ("Identity", "adele.vance")));

        Assert.Equal(("BlankParameter", ExoErrorCategory.InvalidArgument), (error.ErrorId, error.Category));
        Assert.Contains("leave -", error.Remedy, StringComparison.Ordinal);
        Assert.Equal(["BlankParameter", "BlankParameter", "BlankParameter", null], results.Select(r => r.Error?.ErrorId));
        Assert.DoesNotContain("get all", results[2].Error!.Remedy, StringComparison.Ordinal);
        Assert.Equal("x", Assert.IsType<Hashtable>(results[2].Error!.Target)["CustomAttribute1"]);
        Assert.Single(tenant.Tenant.Requests.Snapshot());
    }

    [Fact]
    public async Task Without_a_name_all_are_meant()
    {
        await using var tenant = await ConnectedTenant.StartAsync(new() { Mailboxes = 7 });
        Assert.Equal(7, (await tenant.RunAsync(await tenant.ConnectAsync(), "Get-Mailbox")).Count);
    }

    [Fact]
    public void What_a_cmdlet_was_given_is_its_object_or_its_parameters_without_secrets()
    {
        using var secret = new SecureString();
        Assert.Equal("a", ConnectedTenant.Request("Set-Mailbox", ("Name", "n"), ("identity", "a")).Input);
        Assert.Equal("n", ConnectedTenant.Request("New-MailContact", ("Name", "n"), ("Identity", "")).Input);
        var table = Assert.IsType<Hashtable>(ConnectedTenant.Request(
            "New-Thing",
            ("City", "Oslo"),
            ("NewPassword", "plain"),
            ("Credentials", "plain"),
            ("Key", secret),
            ("List", new object[] { secret }),
            ("Table", new Hashtable { ["ClientSecret"] = "plain" }),
            ("Data", new byte[] { 1 })).Input);
        Assert.Equal("City", Assert.Single(table.Keys.Cast<string>()));
    }

    private static async Task<ExoObject> SelectAsync(ConnectedTenant tenant, ExoSession session, params string[] properties) =>
        (ExoObject)Assert.Single((await tenant.ChunksAsync(
            session, ConnectedTenant.Request("Get-Mailbox", ("Identity", "carlos.doyle")) with { Properties = properties })).SelectMany(
                c => c.Objects));

    private static async Task<List<InvokeResult>> ManyAsync(ConnectedTenant tenant, ExoSession session, params CmdletRequest[] requests)
    {
        var results = new List<InvokeResult>();
        await foreach (var result in session.InvokeManyAsync(requests.ToAsyncEnumerable(), tenant.Messages))
        {
            results.Add(result);
        }

        return results;
    }
}
