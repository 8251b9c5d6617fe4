BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    Import-ExoConnect

    # The second token is refused; so is the first change of a contact, for a reason that has nothing to do with it.
    $tenant = Start-LocalTenant -Mailboxes 20 -Fault @(
        @{ service = 'entra'; path = '/token'; skip = 2; times = 1; status = 401
           content = '{"error":"invalid_client","error_description":"AADSTS7000222: The certificate is gone.","error_codes":[7000222]}' }
        @{ cmdlet = 'Set-Contact'; times = 1; status = 503; body = 'html' }
        @{ cmdlet = 'Get-Contact'; delay = 30000 }
    ) -Arguments '--token-lifetime', '2s'
    $splat = $tenant.Splat

    # Long-lived tokens, for the tests that are not about them.
    $other = Start-LocalTenant -Mailboxes 20
    $calm = $other.Splat

    # Another runspace of this process, with the module.
    function New-Worker {
        $state = [initialsessionstate]::CreateDefault2()
        $worker = [powershell]::Create($state)
        $null = $worker.AddCommand('Import-Module').AddParameter('Name', (Join-Path $ExoModulePath 'ExoConnect.psd1')).Invoke()
        $worker.Commands.Clear()
        $worker
    }
}

AfterAll {
    Stop-All
}

Describe 'Get-ConnectionInformation' {
    BeforeAll {
        Connect-ExchangeOnline @calm -CommandName Get-Mailbox
        Connect-IPPSSession @calm -CommandName Get-Label -Prefix Cc
        $exchange, $compliance = Get-ConnectionInformation
    }

    AfterAll {
        Disconnect-ExchangeOnline
    }

    It 'has the properties of EXO, and some of its own' {
        $exchange.PSObject.Properties.Name | Should -Be @(
            'ConnectionId', 'State', 'Id', 'Name', 'UserPrincipalName', 'ConnectionUri', 'AzureAdAuthorizationEndpointUri', 'TokenExpiryTimeUTC',
            'CertificateAuthentication', 'ModuleName', 'ModulePrefix', 'Organization', 'DelegatedOrganization', 'AppId', 'PageSize', 'TenantID',
            'TokenStatus', 'ConnectionUsedForInbuiltCmdlets', 'IsEopSession', 'Roles', 'Permissions', 'IsDefault', 'Service', 'SignInMethod',
            'EnvironmentName', 'Services', 'Tokens', 'LogPath')
    }

    It 'tells what a session is' {
        $exchange.Name | Should -Match '^ExchangeOnline_\d+$'
        $exchange.ConnectionId | Should -BeOfType guid
        $exchange.ConnectionUri | Should -Be $other.exchange
        $exchange.AzureAdAuthorizationEndpointUri | Should -Be "$($other.signIn)/contoso.onmicrosoft.com"
        $exchange.TokenExpiryTimeUTC | Should -BeOfType ([DateTimeOffset])
        $exchange.TokenExpiryTimeUTC | Should -BeGreaterThan ([datetime]::UtcNow.AddMinutes(50))
        $exchange.TokenStatus | Should -Be 'Active'
        $exchange.Organization | Should -Be 'contoso.onmicrosoft.com'
        $exchange.AppId | Should -Be $other.appId
        $exchange.TenantID | Should -Be $other.tenantId
        $exchange.ModuleName | Should -Be "ExoConnect.$($exchange.Name)"
        $exchange.UserPrincipalName | Should -Be "OAuthUser@$($tenant.organization)"
        $exchange.Roles | Should -Be 'Global Administrator'
        $exchange.Permissions | Should -Be 'Exchange.ManageAsApp'
        $exchange.IsEopSession | Should -BeFalse
        $exchange.PageSize | Should -Be 1000
    }

    It 'tells Security & Compliance by its own name, prefix and region' {
        $compliance.Name | Should -Match '^ExchangeOnlineProtection_\d+$'
        $compliance.IsEopSession | Should -BeTrue
        $compliance.ModulePrefix | Should -Be 'Cc'
        $compliance.ConnectionUri | Should -Match 'nam12b\.ps\.compliance\.protection\.exoconnect\.localhost'
        $compliance.ConnectionUsedForInbuiltCmdlets | Should -BeTrue
    }

    It 'finds a session by its id or prefix' {
        (Get-ConnectionInformation -ConnectionId $exchange.ConnectionId).Name | Should -Be $exchange.Name
        (Get-ConnectionInformation -ModulePrefix cc).Name | Should -Be $compliance.Name
        Get-ConnectionInformation -ModulePrefix Nothing | Should -BeNullOrEmpty
    }

    It 'shows a table' {
        $table = Get-ConnectionInformation | Out-String -Width 80

        $table | Should -Match 'Id\s+\*\s+Name\s+State\s+Prefix\s+Organization'
        $table | Should -Match "$($exchange.Name)\s+Connected\s+contoso\.onmicrosoft\.com"
    }

    It 'says which session the module''s own cmdlets use' {
        Connect-ExchangeOnline @calm -CommandName Get-User
        try {
            $sessions = Get-ConnectionInformation | Where-Object IsEopSession -EQ $false

            $sessions.ConnectionUsedForInbuiltCmdlets | Should -Be $false, $true
            $sessions[0].Id | Should -BeLessThan $sessions[1].Id
        }
        finally {
            Disconnect-ExchangeOnline -ConnectionId $sessions[1].ConnectionId
        }
    }
}

