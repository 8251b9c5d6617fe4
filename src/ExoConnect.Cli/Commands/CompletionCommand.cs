using System.CommandLine;
using ExoConnect.Cli.CommandLine;
using ExoConnect.Cli.Hosting;

namespace ExoConnect.Cli.Commands;

/// <summary><c>exoconnect completion</c>: the script with which a shell completes this program's lines.</summary>
internal static class CompletionCommand
{
    /// <summary>
    /// The callback of the scripts: <c>exoconnect complete =WORD PREVIOUS...</c>, the word at the cursor first, so that no shell drops it if it is
    /// empty. Each line of the output is a word, a tab and its description.
    /// </summary>
    public const string Callback = "complete";

    private static readonly Dictionary<string, string> Scripts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["bash"] = """
            _exoconnect()
            {
                local word rest
                COMPREPLY=()
                while IFS=$'\t' read -r word rest; do
                    COMPREPLY+=("$word")
                done < <("${COMP_WORDS[0]}" complete "=${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null)
            }
            complete -o default -F _exoconnect exoconnect
            """,
        ["zsh"] = """
            #compdef exoconnect
            _exoconnect()
            {
                local line
                local -a found
                for line in ${(f)"$("${words[1]}" complete "=${words[CURRENT]}" "${(@)words[2,CURRENT-1]}" 2>/dev/null)"}; do
                    found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
                done
                if (( ${#found} )); then
                    _describe -t words exoconnect found
                else
                    _files
                fi
            }
            if [[ ${zsh_eval_context[-1]} == loadautofunc ]]; then
                _exoconnect "$@"
            else
                compdef _exoconnect exoconnect
            fi
            """,
        ["fish"] = """
            function __exoconnect_complete
                set -l before (commandline -opc)
                set -l word (commandline -ct)
                set -l found ($before[1] complete "=$word" $before[2..-1] 2>/dev/null)
                if test (count $found) -gt 0
                    printf '%s\n' $found
                else
                    __fish_complete_path $word
                end
            end
            complete -c exoconnect -f -a '(__exoconnect_complete)'
            """,
        ["powershell"] = """
            Register-ArgumentCompleter -Native -CommandName exoconnect -ScriptBlock {
                param($wordToComplete, $commandAst, $cursorPosition)
                $before = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
                    ForEach-Object {
                        if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text }
                    })
                & $commandAst.CommandElements[0].Extent.Text complete "=$wordToComplete" @before 2>$null | ForEach-Object {
                    $word, $text = $_ -split "`t", 2
                    if (-not $text) { $text = $word }
                    [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $text)
                }
            }
            """,
    };

    /// <summary>The shells.</summary>
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish", "powershell"];

    public static Command Create(CliHost host)
    {
        var shell = new Argument<string>("Shell") { Description = string.Join(", ", Shells) };
        var command = new DocumentedCommand("completion", "Print the script that lets a shell complete exoconnect's commands and options.")
        {
            Usage = "completion bash|zsh|fish|powershell",
            Details = ["Commands, options, their values, profiles and services are completed; file names where none of these fits."],
            Examples =
            [
                "source <(exoconnect completion bash)                     # in ~/.bashrc",
                "exoconnect completion zsh > \"${fpath[1]}/_exoconnect\"",
                "exoconnect completion fish > ~/.config/fish/completions/exoconnect.fish",
                "exoconnect completion powershell | Out-String | iex      # in $PROFILE",
            ],
            Arguments = { shell },
        };
        command.SetAction(parsed =>
        {
            var name = parsed.GetRequiredValue(shell);
            host.Output.WriteLine(Scripts.GetValueOrDefault(name == "pwsh" ? "powershell" : name)
                ?? throw new UsageException($"There is no completion for '{name}'.", $"Use one of {string.Join(", ", Shells)}."));
            return ExitCodes.Success;
        });
        return command;
    }
}
