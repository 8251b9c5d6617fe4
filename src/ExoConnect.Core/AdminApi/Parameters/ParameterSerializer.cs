using System.Text.Json;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.AdminApi.Parameters;

/// <summary>
/// Writes the <c>Parameters</c> of an InvokeCommand from CLR values, as Microsoft's own client does (protocol.md section 4, which also lists where
/// this differs). Safe to use from many threads.
/// </summary>
/// <remarks>
/// <list type="table">
/// <item><term>null, bool, text</term><description>as JSON has them</description></item>
/// <item><term>numbers, enums</term><description>JSON numbers; NaN and infinity are errors</description></item>
/// <item><term>DateTime, DateTimeOffset</term><description><see cref="WireDate"/>: UTC to the second, without a zone</description></item>
/// <item><term>Guid, Uri, Version, CultureInfo, TimeSpan and others</term>
/// <description>their invariant text, a culture by its name, a duration as <c>d.hh:mm:ss</c></description></item>
/// <item><term>byte[]</term><description><c>{"@odata.type":"#Exchange.ByteArrayType","Data":[1,2]}</c>; in a table the numbers
/// alone</description></item>
/// <item><term>tables</term><description>objects that begin with <c>"@odata.type":"#Exchange.GenericHashTable"</c>, those in them
/// too</description></item>
/// <item><term>lists</term><description>arrays. A list that begins with text is all text. One of tables or of bytes has its type in front:
/// <c>"P@odata.type":"#Collection(Exchange.GenericHashTable)"</c>, <c>"#Collection(Exchange.ByteArrayType)"</c>; its elements then have
/// none</description></item>
/// <item><term>SecureString</term>
/// <description>base64 of its UTF-8 text encrypted with the service's key; an empty one stays empty</description></item>
/// <item><term>CredentialValue</term><description>the same, of the JSON <c>{"UserName":"a","Password":"b"}</c></description></item>
/// <item><term>anything else</term>
/// <description>its identity if the host knows it, else its own text; a type that has none is an error</description></item>
/// </list>
/// If the cmdlet's definition is known, a value first becomes what its parameter takes: <see cref="ParameterShape"/>. Errors are
/// <see cref="ExoException"/> with the parameter's name; no error shows a value.
/// </remarks>
/// <param name="options">Key, hooks and limits.</param>
public sealed class ParameterSerializer(ParameterSerializerOptions options)
{
    /// <summary>Writes all parameters of a call as one JSON object.</summary>
    /// <param name="writer">Where to write; at a position where a value may stand.</param>
    /// <param name="parameters">Names without dashes, and values.</param>
    /// <param name="cmdlet">What the service says of the cmdlet's parameters; null if it isn't known.</param>
    /// <exception cref="ExoException">
    /// <c>ParameterNameInvalid</c>, <c>ParameterDuplicate</c>, <c>ParameterNotSerializable</c>, <c>ParameterTooDeep</c>, <c>ParameterTooLarge</c>,
    /// <c>ServiceKeyMissing</c>, <c>SecretTooLong</c>. What was written by then is to be thrown away.
    /// </exception>
    public void Write(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, object?>> parameters, CmdletDefinition? cmdlet = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(parameters);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var call = new ParameterWriter(options);
        writer.WriteStartObject();
        foreach (var (name, value) in parameters)
        {
            if (!IsName(name))
            {
                throw ArgumentErrors.Invalid(
                    ErrorIds.ParameterNameInvalid, null, null, "A parameter's name consists of letters, digits, '-' and '_'.");
            }

            if (!names.Add(name))
            {
                throw ArgumentErrors.Invalid(ErrorIds.ParameterDuplicate, name, null, $"The parameter '{name}' is given twice.");
            }

            call.Write(writer, name, ParameterShape.Of(cmdlet?.FindParameter(name), ParameterValue.Unwrap(value, options), options));
        }

        writer.WriteEndObject();
    }

    private static bool IsName(string name)
    {
        if (name is not { Length: > 0 and <= 128 } || name[0] == '-')
        {
            return false;
        }

        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            {
                return false;
            }
        }

        return true;
    }
}
