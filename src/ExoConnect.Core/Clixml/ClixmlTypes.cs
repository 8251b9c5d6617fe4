using System.Text;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.Clixml;

/// <summary>The lists of type names of a document, by the numbers that it gives them.</summary>
internal sealed class ClixmlTypes
{
    /// <summary>The most type names that an object has.</summary>
    public const int MaxNames = 64;

    private const int MaxLists = 16 * 1024;
    private const int LongestName = 2048;

    private TypeList[] _lists = new TypeList[64];
    private Dictionary<int, TypeList>? _others;

    /// <summary>The list of a number; none where the document has given it to none yet.</summary>
    public TypeList this[int id] => (uint)id < (uint)_lists.Length ? _lists[id] : _others?.GetValueOrDefault(id) ?? default;

    /// <summary>Reads the list or the reference to one whose tag was read.</summary>
    /// <returns>False if more bytes are needed.</returns>
    public bool TryRead(ref ClixmlScanner scanner, out TypeList types)
    {
        types = default;
        var id = scanner.RefId;
        if (scanner.Tag.SequenceEqual("TNRef"u8))
        {
            if (!scanner.TrySkip(0))
            {
                return false;
            }

            types = this[id];
            return true;
        }

        if (scanner.IsEmpty)
        {
            return true;
        }

        var names = new List<string>();
        while (true)
        {
            if (!scanner.TryTag())
            {
                return false;
            }

            if (scanner.IsEnd)
            {
                break;
            }

            if (!scanner.Tag.SequenceEqual("T"u8) || names.Count == MaxNames)
            {
                throw ClixmlScanner.Malformed($"a type has no names, or over {MaxNames}");
            }

            if (!scanner.TryText())
            {
                return false;
            }

            names.Add(TypeName(scanner.Value));
        }

        types = TypeList.Of(names);
        Add(id, types);
        return true;
    }

    private void Add(int id, TypeList types)
    {
        if (id < 0)
        {
            return;
        }

        if (id < _lists.Length)
        {
            _lists[id] = types;
        }
        else if (id < MaxLists)
        {
            Array.Resize(ref _lists, Math.Max(_lists.Length * 2, id + 1));
            _lists[id] = types;
        }
        else
        {
            _others ??= [];
            _others[id] = _others.Count < MaxLists ? types : throw ClixmlScanner.Malformed($"it has over {MaxLists} lists of type names");
        }
    }

    /// <summary>A type's name as PowerShell shows it of an object that was deserialised.</summary>
    private static string TypeName(ReadOnlySpan<byte> text)
    {
        const string Prefix = "Deserialized.";
        if (text.Length > LongestName)
        {
            throw ClixmlScanner.Malformed($"a type's name is over {LongestName} bytes");
        }

        var name = ClixmlScanner.IsPlain(text) ? Encoding.UTF8.GetString(text) : ClixmlScanner.Decode(text);
        return name.StartsWith(Prefix, StringComparison.Ordinal) ? name : Prefix + name;
    }
}

/// <summary>The type names of an object, and what they say of how to read it.</summary>
/// <param name="Number">The number of the names (<see cref="NameLists"/>).</param>
/// <param name="IsEnum">Whether it is a value of an enumeration: its text counts, not its number.</param>
/// <param name="IsSize">Whether it is a size, which knows its members by itself.</param>
/// <param name="IsValue">Whether it is a value: at the top it is no row, whatever members it has.</param>
internal readonly record struct TypeList(int Number, bool IsEnum, bool IsSize, bool IsValue)
{
    /// <summary>The names.</summary>
    public IReadOnlyList<string> Names => NameLists.ListOf(Number);

    /// <summary>Reads a list.</summary>
    public static TypeList Of(List<string> names)
    {
        var first = names.Count > 0 ? names[0] : "";
        var isSize = first == "Deserialized.Microsoft.Exchange.Data.ByteQuantifiedSize"
            || first.StartsWith(
                "Deserialized.Microsoft.Exchange.Data.Unlimited`1[[Microsoft.Exchange.Data.ByteQuantifiedSize", StringComparison.Ordinal);
        var isEnum = names.Contains("Deserialized.System.Enum");
        return new TypeList(NameLists.NumberOf(names), isEnum, isSize, isEnum || isSize || names.Contains("Deserialized.System.ValueType"));
    }
}