Describe 'The state of a session' {
    AfterEach {
        Disconnect-ExchangeOnline
    }

    It 'goes from Connected to TokenExpired and back, as sign-in fails and works again' {
        Connect-ExchangeOnline @splat -NoCache -CommandName Get-AcceptedDomain
        (Get-ConnectionInformation).State | Should -Be 'Connected'
        $deadline = [datetime]::UtcNow.AddSeconds(20)
        do {
            Start-Sleep -Milliseconds 300
            $null = Get-AcceptedDomain -ErrorAction SilentlyContinue -ErrorVariable failed
        } until ($failed -or [datetime]::UtcNow -gt $deadline)

        (Get-ConnectionInformation).State | Should -Be 'TokenExpired'
        $failed[0].CategoryInfo.Category | Should -Be 'AuthenticationError'
        $failed[0].Exception.Message | Should -Match 'AADSTS7000222'

        Get-AcceptedDomain | Should -Not -BeNullOrEmpty
        (Get-ConnectionInformation).State | Should -Be 'Connected'
    }

    It 'goes to Broken while the service is away' {
        Connect-ExchangeOnline @splat -NoCache -CommandName Set-Contact, Get-AcceptedDomain

        Set-Contact anybody -ErrorAction SilentlyContinue -ErrorVariable failed

        $failed[0].CategoryInfo.Category | Should -Be 'ResourceUnavailable'
        (Get-ConnectionInformation).State | Should -Be 'Broken'
        $null = Get-AcceptedDomain
        (Get-ConnectionInformation).State | Should -Be 'Connected'
    }

    It 'stays Connected where the service only says no' {
        Connect-ExchangeOnline @calm -CommandName Get-Mailbox

        Get-Mailbox nobody -ErrorAction SilentlyContinue

        (Get-ConnectionInformation).State | Should -Be 'Connected'
    }
}

