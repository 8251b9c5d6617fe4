using BenchmarkDotNet.Attributes;
using ExoConnect.Benchmarks.Floor;
using ExoConnect.Core.AdminApi.Responses;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Objects;

namespace ExoConnect.Benchmarks.Engine;

/// <summary>From bytes to objects: a page of 200 full mailboxes (about 3 MB), and reading values of one.</summary>
[MemoryDiagnoser]
public class ResponseBenchmarks
{
    private byte[] _page = [];
    private byte[] _clixmlPage = [];
    private ExoObject _mailbox = null!;
    private int _name;
    private int _date;
    private int _addresses;

    [GlobalSetup]
    public void Setup()
    {
        _page = Wire.Mailboxes();
        _clixmlPage = Wire.Mailboxes("clixml");
        _mailbox = Parse(_page)[0];
        var shape = ExoRecord.Shape(_mailbox);
        (_name, _date, _addresses) = (shape.IndexOf("DisplayName"), shape.IndexOf("WhenCreated"), shape.IndexOf("EmailAddresses"));
    }

    /// <summary>The floor: every token read, nothing made of it.</summary>
    [Benchmark(Baseline = true)]
    public async Task<long> Tokens()
    {
        var tokens = new PageTokens();
        await tokens.ReadAsync(new MemoryStream(_page));
        return tokens.Objects;
    }

    [Benchmark]
    public int Objects() => Parse(_page).Count;

    /// <summary>The same mailboxes, in PowerShell's serialisation.</summary>
    [Benchmark]
    public int ClixmlObjects() => Parse(_clixmlPage).Count;

    [Benchmark]
    public object? FirstText() => ExoRecord.Value(_mailbox, _name);

    [Benchmark]
    public object? FirstDate() => ExoRecord.Value(_mailbox, _date);

    /// <summary>A list is made once and kept, since scripts change it in place.</summary>
    [Benchmark]
    public object? KeptList() => ExoRecord.Value(_mailbox, _addresses);

    private static List<ExoObject> Parse(byte[] page)
    {
        using var parser = new ResponseParser("Mailbox", new RequestOrigin(200, "Get-Mailbox", null, "outlook.example", null, null));
        parser.ParseAll(page);
        return [.. parser.Take().Objects.Cast<ExoObject>()];
    }
}
