BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    Import-ExoConnect
    $tenant = Start-LocalTenant -Mailboxes 1000 -Fault @(
        @{ cmdlet = 'Get-MailboxPlan'; delay = 30000 }
        @{ cmdlet = 'Get-CASMailbox'; slow = 2000 }
        @{ cmdlet = 'EXOModuleFile'; skip = 3; times = 1; delay = 30000 }
        @{ path = '/token'; skip = 2; times = 1; delay = 30000 }
        @{ cmdlet = 'Get-User'; delay = 150 }
        @{ cmdlet = 'Get-SharingPolicy'; status = 403; body = 'nulgzip' }
        @{ cmdlet = 'Get-RetentionPolicy'; status = 403; content = '{"error":{"code":"Forbidden","message":"The role assigned to application isn''t supported in this scenario."}}' }
        @{ cmdlet = 'New-SharingPolicy'; status = 502; body = 'html' }
        @{ cmdlet = 'Get-RemoteDomain'; status = 200; content = '{"@adminapi.warnings":["Mind the gap."],"@adminapi.errors":["|System.Exception|The second one is lost."],"value":[{"Name":"first"},{"Name":"third"}]}' }
        @{ cmdlet = 'Get-JournalRule'; status = 200; content = '{"value":[{"Name":"one"},{"Na' }
    )
    $splat = $tenant.Splat
    Connect-ExchangeOnline @splat
    Connect-IPPSSession @splat -Prefix Cc -EnableSearchOnlySession -CommandName Get-Label
    Watch-Wire

    # How long a runspace takes to stop what it runs, in milliseconds from Ctrl+C.
    function Measure-Stop([string] $Script, [string] $Cmdlet) {
        $state = [initialsessionstate]::CreateDefault2()
        $worker = [powershell]::Create($state)
        try {
            $null = $worker.AddCommand('Import-Module').AddParameter('Name', (Join-Path $ExoModulePath 'ExoConnect.psd1')).Invoke()
            $worker.Commands.Clear()
            $null = $worker.AddScript($Script).AddArgument($splat)
            $before = @(Get-WireRequest $Cmdlet).Count
            $running = $worker.BeginInvoke()
            $deadline = [datetime]::UtcNow.AddSeconds(20)
            while (@(Get-WireRequest $Cmdlet).Count -eq $before) {
                if ([datetime]::UtcNow -gt $deadline) { throw "$Cmdlet was not asked for: $($worker.Streams.Error)" }
                Start-Sleep -Milliseconds 20
            }

            Start-Sleep -Milliseconds 100
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $worker.Stop()
            $watch.ElapsedMilliseconds
            $running.IsCompleted | Should -BeTrue
            $worker.InvocationStateInfo.State | Should -Be 'Stopped'
        }
        finally {
            $worker.Dispose()
        }
    }
}

AfterAll {
    Stop-All
}

