BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    Import-ExoConnect
    $tenant = Start-LocalTenant -Mailboxes 500 -Fault @(
        @{ cmdlet = 'Get-Recipient'; delay = 30000 }
        @{ cmdlet = 'Get-TransportRule'; status = 400 }
    )
    $splat = $tenant.Splat
    Connect-ExchangeOnline @splat
    Connect-IPPSSession @splat -Prefix Cc -EnableSearchOnlySession
    Watch-Wire

    # What Tab offers at the end of a line.
    function Complete([string] $Line) {
        [Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null).CompletionMatches
    }
}

AfterAll {
    Stop-All
}

Describe 'Tab completes' {
    It 'commands: <Line>' -ForEach @(
        @{ Line = 'Get-CASM'; Offers = 'Get-CASMailbox' }
        @{ Line = 'New-CcComplianceSea'; Offers = 'New-CcComplianceSearch' }
        @{ Line = 'Connect-Ex'; Offers = 'Connect-ExchangeOnline' }
    ) {
        (Complete $Line).CompletionText | Should -Contain $Offers
    }

    It 'parameters: <Line>' -ForEach @(
        @{ Line = 'Get-Mailbox -Arch'; Offers = '-Archive' }
        @{ Line = 'Set-Mailbox adele.vance -Custom'; Offers = '-CustomAttribute15' }
        @{ Line = 'Get-Mailbox -ErrorA'; Offers = '-ErrorAction' }
        @{ Line = 'New-CcComplianceSearch -Exch'; Offers = '-ExchangeLocation' }
        @{ Line = 'Connect-ExchangeOnline -CertificateF'; Offers = '-CertificateFilePath' }
    ) {
        (Complete $Line).CompletionText | Should -Contain $Offers
    }

    It 'only parameters that go with those that are there' {
        (Complete 'Get-Mailbox -Anr x -').CompletionText | Should -Not -Contain '-Identity'
    }

    It 'no parameters of EXO that do nothing' {
        (Complete 'Connect-ExchangeOnline -').CompletionText | Should -Not -Contain '-UseRPSSession'
    }

    It 'values of enums: <Line>' -ForEach @(
        @{ Line = 'Set-MailboxAutoReplyConfiguration x -AutoReplyState '; Offers = 'Enabled', 'Disabled', 'Scheduled' }
        @{ Line = 'Set-MailboxAutoReplyConfiguration x -AutoReplyState sch'; Offers = , 'Scheduled' }
        @{ Line = 'Get-Mailbox -RecipientTypeDetails Sha'; Offers = , 'SharedMailbox' }
        @{ Line = 'Get-Mailbox -RecipientTypeDetails UserMailbox, Sha'; Offers = , 'SharedMailbox' }
        @{ Line = "Set-MailboxAutoReplyConfiguration x -AutoReplyState 'sch"; Offers = , 'Scheduled' }
    ) {
        $offered = (Complete $Line).CompletionText

        foreach ($value in $Offers) { $offered | Should -Contain $value }
    }

    It 'environments' {
        (Complete 'Connect-IPPSSession -ExchangeEnvironmentName O365US').CompletionText | Should -Be 'O365USGovDoD', 'O365USGovGCCHigh'
    }

    It 'sessions, by name or id' {
        $sessions = Get-ConnectionInformation

        (Complete 'Invoke-ExoCommand Get-Mailbox -Connection ').CompletionText | Should -Be $sessions.Name
        (Complete 'Invoke-ExoCommand Get-Mailbox -Connection ExchangeOnlineP').CompletionText | Should -Be $sessions[1].Name
        (Complete 'Disconnect-ExchangeOnline -ConnectionId ').CompletionText | Should -Be $sessions.ConnectionId.Guid
        (Complete 'Disconnect-ExchangeOnline -ConnectionId ')[0].ListItemText | Should -Be "$($sessions[0].Name) (contoso.onmicrosoft.com)"
    }

    It 'the service''s cmdlets for Invoke-ExoCommand' {
        (Complete 'Invoke-ExoCommand Get-CASM').CompletionText | Should -Contain 'Get-CASMailbox'
        (Complete 'Invoke-ExoCommand -Name New-ComplianceSea').CompletionText | Should -Contain 'New-ComplianceSearch'
    }

    It 'nothing where nothing fits' {
        Complete 'Get-ConnectionInformation -ConnectionId nothing' | Should -BeNullOrEmpty
    }
}

