using System.Collections;
using System.Globalization;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Objects;

/// <summary>
/// The identity of an object that a cmdlet returned, or of a row of a file, when it is passed to a cmdlet: the one list of properties that can
/// identify an object, for commands, <c>Invoke-ExoCommand</c> and the <c>Get-EXO</c> cmdlets alike. A display name isn't among them: two people can
/// have the same, and one can have another's user name for it.
/// </summary>
public static class ObjectNames
{
    /// <summary>The properties, from unique and permanent ones to those that may be neither.</summary>
    public static IReadOnlyList<string> Properties { get; } =
    [
        "Guid", "ExternalDirectoryObjectId", "DistinguishedName", "Identity", "UserPrincipalName", "PrimarySmtpAddress", "WindowsEmailAddress",
        "ExchangeObjectId", "ExchangeGuid", "MailboxGuid", "Id", "Alias", "Name",
    ];

    /// <summary>Finds the identity of an object.</summary>
    /// <param name="property">Reads a property by its name; null if there is none.</param>
    /// <returns>The identity; null if no property of the object identifies it.</returns>
    public static string? Find(Func<string, object?> property)
    {
        ArgumentNullException.ThrowIfNull(property);
        return Find(property, depth: 0);
    }

    private static string? Find(Func<string, object?> property, int depth)
    {
        // The mailbox and the id identify a folder; its Identity is a path that doesn't name a mailbox exactly.
        if (Text(property("FolderId"), depth) is { } folder && Text(property("ContentMailboxGuid"), depth) is { } mailbox)
        {
            return $"{mailbox}:{folder}";
        }

        foreach (var name in Properties)
        {
            if (Text(property(name), depth) is { } text)
            {
                return text;
            }
        }

        return null;
    }

    /// <summary>Finds the identity of a parameter's value, if that is an object.</summary>
    /// <param name="parameter">The parameter, for the error.</param>
    /// <param name="value">The value.</param>
    /// <returns>The identity; null for a plain value.</returns>
    /// <exception cref="ExoException"><c>UnidentifiedObject</c>: none of the object's properties identifies it.</exception>
    public static string? Identify(string parameter, object value) =>
        Reader(value) is { } property ? Find(property) ?? throw Unidentified(parameter, value) : null;

    /// <summary>The same, without an error.</summary>
    /// <param name="value">The value; null for none.</param>
    /// <returns>The identity; null for a plain value, or an object without one.</returns>
    public static string? Of(object? value) => value is not null && Reader(value) is { } property ? Find(property) : null;

    /// <summary>The mailbox of an object: its GUID as a mailbox, else its address.</summary>
    /// <param name="value">The value; null for none.</param>
    /// <returns>The GUID or address; null for a plain value, or an object with neither.</returns>
    public static string? Mailbox(object? value) => value is not null && Reader(value) is { } property
        ? Text(property("ExchangeGuid"), depth: 0) ?? Text(property("MailboxGuid"), depth: 0) ?? Text(property("PrimarySmtpAddress"), depth: 0)
        : null;

    private static Func<string, object?>? Reader(object value) =>
        value is ExoObject record ? name => ExoRecord.Value(record, name) : HostTypes.Properties(value);

    private static string? Text(object? value, int depth)
    {
        // An object's name can be an object, even that one itself.
        const int MaxDepth = 4;
        var text = (value is null ? null : HostTypes.Unwrap(value)) switch
        {
            null => null,
            string own => own,

            // An object without a mailbox has zeros there.
            Guid guid => guid.ToString(),
            IEnumerable or bool => null,
            var other when Reader(other) is { } inner => depth < MaxDepth ? Find(inner, depth + 1) : null,
            var other => Convert.ToString(other, CultureInfo.InvariantCulture),
        };
        return string.IsNullOrWhiteSpace(text) || (Guid.TryParse(text, out var id) && id == Guid.Empty) ? null : text;
    }

    private static ExoException Unidentified(string parameter, object value) =>
        new($"-{parameter}: none of the object's properties identifies it; a display name doesn't.")
        {
            ErrorId = ErrorIds.UnidentifiedObject,
            Category = ExoErrorCategory.InvalidArgument,
            ParameterName = parameter,
            Target = value,
            Remedy = $"Give one with any of these that isn't blank: {string.Join(", ", Properties)}. Where properties are selected, select Guid too: "
                + "-Property DisplayName, Guid.",
        };
}
