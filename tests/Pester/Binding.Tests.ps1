BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    Import-ExoConnect

    # A service whose private key is known here, to read what was encrypted for it.
    $rsa = [Security.Cryptography.RSA]::Create(2048)
    $module = @"
`$script:PublicKeyXml = '$($rsa.ToXmlString($false))'
function script:New-Mailbox
{
    [CmdletBinding(DefaultParameterSetName='User')]
    param(
    [Parameter(ParameterSetName='User', Position=0, Mandatory=`$true)]
    [string]
    `$Name,

    [Parameter(ParameterSetName='User')]
    [securestring]
    `$Password,

    [Parameter(ParameterSetName='User')]
    [pscredential]
    `$Credential,

    [Parameter(ParameterSetName='User')]
    [System.Object]
    `$Anything
    )
}
"@
    $spy = Start-LocalTenant -Mailboxes 3 -Fault @{
        cmdlet = 'EXOModuleFile'; status = 200
        content = ConvertTo-Json @{ value = @(@{ fileName = 'ExchangeOnline.psm1'; fileContent = $module }); exportedCmdlets = 'New-Mailbox' } -Depth 4
    }, @{ cmdlet = 'New-Mailbox'; status = 200; content = '{"value":[]}' }
    $tenant = Start-LocalTenant -Mailboxes 20
    $splat = $tenant.Splat
    $spySplat = $spy.Splat
    Connect-ExchangeOnline @spySplat -Prefix Spy
    Connect-ExchangeOnline @splat
    Watch-Wire

    function Unprotect([string] $Text) {
        [Text.Encoding]::UTF8.GetString($rsa.Decrypt([Convert]::FromBase64String($Text), [Security.Cryptography.RSAEncryptionPadding]::Pkcs1))
    }
}

AfterAll {
    Stop-All
}

Describe 'Parameters' {
    BeforeEach {
        [ExoWire]::Clear()
    }

    It 'make one text of a list that a response had, and none of an array' {
        $addresses = (Get-Mailbox adele.vance).EmailAddresses
        Set-Mailbox adele.vance -CustomAttribute4 $addresses
        (Get-WireParameter Set-Mailbox).CustomAttribute4 | Should -Be "$addresses"
        Set-Mailbox adele.vance -CustomAttribute4 ([Collections.Generic.List[string]] ('a', 'b'))
        (Get-WireParameter Set-Mailbox).CustomAttribute4 | Should -Be 'a b'
        { Set-Mailbox adele.vance -CustomAttribute4 'a', 'b' } | Should -Throw -ErrorId 'CannotConvertArgument*'
    }

    It 'take a filter in braces where rows of a file may come too' {
        $filter = { (RecipientType -eq 'UserMailbox') -and (CustomAttribute1 -eq $true) }
        (New-DynamicDistributionGroup -Name braces -RecipientFilter $filter).Name | Should -Be braces
        (Get-WireParameter New-DynamicDistributionGroup).RecipientFilter |
            Should -Be " (RecipientType -eq 'UserMailbox') -and (CustomAttribute1 -eq 'True') "
        [pscustomobject]@{ Name = 'row'; RecipientFilter = 'Alias -like "a*"' } | New-DynamicDistributionGroup | ForEach-Object Name | Should -Be row
    }

    It 'bind by position, by name, by the beginning of a name, and by alias' {
        (Get-Mailbox adele.vance).Alias | Should -Be 'adele.vance'
        (Get-Mailbox -Identity adele.vance).Alias | Should -Be 'adele.vance'
        (Get-Mailbox -Ident adele.vance).Alias | Should -Be 'adele.vance'
        Set-Mailbox adele.vance -CustomAttribute1 never -wi 6> $null

        (Get-WireParameter Get-Mailbox).Identity | Should -Be 'adele.vance'
        (Get-Mailbox adele.vance).CustomAttribute1 | Should -Not -Be 'never'
    }

    It 'can be splatted' {
        $call = @{ Identity = 'adele.vance'; CustomAttribute1 = 'one'; HiddenFromAddressListsEnabled = $true }
        Set-Mailbox @call

        $sent = Get-WireParameter Set-Mailbox
        $sent.Keys | Sort-Object | Should -Be 'CustomAttribute1', 'HiddenFromAddressListsEnabled', 'Identity'
        (Get-Mailbox adele.vance).HiddenFromAddressListsEnabled | Should -BeTrue
    }

    It 'that nobody has are refused before anything is sent' {
        { Get-Mailbox -Colour blue } | Should -Throw -ErrorId 'NamedParameterNotFound,Get-Mailbox'
        { Set-Mailbox -CustomAttribute1 x -Identity } | Should -Throw -ErrorId 'MissingArgument,Set-Mailbox'
        { Set-Mailbox adele.vance -IssueWarningQuota 1 -RecipientLimits } | Should -Throw
        [ExoWire]::Requests | Should -BeNullOrEmpty
    }

    It 'of two sets that exclude each other are refused by PowerShell' {
        { Get-Mailbox adele.vance -Anr adele } | Should -Throw -ErrorId '*,Get-Mailbox'
        [ExoWire]::Requests | Should -BeNullOrEmpty
    }

    It 'of a cmdlet whose sets have no default leave the choice to the service' {
        $undecided = Get-Command New-ExoSecOpsOverrideRule

        $undecided.Parameters.Keys | Should -Contain 'Policy'
    }

    It 'keep their text to the letter' {
        $text = "O'Brien ""x"" `$home {0} ü € 日本 😀 a`tb"
        Set-Mailbox adele.vance -CustomAttribute5 $text

        (Get-Mailbox adele.vance).CustomAttribute5 | Should -BeExactly $text
    }
}

