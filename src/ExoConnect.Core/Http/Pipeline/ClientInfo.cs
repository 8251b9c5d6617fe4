using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Text;

namespace ExoConnect.Core.Http.Pipeline;

/// <summary>The description of this client for the service.</summary>
public sealed partial record ClientInfo
{
    /// <summary>
    /// The version of Microsoft's client whose wire we speak. The service shapes its responses by it (protocol.md, session start), so it changes
    /// with the wire that we are built to, not with our own releases.
    /// </summary>
    public const string WireVersion = "3.9.2";

    /// <summary>The client's name: <c>ExoConnect/0.1.0</c>.</summary>
    public string Application { get; init; } = "ExoConnect/" + (typeof(ClientInfo).Assembly.GetName().Version?.ToString(3) ?? "0");

    /// <summary>The version of the PowerShell that hosts us, or of the .NET runtime without one.</summary>
    public string HostVersion { get; init; } = Environment.Version.ToString();

    /// <summary>
    /// The language of the service's errors, warnings and <c>-WhatIf</c> texts: by default the UI culture when this object was made, <c>en-US</c>
    /// for the invariant one.
    /// </summary>
    public string Language { get; init; } = CultureInfo.CurrentUICulture.Name is { Length: > 0 } culture ? culture : "en-US";

    /// <summary>A language in the form of the wire.</summary>
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
