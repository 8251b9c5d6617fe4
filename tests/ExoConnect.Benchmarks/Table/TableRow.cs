namespace ExoConnect.Benchmarks.Table;

/// <summary>A row of the table: what must hold, and which script measures it at which size.</summary>
/// <param name="Name">The script's name.</param>
/// <param name="What">What is measured, for the reader.</param>
/// <param name="Must">What it must reach.</param>
/// <param name="Dream">What it would be good to reach.</param>
/// <param name="Mailboxes">How many mailboxes the tenant has.</param>
/// <param name="QuickMailboxes">How many it has in a quick run.</param>
/// <param name="Latency">Milliseconds the tenant adds to every response.</param>
/// <param name="IsBesideExo">Whether Microsoft's module runs beside ours, where its files are there.</param>
internal sealed record TableRow(
    string Name, string What, string Must, string Dream, int Mailboxes, int QuickMailboxes, int Latency = 0, bool IsBesideExo = false)
{
    public static IReadOnlyList<TableRow> All { get; } =
    [
        new("import", "Import-Module, over an empty binary module", "+15 ms, +2 MB", "+3 ms", 20_000, 2_000),
        new("first", "fresh process: import, connect by PFX, first mailbox (no cache / cached catalog)", "0.9 s / 0.7 s", "0.45 s", 20_000, 2_000),
        new("steps", "the same with a cached catalog, step by step: import + connect + Get-EXOMailbox; processor, methods compiled, memory",
            "14 + 290 + 60 ms; +27 MB", "0.31 s", 20_000, 2_000),
        new("commandline", "exoconnect --version; run Get-Mailbox --ResultSize 5, cached catalog and without", "0.1 s; 0.4 s", "0.25 s", 20_000,
            2_000),
        new("workingset", "working set after connect, over bare pwsh", "+45 MB", "+25 MB", 20_000, 2_000),
        new("reconnect", "50 × connect and disconnect, all cmdlets, after GC", "+10 MB in all", "+2 MB", 20_000, 2_000),
        new("commands", "defining and importing all commands; a call through one, over Invoke-ExoCommand", "150 ms, +10 MB; +1 ms", "", 20_000,
            2_000),
        new("listing", "20,000 full mailboxes through the pipeline, counted",
            "1.5 × the floor, 2 × JSON; +60 MB", "1.1 ×, 1.3 ×; +25 MB", 20_000, 2_000),
        new("kept", "the same, kept in a variable, of Invoke-RestMethod's memory", "12 %", "6 %", 20_000, 2_000),
        new("select", "20,000 × 5 properties with -Property", "1.5 × the floor", "1.2 ×", 20_000, 2_000),
        new("bulkread", "1,000 × Get-MailboxStatistics from the pipeline at 80 ms", "4 s", "2 s", 1_000, 200, 80),
        new("bulkwrite", "1,000 × Set-Mailbox from the pipeline at 80 ms", "8 s", "4 s", 1_000, 200, 80),
        new("million", "1,000,000 mailboxes streamed with 5 properties", "flat memory, linear time", "", 1_000_000, 50_000),
        new("exo", "Microsoft's module beside ours", "connect 5 ×, together 8 ×", "6 ×, 10 ×", 20_000, 1_000, IsBesideExo: true),
    ];
}