Describe 'Disconnect-ExchangeOnline' {
    BeforeEach {
        Connect-ExchangeOnline @calm -CommandName Get-Mailbox
        Connect-ExchangeOnline @calm -CommandName Get-Mailbox -Prefix Two
        Connect-IPPSSession @calm -CommandName Get-Label
        $first, $second, $third = Get-ConnectionInformation
    }

    AfterEach {
        Disconnect-ExchangeOnline
    }

    It 'ends all sessions' {
        Disconnect-ExchangeOnline -Confirm:$false

        Get-ConnectionInformation | Should -BeNullOrEmpty
        Get-Command Get-Mailbox, Get-TwoMailbox, Get-Label -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'ends none with -WhatIf, and says which it would' {
        Disconnect-ExchangeOnline -WhatIf

        Get-ConnectionInformation | Should -HaveCount 3
    }

    It 'ends those with the ids given' {
        Disconnect-ExchangeOnline -ConnectionId $first.ConnectionId, $third.ConnectionId

        (Get-ConnectionInformation).Name | Should -Be $second.Name
    }

    It 'ends those that come by the pipeline' {
        Get-ConnectionInformation -ModulePrefix Two | Disconnect-ExchangeOnline

        (Get-ConnectionInformation).Name | Should -Be $first.Name, $third.Name
    }

    It 'ends those with the prefixes given' {
        Disconnect-ExchangeOnline -ModulePrefix two

        (Get-ConnectionInformation).Name | Should -Be $first.Name, $third.Name
    }

    It 'says so where there is no such session, and ends the others' {
        Disconnect-ExchangeOnline -ConnectionId ([guid]::Empty), $first.ConnectionId -ErrorVariable failed -ErrorAction SilentlyContinue

        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'SessionNotFound,*'
        $failed[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        Get-ConnectionInformation | Should -HaveCount 2
    }

    It 'is silent where there is nothing to end' {
        Disconnect-ExchangeOnline

        Disconnect-ExchangeOnline -ErrorVariable failed
        $failed | Should -BeNullOrEmpty
    }
}

Describe 'A session that has ended' {
    It 'is named by the error of whoever uses it' {
        Connect-ExchangeOnline @calm -CommandName Get-Mailbox
        $session = Get-ConnectionInformation
        $saved = Get-Command Get-Mailbox
        Disconnect-ExchangeOnline

        & $saved -ErrorVariable failed -ErrorAction SilentlyContinue

        $failed[0].FullyQualifiedErrorId | Should -BeLike 'SessionDisconnected,*'
        $failed[0].CategoryInfo.Category | Should -Be 'InvalidOperation'
        $failed[0].ErrorDetails.Message | Should -Match "$($session.Name) to contoso\.onmicrosoft\.com was disconnected"
        $failed[0].ErrorDetails.RecommendedAction | Should -Match 'Connect-ExchangeOnline'
    }

    It 'gives what is under way an error at once' {
        Connect-ExchangeOnline @splat -NoCache -CommandName Get-Contact
        $session = Get-ConnectionInformation
        $worker = New-Worker
        try {
            $null = $worker.AddScript('Get-Contact -ErrorVariable failed -ErrorAction SilentlyContinue; $failed')
            Watch-Wire
            $running = $worker.BeginInvoke()
            while (-not (Get-WireRequest Get-Contact)) { Start-Sleep -Milliseconds 20 }

            Disconnect-ExchangeOnline
            $running.AsyncWaitHandle.WaitOne(15000) | Should -BeTrue -Because 'the response would take 30 seconds'

            $failed = $worker.EndInvoke($running)
            $failed[0].FullyQualifiedErrorId | Should -BeLike 'SessionDisconnected,*'
            "$($failed[0].Exception.Message)" | Should -Match $session.Name
        }
        finally {
            $worker.Dispose()
        }
    }
}

Describe 'A session that ends in mid-run' {
    It 'leaves each of many calls an error with its own input' {
        Connect-ExchangeOnline @calm -CommandName Get-Mailbox
        1..60 | ForEach-Object { if ($_ -eq 40) { Disconnect-ExchangeOnline }; "nobody$_" } | Get-Mailbox -ErrorVariable failed -ErrorAction SilentlyContinue

        $failed.TargetObject | Should -Be (1..60).ForEach{ "nobody$_" }
        $failed[-1].FullyQualifiedErrorId | Should -BeLike 'SessionDisconnected,*'
    }
}

Describe 'Without a session' {
    It 'Invoke-ExoCommand says how to get one' {
        try { Invoke-ExoCommand Get-Mailbox } catch { $failure = $_ }

        $failure.FullyQualifiedErrorId | Should -BeLike 'NotConnected,*'
        $failure.ErrorDetails.RecommendedAction | Should -Match 'Connect-ExchangeOnline'
        $failure.ErrorDetails.RecommendedAction | Should -Match 'Start-Job'
    }
}

Describe 'All runspaces of the process' {
    AfterEach {
        Disconnect-ExchangeOnline
    }

    It 'have the session, whether they imported the module before or after' {
        $before = New-Worker
        Connect-ExchangeOnline @calm -CommandName Get-Mailbox
        $after = New-Worker
        try {
            foreach ($worker in $before, $after) {
                $null = $worker.AddScript('(Get-ConnectionInformation).Name; (Invoke-ExoCommand Get-Mailbox @{ Identity = "adele.vance" }).Alias')

                $worker.Invoke() | Should -Be (Get-ConnectionInformation).Name, 'adele.vance'
                $worker.Streams.Error | Should -BeNullOrEmpty
            }
        }
        finally {
            $before.Dispose()
            $after.Dispose()
        }
    }

    It 'lose it when one of them disconnects' {
        Connect-ExchangeOnline @calm -CommandName Get-Mailbox
        $worker = New-Worker
        try {
            $null = $worker.AddScript('Disconnect-ExchangeOnline').Invoke()
            $worker.Streams.Error | Should -BeNullOrEmpty

            Get-ConnectionInformation | Should -BeNullOrEmpty
            Get-Mailbox -ErrorVariable failed -ErrorAction SilentlyContinue
            $failed[0].FullyQualifiedErrorId | Should -BeLike 'SessionDisconnected,*'
        }
        finally {
            $worker.Dispose()
        }
    }

    It 'keep the session when one of them removes the module' {
        Connect-ExchangeOnline @calm -CommandName Get-Mailbox
        $worker = New-Worker
        try {
            $null = $worker.AddScript('Remove-Module ExoConnect; Get-Command -Module ExoConnect*').Invoke() | Should -BeNullOrEmpty
            (Get-Mailbox adele.vance).Alias | Should -Be 'adele.vance'
        }
        finally {
            $worker.Dispose()
        }
    }
}
