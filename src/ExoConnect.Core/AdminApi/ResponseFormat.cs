namespace ExoConnect.Core.AdminApi;

/// <summary>The forms of the service's response to a cmdlet (header <c>X-ResponseFormat</c>).</summary>
public enum ResponseFormat
{
    /// <summary>JSON: shorter, and every nested value is text.</summary>
    Json,

    /// <summary>PowerShell's serialisation, with type names and nested values; Microsoft's module requests it.</summary>
    Clixml,
}
