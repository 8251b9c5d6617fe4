using System.Globalization;

namespace ExoConnect.Core.Sessions;

/// <summary>A cmdlet to run in the service. Immutable.</summary>
public sealed record CmdletRequest
{
    /// <summary>The cmdlet, for example <c>Get-Mailbox</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its parameters, by name without the dash, as .NET values.</summary>
    public IReadOnlyDictionary<string, object?> Parameters { get; init; } = new Dictionary<string, object?>();

    /// <summary>The properties to return; empty for all.</summary>
    public IReadOnlyList<string> Properties { get; init; } = [];

    /// <summary>What the caller wants done with warnings, as PowerShell names it; null for nothing said.</summary>
    public string? WarningAction { get; init; }

    /// <summary>Objects a page, 1 to 1,000; null for the session's.</summary>
    public int? PageSize { get; init; }

    /// <summary>The most objects it can answer with, where its parameters set a limit; null where they don't.</summary>
    public int? MostObjects => ResultSize is { } size && int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : null;

    /// <summary>Whether it asks for so many objects that its answer had better be read as it arrives.</summary>
    public bool IsListing => IsRead && ResultSize is not null && MostObjects is not <= 100;

    /// <summary>
    /// Whether the verb changes nothing, whatever the noun. Search- and Test- are not among those: Search-Mailbox deletes, Test-Message sends.
    /// </summary>
    public bool IsRead => Name.Split('-')[0].ToUpperInvariant() is "GET" or "FIND" or "MEASURE" or "COMPARE";

    private string? ResultSize => Parameters.FirstOrDefault(static p => p.Key.Equals("ResultSize", StringComparison.OrdinalIgnoreCase)).Value is { } size
        ? Convert.ToString(size, CultureInfo.InvariantCulture)
        : null;
}
