using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace ExoConnect.Benchmarks.Floor;

/// <summary>
/// The compiled programs that the table's ratios are over. Each prints a line for every figure, as the scripts do: <c>@name value</c>.
/// </summary>
internal static class FloorProgram
{
    private const int BatchSize = 10;
    private const int BatchesAtOnce = 8;

    public static async Task<int> RunAsync(CommandArguments arguments)
    {
        using var client = new FloorClient(TenantProcess.ReadDescription(arguments.Required("tenant")));
        var processor = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        await client.SignInAsync();
        switch (arguments.Word(1))
        {
            case "first":
                await new PageTokens().ReadAsync(await FloorClient.OpenAsync(await client.GetModuleFileAsync()));
                await ListAsync(client, null, "1");
                Report(watch, processor);
                return 0;

            case "list":
                // The first request pays for what a long run has paid already: connection, code.
                await ListAsync(client, arguments.Option("select"), "1");
                processor = Environment.CpuUsage.TotalTime;
                watch.Restart();
                var tokens = await ListAsync(client, arguments.Option("select"), "Unlimited");
                Report(watch, processor);
                Report("objects", tokens.Objects);
                Report("bytes", tokens.Bytes);
                return 0;

            case "bulk":
                await ListAsync(client, null, "1");
                processor = Environment.CpuUsage.TotalTime;
                watch.Restart();
                await BulkAsync(client, arguments.Required("cmdlet"), arguments.Number("count", 1000));
                Report(watch, processor);
                return 0;

            default:
                Console.Error.WriteLine("floor first|list|bulk --tenant FILE [--select A,B] [--cmdlet NAME --count N]");
                return 2;
        }
    }

    private static async Task<PageTokens> ListAsync(FloorClient client, string? select, string size)
    {
        var body = Call("Get-Mailbox", ("ResultSize", size));
        var tokens = new PageTokens();
        for (var page = client.Address(
            select is null ? "InvokeCommand" : $"InvokeCommand?$select={select}"); page is not null; page = tokens.NextLink)
        {
            using var response = await client.PostAsync(page, body);
            using var stream = await FloorClient.OpenAsync(response);
            await tokens.ReadAsync(stream);
        }

        return tokens;
    }

    /// <summary>As many batches at once as ExoConnect sends by default, and nothing made of the responses.</summary>
    private static Task BulkAsync(FloorClient client, string cmdlet, int count) => Parallel.ForEachAsync(
        Enumerable.Range(0, count).Chunk(BatchSize),
        new ParallelOptions { MaxDegreeOfParallelism = BatchesAtOnce },
        async (mailboxes, _) =>
        {
            var address = client.Address("InvokeCommand").AbsoluteUri;
            var body = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(body))
            {
                json.WriteStartObject();
                json.WriteStartArray("requests");
                foreach (var mailbox in mailboxes)
                {
                    var identity = string.Create(CultureInfo.InvariantCulture, $"m{mailbox}@contoso.onmicrosoft.com");
                    json.WriteStartObject();
                    json.WriteString("id", mailbox.ToString(CultureInfo.InvariantCulture));
                    json.WriteString("method", "POST");
                    json.WriteString("url", address);
                    json.WritePropertyName("body");
                    json.WriteRawValue(cmdlet.StartsWith("Set-", StringComparison.Ordinal)
                        ? Call(cmdlet, ("Identity", identity), ("CustomAttribute1", "floor"))
                        : Call(cmdlet, ("Identity", identity)));
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            using var response = await client.PostAsync(client.Address("$batch"), body.WrittenMemory);
            using var stream = await FloorClient.OpenAsync(response);
            await new PageTokens().ReadAsync(stream);
        });

    private static byte[] Call(string cmdlet, params (string Name, string Value)[] parameters) => JsonSerializer.SerializeToUtf8Bytes(
        new { CmdletInput = new { CmdletName = cmdlet, Parameters = parameters.ToDictionary(p => p.Name, p => p.Value) } });

    private static void Report(Stopwatch watch, TimeSpan processor)
    {
        Report("seconds", watch.Elapsed.TotalSeconds);
        Report("processor", (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }

    private static void Report(string name, double value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"@{name} {value}"));
}