Describe 'The pipeline' {
    BeforeEach {
        [ExoWire]::Clear()
    }

    It 'takes identities' {
        ('adele.vance', 'anton.marino' | Get-Mailbox).Alias | Should -Be 'adele.vance', 'anton.marino'
    }

    It 'takes objects of an earlier response, by their Guids' {
        $mailboxes = Get-Mailbox -ResultSize 2 -WarningAction Ignore
        $mailboxes | Set-Mailbox -CustomAttribute3 piped

        $sent = (Get-WireRequest Set-Mailbox).ForEach{ ($_.Body | ConvertFrom-Json).CmdletInput.Parameters.Identity }
        $sent | Sort-Object | Should -Be ($mailboxes.Guid.Guid | Sort-Object)
        ($mailboxes | Get-Mailbox).CustomAttribute3 | Should -Be 'piped', 'piped'
    }

    It 'takes what one cmdlet gives to another' {
        Get-Mailbox adele.vance | Get-MailboxStatistics | ForEach-Object DisplayName | Should -Be 'Adele Vance'
        Get-Mailbox adele.vance | Get-MailboxPermission | Should -Not -BeNullOrEmpty
    }

    It 'takes folders to their permissions' {
        (Get-MailboxFolderStatistics adele.vance | Where-Object FolderPath -EQ '/Calendar' | Get-MailboxFolderPermission).FolderName | Select-Object -Unique | Should -Be 'Calendar'
    }

    It 'takes properties by their names' {
        $row = [pscustomobject]@{ Identity = 'adele.vance'; Colour = 'blue' }

        ($row | Get-Mailbox).Alias | Should -Be 'adele.vance'
    }

    It 'takes the rows of a file: Import-Csv | New-MailContact' {
        $file = Join-Path $TestDrive 'contacts.csv'
        Set-Content $file 'Name,ExternalEmailAddress,FirstName,LastName', 'Ada L,ada@example.com,Ada,L', '"B, Charles",charles@example.com,Charles,B'

        $made = Import-Csv $file | New-MailContact

        $made.Name | Should -Be 'Ada L', 'B, Charles'
        (Get-MailContact 'Ada L').ExternalEmailAddress | Should -Match 'ada@example\.com'
        (Get-WireParameter New-MailContact).Keys | Sort-Object | Should -Be 'ExternalEmailAddress', 'FirstName', 'LastName', 'Name'
    }

    It 'takes the rows of a file for members too, each column where it belongs' {
        $group = (New-DistributionGroup -Name 'Pester Group').Name
        $file = Join-Path $TestDrive 'members.csv'
        Set-Content $file 'Identity,Member', "$group,adele.vance", "$group,anton.marino"

        Import-Csv $file | Add-DistributionGroupMember

        (Get-DistributionGroupMember $group).Name | Sort-Object | Should -Be 'adele.vance', 'anton.marino'
    }

    It 'never returns everything for a blank name: <What>' -ForEach @(
        @{ What = '$null'; Value = $null }
        @{ What = 'nothing'; Value = '' }
        @{ What = 'blanks'; Value = ' ' }
        @{ What = 'an empty list'; Value = @() }
        @{ What = 'a row with an empty column'; Value = [pscustomobject]@{ Identity = ''; Colour = 'blue' } }
    ) {
        $expected = '^(BlankParameter|UnidentifiedObject),'
        Get-Mailbox -Identity $Value -ErrorVariable failed -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failed.FullyQualifiedErrorId | Should -Match $expected
        Invoke-ExoCommand Get-Mailbox @{ Identity = $Value } -ErrorVariable failed -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failed.FullyQualifiedErrorId | Should -Match $expected
        Get-WireRequest | Should -BeNullOrEmpty

        ('adele.vance', $Value, 'anton.marino' | Get-Mailbox -ErrorVariable failed -ErrorAction SilentlyContinue).Alias | Should -Be 'adele.vance', 'anton.marino'
        $failed.FullyQualifiedErrorId | Should -Match $expected
        $failed[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        # $null for what must be given is PowerShell's own error, as with EXO: it stands in $Error alone.
        $Error.Clear()
        $Value, 'adele.vance' | Set-Mailbox -CustomAttribute9 one -Confirm:$false -ErrorAction SilentlyContinue
        $Error | Should -HaveCount 1
        @(Get-WireRequest Set-Mailbox) | Should -HaveCount 1
    }

    It 'names the parameter that is blank, and what to do' {
        $null | Get-Mailbox -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].Exception.Message | Should -Be 'Get-Mailbox: -Identity is blank.'
        $failed[0].ErrorDetails.RecommendedAction | Should -BeLike '*leave -Identity out to get all*'
        { Get-MobileDevice -Mailbox '' -ErrorAction Stop } | Should -Throw -ErrorId 'BlankParameter,*'
        Get-WireRequest | Should -BeNullOrEmpty
        @(Get-Mailbox).Count | Should -BeGreaterThan 1 -Because 'without the parameter all are meant'
    }

    It 'ties errors to their input, whatever names it, and leaves the text of warnings alone' {
        $rows = 'Name,ExternalEmailAddress', 'adele.vance,a@example.com', 'anton.marino,b@example.com' | ConvertFrom-Csv
        $rows | New-MailContact -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed.TargetObject | Should -Be 'adele.vance', 'anton.marino'
        @{ ResultSize = 1; Colour = 'blue'; NewPassword = 'x' }, @{ Name = 'Bad One'; Colour = 'blue' } |
            Invoke-ExoCommand Get-Recipient -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].TargetObject.Keys | Sort-Object | Should -Be 'Colour', 'ResultSize'
        $failed[1].TargetObject | Should -Be 'Bad One'

        @{ ResultSize = 1 }, @{ ResultSize = 2 } | Invoke-ExoCommand Get-Mailbox -WarningVariable said -WarningAction SilentlyContinue | Out-Null
        $said | Should -HaveCount 2
        $said | Should -BeLike 'There are more results*'
    }

    It 'goes on after an object that fails' {
        $found = 'nobody', 'adele.vance' | Get-Mailbox -ErrorAction SilentlyContinue -ErrorVariable failed

        $found.Alias | Should -Be 'adele.vance'
        $failed | Should -HaveCount 1
        $failed[0].TargetObject | Should -Be 'nobody'
    }
}