Describe 'Tab completes identities' {
    It 'as the service knows them' {
        (Complete 'Get-Mailbox ade').CompletionText | Should -Contain 'adele.vance'
        (Complete 'Set-Mailbox -Identity ANTON').CompletionText | Should -Contain 'anton.marino'
        (Complete 'Get-MailboxStatistics adele').CompletionText | Should -Contain 'adele.vance'
        (Complete 'Set-CASMailbox adele').CompletionText | Should -Contain 'adele.vance'
        (Complete 'Get-CcComplianceSearch ').CompletionText | Should -Not -BeNullOrEmpty
    }

    It 'in quotes where they need some' {
        (Complete 'Get-DistributionGroup sal').CompletionText | Should -Contain 'salesteam'
        (Complete "Get-DistributionGroup 'Sales T").CompletionText | Should -Contain "'Sales Team'"
        (Complete 'Get-DistributionGroup "Sales T').CompletionText | Should -Contain "'Sales Team'"
    }

    It 'of what was asked a minute ago without asking again' {
        $null = Complete 'Get-Mailbox carl'
        [ExoWire]::Clear()

        (Complete 'Get-Mailbox carl').CompletionText | Should -Contain 'carlos.doyle'
        [ExoWire]::Requests | Should -BeNullOrEmpty
    }

    It 'with few objects and properties asked for' {
        [ExoWire]::Clear()
        $null = Complete 'Get-Mailbox d'

        (Get-WireParameter Get-Mailbox).ResultSize | Should -BeLessOrEqual 50
        (Get-WireRequest Get-Mailbox).Uri | Should -Match '\$select='
    }

    It 'once each, by address where an address is begun, and by what people are called' {
        (Complete 'Get-Mailbox adele.vance').CompletionText | Should -Be 'adele.vance'
        (Complete 'Get-Mailbox adele.vance@').CompletionText | Should -Be 'adele.vance@contoso.onmicrosoft.com'
        $offered = Complete "Get-Mailbox 'Adele V"
        $offered.CompletionText | Should -Contain 'adele.vance'
        $offered.ListItemText | Should -Contain 'adele.vance (Adele Vance)'
    }

    It 'silently not at all where the service fails' {
        $error.Clear()

        Complete 'Get-TransportRule Ext' | Should -BeNullOrEmpty
        $error | Should -BeNullOrEmpty
    }

    It 'not for long' {
        $watch = [Diagnostics.Stopwatch]::StartNew()

        Complete 'Get-Recipient ad' | Should -BeNullOrEmpty
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 10 -Because 'it waits for two seconds, of the thirty that the response takes'
    }

    It 'until typing goes on' {
        $worker = [powershell]::Create('NewRunspace')
        try {
            [ExoWire]::Clear()
            $module = Join-Path $ExoModulePath 'ExoConnect.psd1'
            $null = $worker.AddScript("Import-Module '$module'; [Management.Automation.CommandCompletion]::CompleteInput('Get-Recipient bo', 16, `$null)")
            $null = $worker.BeginInvoke()
            while (-not (Get-WireRequest Get-Recipient)) { Start-Sleep -Milliseconds 20 }
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $worker.Stop()
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 5
        }
        finally {
            $worker.Dispose()
        }
    }
}

Describe 'Get-Help' {
    It 'of a session''s command gives its syntax and a link' {
        $help = Get-Help Get-CASMailbox

        $help.Name | Should -Be 'Get-CASMailbox'
        $help | Out-String | Should -Match 'Get-CASMailbox \[\[-Identity\] <.*>\]'
        $help.relatedLinks.navigationLink.uri | Should -Be 'https://learn.microsoft.com/powershell/module/exchangepowershell/get-casmailbox'
        (Get-Command Get-CASMailbox).HelpUri | Should -Be 'https://learn.microsoft.com/powershell/module/exchangepowershell/get-casmailbox'
    }

    It 'of a session''s command says in a sentence what it does, and keeps the parameters' {
        $help = Get-Help Get-CASMailbox -Full

        $help.Synopsis | Should -Be 'Gets the client access settings of mailboxes.'
        $help.parameters.parameter.name | Should -Contain 'ProtocolSettings'
        $text = $help | Out-String
        $text | Should -Match 'SYNOPSIS\s+Gets the client access settings of mailboxes\.'
        $text | Should -Match 'Get-Help Get-CASMailbox -Online'
        $text | Should -Match '-ProtocolSettings'
        (Get-Help Get-CcLabel).Synopsis | Should -Be 'Gets sensitivity labels.'
    }

    It 'of a pattern lists commands with their sentences' {
        $found = Get-Help *CASMailboxPlan

        $found.Name | Should -Contain 'Set-CASMailboxPlan'
        $found.Synopsis | Should -Contain 'Changes the client access settings of a mailbox plan.'
    }

    It 'stays after another import of the session''s module, and after PowerShell has forgotten what help it has read' {
        Use-ExoConnection (Get-ConnectionInformation)[0].Name
        (Get-Help Get-CASMailbox).Synopsis | Should -BeLike 'Gets *.'

        $flags = [Reflection.BindingFlags] 'Instance, NonPublic'
        $context = [Management.Automation.EngineIntrinsics].GetField('_context', $flags).GetValue($ExecutionContext)
        $system = $context.GetType().GetProperty('HelpSystem', $flags).GetValue($context)
        [void] $system.GetType().GetMethod('ResetHelpProviders', $flags).Invoke($system, $null)
        (Get-Help Get-CASMailbox -ErrorAction Stop).Synopsis | Should -BeLike 'Gets *.'
        Get-Help Get-Date -ErrorAction Stop | Should -Not -BeNullOrEmpty
        (Get-Help Connect-ExchangeOnline).Synopsis | Should -BeLike 'Signs *'
    }

    It 'of a command with a prefix links to the cmdlet''s own page' {
        (Get-Command Get-CcLabel).HelpUri | Should -Be 'https://learn.microsoft.com/powershell/module/exchangepowershell/get-label'
    }

    It 'of a parameter tells its type and whether it is needed' {
        $parameter = Get-Help New-MailContact -Parameter ExternalEmailAddress

        $parameter.required | Should -Be 'true'
    }

    It 'shows the syntax, set by set' {
        $syntax = Get-Command Get-Mailbox -Syntax

        $syntax | Should -Match '-Anr <string>'
        $syntax | Should -Match '\[-Archive\]'
        Get-Command New-MailContact -Syntax | Should -Match 'New-MailContact \[-Name\] <string> -ExternalEmailAddress'
    }
}
