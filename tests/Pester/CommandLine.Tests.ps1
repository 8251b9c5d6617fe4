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

# Windows takes no time zone from the variable TZ.
Describe 'A date on the command line' -Skip:$IsWindows {
    It 'is local time, wherever that is: <Zone>' -ForEach @(
        @{ Zone = 'UTC'; Start = '2026-11-01T07:00:00' }
        @{ Zone = 'America/New_York'; Start = '2026-11-01T12:00:00' }
        @{ Zone = 'Asia/Kolkata'; Start = '2026-11-01T01:30:00' }
    ) {
        $tenant = Start-LocalTenant -Mailboxes 2
        try {
            $before = $env:TZ
            $env:TZ = $Zone
            $env:EXOCONNECT_CERTIFICATE_PASSWORD = $tenant.pfxPassword
            exoconnect connect --profile dates --app-id $tenant.appId --organization $tenant.organization --certificate $tenant.pfxPath `
                --environment $tenant.environmentFile 2>&1 | Out-Null
            exoconnect run Set-MailboxAutoReplyConfiguration adele.vance --AutoReplyState Scheduled --StartTime 2026-11-01T07:00 --EndTime 2026-11-02T07:00Z --profile dates
            $env:TZ = 'UTC'
            $set = exoconnect run Get-MailboxAutoReplyConfiguration adele.vance --select 'StartTime,EndTime' -o json --profile dates | ConvertFrom-Json -DateKind String
        }
        finally {
            $env:TZ = $before
            Remove-Item Env:EXOCONNECT_CERTIFICATE_PASSWORD
            Stop-LocalTenant $tenant
        }

        $set.StartTime | Should -Match "^$Start"
        $set.EndTime | Should -Match '^2026-11-02T07:00:00'
    }
}