Describe 'An object as a value' {
    BeforeAll {
        $mailbox = Get-Mailbox adele.vance
        $other = Get-Mailbox anton.marino
    }

    It 'stands for its Guid, as <How>' -ForEach @(
        @{ How = 'it came'; Make = { $args[0] } }
        @{ How = 'it comes back from Clixml'; Make = { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($args[0])) } }
        @{ How = 'Select-Object left it'; Make = { $args[0] | Select-Object Name, Guid } }
        @{ How = 'part of an array'; Make = { , @($args[0]) } }
    ) {
        $null = Get-Mailbox -Identity (& $Make $mailbox)

        (Get-WireParameter Get-Mailbox).Identity | Should -Be $mailbox.Guid.ToString()
    }

    It 'stands for its <_> where that is what it has' -ForEach @(
        'ExternalDirectoryObjectId', 'DistinguishedName', 'Identity', 'UserPrincipalName', 'PrimarySmtpAddress', 'WindowsEmailAddress', 'ExchangeGuid', 'Id', 'Alias', 'Name'
    ) {
        $chosen = Invoke-ExoCommand Get-Mailbox @{ Identity = 'adele.vance' } -Property DisplayName, $_
        foreach ($object in $chosen, ($mailbox | Select-Object DisplayName, $_), ($mailbox | Select-Object $_ | ConvertTo-Csv | ConvertFrom-Csv)) {
            ($object | Get-Mailbox).Alias | Should -Be 'adele.vance'
            (Get-WireParameter Get-Mailbox).Identity | Should -Be "$($mailbox.$_)"
            ($object | Get-EXOMailbox).Alias | Should -Be 'adele.vance'
            (@{ Identity = $object } | Invoke-ExoCommand Get-Mailbox).Alias | Should -Be 'adele.vance'
        }
    }

    It 'is never taken for whom its display name is the name of' {
        Set-Mailbox adele.vance -DisplayName anton.marino
        try {
            Invoke-ExoCommand Get-Mailbox @{ Identity = 'adele.vance' } -Property DisplayName, UserPrincipalName | Set-Mailbox -CustomAttribute14 X
            (Get-Mailbox -Filter "CustomAttribute14 -eq 'X'").Alias | Should -Be 'adele.vance'

            [ExoWire]::Clear()
            foreach ($nameless in (Invoke-ExoCommand Get-Mailbox @{ Identity = 'adele.vance' } -Property DisplayName), ($mailbox | Select-Object DisplayName)) {
                Clear-Variable failed -ErrorAction Ignore
                $nameless, 'carlos.doyle' | Set-Mailbox -CustomAttribute13 Y -ErrorVariable failed -ErrorAction SilentlyContinue
                $failed | Should -HaveCount 1
                $failed[0].FullyQualifiedErrorId | Should -BeLike 'UnidentifiedObject,*'
                $failed[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
                $failed[0].ErrorDetails.RecommendedAction | Should -BeLike '*-Property DisplayName, Guid*'
                $failed[0].TargetObject.DisplayName | Should -Be $nameless.DisplayName
            }

            (Get-Mailbox -Filter "CustomAttribute13 -eq 'Y'").Alias | Should -Be 'carlos.doyle'
        }
        finally {
            Set-Mailbox adele.vance -DisplayName 'Adele Vance'
        }
    }

    It 'is refused in other parameters too, where nothing names it' {
        [ExoWire]::Clear()
        $nameless = $other | Select-Object DisplayName
        { Set-Mailbox $mailbox -ForwardingAddress $nameless -ErrorAction Stop } | Should -Throw -ErrorId 'UnidentifiedObject,*' -ExpectedMessage '-ForwardingAddress*'
        { Set-Mailbox $mailbox -GrantSendOnBehalfTo $nameless, 'carlos.doyle' -ErrorAction Stop } | Should -Throw -ErrorId 'UnidentifiedObject,*'
        { Invoke-ExoCommand Set-Mailbox @{ Identity = $nameless; CustomAttribute1 = 'x' } -ErrorAction Stop } | Should -Throw -ErrorId 'UnidentifiedObject,*'
        Get-WireRequest | Should -BeNullOrEmpty
    }

    It 'that is a size from another process is its text' {
        $size = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($mailbox.ProhibitSendQuota))
        Set-Mailbox $mailbox -ProhibitSendQuota $size
        (Get-WireParameter Set-Mailbox).ProhibitSendQuota | Should -Be "$($mailbox.ProhibitSendQuota)"
    }

    It 'does so in other parameters, and in lists of them' {
        Set-Mailbox $mailbox -ForwardingAddress $other -GrantSendOnBehalfTo $other, 'carlos.doyle'

        $sent = Get-WireParameter Set-Mailbox
        $sent.ForwardingAddress | Should -Be $other.Guid.ToString()
        $sent.GrantSendOnBehalfTo | Should -Be $other.Guid.ToString(), 'carlos.doyle'
        Set-Mailbox $mailbox -ForwardingAddress $null -GrantSendOnBehalfTo $null
    }

    It 'can be a Guid, a number or a mail address' {
        (Get-Mailbox $mailbox.Guid).Alias | Should -Be 'adele.vance'
        (Get-Mailbox ([mailaddress] 'adele.vance@contoso.onmicrosoft.com')).Alias | Should -Be 'adele.vance'
    }
}

