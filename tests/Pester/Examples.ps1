# The examples of our pages, as the tests run them. A comment before a block, which readers of a page don't see, says what is special about it:
#
#   <!-- not run: REASON -->     it cannot run on a machine alone
#   <!-- error: ID ID -->        it is there to show errors of these ids
#   <!-- before: POWERSHELL -->  what it builds on, run first
#
# What follows as text, in a block of its own or behind the prompt, is what it writes: its table must have these columns, its list these names.

# Every example in the pages, with where it stands.
function Get-PageExample([string] $Root) {
    $pages = @(Get-Item (Join-Path $Root 'README.md')) + @(Get-ChildItem (Join-Path $Root 'docs') -Recurse -Filter *.md)
    foreach ($page in $pages) {
        $name = [IO.Path]::GetRelativePath($Root, $page.FullName).Replace('\', '/')
        $section = ''; $notes = @{}; $block = $null; $last = $null; $number = 0
        foreach ($line in [IO.File]::ReadAllLines($page.FullName)) {
            $number++
            if ($null -ne $block) {
                if ($line -notlike '``````*') { $block.Add($line); continue }
                if ($language -eq 'text' -and $last) { $last.Shown = @($block) }
                $prompted = $language -eq '' -and $block.Count -and $block[0] -like 'PS> *'
                if (($language -eq 'powershell' -and $section -ne 'Syntax') -or $prompted) {
                    $typed = $prompted ? @($block | Where-Object { $_ -like 'PS> *' } | ForEach-Object { $_.Substring(4) }) : @($block)
                    $shown = $prompted ? @($block | Where-Object { $_ -notlike 'PS> *' }) : @()
                    $last = [pscustomobject]@{ Where = "${name}:$first"; Page = $name; Code = $typed -join "`n"; Shown = $shown; Notes = $notes }
                    $last
                }
                $block = $null; $notes = @{}
            }
            elseif ($line -match '^```(\w*)') { $language = $Matches[1]; $block = [Collections.Generic.List[string]]::new(); $first = $number + 1 }
            elseif ($line -match '^<!-- (not run|error|before): (.+) -->$') { $notes[$Matches[1]] = $Matches[2] }
            elseif ($line -match '^#+ (.+)') { $section = $Matches[1]; $last = $null }
        }
    }
}
