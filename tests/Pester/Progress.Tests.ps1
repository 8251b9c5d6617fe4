BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    Import-ExoConnect
    $tenant = Start-LocalTenant -Mailboxes 300 -Latency 20 -Fault @(
        @{ cmdlet = 'Get-User'; delay = 400 }
        @{ cmdlet = 'Get-CASMailbox'; delay = 2000 }
        @{ path = '/token'; delay = 1200 }
    )
    $splat = $tenant.Splat
    Connect-ExchangeOnline @splat

    # Runs a script in a runspace of its own, and returns what it showed of its progress.
    function Get-Progress([string] $Script, [hashtable] $With = $splat) {
        $worker = [powershell]::Create([initialsessionstate]::CreateDefault2())
        try {
            $null = $worker.AddScript("param(`$splat) Import-Module '$(Join-Path $ExoModulePath 'ExoConnect.psd1')'; $Script").AddArgument($With)
            $null = $worker.Invoke()
            $worker.Streams.Progress | Where-Object Activity -NotLike 'Preparing modules*'
        }
        finally {
            $worker.Dispose()
        }
    }
}

AfterAll {
    Stop-All
}

Describe 'Progress' {
    It 'of a long list tells objects, rate and page, and goes away at the end' {
        $shown = @(Get-Progress 'Invoke-ExoCommand Get-User @{ ResultSize = "Unlimited" } -PageSize 50')

        $shown.Count | Should -BeGreaterThan 2
        $shown.Activity | Sort-Object -Unique | Should -Be 'Get-User'
        $shown.ActivityId | Sort-Object -Unique | Should -HaveCount 1
        $shown[-2].StatusDescription | Should -Match '^\d+ objects, [\d.]+/s, page \d'
        $shown[-2].PercentComplete | Should -Be -1
        $shown.RecordType | Select-Object -SkipLast 1 | Should -Not -Contain 'Completed'
        $shown[-1].RecordType | Should -Be 'Completed'
    }

    It 'of a list with a limit tells how far it is' {
        $shown = @(Get-Progress 'Invoke-ExoCommand Get-User @{ ResultSize = 250 } -PageSize 50')

        $shown[-2].StatusDescription | Should -Match '^\d+ of up to 250 objects, .* left$'
        $shown[-2].PercentComplete | Should -BeIn (20..100)
        $shown[-2].SecondsRemaining | Should -BeGreaterOrEqual 0
    }

    It 'of the session''s commands is shown too' {
        $shown = @(Get-Progress 'Get-User -ResultSize Unlimited; Get-CASMailbox -ResultSize 300 | Out-Null')

        $shown.Where{ $_.Activity -eq 'Get-CASMailbox' }.Count | Should -BeGreaterThan 2
    }

    It 'of many cmdlets out of a pipeline counts them, with their failures' {
        $shown = @(Get-Progress '1..400 | ForEach-Object { @{ Identity = $_ % 100 ? "adele.vance" : "nobody" }; Start-Sleep -Milliseconds 5 } | Invoke-ExoCommand Get-User -ErrorAction SilentlyContinue')

        $shown[0].Activity | Should -Be 'Invoke-ExoCommand'
        $shown[0].StatusDescription | Should -Match '^\d+ done'
        $shown[-2].StatusDescription | Should -Match '\d+/s, \d+ failed'
        $shown[-1].RecordType | Should -Be 'Completed'
    }

    It 'of tables given at once knows the total' {
        $shown = @(Get-Progress '$all = 1..80 | ForEach-Object { @{ Identity = "adele.vance" } }; Invoke-ExoCommand Get-User $all -ThrottleLimit 2')

        $shown[-2].StatusDescription | Should -Match '^\d+ of 80, [\d.]+/s, \d+ s left$'
        $shown[-2].PercentComplete | Should -BeIn (1..100)
    }

    It 'goes away where the pipeline ends early: <_>' -ForEach @(
        'Invoke-ExoCommand Get-User @{ ResultSize = "Unlimited" } -PageSize 50 | Select-Object -First 180'
        '1..300 | ForEach-Object { @{ Identity = "adele.vance" }; Start-Sleep -Milliseconds 5 } | Invoke-ExoCommand Get-User | Select-Object -First 180'
        'try { 1..400 | ForEach-Object { @{ Identity = $_ -eq 250 ? "nobody" : "adele.vance" }; Start-Sleep -Milliseconds 5 } | Invoke-ExoCommand Get-User -ErrorAction Stop } catch { }'
    ) {
        $shown = @(Get-Progress $_)

        $shown.Count | Should -BeGreaterThan 1
        $shown[-1].RecordType | Should -Be 'Completed'
    }

    It 'is not shown with <_>' -ForEach @(
        '$ProgressPreference = "SilentlyContinue"; Invoke-ExoCommand Get-User @{ ResultSize = "Unlimited" } -PageSize 50'
        '& { $ProgressPreference = "SilentlyContinue"; Get-User -ResultSize 200; Get-CASMailbox -ResultSize 300 | Out-Null }'
        'Invoke-ExoCommand Get-User @{ ResultSize = "Unlimited" } -PageSize 50 -ShowProgress:$false'
        'Get-CASMailbox -ResultSize 300 -ProgressAction SilentlyContinue'
    ) {
        Get-Progress $_ | Should -BeNullOrEmpty
    }

    It 'of connecting tells the step' {
        $slow = $splat.Clone()
        $slow.Organization = $tenant.tenantId

        $shown = @(Get-Progress 'Connect-ExchangeOnline @splat -NoCache; Disconnect-ExchangeOnline -ConnectionId (Get-ConnectionInformation)[-1].ConnectionId -Confirm:$false' $slow)
        $shown[0].Activity | Should -Be "Connect-ExchangeOnline $($tenant.tenantId)"
        $shown[0].StatusDescription | Should -Be 'Signing in'
        $shown[-1].RecordType | Should -Be 'Completed'
    }

    It 'can be turned off for a session' {
        $slow = $splat.Clone()
        $slow.Organization = $tenant.tenantId

        Get-Progress @'
            Connect-ExchangeOnline @splat -ShowProgress $false -Prefix Quiet
            Get-QuietUser -ResultSize 200
            Get-QuietCASMailbox -ResultSize 300 | Out-Null
            Disconnect-ExchangeOnline -ConnectionId (Get-ConnectionInformation)[-1].ConnectionId -Confirm:$false
'@ $slow | Should -BeNullOrEmpty
    }
}
