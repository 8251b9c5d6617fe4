namespace ExoConnect.Core.RestEntities;

/// <summary>Where a pattern has its wildcards.</summary>
internal enum LikeShape
{
    /// <summary>Nowhere.</summary>
    Exact,

    /// <summary>At the end.</summary>
    StartsWith,

    /// <summary>At the start.</summary>
    EndsWith,

    /// <summary>At both ends.</summary>
    Contains,

    /// <summary>Only wildcards.</summary>
    Anything,

    /// <summary>Inside, where the service cannot search.</summary>
    Inner,
}

/// <summary>The right side of <c>-like</c>. Only the asterisk is a wildcard; a question mark or bracket is literal.</summary>
/// <param name="Shape">Where the wildcards are.</param>
/// <param name="Text">The text between them.</param>
internal readonly record struct LikePattern(LikeShape Shape, string Text)
{
    public static LikePattern Parse(string pattern)
    {
        var text = pattern.Trim('*');
        var shape = (pattern.StartsWith('*'), pattern.EndsWith('*')) switch
        {
            _ when text.Contains('*', StringComparison.Ordinal) => LikeShape.Inner,
            _ when text.Length == 0 && pattern.Length > 0 => LikeShape.Anything,
            (true, true) => LikeShape.Contains,
            (true, false) => LikeShape.EndsWith,
            (false, true) => LikeShape.StartsWith,
            _ => LikeShape.Exact,
        };
        return new LikePattern(shape, text);
    }
}