Describe 'Values' {
    BeforeEach {
        [ExoWire]::Clear()
    }

    It 'that are $null clear what was there' {
        Set-Mailbox adele.vance -CustomAttribute6 full
        Set-Mailbox adele.vance -CustomAttribute6 $null -RetentionPolicy $null

        $sent = Get-WireParameter Set-Mailbox
        $sent.ContainsKey('CustomAttribute6') | Should -BeTrue
        $sent.CustomAttribute6 | Should -BeNullOrEmpty
        $sent.ContainsKey('RetentionPolicy') | Should -BeTrue
        $sent.RetentionPolicy | Should -Be $null
        (Get-Mailbox adele.vance).CustomAttribute6 | Should -BeNullOrEmpty
    }

    It 'in an array replace a list' {
        Set-Mailbox adele.vance -EmailAddresses 'SMTP:adele.vance@contoso.onmicrosoft.com', 'smtp:adele@contoso.com'

        (Get-Mailbox adele.vance).EmailAddresses | Should -Contain 'smtp:adele@contoso.com'
        , (Get-WireParameter Set-Mailbox).EmailAddresses | Should -BeOfType object[]
    }

    It 'in @{Add; Remove} change a list' {
        Set-Mailbox adele.vance -EmailAddresses @{ Add = 'smtp:a1@contoso.com', 'smtp:a2@contoso.com'; Remove = 'smtp:adele@contoso.com' }

        $addresses = (Get-Mailbox adele.vance).EmailAddresses
        $addresses | Should -Contain 'smtp:a1@contoso.com'
        $addresses | Should -Contain 'smtp:a2@contoso.com'
        $addresses | Should -Not -Contain 'smtp:adele@contoso.com'
        $sent = (Get-WireParameter Set-Mailbox).EmailAddresses
        $sent.'@odata.type' | Should -Be '#Exchange.GenericHashTable'
        $sent.Keys | Sort-Object | Should -Be '@odata.type', 'Add', 'Remove'
        , $sent.Add | Should -BeOfType ([array])
        $sent.Remove | Should -BeExactly 'smtp:adele@contoso.com'
    }

    It 'of switches: present, true and false' {
        $null = Get-Mailbox -Archive -ResultSize 1 -WarningAction Ignore
        (Get-WireParameter Get-Mailbox).Archive | Should -BeExactly $true
        $null = Get-Mailbox -Archive:$false -ResultSize 1 -WarningAction Ignore
        (Get-WireParameter Get-Mailbox).Archive | Should -BeExactly $false
    }

    It 'of truth: $true, 0, and $false' {
        Set-Mailbox adele.vance -AuditEnabled $false -HiddenFromAddressListsEnabled 1

        $sent = Get-WireParameter Set-Mailbox
        $sent.AuditEnabled | Should -BeExactly $false
        $sent.HiddenFromAddressListsEnabled | Should -BeExactly $true
        Set-Mailbox adele.vance -AuditEnabled $true -HiddenFromAddressListsEnabled $false
    }

    It 'of time travel in UTC, to the second, whatever the culture' {
        $before = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = 'de-DE'
            $start = [datetime]::SpecifyKind('2030-02-01T08:30:00', 'Utc')
            Set-MailboxAutoReplyConfiguration adele.vance -AutoReplyState Scheduled -StartTime $start -EndTime '2030-03-04'
        }
        finally {
            [cultureinfo]::CurrentCulture = $before
        }

        $sent = Get-WireParameter Set-MailboxAutoReplyConfiguration
        $sent.StartTime | Should -BeExactly '2030-02-01T08:30:00'
        $sent.EndTime | Should -BeExactly ([datetime] '2030-03-04').ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ss', [cultureinfo]::InvariantCulture)
    }

    It 'of numbers, sizes and spans keep their kind' {
        Set-Mailbox adele.vance -RecipientLimits 100 -ProhibitSendQuota 50GB -RetainDeletedItemsFor ([timespan]::FromDays(20))

        $sent = Get-WireParameter Set-Mailbox
        $sent.RetainDeletedItemsFor | Should -Be '20.00:00:00'
        (Get-Mailbox adele.vance).ProhibitSendQuota | Should -Match '50 GB'
    }

    It 'of enums by name; the service says which it knows' {
        Set-MailboxAutoReplyConfiguration adele.vance -AutoReplyState disabled
        (Get-WireParameter Set-MailboxAutoReplyConfiguration).AutoReplyState | Should -Be 'disabled'

        Set-MailboxAutoReplyConfiguration adele.vance -AutoReplyState Sometimes -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        $failed[0].Exception.Message | Should -Match 'Scheduled'

        Set-MailboxCalendarConfiguration adele.vance -WeekStartDay ([DayOfWeek]::Monday)
        (Get-WireParameter Set-MailboxCalendarConfiguration).WeekStartDay | Should -Be 'Monday'
    }

    It 'of types that do not fit are refused before anything is sent' {
        { Set-MailboxAutoReplyConfiguration adele.vance -StartTime 'whenever' } | Should -Throw -ErrorId 'CannotConvertArgumentNoMessage,*'
        [ExoWire]::Requests | Should -BeNullOrEmpty
    }

    It 'that no service can take are refused with their parameter' {
        Set-Mailbox adele.vance -ForwardingAddress ([Threading.Thread]::CurrentThread) -ErrorAction SilentlyContinue -ErrorVariable failed

        $failed[0].FullyQualifiedErrorId | Should -BeLike 'ParameterNotSerializable,*'
        $failed[0].ErrorDetails.Message | Should -Match "'ForwardingAddress'"
        [ExoWire]::Requests | Should -BeNullOrEmpty
    }

    It 'in files travel as bytes' {
        $bytes = [byte[]] (1..10)
        Import-RecipientDataProperty -Identity adele.vance -FileData $bytes -Picture -ErrorAction SilentlyContinue 2> $null

        $sent = Get-WireParameter Import-RecipientDataProperty
        $sent.FileData.Data | Should -Be (1..10)
        $sent.FileData.'@odata.type' | Should -Be '#Exchange.ByteArrayType'
    }
}