Describe 'A cmdlet by its name' {
    It 'runs, with its parameters as a table' {
        (Invoke-ExoCommand Get-Mailbox @{ Identity = 'adele.vance' }).PrimarySmtpAddress | Should -Be 'adele.vance@contoso.onmicrosoft.com'
        (Invoke-ExoCommand -Name get-mailbox -Parameters @{ identity = 'adele.vance' }).Alias | Should -Be 'adele.vance'
    }

    It 'changes what it is to change' {
        Invoke-ExoCommand Set-Mailbox @{ Identity = 'adele.vance'; CustomAttribute1 = 'blue'; HiddenFromAddressListsEnabled = $true } | Should -BeNullOrEmpty

        $mailbox = Invoke-ExoCommand Get-Mailbox @{ Identity = 'adele.vance' }
        $mailbox.CustomAttribute1 | Should -Be 'blue'
        $mailbox.HiddenFromAddressListsEnabled | Should -BeTrue
    }

    It 'takes names and tables from the pipeline' {
        $found = [pscustomobject]@{ Name = 'Get-Mailbox'; Parameters = @{ Identity = 'adele.vance' } },
            [pscustomobject]@{ Name = 'Get-AcceptedDomain'; Parameters = @{ Identity = 'contoso.com' } } | Invoke-ExoCommand

        $found.Name | Should -Be 'adele.vance', 'contoso.com'
    }

    It 'runs in the latest session that has it, or the one that is named' {
        $exchange, $compliance = Get-ConnectionInformation

        Invoke-ExoCommand Get-AcceptedDomain | Should -Not -BeNullOrEmpty
        Invoke-ExoCommand Get-ComplianceSearch -Connection $compliance.Name | Should -Not -BeNullOrEmpty
        Invoke-ExoCommand Get-ComplianceSearch -Connection $compliance.ConnectionId | Should -Not -BeNullOrEmpty
        Invoke-ExoCommand Get-AcceptedDomain -Connection $exchange.Id | Should -Not -BeNullOrEmpty
    }

    It 'returns only the properties asked for, and shows all of those' {
        $mailbox = Invoke-ExoCommand Get-Mailbox @{ Identity = 'adele.vance' } -Property Alias, Office

        $mailbox.PSObject.Properties.Name | Sort-Object | Should -Be 'Alias', 'Office' -Because 'nothing else is fetched'
        $mailbox | Out-String | Should -Match '(Alias\s+Office|Office\s+Alias)'
        (Get-WireRequest Get-Mailbox)[-1].Uri | Should -Match '\$select=Alias,Office'
    }

    It 'says what is wrong before it sends anything: <Id>' -ForEach @(
        @{ Id = 'InvalidCmdletName'; Call = @{ Name = 'Mailbox' } }
        @{ Id = 'InvalidPropertyName'; Call = @{ Name = 'Get-Mailbox'; Property = 'Ali*' } }
        @{ Id = 'SessionNotFound'; Call = @{ Name = 'Get-Mailbox'; Connection = 'Nowhere' } }
        @{ Id = 'ParameterArgumentValidationError'; Call = @{ Name = 'Get-Mailbox'; PageSize = 2000 } }
    ) {
        [ExoWire]::Clear()

        try { Invoke-ExoCommand @Call } catch { $failure = $_ }

        $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*ExoConnect.Cmdlets.InvokeExoCommandCommand"
        $failure.CategoryInfo.Category | Should -BeIn 'InvalidArgument', 'ObjectNotFound', 'InvalidData'
        [ExoWire]::Requests | Should -BeNullOrEmpty
    }

    It 'prints what the service would do, with -WhatIf among its parameters' {
        $said = Invoke-ExoCommand Set-Mailbox @{ Identity = 'adele.vance'; CustomAttribute2 = 'never'; WhatIf = $true } 6>&1

        "$said" | Should -Match 'Setting mailbox Identity:"adele.vance"'
        (Invoke-ExoCommand Get-Mailbox @{ Identity = 'adele.vance' }).CustomAttribute2 | Should -BeNullOrEmpty
    }
}

