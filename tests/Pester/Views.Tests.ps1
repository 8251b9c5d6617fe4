# How a session's objects look: src/ExoConnect/Format/Views.txt.

BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    Import-ExoConnect
    $tenant = Start-LocalTenant
    $splat = $tenant.Splat
    Connect-IPPSSession @splat -EnableSearchOnlySession
    Connect-ExchangeOnline @splat
}

AfterAll {
    Stop-All
}

Describe 'Views' {
    It 'fill each column for <_> in a window of eighty, under headers that are whole' -ForEach @(
        'Get-Mailbox -ResultSize 3', 'Get-EXOMailbox -ResultSize 3', 'Get-Recipient -ResultSize 3', 'Get-EXORecipient -ResultSize 3'
        'Get-User -ResultSize 3', 'Get-MailContact', 'Get-CASMailbox -ResultSize 3', 'Get-EXOCasMailbox -ResultSize 3'
        'Get-MailboxStatistics adele.vance', 'Get-EXOMailboxStatistics adele.vance', 'Get-MailboxFolderStatistics adele.vance'
        'Get-MailboxPermission adele.vance', 'Get-RecipientPermission adele.vance', 'Get-MailboxFolderPermission adele.vance:\Calendar'
        'Get-EXOMailboxFolderPermission adele.vance:\Calendar', 'Get-DistributionGroup', 'Get-DistributionGroupMember allemployees'
        'Get-UnifiedGroup', 'Get-MobileDevice -ResultSize 3', 'Get-EXOMobileDeviceStatistics -Mailbox anton.marino', 'Get-TransportRule'
        'Get-InboundConnector', 'Get-OutboundConnector', 'Get-AcceptedDomain', 'Get-RemoteDomain', 'Get-DkimSigningConfig'
        'Get-MessageTraceV2 -ResultSize 3', 'Get-MessageTrace -PageSize 1 | Get-MessageTraceDetail'
        'Search-UnifiedAuditLog -StartDate (Get-Date).AddDays(-2) -EndDate (Get-Date) -ResultSize 3', 'Get-RoleGroup'
        'Get-ManagementRoleAssignment', 'Get-RetentionPolicy', 'Get-RetentionPolicyTag', 'Get-HostedContentFilterPolicy'
        'Get-HostedContentFilterRule', 'Get-HostedOutboundSpamFilterPolicy', 'Get-MalwareFilterPolicy', 'Get-AntiPhishPolicy'
        'Get-AntiPhishRule', 'Get-SafeLinksPolicy', 'Get-SafeAttachmentPolicy', 'Get-QuarantinePolicy', 'Get-QuarantineMessage'
        'Get-Label', 'Get-LabelPolicy', 'Get-RetentionCompliancePolicy', 'Get-DlpCompliancePolicy', 'Get-RetentionComplianceRule'
        'Get-DlpComplianceRule', 'Get-ComplianceTag', 'Get-ComplianceSearch', 'Get-ComplianceCase'
    ) {
        $objects = @(& ([scriptblock]::Create($_)) 3>$null)

        $objects | Should -Not -BeNullOrEmpty
        $noun = @($objects[0].psobject.TypeNames -match '^ExoConnect\.\w+$')[0]
        $view = (Get-FormatData $noun).FormatViewDefinition[0].Control
        $lines = @(($objects | Out-String -Width 80) -split '\r?\n' | Where-Object { $_ })
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        $lines[0] -split '\s+' -ne '' | Should -Be @($view.Headers.Label)
        foreach ($entry in $view.Rows[0].Columns.DisplayEntry) {
            $shown = $objects | ForEach-Object { $entry.ValueType -eq 'Property' ? $_.($entry.Value) : (& ([scriptblock]::Create($entry.Value))) }
            "$shown".Trim() | Should -Not -BeNullOrEmpty -Because "the column $($entry.Value) takes room"
        }
    }

    It 'show a mailbox in a row, and all that it has in a list' {
        $mailbox = Invoke-ExoCommand Get-Mailbox @{ Identity = 'adele.vance' }

        $mailbox | Out-String -Width 100 | Should -Match '(?m)^Adele Vance\s+adele\.vance@contoso\.onmicrosoft\.com\s+UserMailbox\s*$'
        $list = $mailbox | Format-List | Out-String -Width 100
        $list | Should -Match '(?m)^ProhibitSendQuota\s+: 99 GB'
        foreach ($property in $mailbox.psobject.Properties.Name) { $list | Should -Match "(?m)^$property\s* :" }
    }

    It 'keep names and addresses whole, in lines below where they are long, and cut the kind' {
        $long = [pscustomobject]@{
            PSTypeName = 'ExoConnect.Mailbox'
            DisplayName = 'Conference Room Forty-Two, Building 7'
            PrimarySmtpAddress = 'conference.room.forty-two.building.7@contoso.onmicrosoft.com'
            RecipientTypeDetails = 'EquipmentMailbox'
        }

        $lines = @(($long | Out-String -Width 80) -split '\r?\n' | Where-Object { $_ } | Select-Object -Skip 2)

        $lines | Should -HaveCount 2
        -join $lines.ForEach{ $_.Substring(0, 22).TrimEnd() } | Should -Be $long.DisplayName
        -join $lines.ForEach{ $_.Substring(23).Split(' ')[0] } | Should -Be $long.PrimarySmtpAddress
        $lines[0] | Should -BeLike '* EquipmentMai…'
    }

    It 'show sizes short and to the right' {
        Invoke-ExoCommand Get-MailboxStatistics @{ Identity = 'adele.vance' } | Out-String -Width 100 |
            Should -Match 'Adele Vance\s+\d+\s+[\d.]+ [KMGT]B\s+[\d.]+ [KMGT]?B'
    }
}
