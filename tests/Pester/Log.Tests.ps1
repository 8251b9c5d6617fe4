BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    Import-ExoConnect
    $tenant = Start-LocalTenant -Mailboxes 5 -Fault @{ cmdlet = 'Set-Mailbox'; times = 1; status = 502; body = 'html' }
    $splat = $tenant.Splat
    $logs = Join-Path $TestDrive 'logs'
    Connect-ExchangeOnline @splat -LogDirectoryPath $logs
    $null = Get-Mailbox -ResultSize 3 -WarningAction SilentlyContinue
    Get-Mailbox -Identity nobody -ErrorAction SilentlyContinue
    Set-Mailbox -Identity (Get-Mailbox -ResultSize 1 -WarningAction SilentlyContinue) -CustomAttribute1 canary -ErrorAction SilentlyContinue
}

AfterAll {
    Disconnect-ExchangeOnline
    Stop-LocalTenant $tenant
}

Describe 'Get-ExoLog' {
    It 'reads back what was done, while it is written' {
        $listing = Get-ExoLog $logs -Operation Get-Mailbox -Outcome Succeeded | Select-Object -First 1
        $listing.Objects | Should -Be 3
        $listing.Parameters | Should -Be 'ResultSize'
        $listing.ClientRequestId | Should -Not -BeNullOrEmpty
    }

    It 'tells what failed and what nobody knows' {
        (Get-ExoLog $logs -Outcome Failed).ErrorId | Should -Be 'ManagementObjectNotFoundException'
        $unknown = Get-ExoLog $logs -Outcome Unknown
        $unknown.Operation | Should -Be 'Set-Mailbox'
        $unknown.StatusCode | Should -Be 502
    }

    It 'takes a file, a folder by pipeline, and the last ones' {
        $file = (Get-ConnectionInformation).LogPath
        $all = @(Get-ExoLog $file)
        @(Get-Item $logs | Get-ExoLog).Count | Should -Be $all.Count
        (Get-ExoLog $logs -Last 1).Operation | Should -Be $all[-1].Operation
    }

    It 'holds no value' {
        Get-Content (Get-ConnectionInformation).LogPath -Raw | Should -Not -Match 'canary|nobody'
    }
}
