using System.ComponentModel;
using System.Diagnostics;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Authentication.Methods;

/// <summary>Opens a page in the user's preferred browser. No shell sees the address.</summary>
public static class SystemBrowser
{
    private static readonly string[] LinuxOpeners = ["xdg-open", "gnome-open", "kfmclient", "x-www-browser", "www-browser", "wslview"];

    /// <summary>Opens a page.</summary>
    /// <param name="address">An absolute https address.</param>
    /// <exception cref="ExoException"><c>BrowserMissing</c>: none could be started.</exception>
    public static void Open(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || address.Scheme != Uri.UriSchemeHttps)
        {
            throw new ArgumentException("Only https addresses are opened.", nameof(address));
        }

        if (OperatingSystem.IsWindows())
        {
            if (Start(new ProcessStartInfo(address.AbsoluteUri) { UseShellExecute = true }))
            {
                return;
            }
        }
        else if (OperatingSystem.IsMacOS())
        {
            if (Start(Quiet("open", address)))
            {
                return;
            }
        }
        else if (Environment.GetEnvironmentVariable("BROWSER") is { Length: > 0 } preferred)
        {
            // The variable lists programs, the best first. A program with arguments is for a shell, and there is none here.
            if (preferred.Split(':', StringSplitOptions.RemoveEmptyEntries).Any(program => Start(Quiet(program, address))))
            {
                return;
            }
        }
        else if (HasDisplay() && LinuxOpeners.Any(program => Start(Quiet(program, address))))
        {
            return;
        }

        throw new ExoException("No browser could be opened to sign in.")
        {
            ErrorId = ErrorIds.BrowserMissing,
            Category = ExoErrorCategory.ResourceUnavailable,
            Remedy = "Sign in with -Device and a browser anywhere else, or set the variable BROWSER to the program that opens pages.",
        };
    }

    private static bool HasDisplay() =>
        Environment.GetEnvironmentVariable("DISPLAY") is { Length: > 0 }
        || Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is { Length: > 0 }
        || Environment.GetEnvironmentVariable("WSL_DISTRO_NAME") is { Length: > 0 };

    private static ProcessStartInfo Quiet(string program, Uri address) => new(program)
    {
        ArgumentList = { address.AbsoluteUri },
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    private static bool Start(ProcessStartInfo start)
    {
        try
        {
            using var process = Process.Start(start);
            return true;
        }
        catch (Exception e) when (e is Win32Exception or FileNotFoundException or InvalidOperationException or PlatformNotSupportedException)
        {
            return false;
        }
    }
}
