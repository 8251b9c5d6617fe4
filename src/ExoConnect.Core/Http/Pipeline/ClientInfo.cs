using System.Globalization;
using System.Runtime.InteropServices;

namespace ExoConnect.Core.Http.Pipeline;

/// <summary>What we tell the service of ourselves.</summary>
public sealed record ClientInfo
{
    /// <summary>
    /// The version of Microsoft's client whose wire we speak. The service shapes its answers by it (protocol.md, session start), so it
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

    internal string OperatingSystem { get; } = RuntimeInformation.OSDescription;

    internal string ProcessId { get; } = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
}
