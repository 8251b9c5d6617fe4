using System.Globalization;
using System.Text;
using System.Xml;
using ExoConnect.LocalTenant.Data;

namespace ExoConnect.LocalTenant.AdminApi;

/// <summary>Writes an object as PowerShell's serializer would: a document for <c>PSSerializer.Deserialize</c>.</summary>
internal static class ClixmlWriter
{
    /// <summary>The document of an object.</summary>
    public static string Write(Record record, Selection? selection)
    {
        var text = new StringBuilder(4096);
        var types = new TypeReferences();
        int objects = 1;
        text.Append("<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\"><Obj RefId=\"0\">");
        types.Append(text, [.. record.TypeNames.Select(name => $"Deserialized.{name}"), "Deserialized.System.Object"]);
        text.Append("<ToString>").Append(Escape(record.Text("Identity"))).Append("</ToString><Props>");
        foreach ((string name, object? value) in record.Properties(selection))
        {
            Append(text, name, value, types, ref objects);
        }

        return text.Append("</Props></Obj></Objs>").ToString();
    }

    private static void Append(StringBuilder text, string? name, object? value, TypeReferences types, ref int objects)
    {
        switch (value)
        {
            case null:
                text.Append("<Nil").Append(Name(name)).Append(" />");
                break;
            case string content:
                Simple(text, "S", name, Escape(content));
                break;
            case bool flag:
                Simple(text, "B", name, flag ? "true" : "false");
                break;
            case short number:
                Simple(text, "I16", name, number.ToString(CultureInfo.InvariantCulture));
                break;
            case int number:
                Simple(text, "I32", name, number.ToString(CultureInfo.InvariantCulture));
                break;
            case long number:
                Simple(text, "I64", name, number.ToString(CultureInfo.InvariantCulture));
                break;
            case double number:
                Simple(text, "Db", name, number.ToString("R", CultureInfo.InvariantCulture));
                break;
            case Guid guid:
                Simple(text, "G", name, guid.ToString("D"));
                break;
            case DateTime or DateTimeOffset:
                Simple(text, "DT", name, ValueText.Of(value));
                break;
            case TimeSpan span:
                Simple(text, "TS", name, XmlConvert.ToString(span));
                break;
            case IReadOnlyList<string> list:
                Begin(text, name, types, ref objects, "System.Collections.ArrayList", "System.Object");
                text.Append("<LST>");
                foreach (string element in list)
                {
                    Append(text, null, element, types, ref objects);
                }

                text.Append("</LST></Obj>");
                break;
            case IReadOnlyList<ValueTable> tables:
                Begin(text, name, types, ref objects, "System.Collections.ArrayList", "System.Object");
                text.Append("<LST>");
                foreach (ValueTable element in tables)
                {
                    Append(text, null, element, types, ref objects);
                }

                text.Append("</LST></Obj>");
                break;
            case ValueTable table:
                Begin(text, name, types, ref objects, "System.Collections.Hashtable", "System.Object");
                text.Append("<DCT>");
                foreach ((string key, object? entry) in table.Entries)
                {
                    text.Append("<En>");
                    Append(text, "Key", key, types, ref objects);
                    Append(text, "Value", entry, types, ref objects);
                    text.Append("</En>");
                }

                text.Append("</DCT></Obj>");
                break;
            default:
                throw new ArgumentException($"A value of type {value.GetType()} cannot be serialized.", nameof(value));
        }
    }

    private static void Begin(StringBuilder text, string? name, TypeReferences types, ref int objects, params string[] typeNames)
    {
        text.Append("<Obj").Append(Name(name)).Append(CultureInfo.InvariantCulture, $" RefId=\"{objects++}\">");
        types.Append(text, typeNames);
    }

    private static void Simple(StringBuilder text, string tag, string? name, string content)
    {
        text.Append('<').Append(tag).Append(Name(name)).Append('>').Append(content).Append("</").Append(tag).Append('>');
    }

    private static string Name(string? name) => name is null ? "" : $" N=\"{Escape(name)}\"";

    // The serializer writes what XML cannot carry as _xHHHH_, and an underscore that would look like that too.
    private static string Escape(string content)
    {
        StringBuilder? text = null;
        for (int i = 0; i < content.Length; i++)
        {
            char letter = content[i];
            bool pair = char.IsHighSurrogate(letter) && i + 1 < content.Length && char.IsLowSurrogate(content[i + 1]);
            string? replacement = letter switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '_' when i + 1 < content.Length && content[i + 1] is 'x' or 'X' => "_x005F_",
                _ when pair => null,
                _ when letter < ' ' || letter == '\x7f' || char.IsSurrogate(letter) || letter >= '\ufffe' =>
                    string.Create(CultureInfo.InvariantCulture, $"_x{(int)letter:X4}_"),
                _ => null,
            };
            if (replacement is not null)
            {
                text ??= new StringBuilder(content, 0, i, content.Length + 16);
                text.Append(replacement);
            }
            else
            {
                text?.Append(letter);
                if (pair)
                {
                    text?.Append(content[i + 1]);
                    i++;
                }
            }
        }

        return text?.ToString() ?? content;
    }

    // A list of type names is written once and referred to after.
    private sealed class TypeReferences
    {
        private readonly Dictionary<string, int> _known = [];

        public void Append(StringBuilder text, string[] names)
        {
            if (_known.TryGetValue(names[0], out int id))
            {
                text.Append(CultureInfo.InvariantCulture, $"<TNRef RefId=\"{id}\" />");
                return;
            }

            text.Append(CultureInfo.InvariantCulture, $"<TN RefId=\"{_known.Count}\">");
            _known.Add(names[0], _known.Count);
            foreach (string name in names)
            {
                text.Append("<T>").Append(Escape(name)).Append("</T>");
            }

            text.Append("</TN>");
        }
    }
}
