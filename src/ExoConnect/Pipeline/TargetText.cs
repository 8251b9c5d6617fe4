using System.Collections;
using ExoConnect.Core.Objects;

namespace ExoConnect.Pipeline;

/// <summary>Tells people what a cmdlet is about.</summary>
internal static class TargetText
{
    /// <summary>Makes a text of it: of an object both what people call it and what the service is told, since only that counts.</summary>
    public static string Of(object target)
    {
        var title = target is IEnumerable and not string ? string.Join(", ", ((IEnumerable)target).Cast<object?>()) : target.ToString() ?? "";
        return ObjectNames.Of(target) is { } name && !name.Equals(title, StringComparison.OrdinalIgnoreCase)
            ? target is ExoObject ? $"{title} ({name})" : name
            : title;
    }
}