Describe 'A secret' {
    BeforeAll {
        $word = 'Pass-wörd 4 "you"'
        $secret = ConvertTo-SecureString $word -AsPlainText -Force
        [ExoWire]::Clear()
    }

    It 'travels encrypted with the service''s key' {
        New-SpyMailbox Bob -Password $secret

        Unprotect (Get-WireParameter New-Mailbox).Password | Should -BeExactly $word
    }

    It 'does so in a credential, and in a table' {
        New-SpyMailbox Bob -Credential ([pscredential]::new('bob', $secret)) -Anything @{ Inner = $secret }

        $sent = Get-WireParameter New-Mailbox
        $credential = Unprotect $sent.Credential | ConvertFrom-Json -AsHashtable
        $credential.Keys | Should -Be 'UserName', 'Password'
        $credential.UserName, $credential.Password | Should -BeExactly 'bob', $word
        Unprotect $sent.Anything.Inner | Should -BeExactly $word
    }

    It 'does so in Invoke-ExoCommand' {
        $session = Get-ConnectionInformation -ModulePrefix Spy
        Invoke-ExoCommand New-Mailbox @{ Name = 'Bob'; Password = $secret } -Connection $session.Name

        Unprotect (Get-WireParameter New-Mailbox).Password | Should -BeExactly $word
    }

    It 'is accepted by the tenant' {
        New-Mailbox -Name 'With Password' -MicrosoftOnlineServicesID with@contoso.onmicrosoft.com -Password $secret | Should -Not -BeNullOrEmpty
    }

    It 'is never on the wire as it is, nor in what -Verbose says' {
        $said = New-SpyMailbox Bob -Password $secret -Verbose *>&1 | Out-String

        $said | Should -Not -Match 'Pass-w'
        [ExoWire]::Requests.Body -match 'Pass-w|UGFzcy13' | Should -BeNullOrEmpty
    }
}

