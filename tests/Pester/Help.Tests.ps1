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

    It 'has examples' {
        @($help.examples.example).Count | Should -BeGreaterThan 0
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
