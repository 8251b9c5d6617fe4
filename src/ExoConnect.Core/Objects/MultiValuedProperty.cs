using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace ExoConnect.Core.Objects;

/// <summary>
/// A list among an object's properties. It is an <see cref="ArrayList"/>, as PowerShell's own deserializer makes it, because scripts call Add and
/// Remove on it. Its text is its items with blanks between, in a CSV file as in a string.
/// </summary>
[SuppressMessage("Design", "CA1010:Generic interface should also be implemented", Justification = "Scripts expect an ArrayList.")]
public sealed class MultiValuedProperty : ArrayList
{
    /// <summary>The items with blanks between.</summary>
    /// <returns>The text; empty if there is no item.</returns>
    public override string ToString() => string.Join(' ', ToArray());
}
