# Names, the default connection, -Connection, -Ensure, and two tenants in one process.
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    Import-ExoConnect
    $manifest = Join-Path $ExoModulePath 'ExoConnect.psd1'
    $first = Start-LocalTenant -Mailboxes 20 -Arguments '--permission', 'Directory.Read.All'
    $second = Start-LocalTenant -Mailboxes 20 -Arguments '--organization', 'fabrikam.onmicrosoft.com', '--permission', 'Directory.Read.All'
    $contoso = $first.Splat
    $fabrikam = $second.Splat
    Connect-ExchangeOnline @contoso -Name contoso -ShowBanner:$false
    Connect-IPPSSession @contoso -Name contoso-cc -CommandName *-Label
    Connect-ExchangeOnline @fabrikam -Name fabrikam -ShowBanner:$false

    function Get-Domain { ((Get-Mailbox -ResultSize 1 -WarningAction Ignore @args).PrimarySmtpAddress -split '@')[1] }
}

AfterAll { Stop-All }

Describe 'Connections' {
    BeforeEach { Use-ExoConnection fabrikam }

    It 'have the names that they were given' {
        (Get-ConnectionInformation).Name | Should -Be contoso, contoso-cc, fabrikam
        (Get-ConnectionInformation -Connection CONTOSO).Service | Should -Be ExchangeOnline
    }

    It 'refuse a name that is taken, or is none: <Name>' -ForEach @(
        @{ Name = 'contoso'; Id = 'ConnectionNameInUse' }
        @{ Name = '17'; Id = 'InvalidConnectionName' }
        @{ Name = 'a b'; Id = 'InvalidConnectionName' }
        @{ Name = 'x*'; Id = 'InvalidConnectionName' }
    ) {
        { Connect-ExchangeOnline @contoso -Name $Name } | Should -Throw -ErrorId "$Id,*"
        (Get-ConnectionInformation) | Should -HaveCount 3
    }

    It 'are used last come first served, and switched' {
        Get-Domain | Should -Be fabrikam.onmicrosoft.com
        (Use-ExoConnection contoso -PassThru).IsDefault | Should -BeTrue
        Get-Domain | Should -Be contoso.onmicrosoft.com
        (Get-EXOMailbox -ResultSize 1 -WarningAction Ignore).PrimarySmtpAddress | Should -BeLike '*@contoso.onmicrosoft.com'
        (Invoke-ExoRequest /v1.0/organization).id | Should -Be $first.tenantId
        (Get-ExoAccessToken -Decode).TenantId | Should -Be $first.tenantId
        (Get-ConnectionInformation | Where-Object IsDefault).Name | Should -Be contoso
    }

    It 'are chosen by any cmdlet with -Connection' {
        Get-Domain -Connection contoso | Should -Be contoso.onmicrosoft.com
        (Get-EXOMailbox -ResultSize 1 -WarningAction Ignore -Connection contoso).PrimarySmtpAddress | Should -BeLike '*@contoso.onmicrosoft.com'
        (Invoke-ExoCommand Get-Mailbox @{ ResultSize = 1 } -Connection contoso -WarningAction Ignore).PrimarySmtpAddress | Should -BeLike '*@contoso.onmicrosoft.com'
        (Invoke-ExoRequest /v1.0/organization -Connection contoso).id | Should -Be $first.tenantId
        (Get-ExoAccessToken -Decode -Connection contoso-cc).Audience | Should -Be 'https://ps.compliance.protection.outlook.com'
        # Nothing has been switched by it.
        Get-Domain | Should -Be fabrikam.onmicrosoft.com
    }

    It 'take pipeline input to the one that is named' {
        $names = Get-Mailbox -ResultSize 3 -Connection contoso -WarningAction Ignore
        ($names | Get-Mailbox -Connection contoso).PrimarySmtpAddress | Should -Be $names.PrimarySmtpAddress
    }

    It 'are completed' {
        (TabExpansion2 'Get-Mailbox -Connection con').CompletionMatches.CompletionText | Should -Be contoso, contoso-cc
        (TabExpansion2 'Use-ExoConnection fab').CompletionMatches.CompletionText | Should -Be fabrikam
    }

    It 'say so where there is none, or it lacks the cmdlet' {
        { Get-Mailbox -Connection nobody } | Should -Throw -ErrorId 'SessionNotFound*'
        { Get-Mailbox -Connection contoso-cc } | Should -Throw -ErrorId 'CmdletNotInSession*'
        { Use-ExoConnection nobody } | Should -Throw -ErrorId 'SessionNotFound,*'
    }

    It 'are taken again with -Ensure' {
        Watch-Wire
        $same = Connect-ExchangeOnline @contoso -Ensure -PassThru -ShowBanner:$false
        $same.Name | Should -Be contoso
        [ExoWire]::Requests | Should -BeNullOrEmpty
        Get-Domain | Should -Be contoso.onmicrosoft.com
        { Connect-ExchangeOnline @fabrikam -Name contoso -Ensure } | Should -Throw -ErrorId 'ConnectionNameInUse,*'
        Get-ConnectionInformation | Should -HaveCount 3
    }

    It 'of one identity share the sign-in' {
        Watch-Wire
        Connect-ExchangeOnline @contoso -Name again -Prefix Again -ShowBanner:$false
        [ExoWire]::Requests | ForEach-Object Uri | Where-Object { $_ -like '*/oauth2/*' } | Should -BeNullOrEmpty
        Disconnect-ExchangeOnline -Connection again -Confirm:$false
        # What stays goes on with its tokens.
        Watch-Wire
        Get-Domain -Connection contoso | Should -Be contoso.onmicrosoft.com
        [ExoWire]::Requests | ForEach-Object Uri | Where-Object { $_ -like '*/oauth2/*' } | Should -BeNullOrEmpty
    }

    It 'belong to the runspace that chose them, and to its children' {
        Use-ExoConnection contoso
        $children = 1..4 | ForEach-Object -Parallel {
            Import-Module $using:manifest
            ((Get-Mailbox -ResultSize 1 -WarningAction Ignore).PrimarySmtpAddress -split '@')[1]
            ((Get-EXOMailbox -ResultSize 1 -WarningAction Ignore).PrimarySmtpAddress -split '@')[1]
        }
        $children | Sort-Object -Unique | Should -Be contoso.onmicrosoft.com

        # A child that switches does not switch its parent.
        $null = 1 | ForEach-Object -Parallel { Import-Module $using:manifest; Use-ExoConnection fabrikam }
        Get-Domain | Should -Be contoso.onmicrosoft.com
        (Get-EXOMailbox -ResultSize 1 -WarningAction Ignore).PrimarySmtpAddress | Should -BeLike '*@contoso.onmicrosoft.com'
    }

    It 'of two tenants stay apart side by side' {
        $seen = 1..12 | ForEach-Object -ThrottleLimit 6 -Parallel {
            Import-Module $using:manifest
            $name = $_ % 2 ? 'contoso' : 'fabrikam'
            Use-ExoConnection $name
            foreach ($i in 1..5) {
                $domain = ((Get-Mailbox -ResultSize 1 -WarningAction Ignore).PrimarySmtpAddress -split '@')[1]
                $id = (Invoke-ExoRequest /v1.0/organization).id
                "$name $domain $id"
            }
        }
        $seen | Sort-Object -Unique | Should -Be @(
            "contoso contoso.onmicrosoft.com $($first.tenantId)"
            "fabrikam fabrikam.onmicrosoft.com $($second.tenantId)"
        )
    }

    It 'leave the default to another when they end' {
        Connect-ExchangeOnline @contoso -Name short -ShowBanner:$false
        Get-Domain | Should -Be contoso.onmicrosoft.com
        Disconnect-ExchangeOnline -ConnectionId short -Confirm:$false
        Get-Domain | Should -Be fabrikam.onmicrosoft.com
        (Get-ConnectionInformation | Where-Object IsDefault).Name | Should -Be fabrikam
    }
}
