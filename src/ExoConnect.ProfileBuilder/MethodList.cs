using System.Reflection;
using System.Text.RegularExpressions;

namespace ExoConnect.ProfileBuilder;

/// <summary>
/// Methods of the engine, and methods of generic types and generic methods of others, each as it is compiled. A line is a type; the indented
/// lines below it are its methods, with all overloads. Numbers that the C# compiler puts into our names are a <c>*</c>, since they change with
/// each edit.
/// </summary>
internal sealed partial class MethodList
{
    private const BindingFlags Own =
        BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly SortedDictionary<string, SortedSet<string>> _methods = new(StringComparer.Ordinal);

    public int Count => _methods.Values.Sum(names => names.Count);

    /// <summary>Reads the list of the runtime's compiler, without the methods that can't be found again.</summary>
    public static MethodList Record(string compiled, string bare, TypeFinder types)
    {
        var list = new MethodList();
        foreach (var method in Compiled(compiled).Except(Compiled(bare)))
        {
            var (type, name) = Split(Ordinal().Replace(method, "$1*"));
            var isWanted = type.StartsWith(ProfileFile.Engine + ".", StringComparison.Ordinal)
                || type.StartsWith(ProfileFile.Msal + ".", StringComparison.Ordinal)
                || (type + name).Contains('[', StringComparison.Ordinal) && !name.StartsWith('.');
            if (isWanted && Find(types, type, name).Any())
            {
                list.Add(type, name);
            }
        }

        return list;
    }

    public static MethodList Load(string path)
    {
        var list = new MethodList();
        var type = "";
        foreach (var line in File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line[0] == ' ')
            {
                list.Add(type, line.Trim());
            }
            else
            {
                type = line;
            }
        }

        return list;
    }

    public void Save(string path)
    {
        using var file = new StreamWriter(path) { NewLine = "\n" };
        file.WriteLine(
            "# The engine's and MSAL's code that the first sign-in and the first cmdlet run, and generic code of others. "
            + "docs/internals/benchmarks.md says how this is made.");
        foreach (var (type, names) in _methods)
        {
            file.WriteLine(type);
            foreach (var name in names)
            {
                file.WriteLine("  " + name);
            }
        }
    }

    /// <summary>The methods that exist. A framework for another platform lacks some.</summary>
    public IEnumerable<MethodBase> Find(TypeFinder types) =>
        _methods.SelectMany(type => type.Value.SelectMany(name => Find(types, type.Key, name))).Distinct();

    private static IEnumerable<MethodBase> Find(TypeFinder types, string type, string name)
    {
        var bracket = name.IndexOf('[', StringComparison.Ordinal);
        var named = bracket < 0 ? name : name[..bracket];
        foreach (var constructor in types.Find(type).SelectMany(found => found.GetConstructors(Own)).Where(found => found.Name == named))
        {
            yield return constructor;
        }

        foreach (var method in types.Find(type).SelectMany(found => found.GetMethods(Own)).Where(method => method.Name == named))
        {
            if (bracket < 0 && !method.IsGenericMethodDefinition)
            {
                yield return method;
            }
            else if (bracket >= 0 && method.IsGenericMethodDefinition)
            {
                foreach (var arguments in types.FindArguments(name[bracket..]))
                {
                    if (TypeFinder.Make(() => method.MakeGenericMethod(arguments)) is { } made)
                    {
                        yield return made;
                    }
                }
            }
        }
    }

    private static IEnumerable<string> Compiled(string path) => File.ReadLines(path)
        .Select(line => CompiledLine().Match(line).Groups[1].Value)
        .Where(name => name.Length > 0 && !Generated().IsMatch(name));

    /// <summary>Splits <c>Type[arguments]:Method[arguments](parameters)</c>.</summary>
    private static (string Type, string Name) Split(string method)
    {
        var depth = 0;
        var colon = 0;
        for (var i = 0; i < method.Length; i++)
        {
            depth += method[i] switch { '[' => 1, ']' => -1, _ => 0 };
            if (method[i] == ':' && depth == 0)
            {
                colon = i;
            }
            else if (method[i] == '(' && depth == 0)
            {
                return (method[..colon], method[(colon + 1)..i]);
            }
        }

        return (method, "");
    }

    private void Add(string type, string name)
    {
        if (!_methods.TryGetValue(type, out var names))
        {
            _methods.Add(type, names = new SortedSet<string>(StringComparer.Ordinal));
        }

        names.Add(name);
    }

    [GeneratedRegex(@"^\s*\d+: JIT compiled (.*) \[[^\[\]]*\]$")]
    private static partial Regex CompiledLine();

    [GeneratedRegex("dynamicClass|IL_STUB")]
    private static partial Regex Generated();

    [GeneratedRegex(@"(?<=ExoConnect[^\[\],:]*)((?:DisplayClass|__))[0-9_]+")]
    private static partial Regex Ordinal();
}
