using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ExoConnect.Cli.CommandLine;
using ExoConnect.Cli.Hosting;
using ExoConnect.Core.Hosting;

namespace ExoConnect.Cli.Input;

/// <summary>
/// A file of parameters for many calls: CSV with a header, one JSON object per line, or a JSON array. The first character decides which. All but
/// the array are read as they come, so that a program can write while the calls run.
/// </summary>
internal sealed class RowSource
{
    private const string JsonColumn = ":=";

    private readonly string _path;
    private readonly CliHost _host;
    private readonly Encoding? _encoding;

    private RowSource(string path, CliHost host, Encoding? encoding, bool canRepeat) =>
        (_path, _host, _encoding, CanRepeat) = (path, host, encoding, canRepeat);

    /// <summary>Whether it can be read twice; a pipe can't.</summary>
    public bool CanRepeat { get; }

    /// <summary>Finds the file.</summary>
    /// <param name="path">Its path; <c>-</c> for standard input.</param>
    /// <param name="host">The host.</param>
    /// <param name="encoding">The name of its encoding; null for UTF-8, or that of its byte order mark.</param>
    /// <returns>The source.</returns>
    /// <exception cref="UsageException">It cannot be read.</exception>
    public static RowSource Open(string path, CliHost host, string? encoding = null)
    {
        var known = encoding is null ? null : TextLines.Find(encoding);
        if (path == "-")
        {
            return host.IsInputTerminal
                ? throw new UsageException("--from - reads standard input, and that is a terminal.", "Pipe something into it, or name a file.")
                : new RowSource(path, host, known, canRepeat: false);
        }

        var full = UserPath.Full(path, host);
        try
        {
            RegularFile.ThrowIfSpecial(full, allowHandedOver: true);
            using var file = OpenFile(full);
            return new RowSource(full, host, known, file.CanSeek);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException(
                $"--from: '{path}' cannot be read: {e.Message.TrimEnd('.')}.", "Check the path and the account that this runs as.");
        }
    }

    /// <summary>Reads the rows.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The rows; an unreadable one has a problem.</returns>
    /// <exception cref="UsageException">The file as a whole cannot be read.</exception>
    public async IAsyncEnumerable<InputRow> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = _path == "-" ? _host.OpenInput() : OpenFile(_path);
        var lines = await TextLines.OpenAsync(stream, _encoding, cancellationToken).ConfigureAwait(false);
        await using var closing = lines.ConfigureAwait(false);

        // Old versions of Export-Csv begin with the type of the objects.
        string? first;
        do
        {
            first = await lines.NextAsync().ConfigureAwait(false);
        }
        while (first is not null && lines.Problem is null
            && (string.IsNullOrWhiteSpace(first) || first.StartsWith("#TYPE ", StringComparison.Ordinal)));

        if (lines.Problem is { } unreadable)
        {
            throw new UsageException($"--from: line {lines.Number}: {unreadable}", "Nothing was run.");
        }

        // Spreadsheets name the separator this way.
        char? separator = null;
        if (first is ['s' or 'S', 'e' or 'E', 'p' or 'P', '=', var given])
        {
            separator = given;
            first = await lines.NextAsync().ConfigureAwait(false);
        }

