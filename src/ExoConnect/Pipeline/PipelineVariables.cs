using System.Collections;
using System.Management.Automation;
using System.Reflection;

namespace ExoConnect.Pipeline;

/// <summary>
/// Finds out whether results must keep step with the input. A script with <c>Get-EXOMailbox -PipelineVariable mailbox | ...</c> reads the variable
/// after the cmdlet and expects the mailbox of this very result there. If the cmdlet had taken the next inputs by then, the script would read
/// another one's name, and nothing would tell.
/// </summary>
internal static class PipelineVariables
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    /// <summary>Whether a command before this one in the pipeline has a pipeline variable.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <returns>
    /// False only if none has. PowerShell has no public way to find out. If the hidden one changes, the result is that there may be one, so that at
    /// worst something is slow.
    /// </returns>
    public static bool MayBeInUse(Cmdlet cmdlet)
    {
        var runtime = cmdlet.CommandRuntime;
        if (Read(Read(runtime, "PipelineProcessor"), "Commands") is not IEnumerable commands)
        {
            return true;
        }

        foreach (var command in commands)
        {
            var other = Read(command, "CommandRuntime");
            if (ReferenceEquals(other, runtime))
            {
                return false;
            }

            if (other?.GetType().GetProperty("PipelineVariable", Hidden) is not { } variable || variable.GetValue(other) is string { Length: > 0 })
            {
                return true;
            }
        }

        return true;
    }

    private static object? Read(object? owner, string property) => owner?.GetType().GetProperty(property, Hidden)?.GetValue(owner);
}
