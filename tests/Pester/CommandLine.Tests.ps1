# The completion of exoconnect in a real PowerShell.
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    $bin = (New-Item (Join-Path $TestDrive bin) -ItemType Directory).FullName
    $script = Join-Path $bin 'exoconnect.ps1'
    "& dotnet '$ExoCommandLine' @args" | Set-Content $script
    $path = $env:PATH
    $env:PATH = "$bin$([IO.Path]::PathSeparator)$path"
    $env:EXOCONNECT_CONFIG = Join-Path $TestDrive config
    $null = New-Item (Join-Path $env:EXOCONNECT_CONFIG profiles) -ItemType Directory
    '{}' | Set-Content (Join-Path $env:EXOCONNECT_CONFIG profiles contoso.json)
    exoconnect completion powershell | Out-String | Invoke-Expression

    function Complete([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText }
}

AfterAll {
    $env:PATH = $path
    Remove-Item Env:EXOCONNECT_CONFIG
}

Describe 'Completing exoconnect' {
    It 'completes <Line>' -ForEach @(
        @{ Line = 'exoconnect conn'; Found = 'connect', 'connection' }
        @{ Line = 'exoconnect connection use '; Found = 'contoso' }
        @{ Line = 'exoconnect token -r Az'; Found = 'AzureManagement', 'AzureManagementClassic' }
        @{ Line = 'exoconnect request /v1.0/x --all --out'; Found = '--output', '--out-file' }
    ) {
        Complete $Line | Sort-Object | Should -Be ($Found | Sort-Object)
    }
}