Describe 'Asking before a change' {
    BeforeEach {
        [ExoWire]::Clear()
    }

    It '-WhatIf lets the service say what it would do, and nothing happens' {
        $said = Invoke-ExoCommand Set-Mailbox @{ Identity = 'adele.vance'; CustomAttribute7 = 'never' } -WhatIf 6>&1

        "$said" | Should -Match 'Setting mailbox Identity:"adele.vance"'
        (Get-WireParameter Set-Mailbox).WhatIf | Should -BeExactly $true
        (Invoke-ExoCommand Get-Mailbox @{ Identity = 'adele.vance' }).CustomAttribute7 | Should -BeNullOrEmpty
    }

    It '$WhatIfPreference does as well, and reads are read' {
        $WhatIfPreference = $true
        $said = @{ Identity = 'adele.vance'; CustomAttribute7 = 'never' }, @{ Identity = 'anton.marino'; CustomAttribute7 = 'never' } | Invoke-ExoCommand Set-Mailbox 6>&1
        $found = Invoke-ExoCommand Get-Mailbox @{ Identity = 'adele.vance' }
        $WhatIfPreference = $false

        "$said" | Should -Match 'Identity:"adele.vance".*Identity:"anton.marino"'
        $found.CustomAttribute7 | Should -BeNullOrEmpty
    }

    It '-WhatIf sends nothing that has no WhatIf, and leaves a checkpoint alone' {
        $file = Join-Path $TestDrive 'what.checkpoint'
        Invoke-ExoCommand Make-Trouble @{ Identity = 'adele.vance' } -WhatIf
        Invoke-ExoCommand Start-HistoricalSearch @{ ReportTitle = 'x' } -WhatIf
        Get-WireRequest | Should -BeNullOrEmpty
        Invoke-ExoCommand Set-Mailbox @{ Identity = 'adele.vance'; CustomAttribute7 = 'never' } -CheckpointPath $file -WhatIf 6> $null
        Test-Path $file | Should -BeFalse
    }

    It 'WhatIf among the parameters goes on working' {
        $said = Invoke-ExoCommand Set-Mailbox @{ Identity = 'adele.vance'; CustomAttribute7 = 'never'; WhatIf = $true } 6>&1

        "$said" | Should -Match 'Setting mailbox Identity:"adele.vance"'
        (Invoke-ExoCommand Get-Mailbox @{ Identity = 'adele.vance' }).CustomAttribute7 | Should -BeNullOrEmpty
    }

    It '-Confirm asks; where nobody can answer nothing is sent, and nobody is asked otherwise' {
        { Invoke-ExoCommand Set-Mailbox @{ Identity = 'adele.vance'; CustomAttribute7 = 'never' } -Confirm } | Should -Throw
        Get-WireRequest | Should -BeNullOrEmpty
        (Invoke-ExoCommand Get-Mailbox @{ Identity = 'adele.vance' } -Confirm).Alias | Should -Be 'adele.vance'

        $null = Invoke-ExoCommand New-MailContact @{ Name = 'Asked Nobody'; ExternalEmailAddress = 'asked@example.com' }
        Invoke-ExoCommand Remove-MailContact @{ Identity = 'Asked Nobody' }
        Invoke-ExoCommand Get-MailContact @{ Identity = 'Asked Nobody' } -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
    }

    It 'is no question where a cmdlet cannot be sent' {
        { Invoke-ExoCommand Set-Mailbox @{ Identity = '' } -Confirm -ErrorAction Stop } | Should -Throw -ErrorId 'BlankParameter,*'
    }
}

Describe 'A long listing' {
    BeforeEach {
        [ExoWire]::Clear()
    }

    It 'gives its first object while most pages are still to come' {
        $seen = 0
        Invoke-ExoCommand Get-User @{ ResultSize = 'Unlimited' } -PageSize 100 | ForEach-Object {
            if ($seen++ -eq 0) { $requests = @(Get-WireRequest Get-User).Count }
        }

        $seen | Should -Be 1000
        @(Get-WireRequest Get-User) | Should -HaveCount 10
        $requests | Should -BeLessOrEqual 2 -Because 'the page after the first may be on its way'
    }

    It 'ends with Select-Object -First' {
        $first = Invoke-ExoCommand Get-User @{ ResultSize = 'Unlimited' } -PageSize 100 | Select-Object -First 3
        $sent = @(Get-WireRequest Get-User).Count
        Start-Sleep -Milliseconds 400

        $first | Should -HaveCount 3
        $sent | Should -BeLessOrEqual 2
        @(Get-WireRequest Get-User) | Should -HaveCount $sent -Because 'nothing is asked for any more'
    }

    It 'ends with a break out of its loop' {
        foreach ($once in 1) {
            Invoke-ExoCommand Get-User @{ ResultSize = 'Unlimited' } -PageSize 100 | ForEach-Object { break }
        }

        $sent = @(Get-WireRequest Get-User).Count
        Start-Sleep -Milliseconds 400
        @(Get-WireRequest Get-User) | Should -HaveCount $sent
    }

    It 'warns where the service has more than it gave' {
        $found = Invoke-ExoCommand Get-Mailbox @{ ResultSize = 5 } -WarningVariable warned -WarningAction SilentlyContinue

        $found | Should -HaveCount 5
        $warned | Should -Match 'more results available'
    }
}