        var rows = first?.TrimStart() switch
        {
            null => Nothing(),
            ['[', ..] => ReadArrayAsync(first, lines),
            ['{', ..] => ReadObjectsAsync(first, lines),
            _ => ReadCsvAsync(first, separator, lines),
        };
        await foreach (var row in rows.ConfigureAwait(false))
        {
            yield return row;
        }
    }

    private static FileStream OpenFile(string path) => new(
        path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 4096, useAsync: true);

    private static async IAsyncEnumerable<InputRow> Nothing()
    {
        await Task.CompletedTask.ConfigureAwait(false);
        yield break;
    }

    private static async IAsyncEnumerable<InputRow> ReadCsvAsync(string header, char? given, TextLines lines)
    {
        var separator = given ?? CsvRecord.Separator(header);
        var names = (await RecordAsync(header).ConfigureAwait(false))?.Select(n => n.Trim()).ToList()
            ?? throw new UsageException(
            "--from: the header of the CSV file has a quote that is never closed.", "Quotes inside a quoted value are doubled.");
        foreach (var name in names)
        {
            var bare = name.EndsWith(JsonColumn, StringComparison.Ordinal) ? name[..^JsonColumn.Length] : name;
            if (bare.Length == 0 || !char.IsAsciiLetter(bare[0]) || !bare.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            {
                throw new UsageException(
                    $"--from: '{Output.SafeText.Line(name)}' in line {lines.Number} is not a valid parameter name.",
                    "The first line of a CSV file names the parameters, as in: Identity,CustomAttribute1");
            }
        }

        while (await lines.NextAsync().ConfigureAwait(false) is { } line)
        {
            var place = Label("line", lines.Number);
            if (lines.Problem is { } undecoded)
            {
                yield return new InputRow(place, [], undecoded);
                continue;
            }

            if (line.Length == 0)
            {
                continue;
            }

            var cells = await RecordAsync(line).ConfigureAwait(false);
            if (lines.Problem is { } inside)
            {
                yield return new InputRow(Label("line", lines.Number), [], inside);
            }
            else if (cells is null)
            {
                yield return new InputRow(place, [], "A quote is never closed. Quotes inside a quoted value are doubled.");
            }
            else if (cells.Count > names.Count)
            {
                yield return new InputRow(place, [], string.Create(
                    CultureInfo.InvariantCulture,
                    $"It has {cells.Count} values, and the first line names {names.Count}. Quote values that hold a '{separator}'."));
            }
            else
            {
                yield return FromCells(place, names, cells);
            }
        }

        async ValueTask<List<string>?> RecordAsync(string text)
        {
            List<string>? cells;
            while (!CsvRecord.TryParse(text, separator, out cells) && lines.Problem is null
                && await lines.NextAsync().ConfigureAwait(false) is { } more)
            {
                text += "\n" + more;
            }

            return cells;
        }
    }

    /// <summary>An empty cell gives no value; <c>$null</c> clears a property.</summary>
    private static InputRow FromCells(string place, List<string> names, List<string> cells)
    {
        var words = new List<CmdletWord>(cells.Count);
        for (var i = 0; i < cells.Count; i++)
        {
            if (cells[i].Length == 0)
            {
                continue;
            }

            var name = names[i];
            if (!name.EndsWith(JsonColumn, StringComparison.Ordinal))
            {
                words.Add(new CmdletWord(name, cells[i]) { IsData = true });
                continue;
            }

            try
            {
                using var document = JsonDocument.Parse(cells[i]);
                words.Add(new CmdletWord(
                    name[..^JsonColumn.Length], null, new JsonValue(CmdletArguments.FromJson(document.RootElement)))
                { IsData = true });
            }
            catch (JsonException)
            {
                return new InputRow(place, [], $"The value in the column {name} is not JSON.");
            }
        }

        return new InputRow(place, words);
    }

    private static async IAsyncEnumerable<InputRow> ReadObjectsAsync(string first, TextLines lines)
    {
        for (var line = first; line is not null; line = await lines.NextAsync().ConfigureAwait(false))
        {
            if (lines.Problem is { } undecoded)
            {
                yield return new InputRow(Label("line", lines.Number), [], undecoded);
            }
            else if (!string.IsNullOrWhiteSpace(line))
            {
                yield return FromJson(Label("line", lines.Number), line);
            }
        }
    }

    private static InputRow FromJson(string place, string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return FromJson(place, document.RootElement);
        }
        catch (JsonException e)
        {
            return new InputRow(place, [], string.Create(
                CultureInfo.InvariantCulture,
                $"It is not JSON (at character {(e.BytePositionInLine ?? 0) + 1}). Each line is one object; or write one array."));
        }
    }

    private static InputRow FromJson(string place, JsonElement element)
    {
        try
        {
            return CmdletArguments.FromJson(element) is Dictionary<string, object?> members
                ? new InputRow(
                    place,
                    [.. members.DistinctBy(m => m.Key, StringComparer.OrdinalIgnoreCase)
                        .Select(m => new CmdletWord(m.Key, null, new JsonValue(m.Value)) { IsData = true })])
                : new InputRow(place, [], "It is not a JSON object: {\"Identity\": \"adele\"}");
        }
        catch (JsonException e)
        {
            return new InputRow(place, [], e.Message);
        }
    }

    private static async IAsyncEnumerable<InputRow> ReadArrayAsync(string first, TextLines lines)
    {
        using var document = Parse(first + "\n" + await lines.RestAsync().ConfigureAwait(false));
        var number = 0;
        foreach (var element in document.RootElement.EnumerateArray())
        {
            yield return FromJson(Label("item", ++number), element);
        }

        static JsonDocument Parse(string text)
        {
            try
            {
                return JsonDocument.Parse(text, new JsonDocumentOptions { AllowTrailingCommas = true });
            }
            catch (JsonException e)
            {
                throw new UsageException(
                    string.Create(CultureInfo.InvariantCulture,
                        $"--from: it begins like a JSON array but is not one (line {(e.LineNumber ?? 0) + 1})."),
                    "Write an array of objects, one object a line, or CSV with a header.");
            }
        }
    }

    private static string Label(string what, int number) => string.Create(CultureInfo.InvariantCulture, $"{what} {number}");
}