Describe 'Common parameters' {
    BeforeEach {
        [ExoWire]::Clear()
    }

    It '-WhatIf asks here and prints what the service would do, and nothing happens' {
        $said = Set-Mailbox adele.vance -CustomAttribute7 never -WhatIf 6>&1

        "$said" | Should -Match 'Setting mailbox Identity:"adele.vance"'
        (Get-WireParameter Set-Mailbox).WhatIf | Should -BeExactly $true
        (Get-Mailbox adele.vance).CustomAttribute7 | Should -BeNullOrEmpty
    }

    It '$WhatIfPreference of the script that calls does as well' {
        $WhatIfPreference = $true
        $said = Set-Mailbox adele.vance -CustomAttribute7 never 6>&1
        $WhatIfPreference = $false

        "$said" | Should -Match 'Setting mailbox Identity:"adele.vance"'
        (Get-Mailbox adele.vance).CustomAttribute7 | Should -BeNullOrEmpty
    }

    It '-Confirm asks here; where nobody can answer nothing is sent' {
        { Set-Mailbox adele.vance -CustomAttribute7 never -Confirm } | Should -Throw
        Get-WireRequest Set-Mailbox | Should -BeNullOrEmpty
    }

    It '-Confirm:$false and a high $ConfirmPreference do not ask' {
        Remove-MailContact 'Ada L' -Confirm:$false
        Get-MailContact 'Ada L' -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
    }

    It 'what removes is confirmed without being told to' {
        { Remove-MailContact 'B, Charles' } | Should -Throw
        Get-MailContact 'B, Charles' | Should -Not -BeNullOrEmpty
    }

    It '-ErrorAction Stop ends the script, SilentlyContinue and Ignore do not' {
        { Get-Mailbox nobody -ErrorAction Stop } | Should -Throw -ErrorId 'ManagementObjectNotFoundException,*'
        { 'nobody', 'adele.vance' | Set-Mailbox -CustomAttribute8 never -ErrorAction Stop } | Should -Throw
        @(Get-WireRequest Set-Mailbox) | Should -HaveCount 1 -Because 'nothing is changed after a failure'
        $error.Clear()
        Get-Mailbox nobody -ErrorAction Ignore | Should -BeNullOrEmpty
        $error | Should -BeNullOrEmpty
        Get-Mailbox nobody -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $error | Should -HaveCount 1
    }

    It 'have their preference variables, also those of the script that calls' {
        $ErrorActionPreference = 'Stop'
        { Get-Mailbox nobody } | Should -Throw -ErrorId 'ManagementObjectNotFoundException,*'
        $ErrorActionPreference = 'SilentlyContinue'
        Get-Mailbox nobody | Should -BeNullOrEmpty
        $ErrorActionPreference = 'Stop'
        { 'nobody', 'adele.vance' | Set-Mailbox -CustomAttribute8 never } | Should -Throw
        (Get-Mailbox adele.vance).CustomAttribute8 | Should -Not -Be 'never'
        $WarningPreference = 'SilentlyContinue'
        Get-Mailbox -ResultSize 1 3>&1 | Should -HaveCount 1
        $VerbosePreference = 'Continue'
        Get-Mailbox adele.vance 4>&1 | Should -Not -HaveCount 1
        $VerbosePreference = 'SilentlyContinue'
        $ConfirmPreference = 'None'
        $null = New-MailContact -Name 'Short Lived' -ExternalEmailAddress short@example.com
        Remove-MailContact 'Short Lived'
    }

    It '-ErrorVariable and -WarningVariable collect, also with a plus' {
        Get-Mailbox nobody -ErrorAction SilentlyContinue -ErrorVariable failed
        Get-Mailbox nobody2 -ErrorAction SilentlyContinue -ErrorVariable +failed
        $null = Get-Mailbox -ResultSize 1 -WarningAction SilentlyContinue -WarningVariable warned

        $failed.TargetObject | Should -Be 'nobody', 'nobody2'
        $warned | Should -HaveCount 1
    }

    It '-WarningAction reaches the service, and SilentlyContinue silences' {
        $shown = Get-Mailbox -ResultSize 1 -WarningAction SilentlyContinue 3>&1

        $shown | Should -HaveCount 1
        (Get-WireRequest Get-Mailbox)[-1].Headers['WarningAction'] | Should -Be 'SilentlyContinue'
        { Get-Mailbox -ResultSize 1 -WarningAction Stop } | Should -Throw
    }

    It '-OutVariable, -OutBuffer and -PipelineVariable work' {
        $null = Get-Mailbox -ResultSize 3 -WarningAction Ignore -OutVariable kept
        $kept | Should -HaveCount 3
        (Get-Mailbox -ResultSize 3 -WarningAction Ignore -OutBuffer 2).Count | Should -Be 3
        Get-Mailbox -ResultSize 2 -WarningAction Ignore -PipelineVariable box | Get-MailboxStatistics | ForEach-Object { "$($box.Alias): $($_.DisplayName)" } |
            Should -Be 'adele.vance: Adele Vance', 'anton.marino: Anton Marino'
    }

    It '-Verbose tells cmdlet, request id and time' {
        $said = Get-Mailbox adele.vance -Verbose 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] }

        $said.Message | Should -Match 'Get-Mailbox: 200 from \S+ in \d+ ms \(client-request-id [0-9a-f-]{36}\)'
    }

    It 'are sent to the service as EXO sends them, but for what it does not know' {
        $null = Get-Mailbox adele.vance -Verbose:$false -ErrorAction Stop -OutVariable x -InformationAction Ignore -ProgressAction Ignore

        $sent = Get-WireParameter Get-Mailbox
        $sent.Keys | Sort-Object | Should -Be 'ErrorAction', 'Identity', 'InformationAction', 'OutVariable', 'Verbose'
        $sent.ErrorAction | Should -BeExactly 'Stop'
        $sent.Verbose | Should -BeExactly $false
    }
}
