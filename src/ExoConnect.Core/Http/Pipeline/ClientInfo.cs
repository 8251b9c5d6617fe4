using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Text;

namespace ExoConnect.Core.Http.Pipeline;

/// <summary>What we tell the service of ourselves.</summary>
public sealed partial record ClientInfo
{
    /// <summary>
    /// The version of Microsoft's client whose wire we speak. The service shapes its responses by it (protocol.md, session start), so it
    /// changes when the wire we were built to does, not with our own releases.
    /// </summary>
    public const string WireVersion = "3.9.2";

    /// <summary>What we are: <c>ExoConnect/0.1.0</c>.</summary>
    public string Application { get; init; } = "ExoConnect/" + (typeof(ClientInfo).Assembly.GetName().Version?.ToString(3) ?? "0");

    /// <summary>The version of the PowerShell that hosts us, or of the .NET runtime where none does.</summary>
    public string HostVersion { get; init; } = Environment.Version.ToString();

    /// <summary>
    /// The language that the service answers errors, warnings and <c>-WhatIf</c> texts in: by default the UI culture when the client was
    /// described, <c>en-US</c> where that is none.
    /// </summary>
    public string Language { get; init; } = CultureInfo.CurrentUICulture.Name is { Length: > 0 } culture ? culture : "en-US";

    /// <summary>A language as it goes to the service.</summary>
    /// <param name="culture">A culture's name, such as <c>de-DE</c>; null for the UI culture.</param>
    /// <returns>The name.</returns>
    /// <exception cref="ExoException"><c>InvalidCulture</c>: it isn't the name of a culture.</exception>
    public static string LanguageOf(string? culture) => culture is null ? new ClientInfo().Language
        : CultureName().IsMatch(culture.Trim()) ? culture.Trim()
        : throw ArgumentErrors.Invalid(
            ErrorIds.InvalidCulture, "Culture", culture, $"-Culture: '{ShownText.Clean(culture)}' isn't the name of a culture.",
            "Give a name such as en-US or de-DE.");

    [GeneratedRegex("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex CultureName();

    internal string OperatingSystem { get; } = RuntimeInformation.OSDescription;

    internal string ProcessId { get; } = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
}
