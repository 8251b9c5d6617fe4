using System.Reflection;
using System.Runtime.CompilerServices;
using ExoConnect.Core.Clixml;
using ExoConnect.Core.Json;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.AdminApi.Responses;

/// <summary>The machine code of the readers of responses.</summary>
public static class ResponseCode
{
    private static int _isPrepared;

    /// <summary>
    /// Compiles the methods marked for full optimization, once in the process. No native image holds them, so the first response would wait for
    /// them. A caller that waits for a token can compile them before.
    /// </summary>
    public static void Prepare()
    {
        if (Interlocked.Exchange(ref _isPrepared, 1) == 1)
        {
            return;
        }

        const BindingFlags Own =
            BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        foreach (var type in (
            Type[])[typeof(JsonScanner), typeof(JsonText), typeof(ClixmlScanner), typeof(ClixmlReader), typeof(RowReader), typeof(RowPacker)])
        {
            foreach (var method in type.GetMethods(Own))
            {
                if ((method.MethodImplementationFlags & MethodImplAttributes.AggressiveOptimization) != 0 && !method.IsGenericMethodDefinition)
                {
                    RuntimeHelpers.PrepareMethod(method.MethodHandle);
                }
            }
        }
    }
}
