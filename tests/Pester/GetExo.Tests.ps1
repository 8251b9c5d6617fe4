# The nine Get-EXO cmdlets in a real PowerShell against a local tenant: parameters, pipeline, output, errors, completion.

BeforeAll {
    . (Join-Path $PSScriptRoot 'LocalTenant.ps1')
    Import-ExoConnect
    $tenant = Start-LocalTenant -Mailboxes 1100
    $splat = $tenant.Splat
    Connect-ExchangeOnline @splat
    $domain = $tenant.organization
    $names = (Get-EXOMailbox -ResultSize 30).Alias
    Watch-Wire

    function Get-Completion([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches | ForEach-Object CompletionText }

    # What went out for a cmdlet, decoded and without the tenant.
    function Get-Sent([string] $Cmdlet = '*') {
        @(Get-WireRequest $Cmdlet).ForEach{ [uri]::UnescapeDataString(($_.Uri -replace '^.*?/adminapi/beta/[^/]+', '')) }
    }

    function ConvertTo-B64([string] $Text) { [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($Text)) }
}

AfterAll { Stop-All }

Describe 'Parameters' {
    BeforeEach { [ExoWire]::Clear() }

    It '<Name> has the parameters, sets and positions of EXO' -ForEach @(
        @{ Name = 'Get-EXOMailbox'; Default = 'Identity'; Sets = 'Anr', 'Identity'; Has = 'Anr', 'Archive', 'Async', 'ExternalDirectoryObjectId', 'Filter', 'GroupMailbox', 'Identity', 'InactiveMailboxOnly', 'IncludeInactiveMailbox', 'MailboxPlan', 'Migration', 'OrganizationalUnit', 'PrimarySmtpAddress', 'Properties', 'PropertySets', 'PublicFolder', 'RecipientTypeDetails', 'ResultSize', 'SoftDeletedMailbox', 'UserPrincipalName' }
        @{ Name = 'Get-EXORecipient'; Default = 'Identity'; Sets = 'Anr', 'Identity'; Has = 'Anr', 'ExternalDirectoryObjectId', 'Filter', 'Identity', 'IncludeSoftDeletedRecipients', 'OrganizationalUnit', 'PrimarySmtpAddress', 'Properties', 'PropertySets', 'RecipientPreviewFilter', 'RecipientType', 'RecipientTypeDetails', 'ResultSize', 'UserPrincipalName' }
        @{ Name = 'Get-EXOCasMailbox'; Default = 'Identity'; Sets = 'Anr', 'Identity'; Has = 'ActiveSyncDebugLogging', 'Anr', 'ExternalDirectoryObjectId', 'Filter', 'GetImapProtocolLog', 'GetPopProtocolLog', 'Identity', 'IgnoreDefaultScope', 'OrganizationalUnit', 'PrimarySmtpAddress', 'Properties', 'PropertySets', 'ProtocolSettings', 'ReadIsOptimizedForAccessibility', 'ResultSize', 'SendLogsTo', 'UserPrincipalName' }
        @{ Name = 'Get-EXOMailboxPermission'; Default = 'Default'; Sets = 'Default', 'Identity'; Has = 'ExternalDirectoryObjectId', 'Identity', 'Owner', 'PrimarySmtpAddress', 'ResultSize', 'SoftDeletedMailbox', 'User', 'UserPrincipalName' }
        @{ Name = 'Get-EXORecipientPermission'; Default = 'Default'; Sets = 'Default', 'Identity'; Has = 'AccessRights', 'ExternalDirectoryObjectId', 'Identity', 'PrimarySmtpAddress', 'ResultSize', 'Trustee', 'UserPrincipalName' }
        @{ Name = 'Get-EXOMailboxStatistics'; Default = 'Identity'; Sets = 'Identity'; Has = 'Archive', 'DatabaseGuid', 'ExchangeGuid', 'Identity', 'IncludeMoveHistory', 'IncludeMoveReport', 'IncludeSoftDeletedRecipients', 'PrimarySmtpAddress', 'Properties', 'PropertySets', 'UserPrincipalName' }
        @{ Name = 'Get-EXOMailboxFolderStatistics'; Default = 'Identity'; Sets = 'Identity'; Has = 'Archive', 'DiagnosticInfo', 'ExternalDirectoryObjectId', 'FolderScope', 'Identity', 'IncludeOldestAndNewestItems', 'IncludeSoftDeletedRecipients', 'PrimarySmtpAddress', 'UserPrincipalName' }
        @{ Name = 'Get-EXOMailboxFolderPermission'; Default = 'Identity'; Sets = 'Identity'; Has = 'ExternalDirectoryObjectId', 'GroupMailbox', 'Identity', 'PrimarySmtpAddress', 'User', 'UserPrincipalName' }
        @{ Name = 'Get-EXOMobileDeviceStatistics'; Default = 'Identity'; Sets = 'Identity', 'MobileDeviceIdentity'; Has = 'ActiveSync', 'ExternalDirectoryObjectId', 'GetMailboxLog', 'Identity', 'Mailbox', 'NotificationEmailAddresses', 'OWAforDevices', 'PrimarySmtpAddress', 'RestApi', 'ShowRecoveryPassword', 'UniversalOutlook', 'UserPrincipalName' }
    ) {
        $command = Get-Command $Name
        $common = [Management.Automation.Cmdlet]::CommonParameters + [Management.Automation.Cmdlet]::OptionalCommonParameters
        $own = $command.Parameters.Keys | Where-Object { $_ -notin $common -and $_ -notin 'Connection', 'ShowProgress', 'ThrottleLimit' } | Sort-Object
        $own | Should -Be $Has
        $command.ParameterSets.Name | Sort-Object | Should -Be $Sets
        $command.DefaultParameterSet | Should -Be $Default
        $identity = $command.Parameters['Identity'].ParameterSets['Identity']
        $identity.Position, $identity.ValueFromPipeline, $identity.ValueFromPipelineByPropertyName, $identity.IsMandatory | Should -Be 0, $true, $true, $false
        foreach ($byName in 'PrimarySmtpAddress', 'UserPrincipalName') {
            $command.Parameters[$byName].ParameterSets['Identity'].ValueFromPipelineByPropertyName | Should -BeTrue
        }
    }

    It 'sends <Call>' -ForEach @(
        @{ Call = 'Get-EXOMailbox -ResultSize 10'; Sent = '/Mailbox' }
        @{ Call = "Get-EXOMailbox adele.vance"; Sent = "/Mailbox('YWRlbGUudmFuY2U=')?isEncoded=true" }
        @{ Call = 'Get-EXOMailbox -ResultSize 1 -Properties CustomAttribute1, Office'; Sent = '/Mailbox?$select=CustomAttribute1,Office' }
        @{ Call = 'Get-EXOMailbox -ResultSize 1 -Properties "CustomAttribute1, Office"'; Sent = '/Mailbox?$select=CustomAttribute1,Office' }
        @{ Call = 'Get-EXOMailbox -ResultSize 1 -PropertySets minimum, archive'; Sent = '/Mailbox?PropertySet=Minimum,Archive' }
        @{ Call = 'Get-EXOMailbox -Filter "Alias -like ''adele*''"'; Sent = "/Mailbox?`$filter=startswith(Alias, 'adele')" }
        @{ Call = 'Get-EXOMailbox -Anr adele'; Sent = '/Mailbox?Anr=adele' }
        @{ Call = 'Get-EXOMailbox -RecipientTypeDetails UserMailbox, SharedMailbox -ResultSize 1'; Sent = '/Mailbox?RecipientTypeDetails=UserMailbox,SharedMailbox' }
        @{ Call = 'Get-EXOMailbox -Archive -InactiveMailboxOnly -Async:$false'; Sent = '/Mailbox?InactiveMailboxOnly=True&Archive=True' }
        @{ Call = 'Get-EXORecipient -RecipientType UserMailbox -ResultSize 1'; Sent = '/Recipient?RecipientType=UserMailbox' }
        @{ Call = 'Get-EXOCasMailbox adele.vance -PropertySets Imap -ProtocolSettings'; Sent = "/CasMailbox('YWRlbGUudmFuY2U=')?isEncoded=true&PropertySet=Imap,ProtocolSettings" }
        @{ Call = 'Get-EXOMailboxPermission adele.vance -Owner'; Sent = "/Mailbox('YWRlbGUudmFuY2U=')/MailboxPermission?`$filter=IsOwner eq true&isEncoded=true" }
        @{ Call = 'Get-EXORecipientPermission adele.vance -AccessRights SendAs'; Sent = "/Recipient/Exchange.GetRecipientPermissionByFilters(identity='YWRlbGUudmFuY2U=',trustee='',accessRights=[`"SendAs`"])?`$expand=RecipientPermission&isEncoded=true&`$select=RecipientPermission, ExternalDirectoryObjectId" }
        @{ Call = 'Get-EXOMailboxStatistics adele.vance -PropertySets All'; Sent = "/Mailbox('YWRlbGUudmFuY2U=')/Exchange.GetMailboxStatistics()?isEncoded=true&PropertySet=All" }
        @{ Call = 'Get-EXOMailboxFolderStatistics adele.vance -FolderScope inbox'; Sent = "/Mailbox('YWRlbGUudmFuY2U=')/MailboxFolder/Exchange.GetMailboxFolderStatistics(folderscope=Exchange.ElcFolderType'Inbox')?isEncoded=true" }
        @{ Call = 'Get-EXOMailboxFolderPermission adele.vance:\Calendar'; Sent = "/Mailbox('YWRlbGUudmFuY2U=')/MailboxFolder('XENhbGVuZGFy')/MailboxFolderPermission?IsUsingMailboxFolderId=True&isEncoded=true" }
        @{ Call = 'Get-EXOMobileDeviceStatistics -Mailbox adele.vance'; Sent = "/Mailbox('YWRlbGUudmFuY2U=')/MobileDevice/Exchange.GetMobileDeviceStatistics()?isEncoded=true" }
    ) {
        $null = & ([scriptblock]::Create($Call))
        Get-Sent | Should -Be $Sent
    }

    It 'refuses what contradicts itself before anything is sent' {
        { Get-EXOMailbox -Identity a -UserPrincipalName b } | Should -Throw -ErrorId 'ParameterCombination,*'
        { Get-EXOMailbox -Identity '' } | Should -Throw -ErrorId 'BlankParameter,*'
        { Get-EXOMailbox $null } | Should -Throw -ErrorId 'BlankParameter,*'
        { Get-EXORecipient -UserPrincipalName $null } | Should -Throw -ErrorId 'BlankParameter,*'
        { Get-EXOMailbox -Filter $null } | Should -Throw -ErrorId 'BlankParameter,*'
        { Get-EXOCasMailbox -Anr $null } | Should -Throw -ErrorId 'BlankParameter,*'
        { Get-EXOMailbox -OrganizationalUnit $null } | Should -Throw -ErrorId 'BlankParameter,*'
        { Get-EXORecipient -RecipientTypeDetails @() } | Should -Throw -ErrorId 'BlankParameter,*'
        { Get-EXOMailbox -ResultSize 0 } | Should -Throw -ErrorId 'InvalidResultSize,*'
        { Get-EXOMailbox -Properties 'Custom*' } | Should -Throw -ErrorId 'InvalidProperty,*'
        { Get-EXOMailboxStatistics } | Should -Throw -ErrorId 'MissingParameter,*'
        { Get-EXORecipientPermission -Trustee a } | Should -Throw -ErrorId 'MissingParameter,*'
        Get-Sent | Should -BeNullOrEmpty
    }

    It 'points at the place where a filter cannot be read' {
        $failure = { Get-EXOMailbox -Filter "Alias -eq 'a' -or 'b'" } | Should -Throw -ErrorId 'InvalidFilter,*' -PassThru
        $failure.Exception.Message | Should -BeLike '*character 19*'
        $failure.ErrorDetails.RecommendedAction | Should -BeLike '*names its property*'
    }

    It 'warns of a property that nobody knows, and stops there if told to' {
        { Get-EXOMailbox -ResultSize 1 -Properties Ofice -WarningAction Stop } | Should -Throw -ExceptionType ([Management.Automation.ActionPreferenceStopException])
        Get-EXOMailbox -ResultSize 1 -Properties Ofice -WarningVariable said -WarningAction SilentlyContinue -ErrorAction SilentlyContinue
        $said | Should -BeLike '*did you mean Office*'
    }
}

Describe 'Output' {
    It 'has the type name that views know' {
        (Get-EXOMailbox adele.vance).PSTypeNames | Should -Contain 'ExoConnect.Mailbox'
        (Get-EXORecipient adele.vance).PSTypeNames | Should -Contain 'ExoConnect.Recipient'
        (Get-EXOCasMailbox adele.vance).PSTypeNames | Should -Contain 'ExoConnect.CASMailbox'
        (Get-EXOMailboxStatistics adele.vance).PSTypeNames | Should -Contain 'ExoConnect.MailboxStatistics'
        (Get-EXOMailboxPermission adele.vance)[0].PSTypeNames | Should -Contain 'ExoConnect.MailboxPermission'
        (Get-EXORecipientPermission adele.vance)[0].PSTypeNames | Should -Contain 'ExoConnect.RecipientPermission'
    }

    It 'has the properties asked for beside the minimum' {
        $few = (Get-EXOMailbox adele.vance -Properties CustomAttribute1).PSObject.Properties.Name
        $few | Should -Contain 'CustomAttribute1'
        $few | Should -Contain 'UserPrincipalName'
        $few | Should -Not -Contain 'ArchiveQuota'
        (Get-EXOMailbox adele.vance -PropertySets Quota).PSObject.Properties.Name | Should -Contain 'ArchiveQuota'
        @((Get-EXOMailbox adele.vance -PropertySets All).PSObject.Properties).Count | Should -BeGreaterThan 200
    }

    It 'gives 1,000 by default and says that there are more' {
        $all = Get-EXOMailbox -WarningVariable said -WarningAction SilentlyContinue
        $all.Count | Should -Be 1000
        $said | Should -BeLike '*-ResultSize Unlimited*'
        (Get-EXOMailbox -ResultSize Unlimited -WarningVariable said).Count | Should -Be 1100
        (Get-EXOMailbox -ResultSize 7 -WarningVariable said).Count | Should -Be 7
        $said | Should -BeNullOrEmpty
    }

    It 'has a permission''s rights beside its user' {
        Add-MailboxPermission adele.vance -User $names[1] -AccessRights FullAccess -Confirm:$false | Out-Null
        $permission = Get-EXOMailboxPermission adele.vance | Where-Object User -NE 'NT AUTHORITY\SELF'
        $permission.AccessRights | Should -Be 'FullAccess'
        $permission.Deny | Should -BeFalse
        $permission.PSObject.Properties.Name | Should -Not -Contain 'PermissionList'
        (Get-EXOMailboxPermission -ResultSize 5).Identity | Select-Object -Unique | Should -HaveCount 5
    }

    It 'says who a permission is for when it is piped on, and not whose mailbox it is' {
        Add-RecipientPermission $names[0] -Trustee $names[1] -AccessRights SendAs -Confirm:$false | Out-Null
        $permission = Get-EXORecipientPermission $names[0] | Where-Object Trustee -Like "$($names[1])*"
        $permission | Remove-RecipientPermission -Confirm:$false
        $sent = Get-WireParameter Remove-RecipientPermission
        "$($sent.Identity) $($sent.Trustee) $($sent.AccessRights)" | Should -Be "$($names[0]) $($permission.Trustee) SendAs"
        Get-EXORecipientPermission $names[0] | Where-Object Trustee -Like "$($names[1])*" | Should -BeNullOrEmpty
    }

    It 'has sizes that scripts take apart, in statistics of mailboxes and folders' {
        $statistics = Get-EXOMailboxStatistics $names[0]
        $statistics.TotalItemSize.Value.ToString().Split('(')[1] | Should -Match '^[\d,]+ bytes\)$'
        $statistics.TotalItemSize.Value.ToBytes() | Should -BeGreaterThan 0
        $statistics.TotalItemSize.IsUnlimited | Should -BeFalse
        $folder = Get-EXOMailboxFolderStatistics $names[0] | Where-Object Name -EQ Inbox
        $folder.FolderSize.Split('(')[1] | Should -Match '^[\d,]+ bytes\)$'
        $folder.ItemsInFolder | Should -BeOfType [ValueType]
    }

    It 'calls a folder''s permission by its folder, and has of its user what scripts ask for' {
        $default = Get-EXOMailboxFolderPermission "$($names[0]):\Calendar" | Where-Object { $_.User -eq 'Default' }
        $default.Identity | Should -Be "$($names[0]):\Calendar"
        $default.User.UserType.ToString() | Should -Be 'Default'
        $default.User.DisplayName | Should -Be 'Default'
        "$($default.User)" | Should -Be 'Default'
    }

    It 'streams: Select-Object -First ends the listing' {
        [ExoWire]::Clear()
        Get-EXOMailbox -ResultSize Unlimited | Select-Object -First 1 | Should -HaveCount 1
        @(Get-Sent).Count | Should -BeLessOrEqual 2
    }
}

Describe 'Pipeline' {
    BeforeEach { [ExoWire]::Clear() }

    It 'takes text, GUIDs, objects of earlier responses and rows of a CSV file' {
        $mailbox = Get-EXOMailbox adele.vance
        $row = 'UserPrincipalName', $mailbox.UserPrincipalName | ConvertFrom-Csv
        $adele = 'adele.vance', $mailbox.Guid, $mailbox, (Get-Mailbox adele.vance), (Get-EXORecipient adele.vance), $row, ($mailbox | Select-Object Guid),
            (Get-EXOMailboxPermission adele.vance)[0] | Get-EXOMailbox
        $adele.Alias | Should -Be (@('adele.vance') * 8)
        (Get-EXOMailbox -Identity $mailbox).Alias | Should -Be 'adele.vance'
        (Get-EXOMailbox $mailbox.Guid).Alias | Should -Be 'adele.vance'
    }

    It 'keeps the order of the input and ties an error to its own' {
        $mixed = $names[0..9] + 'nobody.here' + $names[10..19]
        $mixed | Get-EXOMailbox -ErrorVariable failed -ErrorAction SilentlyContinue | ForEach-Object Alias | Should -Be $names[0..19]
        $failed.TargetObject | Should -Be 'nobody.here'
        $failed.FullyQualifiedErrorId | Should -BeLike 'ManagementObjectNotFoundException,*'
        $failed.CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }

    It 'ends at the first error if told to' {
        $seen = [Collections.Generic.List[string]]::new()
        { $names[0], 'nobody.here', $names[1] | Get-EXOMailbox -ErrorAction Stop | ForEach-Object { $seen.Add($_.Alias) } } | Should -Throw
        $seen | Should -Be $names[0]
    }

    It 'never returns everything for an object that names nothing: <What>' -ForEach @(
        @{ What = 'blank text'; Value = '' }
        @{ What = 'nothing'; Value = $null }
        @{ What = 'a row with blanks'; Value = [pscustomobject]@{ UserPrincipalName = ''; Guid = $null } }
        @{ What = 'some other object'; Value = [pscustomobject]@{ Colour = 'red' } }
    ) {
        foreach ($cmdlet in 'Get-EXOMailbox', 'Get-EXORecipient', 'Get-EXOMailboxPermission', 'Get-EXORecipientPermission', 'Get-EXOMailboxStatistics') {
            , $Value | & $cmdlet -ErrorVariable failed -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $failed.FullyQualifiedErrorId | Should -Match '^(MissingParameter|InputObjectNotBound),'
        }

        Get-Sent | Should -BeNullOrEmpty
    }

    It 'goes on behind an object that names nothing' {
        $names[0], '', $names[1] | Get-EXOMailbox -ErrorVariable failed -ErrorAction SilentlyContinue | ForEach-Object Alias | Should -Be $names[0..1]
        @($failed).Count | Should -Be 1
    }

    It 'asks for the statistics of a mailbox by both GUIDs if it has them' {
        Get-EXOMailbox adele.vance -PropertySets StatisticsSeed | Get-EXOMailboxStatistics | ForEach-Object DisplayName | Should -Be 'Adele Vance'
        @(Get-Sent 'Get-EXOMailboxStatistics') | Should -BeLike '/Mailbox/Exchange.GetMailboxStatisticsV2(mailboxGuid=*,databaseGuid=*)?UseCopyOnLocalServer=True'
        [pscustomobject]@{ UserPrincipalName = "adele.vance@$domain"; ExchangeGuid = ''; DatabaseGuid = ' ' } | Get-EXOMailboxStatistics | Should -HaveCount 1
    }

    It 'takes folders to their permissions, and devices of mailboxes' {
        $permissions = Get-EXOMailboxFolderStatistics adele.vance -FolderScope Calendar | Where-Object FolderPath -EQ '/Calendar' | Get-EXOMailboxFolderPermission
        $permissions.User | Should -Contain 'Default'
        $permissions.FolderName | Select-Object -Unique | Should -Be 'Calendar'
        $device = Get-EXOMobileDeviceStatistics -Mailbox $names[1] | Select-Object -First 1
        ($device | Get-EXOMobileDeviceStatistics).Identity | Should -Be $device.Identity
        (Get-EXOMailbox $names[1] | Get-EXOMobileDeviceStatistics)[0].Identity | Should -Be $device.Identity
    }

    It 'keeps step with a pipeline variable' {
        Get-EXOMailbox -ResultSize 20 -PipelineVariable mailbox | Get-EXOMailboxStatistics |
            ForEach-Object { $mailbox.DisplayName -eq $_.DisplayName } | Select-Object -Unique | Should -Be $true
        Get-Mailbox -ResultSize 20 -WarningAction SilentlyContinue -PipelineVariable mailbox | Get-MailboxStatistics |
            ForEach-Object { $mailbox.DisplayName -eq $_.DisplayName } | Select-Object -Unique | Should -Be $true
        $names | Get-EXOMailbox -PipelineVariable mailbox | ForEach-Object { $mailbox.Alias -eq $_.Alias } | Select-Object -Unique | Should -Be $true
    }

    It 'works in other runspaces' {
        $aliases = $names[0..5] | ForEach-Object -Parallel {
            Import-Module (Join-Path $using:ExoModulePath 'ExoConnect.psd1')
            (Get-EXOMailbox $_).Alias
        }
        $aliases | Sort-Object | Should -Be ($names[0..5] | Sort-Object)
    }
}

Describe 'Many at once' {
    BeforeAll {
        $far = Start-LocalTenant -Mailboxes 100 -Latency 60
        $there = $far.Splat
        Connect-ExchangeOnline @there
        $farNames = (Get-EXOMailbox -ResultSize 60).Alias
        $null = Get-EXOMailboxStatistics $farNames[0]
    }

    AfterAll {
        Disconnect-ExchangeOnline -ConnectionId (Get-ConnectionInformation)[-1].ConnectionId -Confirm:$false
        Stop-LocalTenant $far
    }

    It 'has several requests under way for pipeline input' {
        # Sixty responses of 60 ms each, one after the other, take 3.6 s at the very least.
        (Measure-Command { $farNames | Get-EXOMailboxStatistics }).TotalSeconds | Should -BeLessThan 3.5
        (Measure-Command { $farNames | Get-EXOMailboxStatistics -ThrottleLimit 1 }).TotalSeconds | Should -BeGreaterThan 3.5
    }

    It 'gives the first result without waiting for the others, and gives them up where it is enough' {
        (Measure-Command { $farNames * 20 | Get-EXOMailboxStatistics | Select-Object -First 1 }).TotalSeconds | Should -BeLessThan 3
    }

    It 'stops within a second' {
        $shell = [powershell]::Create()
        $null = $shell.AddScript('param($module, $names) Import-Module $module; ($names * 100) | Get-EXOMailboxStatistics').
            AddArgument((Join-Path $ExoModulePath 'ExoConnect.psd1')).AddArgument($farNames)
        $null = $shell.BeginInvoke()
        Start-Sleep -Milliseconds 1500
        (Measure-Command { $shell.Stop() }).TotalSeconds | Should -BeLessThan 1
        $shell.Dispose()
    }
}

Describe 'Sessions' {
    It 'uses the latest session of Exchange Online, whatever was connected since' {
        Connect-IPPSSession @splat
        try {
            (Get-EXOMailbox adele.vance).Alias | Should -Be 'adele.vance'
            $compliance = (Get-ConnectionInformation | Where-Object IsEopSession).Name
            { Get-EXOMailbox adele.vance -Connection $compliance } | Should -Throw -ErrorId 'NoExchangeSession,*'
            { 'a', 'b' | Get-EXOMailbox -Connection $compliance } | Should -Throw -ErrorId 'NoExchangeSession,*'
        }
        finally {
            Disconnect-ExchangeOnline -ConnectionId (Get-ConnectionInformation | Where-Object IsEopSession).ConnectionId -Confirm:$false
        }
    }

    It 'says what to do without one' {
        Disconnect-ExchangeOnline -Confirm:$false
        try {
            $failure = { Get-EXOMailbox } | Should -Throw -ErrorId 'NotConnected,*' -PassThru
            $failure.ErrorDetails.RecommendedAction | Should -BeLike 'Connect first:*'
        }
        finally {
            Connect-ExchangeOnline @splat
        }
    }
}

Describe 'Completion' {
    It 'completes <Line>' -ForEach @(
        @{ Line = 'Get-EXOMailbox -Properties Archi'; Expected = 'ArchiveQuota' }
        @{ Line = 'Get-EXOMailbox -Properties Name,CustomAttribute1'; Expected = 'CustomAttribute15' }
        @{ Line = 'Get-EXOCasMailbox -PropertySets Im'; Expected = 'Imap' }
        @{ Line = 'Get-EXOMailboxStatistics -PropertySets A'; Expected = 'All' }
        @{ Line = 'Get-EXOMailboxStatistics -Properties LastL'; Expected = 'LastLogonTime' }
        @{ Line = 'Get-EXOMailbox -RecipientTypeDetails Sh'; Expected = 'SharedMailbox' }
        @{ Line = 'Get-EXORecipient -RecipientTypeDetails Ro'; Expected = 'RoomList' }
        @{ Line = 'Get-EXORecipient -RecipientType Mail'; Expected = 'MailContact' }
        @{ Line = 'Get-EXOMailboxFolderStatistics -FolderScope Cal'; Expected = 'Calendar' }
        @{ Line = 'Get-EXORecipientPermission -AccessRights '; Expected = 'SendAs' }
        @{ Line = 'Get-EXOMailbox -ResultSize '; Expected = 'Unlimited' }
        @{ Line = 'Get-EXOMailbox -Connection Exch'; Expected = 'ExchangeOnline_*' }
        @{ Line = 'Get-EXOMailboxStatistics adele.v'; Expected = 'adele.vance' }
        @{ Line = 'ExoConnect\Get-EXOMailbox -PropertySets Arc'; Expected = 'Archive' }
    ) {
        @(Get-Completion $Line) -like $Expected | Should -Not -BeNullOrEmpty
    }

    It 'offers no recipient kinds of groups for mailboxes' {
        Get-Completion 'Get-EXOMailbox -RecipientTypeDetails Mail' | Should -Not -Contain 'MailContact'
    }
}
