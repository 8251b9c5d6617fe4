# The pages of docs/cmdlets against the cmdlets as PowerShell sees them: what Get-Help shows is made of these pages.
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    $module = $env:EXOCONNECT_TEST_MODULE ? $env:EXOCONNECT_TEST_MODULE : (Join-Path $PSScriptRoot '../../out/ExoConnect')
    $cmdlets = (Import-PowerShellDataFile (Join-Path $module 'ExoConnect.psd1')).CmdletsToExport
}

BeforeAll {
    $module = $env:EXOCONNECT_TEST_MODULE ? $env:EXOCONNECT_TEST_MODULE : (Join-Path $PSScriptRoot '../../out/ExoConnect')
    $pages = Join-Path $PSScriptRoot '../../docs/cmdlets'
    Import-Module (Join-Path $module 'ExoConnect.psd1')

    # What every cmdlet has is described by PowerShell.
    $common = [Management.Automation.Cmdlet]::CommonParameters

    function Get-OwnParameter([string] $Cmdlet) {
        (Get-Command $Cmdlet).Parameters.Values | Where-Object Name -NotIn $common
    }

    function Test-Hidden($Parameter) {
        @($Parameter.Attributes | Where-Object { $_ -is [Parameter] -and -not $_.DontShow }).Count -eq 0
    }

    # As Get-Command -Syntax prints the sets, without what is only accepted.
    function Get-Syntax([string] $Cmdlet) {
        $hidden = Get-OwnParameter $Cmdlet | Where-Object { Test-Hidden $_ } | ForEach-Object Name
        foreach ($line in (Get-Command $Cmdlet -Syntax) -split '\r?\n' | Where-Object { $_ }) {
            foreach ($name in $hidden) { $line = $line -replace " \[-$name( <[^>]+>)?\]" }
            $line
        }
    }
}

Describe 'The help of <_>' -ForEach $cmdlets {
    BeforeAll {
        $cmdlet = $_
        $help = Get-Help $cmdlet -Full
        $page = Get-Content (Join-Path $pages "$cmdlet.md") -Raw
    }

    It 'says what the cmdlet does' {
        # Without a help file, the synopsis is the syntax.
        $help.Synopsis | Should -Not -BeLike "$cmdlet*"
        $help.Synopsis.Length | Should -BeGreaterThan 20
        $help.Description.Text | Should -Not -BeNullOrEmpty
    }

    It 'describes each parameter' {
        $described = @{}
        foreach ($one in $help.parameters.parameter) { $described[$one.name] = -join $one.description.Text }
        foreach ($own in Get-OwnParameter $cmdlet) {
            $described[$own.Name] | Should -Not -BeNullOrEmpty -Because "-$($own.Name) needs a description"
        }
    }

    It 'describes no parameter that there is not' {
        $own = (Get-OwnParameter $cmdlet).Name
        $help.parameters.parameter.name | Where-Object { $_ -notin $own } | Should -BeNullOrEmpty
    }

    It 'opens its page with -Online, and has an address for each link' {
        $links = @($help.relatedLinks.navigationLink)
        $links[0].uri | Should -BeLike "https://*/docs/cmdlets/$cmdlet.md"
        foreach ($link in $links) {
            [uri]::IsWellFormedUriString($link.uri, 'Absolute') | Should -BeTrue -Because $link.linkText
            $link.uri | Should -Not -Match '\.\.'
        }
    }

    It 'has three examples' {
        @($help.examples.example).Count | Should -BeGreaterOrEqual 3
        $help.examples.example | ForEach-Object { $_.code | Should -Not -BeNullOrEmpty }
    }

    It 'shows the syntax that the cmdlet has' {
        # A set may go over several lines; a blank one ends it.
        $block = [regex]::Match($page, '(?s)## Syntax\s+```\w*\n(.+?)\n```').Groups[1].Value
        $block -split '\n\n' -replace '\s+', ' ' | Should -Be @(Get-Syntax $cmdlet)
    }

    It 'says how pipeline input is taken' {
        foreach ($own in Get-OwnParameter $cmdlet) {
            $sets = $own.ParameterSets.Values
            $ways = @(
                if ($sets.ValueFromPipeline -contains $true) { 'ByValue' }
                if ($sets.ValueFromPipelineByPropertyName -contains $true) { 'ByPropertyName' }
            )
            $said = ($help.parameters.parameter | Where-Object name -EQ $own.Name).pipelineInput
            $said | Should -Be ($ways ? "True ($($ways -join ', '))" : 'False') -Because "so -$($own.Name) is declared"
        }
    }
}

Describe 'The topic <_>' -ForEach 'about_ExoConnect', 'about_ExoConnect_MovingOver', 'about_ExoConnect_Unattended' {
    BeforeAll {
        $topic = $_
        $text = Get-Help $topic | Out-String
    }

    It 'is shown by Get-Help, with its sections' {
        $text | Should -Match "TOPIC\s+$topic\s"
        $text | Should -Match 'SHORT DESCRIPTION\s+\S'
        $text | Should -Match 'LONG DESCRIPTION\s+\S'
        $text.Length | Should -BeGreaterThan 2000
    }

    It 'has lines for a terminal, but for code' {
        $text -split '\r?\n' -notmatch '^ {8}' | Where-Object { $_.Length -gt 80 -and $_.Trim() -match ' ' } | Should -BeNullOrEmpty
    }

    It 'shows words and no marks of Markdown' {
        $text | Should -Not -Match '\]\('
        $text -split '\r?\n' -notmatch '^ {8}' -join "`n" | Should -Not -Match '```|^#'
    }
}

Describe 'The page of moving over' {
    BeforeAll {
        $moving = Get-Content (Join-Path $pages '..' 'guide' 'moving-over.md') -Raw
        # What the page writes with a star stands for several names.
        $named = [regex]::Matches($moving, '`([*\w]+-\w+)`').ForEach{ $_.Groups[1].Value }
    }

    It 'names each parameter of EXO that is only accepted' {
        $accepted = (Get-OwnParameter Connect-ExchangeOnline | Where-Object { Test-Hidden $_ }).Name
        $accepted.Count | Should -BeGreaterThan 10
        $accepted | Where-Object { $moving -notmatch "``-$_``" } | Should -BeNullOrEmpty
    }

    It 'names each of the module''s cmdlets that <_>' -ForEach 'ExoConnect has', 'ExoConnect lacks' {
        $cmdlets = if ($_ -eq 'ExoConnect has') { (Get-Command -Module ExoConnect).Name -cnotmatch '-Exo' }
        else { (Get-Content (Join-Path $pages '../../src/ExoConnect/Scripts/CmdletNotes.txt')) -match ' microsoft$' -replace ' .*' }
        $cmdlets.Count | Should -BeGreaterThan 10
        $missing = foreach ($cmdlet in $cmdlets) {
            if (-not ($named | Where-Object { $cmdlet -like $_ }) -and $moving -notmatch "# $cmdlet") { $cmdlet }
        }
        $missing | Should -BeNullOrEmpty
    }
}
