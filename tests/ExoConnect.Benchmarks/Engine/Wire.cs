using System.Text.Json;
using ExoConnect.Benchmarks.Floor;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.Benchmarks.Engine;

/// <summary>What the service sends, taken once from a local tenant: a page of full mailboxes, and the module file with all cmdlets.</summary>
internal static class Wire
{
    public const int Objects = 200;

    public static byte[] Mailboxes(string responseFormat = "json") => Fetch(client => client.PostAsync(
        client.Address("InvokeCommand"), JsonSerializer.SerializeToUtf8Bytes(
            new { CmdletInput = new { CmdletName = "Get-Mailbox", Parameters = new { ResultSize = Objects } } })), responseFormat);

    public static byte[] ModuleFile() => Fetch(client => client.GetModuleFileAsync());

    private static byte[] Fetch(Func<FloorClient, Task<HttpResponseMessage>> send, string responseFormat = "json") => FetchAsync(
        send, responseFormat).GetAwaiter().GetResult();

    private static async Task<byte[]> FetchAsync(Func<FloorClient, Task<HttpResponseMessage>> send, string responseFormat)
    {
        await using var tenant = await Tenant.StartAsync(new TenantOptions { Mailboxes = Objects, Compress = false });
        using var client = new FloorClient(tenant.Describe());
        client.ResponseFormat = responseFormat;
        await client.SignInAsync();
        using var response = await send(client);
        return await FloorClient.ReadAsync(response);
    }
}
