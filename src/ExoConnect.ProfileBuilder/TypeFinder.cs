using System.Reflection;
using System.Text.RegularExpressions;

namespace ExoConnect.ProfileBuilder;

/// <summary>Finds types by the names that the runtime's compiler writes, in the framework that runs this and in a folder of assemblies.</summary>
internal sealed class TypeFinder
{
    private static readonly Dictionary<string, Type> Keywords = new()
    {
        ["bool"] = typeof(bool), ["byte"] = typeof(byte), ["sbyte"] = typeof(sbyte), ["char"] = typeof(char), ["short"] = typeof(short),
        ["ushort"] = typeof(ushort), ["int"] = typeof(int), ["uint"] = typeof(uint), ["long"] = typeof(long), ["ulong"] = typeof(ulong),
        ["nint"] = typeof(nint), ["nuint"] = typeof(nuint), ["float"] = typeof(float), ["double"] = typeof(double),
    };

    private readonly Dictionary<string, Type[]> _found = [];
    private readonly List<Assembly> _assemblies = [];

    public TypeFinder(string folder)
    {
        AppDomain.CurrentDomain.AssemblyResolve += (_, asked) =>
            Path.Combine(folder, new AssemblyName(asked.Name).Name + ".dll") is var path && File.Exists(path) ? Assembly.LoadFrom(path) : null;
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        foreach (var file in Directory.GetFiles(framework, "System*.dll").Concat(Directory.GetFiles(folder, "*.dll")))
        {
            try
            {
                _assemblies.Add(Assembly.Load(new AssemblyName(Path.GetFileNameWithoutExtension(file))));
            }
            catch (BadImageFormatException)
            {
                // A library of machine code.
            }
        }
    }

    /// <summary>Reads a name such as <c>System.Func`2[int,System.__Canon]</c>, in which a <c>*</c> stands for any number.</summary>
    /// <returns>The types of that name; empty if there is none, or its arguments don't fit.</returns>
    public IReadOnlyList<Type> Find(string name)
    {
        var position = 0;
        var types = Read(name, ref position);
        return position == name.Length ? types : [];
    }

    /// <summary>Reads a list of type arguments in brackets.</summary>
    public IReadOnlyList<Type[]> FindArguments(string text)
    {
        var position = 0;
        var lists = ReadArguments(text, ref position);
        return position == text.Length ? lists : [];
    }

    private IReadOnlyList<Type> Read(string text, ref int position)
    {
        var start = position;
        while (position < text.Length && text[position] is not ('[' or ']' or ','))
        {
            position++;
        }

        IReadOnlyList<Type> types = Named(text[start..position]);
        if (position + 1 < text.Length && text[position] == '[' && text[position + 1] != ']')
        {
            var lists = ReadArguments(text, ref position);
            types = [.. types.SelectMany(type => lists.Select(list => Make(() => type.MakeGenericType(list)))).OfType<Type>()];
        }

        while (position + 1 < text.Length && text[position] == '[' && text[position + 1] == ']')
        {
            types = [.. types.Select(type => type.MakeArrayType())];
            position += 2;
        }

        return types;
    }

    private List<Type[]> ReadArguments(string text, ref int position)
    {
        List<Type[]> lists = [[]];
        do
        {
            position++;
            var types = Read(text, ref position);
            lists = [.. lists.SelectMany(list => types.Select(type => (Type[])[.. list, type]))];
        }
        while (position < text.Length && text[position] == ',');

        position++;
        return lists;
    }

    private Type[] Named(string name)
    {
        if (!_found.TryGetValue(name, out var types))
        {
            types = Keywords.TryGetValue(name, out var keyword) ? [keyword]
                : name.Contains('*', StringComparison.Ordinal) ? Matching(name)
                : _assemblies.Select(assembly => assembly.GetType(name)).FirstOrDefault(type => type is not null) is { } type ? [type]
                : [];
            _found.Add(name, types);
        }

        return types;
    }

    private Type[] Matching(string name)
    {
        var pattern = new Regex('^' + Regex.Escape(name).Replace(@"\*", "[0-9_]+", StringComparison.Ordinal) + '$');
        return [.. _assemblies.Where(a => name.StartsWith(a.GetName().Name!, StringComparison.Ordinal)).SelectMany(a => a.GetTypes())
            .Where(type => pattern.IsMatch(type.FullName!))];
    }

    /// <summary>The compiler writes an enumeration's number and not its name, so some arguments don't fit.</summary>
    internal static T? Make<T>(Func<T> make)
        where T : class
    {
        try
        {
            return make();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
