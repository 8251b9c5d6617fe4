namespace ExoConnect.Core.AdminApi;

/// <summary>The forms in which the service answers a cmdlet (header <c>X-ResponseFormat</c>).</summary>
public enum ResponseFormat
{
    /// <summary>JSON: shorter, and everything nested is text.</summary>
    Json,

    /// <summary>PowerShell's serialisation, which has type names and nested values: what Microsoft's module asks for.</summary>
    Clixml,
}