Describe 'Ctrl+C' {
    BeforeAll {
        [ExoWire]::Clear()
    }

    It 'ends <What> within a second' -ForEach @(
        @{ What = 'Invoke-ExoCommand that waits for a response'; Script = 'Invoke-ExoCommand Get-MailboxPlan'; Cmdlet = 'Get-MailboxPlan' }
        @{ What = 'a command that waits for a response'; Script = 'Get-MailboxPlan'; Cmdlet = 'Get-MailboxPlan' }
        @{ What = 'a command that reads a long response slowly'; Script = 'Get-CASMailbox -ResultSize Unlimited | Out-Null'; Cmdlet = 'Get-CASMailbox' }
        @{ What = 'a listing of many pages'; Script = 'Invoke-ExoCommand Get-User @{ ResultSize = "Unlimited" } -PageSize 10'; Cmdlet = 'Get-User' }
    ) {
        $best = (1, 2 | ForEach-Object { Measure-Stop $Script $Cmdlet } | Measure-Object -Minimum).Minimum

        $best | Should -BeLessThan 1000
        $deadline = [datetime]::UtcNow.AddSeconds(5)
        while (@(Get-WireRequest $Cmdlet).Where{ -not $_.End } -and [datetime]::UtcNow -lt $deadline) { Start-Sleep -Milliseconds 20 }
        (Get-WireRequest $Cmdlet).End | Should -Contain 'Canceled' -Because 'the request is given up, not forgotten'
    }

    It 'ends Connect while it <While>, and leaves nothing behind' -ForEach @(
        @{ While = 'waits for a token'; Cmdlet = ''; Change = @{ AppId = '11111111-2222-3333-4444-555555555555' } }
        @{ While = 'waits for the list of cmdlets'; Cmdlet = 'EXOModuleFile'; Change = @{} }
    ) {
        $before = @(Get-ConnectionInformation).Count
        $call = 'param($splat) '
        foreach ($name in $Change.Keys) { $call += "`$splat = `$splat.Clone(); `$splat.$name = '$($Change[$name])'; " }

        Measure-Stop "$call Connect-ExchangeOnline @splat -NoCache" $Cmdlet | Should -BeLessThan 1000

        Get-ConnectionInformation | Should -HaveCount $before
    }
}

