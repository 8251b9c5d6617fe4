using System.Collections;
using ExoConnect.Core.Objects;

namespace ExoConnect.Pipeline;

/// <summary>Names a cmdlet's object for people.</summary>
internal static class TargetText
{
    /// <summary>Creates the text: for an object both its display name and the identity that is sent, since only that counts.</summary>
    public static string Of(object target)
    {
        var title = target is IEnumerable and not string ? string.Join(", ", ((IEnumerable)target).Cast<object?>()) : target.ToString() ?? "";
        return ObjectNames.Of(target) is { } name && !name.Equals(title, StringComparison.OrdinalIgnoreCase)
            ? target is ExoObject ? $"{title} ({name})" : name
            : title;
    }
}
