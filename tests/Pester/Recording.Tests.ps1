# The picture in README against a new recording: the same commands, and the same columns, names and errors in their output.

Describe 'The recording in README' {
    BeforeAll {
        $folder = Join-Path $PSScriptRoot '../../docs/recording'
        $kept = Get-Content (Join-Path $folder 'first-steps.svg') -Raw

        # What a reader sees, but for figures.
        function Get-Shown([string] $Svg) {
            foreach ($line in ([xml] $Svg).SelectNodes('//*[local-name()="text"]')) { $line.InnerText -replace '[\d.,]+', '0' -replace ' +', ' ' }
        }
    }

    It 'shows what these commands write today; docs/recording/Record.ps1 records it anew' {
        $now = & (Join-Path $folder 'Record.ps1') -PassThru

        $shown = @(Get-Shown $kept)
        $shown.Count | Should -BeGreaterThan 15
        $shown -join "`n" | Should -Be (@(Get-Shown $now) -join "`n")
    }

    It 'is small, runs nothing and loads nothing' {
        $kept.Length | Should -BeLessThan 60000
        $kept | Should -Not -Match '<script|href|url\(|@import|\son\w+='
    }

    It 'is in README' {
        Get-Content (Join-Path $PSScriptRoot '../../README.md') -Raw | Should -Match '\(docs/recording/first-steps\.svg\)'
    }
}
