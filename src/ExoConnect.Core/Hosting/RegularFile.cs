using System.Runtime.InteropServices;
using System.Text;

namespace ExoConnect.Core.Hosting;

/// <summary>
/// Distinguishes files from pipes and devices. Opening a named pipe waits for a writer, a device such as <c>/dev/zero</c> never
/// ends, and neither can be cancelled. So a path to one is refused before it is opened.
/// </summary>
public static class RegularFile
{
    // The layout that .NET's own native library fills in: flags, then the POSIX mode, then fields that aren't used here.
    private const int StatusSize = 512;
    private const int ModeOffset = sizeof(int);

    private const int TypeMask = 0xF000;
    private const int Fifo = 0x1000;
    private const int CharacterDevice = 0x2000;
    private const int BlockDevice = 0x6000;
    private const int Socket = 0xC000;

    private static readonly string[] HandedOver = ["/dev/fd/", "/proc/self/fd/"];

    /// <summary>Refuses everything that isn't a file. A missing file or a folder passes: opening it gives the error.</summary>
    /// <param name="path">The path; symbolic links are followed.</param>
    /// <param name="allowHandedOver">
    /// True to accept a pipe that the caller's shell opened and passed (<c>&lt;(command)</c>): it has a writer, and it ends.
    /// </param>
    /// <exception cref="IOException">It is a pipe, a device or a socket.</exception>
    public static void ThrowIfSpecial(string path, bool allowHandedOver = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (OperatingSystem.IsWindows() || TypeOf(path) is not { } type)
        {
            return;
        }

        var kind = type switch
        {
            Fifo when allowHandedOver && HandedOver.Any(folder => path.StartsWith(folder, StringComparison.Ordinal)) => null,
            Fifo => "a pipe",
            CharacterDevice or BlockDevice => "a device",
            Socket => "a socket",
            _ => null,
        };
        if (kind is not null)
        {
            throw new IOException($"It is {kind}, not a file");
        }
    }

    private static int? TypeOf(string path)
    {
        var status = new byte[StatusSize];
        return Stat(Encoding.UTF8.GetBytes(path + "\0"), status) == 0 ? MemoryMarshal.Read<int>(status.AsSpan(ModeOffset)) & TypeMask : null;
    }

    // .NET asks the system the same through the same library, but doesn't publish the result.
    [DllImport("libSystem.Native", EntryPoint = "SystemNative_Stat")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Stat(byte[] path, [Out] byte[] status);
}