Describe 'A failure' {
    It 'is an error record with all there is to know' {
        $found = Invoke-ExoCommand Get-Mailbox @{ Identity = 'nobody' } -ErrorVariable failed -ErrorAction SilentlyContinue

        $found | Should -BeNullOrEmpty
        $failed | Should -HaveCount 1
        $failure = $failed[0]
        $failure.FullyQualifiedErrorId | Should -Be 'ManagementObjectNotFoundException,Write-ErrorMessage,ExoConnect.Cmdlets.InvokeExoCommandCommand'
        $failure.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failure.TargetObject | Should -Be 'nobody'
        $failure.Exception.Message | Should -Match "\|The operation couldn't be performed because object 'nobody' couldn't be found"
        $failure.ErrorDetails.Message | Should -Match 'client-request-id: [0-9a-f-]{36}, request-id: [0-9a-f-]{36}'
        $failure.ErrorDetails.RecommendedAction | Should -Match 'replicated'
        $failure.Exception.ClientRequestId | Should -Be (Get-WireRequest Get-Mailbox)[-1].Headers['client-request-id']
    }

    It 'goes on with the next object of the pipeline, or stops if it is told to' {
        $calls = 'nobody', 'adele.vance' | ForEach-Object { [pscustomobject]@{ Name = 'Get-Mailbox'; Parameters = @{ Identity = $_ } } }

        ($calls | Invoke-ExoCommand -ErrorAction SilentlyContinue).Alias | Should -Be 'adele.vance'
        { $calls | Invoke-ExoCommand -ErrorAction Stop } | Should -Throw -ErrorId 'ManagementObjectNotFoundException,*'
    }

    It 'has the category and id of its kind: <Id>' -ForEach @(
        @{ Id = 'AmbiguousParameterSetException'; Category = 'InvalidArgument'; Name = 'Get-Mailbox'; Parameters = @{ Colour = 'blue' }; Says = 'Colour' }
        @{ Id = 'ParameterTransformationException'; Category = 'InvalidArgument'; Name = 'Set-Mailbox'; Parameters = @{ Identity = 'adele.vance'; Type = 'Boat' }; Says = 'Equipment' }
        @{ Id = 'ProxyAddressExistsException'; Category = 'ResourceExists'; Name = 'New-Mailbox'; Parameters = @{ Name = 'adele.vance'; Shared = $true }; Says = 'adele\.vance' }
        @{ Id = '*'; Category = 'PermissionDenied'; Name = 'Get-SharingPolicy'; Parameters = @{}; Says = 'Get-SharingPolicy' }
        @{ Id = '*'; Category = 'PermissionDenied'; Name = 'Get-RetentionPolicy'; Parameters = @{}; Says = 'role' }
        @{ Id = '*'; Category = 'ResourceUnavailable'; Name = 'New-SharingPolicy'; Parameters = @{ Name = 'x'; Domains = 'y:FreeBusySimple' }; Says = "responded to 'New-SharingPolicy' with 502" }
        @{ Id = '*'; Category = 'InvalidData'; Name = 'Get-JournalRule'; Parameters = @{}; Says = 'Get-JournalRule' }
    ) {
        $null = Invoke-ExoCommand $Name $Parameters -ErrorVariable failed -ErrorAction SilentlyContinue

        $failed[-1].FullyQualifiedErrorId | Should -BeLike "$Id,*ExoConnect.Cmdlets.InvokeExoCommandCommand"
        $failed[-1].CategoryInfo.Category | Should -Be $Category
        $failed[-1].ErrorDetails.Message | Should -Match $Says
    }

    It 'beside objects costs none of them' {
        $found = Invoke-ExoCommand Get-RemoteDomain -ErrorVariable failed -ErrorAction SilentlyContinue -WarningVariable warned -WarningAction SilentlyContinue

        $found.Name | Should -Be 'first', 'third'
        $failed.Exception.Message | Should -Match '\|The second one is lost\.$'
        $warned | Should -Be 'Mind the gap.'
    }

    It 'looks at the prompt like any other of PowerShell' {
        $error.Clear()
        Invoke-ExoCommand Get-Mailbox @{ Identity = 'nobody' } -ErrorAction SilentlyContinue

        $text = ($error[0] | Out-String) -replace '\s+\|?\s*', ' '
        $text | Should -Match "object 'nobody' couldn't be found"
        $text | Should -Match 'Recommendation: Check the identity'
        $text | Should -Not -Match '   at ExoConnect'
    }
}

Describe 'Values' {
    BeforeAll {
        $mailbox = Invoke-ExoCommand Get-Mailbox @{ Identity = 'adele.vance' }
    }

    It '<Name> is <Type>' -ForEach @(
        @{ Name = 'Guid'; Type = 'guid' }
        @{ Name = 'ExchangeGuid'; Type = 'guid' }
        @{ Name = 'WhenCreated'; Type = 'datetime' }
        @{ Name = 'WhenCreatedUTC'; Type = 'datetime' }
        @{ Name = 'HiddenFromAddressListsEnabled'; Type = 'bool' }
        @{ Name = 'Alias'; Type = 'string' }
        @{ Name = 'SCLDeleteThreshold'; Type = $null }
    ) {
        if ($Type) { $mailbox.$Name | Should -BeOfType $Type }
        else { $mailbox.$Name | Should -BeNullOrEmpty }
    }

    It 'of a list are a list' {
        $mailbox.EmailAddresses.Count | Should -BeGreaterThan 1
        $mailbox.EmailAddresses | Should -BeOfType string
        , $mailbox.EmailAddresses | Should -BeOfType Collections.IList
        $mailbox.InPlaceHolds.Count | Should -Be 0
    }

    It 'in UTC say so' {
        $mailbox.WhenCreatedUTC.Kind | Should -Be 'Utc'
    }
}

Describe 'A verbose call' {
    It 'tells cmdlet, request id, pages and time' {
        $said = Invoke-ExoCommand Get-Mailbox @{ ResultSize = 'Unlimited' } -PageSize 600 -Verbose 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] }

        $said -join "`n" | Should -Match 'Get-Mailbox: 200 from outlook\.exoconnect\.localhost in \d+ ms \(client-request-id [0-9a-f-]{36}\)'
        $said -join "`n" | Should -Match 'page 2, 400 objects'
        $said -join "`n" | Should -Not -Match 'Bearer|eyJ'
    }
}
