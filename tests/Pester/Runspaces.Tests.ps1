BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    Import-ExoConnect
    $tenant = Start-LocalTenant -Mailboxes 200
    $splat = $tenant.Splat
    $manifest = Join-Path $ExoModulePath 'ExoConnect.psd1'

    # Two runspaces that were there, with the module, before anybody connected.
    $state = [initialsessionstate]::CreateDefault2()
    $state.ImportPSModule($manifest)
    $early = [runspacefactory]::CreateRunspacePool($state)
    $null = $early.SetMinRunspaces(2)
    $early.Open()
    $null = [powershell]::Create().AddScript('1').Invoke()

    Connect-ExchangeOnline @splat
    Connect-IPPSSession @splat -Prefix Cc -CommandName *-Label
}

AfterAll {
    $early.Dispose()
    Stop-All
}

Describe 'A session' {
    It 'works in ForEach-Object -Parallel' {
        $found = 0..7 | ForEach-Object -Parallel {
            Import-Module $using:manifest
            Get-Mailbox "m$_@contoso.onmicrosoft.com"
        } -ThrottleLimit 4

        $found | Should -HaveCount 8
        $found.Alias | Sort-Object -Unique | Should -HaveCount 8
        $found[0].PSObject.TypeNames | Should -Contain 'ExoConnect.Mailbox'
        @($found[0].PSObject.Properties).Count | Should -BeGreaterThan 240 -Because 'an object of another runspace is whole here'
    }

    It 'brings the commands of all sessions to whoever imports the module' {
        $names = 1 | ForEach-Object -Parallel {
            Import-Module $using:manifest
            (Get-Command -Module ExoConnect.*).Count
            (Get-Command Get-CcLabel).Source
        }

        $names[0] | Should -Be (Get-Command -Module ExoConnect.*).Count
        $names[1] | Should -Match 'ExoConnect\.ExchangeOnlineProtection'
    }

    It 'takes objects of another runspace as identities' {
        $mailboxes = Get-Mailbox -ResultSize 4 -WarningAction Ignore

        $sizes = $mailboxes | ForEach-Object -Parallel {
            Import-Module $using:manifest
            $_ | Get-MailboxStatistics
        }

        $sizes.DisplayName | Sort-Object | Should -Be ($mailboxes.DisplayName | Sort-Object)
    }

    It 'works in thread jobs' {
        $jobs = 1..3 | ForEach-Object {
            Start-ThreadJob { param($manifest) Import-Module $manifest; (Get-ConnectionInformation).Name; (Get-Mailbox adele.vance).Alias } -ArgumentList $manifest
        }

        $said = $jobs | Receive-Job -Wait -AutoRemoveJob
        @($said -eq 'adele.vance') | Should -HaveCount 3
        @($said -like 'ExchangeOnline_*') | Should -HaveCount 3
    }

    It 'works in a pool of runspaces that imported the module before' {
        $workers = 1..6 | ForEach-Object {
            $worker = [powershell]::Create()
            $worker.RunspacePool = $early
            $null = $worker.AddScript('(Invoke-ExoCommand Get-Mailbox @{ Identity = "adele.vance" }).Alias; (Get-EXOMailbox anton.marino).Alias')
            @{ Worker = $worker; Running = $worker.BeginInvoke() }
        }

        foreach ($one in $workers) {
            $one.Worker.EndInvoke($one.Running) | Should -Be 'adele.vance', 'anton.marino'
            $one.Worker.Streams.Error | Should -BeNullOrEmpty
            $one.Worker.Dispose()
        }
    }

    It 'brings its commands to such a runspace when the module is imported again' {
        $worker = [powershell]::Create()
        $worker.RunspacePool = $early
        $said = $worker.AddScript("Import-Module '$manifest' -Force; (Get-Mailbox adele.vance).Alias").Invoke()

        $said | Should -Be 'adele.vance'
        $worker.Dispose()
    }

    It 'has errors and warnings of its own in each runspace' {
        $said = 'nobody1', 'nobody2' | ForEach-Object -Parallel {
            Import-Module $using:manifest
            Get-Mailbox $_ -ErrorAction SilentlyContinue -ErrorVariable failed
            $null = Get-Mailbox -ResultSize 1 -WarningAction SilentlyContinue -WarningVariable warned
            "$($failed.TargetObject) $($warned.Count)"
        }

        $said | Sort-Object | Should -Be 'nobody1 1', 'nobody2 1'
    }

    It 'is shared under load without a mix-up' {
        $wrong = 0..3 | ForEach-Object -Parallel {
            Import-Module $using:manifest
            foreach ($i in 0..9) {
                $number = $_ * 40 + $i
                $mailbox = Get-Mailbox "m$number@contoso.onmicrosoft.com"
                if ($mailbox.EmailAddresses -notcontains "smtp:m$number@contoso.onmicrosoft.com") { $number }
            }
        }

        $wrong | Should -BeNullOrEmpty
    }
}

Describe 'A process of its own' {
    It 'has no session, and the error says how to get one: Start-Job' {
        $job = Start-Job { param($manifest) Import-Module $manifest; Invoke-ExoCommand Get-Mailbox } -ArgumentList $manifest
        $null = $job | Wait-Job

        $job | Receive-Job -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'NotConnected*'
        $failed[0].ErrorDetails.RecommendedAction | Should -Match 'Start-Job and remoting start another'
        $failed[0].ErrorDetails.RecommendedAction | Should -Match 'ForEach-Object -Parallel and Start-ThreadJob share'
        $job | Remove-Job
    }

    It 'can connect by itself' {
        $job = Start-Job {
            param($manifest, $splat)
            Import-Module $manifest
            Connect-ExchangeOnline @splat -CommandName Get-Mailbox
            Get-Mailbox adele.vance
        } -ArgumentList $manifest, $splat

        $mailbox = $job | Receive-Job -Wait -AutoRemoveJob
        $mailbox.PSObject.TypeNames | Should -Contain 'Deserialized.ExoConnect.Mailbox'
        (Get-Mailbox -Identity $mailbox).Alias | Should -Be 'adele.vance'
    }
}
