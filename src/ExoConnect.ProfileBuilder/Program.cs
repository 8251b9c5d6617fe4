using ExoConnect.ProfileBuilder;

switch (args)
{
    case ["record", var compiled, var bare, var list, var assemblies]:
        var recorded = MethodList.Record(compiled, bare, new TypeFinder(assemblies));
        recorded.Save(list);
        Console.WriteLine($"{recorded.Count} methods.");
        return 0;

    case ["write", var list, var profile, var assemblies]:
        var methods = MethodList.Load(list).Find(new TypeFinder(assemblies)).ToList();
        ProfileFile.Write(profile, methods);
        Console.WriteLine($"A profile of {methods.Count} methods.");
        return methods.Count > 0 ? 0 : 1;

    case ["check", .. { Length: > 0 } folders]:
        var missing = TrimmedFolder.Check(folders);
        foreach (var line in missing)
        {
            Console.Error.WriteLine("error : " + line);
        }

        return missing.Count > 0 ? 1 : 0;

    default:
        Console.Error.WriteLine("""
            ExoConnect.ProfileBuilder write LIST PROFILE ASSEMBLIES
                Makes a profile for crossgen2 --mibc of a list of methods. ASSEMBLIES is the folder of the engine and its libraries.
            ExoConnect.ProfileBuilder record COMPILED BARE LIST ASSEMBLIES
                Makes the list of what the runtime wrote of the methods it compiled, with DOTNET_JitStdOutFile=COMPILED and
                DOTNET_JitDisasmSummary=1, less what it wrote in a BARE shell.
            ExoConnect.ProfileBuilder check FOLDER...
                Names what the assemblies of the folders use of each other and do not have, after they were trimmed.
            """);
        return 2;
}
