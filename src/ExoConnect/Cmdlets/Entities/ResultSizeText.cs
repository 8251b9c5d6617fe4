using ExoConnect.Core.RestEntities;

namespace ExoConnect.Cmdlets.Entities;

/// <summary>Reads <c>-ResultSize</c>.</summary>
internal static class ResultSizeText
{
    public static ResultSize Parse(string? text) => text is null ? default : ResultSize.Parse(text);
}
