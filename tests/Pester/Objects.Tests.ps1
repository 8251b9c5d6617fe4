BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    Import-ExoConnect
    $tenant = Start-LocalTenant -Mailboxes 50 -Fault @(
        # Names that no .NET type can have side by side, or at all.
        @{ cmdlet = 'Get-SharingPolicy'; status = 200; content = '{"value":[{"Name":"odd","name":"even","GetType":"mine","ToString":1,"":"nothing"}]}' }
        @{ cmdlet = 'Get-RemoteDomain'; status = 200; content = '{"value":["text",1,2.5,true,null,{"Name":"deep","Inner":{"A":1,"B":["x","y"]},"Table@odata.type":"#Exchange.GenericHashTable","Table":{"k":"v"},"Size":"1.5 KB (1,536 bytes)","Unlimited":"Unlimited"}]}' }
    )
    $splat = $tenant.Splat
    Connect-ExchangeOnline @splat
    $mailboxes = Get-Mailbox -ResultSize Unlimited
    $mailbox = $mailboxes[0]
    $statistics = $mailboxes | Get-MailboxStatistics
}

AfterAll {
    Stop-All
}

Describe 'An object' {
    It 'has a type name by its noun' {
        $mailbox.PSObject.TypeNames | Should -Contain 'ExoConnect.Mailbox'
        $statistics[0].PSObject.TypeNames | Should -Contain 'ExoConnect.MailboxStatistics'
        (Get-AcceptedDomain)[0].PSObject.TypeNames | Should -Contain 'ExoConnect.AcceptedDomain'
    }

    It 'is its identity in a text' {
        "$mailbox" | Should -Be 'adele.vance'
        "Mailbox $($mailboxes[0, 1] -join ' and ')" | Should -Be 'Mailbox adele.vance and anton.marino'
        $mailbox.ToString() | Should -Be 'adele.vance'
    }

    It 'has all properties, in any case, and none that is not there' {
        @($mailbox.PSObject.Properties).Count | Should -BeGreaterThan 240
        $mailbox.primarysmtpaddress | Should -Be 'adele.vance@contoso.onmicrosoft.com'
        $mailbox.PSObject.Properties['Colour'] | Should -BeNullOrEmpty
        ($mailbox | Get-Member ProhibitSendQuota).MemberType | Should -Be 'Property'
        ($mailbox | Get-Member -MemberType Property).Name | Should -Contain 'EmailAddresses'
    }

    It 'can be changed in the hand, which changes nothing at the service' {
        $mine = Get-Mailbox adele.vance
        $mine.DisplayName = 'Somebody'
        $mine.CustomAttribute1 = 5

        $mine.DisplayName | Should -Be 'Somebody'
        $mine.CustomAttribute1 | Should -Be 5
        (Get-Mailbox adele.vance).DisplayName | Should -Be 'Adele Vance'
    }

    It 'can be extended' {
        $mine = Get-Mailbox adele.vance | Add-Member Note 'remember' -PassThru

        $mine.Note | Should -Be 'remember'
        ($mine | Select-Object Alias, Note).Note | Should -Be 'remember'
    }

    It 'keeps a list that was changed in the hand' {
        $mine = Get-Mailbox adele.vance
        $before = $mine.EmailAddresses.Count
        $null = $mine.EmailAddresses.Add('smtp:new@contoso.com')

        $mine.EmailAddresses | Should -HaveCount ($before + 1)
    }

    It 'can be copied' {
        $copy = $mailbox.PSObject.Copy()

        $copy.Alias | Should -Be $mailbox.Alias
    }
}

Describe 'Sizes' {
    BeforeAll {
        $size = $mailbox.ProhibitSendQuota
    }

    It 'print as the service writes them' {
        "$size" | Should -Be '99 GB (106,300,440,576 bytes)'
        $size.ToString() | Should -Be '99 GB (106,300,440,576 bytes)'
        $size -match 'GB' | Should -BeTrue
        "$size".Split('(')[1] | Should -Be '106,300,440,576 bytes)' -Because 'scripts take them apart'
    }

    It 'are a line each at the prompt' {
        ((Get-Mailbox adele.vance).ProhibitSendQuota | Out-String).Trim() | Should -Be '99 GB (106,300,440,576 bytes)'
        ((Get-Mailbox -ResultSize 2 -WarningAction Ignore).ProhibitSendQuota | Out-String).Trim() -split '\r?\n' | Should -Be (@('99 GB (106,300,440,576 bytes)') * 2)
    }

    It 'convert as Exchange''s own type does' {
        $size.ToBytes() | Should -Be 106300440576
        $size.ToKB() | Should -Be 103809024
        $size.ToMB() | Should -Be 101376
        $size.ToGB() | Should -Be 99
        $size.ToTB() | Should -Be 0
    }

    It 'compare with sizes, texts and numbers' {
        $size -gt $mailbox.IssueWarningQuota | Should -BeTrue
        $size -gt 50GB | Should -BeTrue
        $size -lt 50GB | Should -BeFalse
        $size -eq (Get-Mailbox anton.marino).ProhibitSendQuota | Should -BeTrue
        $size -ge '98 GB (105,226,698,752 bytes)' | Should -BeTrue
        $size -lt '99.5 GB' | Should -BeTrue
        50GB -lt $size | Should -BeTrue
        0.5 -lt $size | Should -BeTrue
        { $size -gt 'much' } | Should -Throw
    }

    It 'sort by size, not by text' {
        $sorted = $statistics | Sort-Object TotalItemSize

        $bytes = $sorted.ForEach{ $_.TotalItemSize.ToBytes() }
        $bytes | Should -Be ($bytes | Sort-Object)
        $texts = $sorted.ForEach{ "$($_.TotalItemSize)" }
        ($texts -join '|') | Should -Not -Be (($texts | Sort-Object) -join '|') -Because 'else this proves nothing'
    }

    It 'are filtered by' {
        $large = $statistics | Where-Object { $_.TotalItemSize.ToMB() -gt 500 }
        $same = $statistics | Where-Object TotalItemSize -GT 500MB

        $large.Count | Should -BeGreaterThan 0
        $large.Count | Should -BeLessThan 50
        # ToMB rounds down.
        $same.Count | Should -BeGreaterOrEqual $large.Count
    }

    It 'are grouped and measured by' {
        ($mailboxes | Group-Object ProhibitSendQuota)[0].Name | Should -Match '^\d+ GB'
        ($statistics | Measure-Object TotalItemSize -Sum).Sum | Should -Be ($statistics.ForEach{ $_.TotalItemSize.ToBytes() } | Measure-Object -Sum).Sum
    }
}

Describe 'Objects in' {
    It 'Sort-Object, Group-Object, Where-Object and Select-Object' {
        ($mailboxes | Sort-Object DisplayName)[0].DisplayName | Should -Be ($mailboxes.DisplayName | Sort-Object)[0]
        ($mailboxes | Group-Object RecipientTypeDetails).Name | Should -Contain 'UserMailbox'
        ($mailboxes | Where-Object Alias -EQ 'adele.vance').Guid | Should -Be $mailbox.Guid
        ($mailboxes | Where-Object WhenCreated -LT (Get-Date)).Count | Should -Be 50
        ($mailboxes | Select-Object Alias -First 2).Alias | Should -Be 'adele.vance', 'anton.marino'
        ($mailboxes | Select-Object -ExpandProperty EmailAddresses -First 1) | Should -Contain 'SMTP:adele.vance@contoso.onmicrosoft.com'
        ($mailboxes.Alias | Sort-Object -Unique).Count | Should -Be 50
        (Compare-Object $mailboxes[0, 1] $mailboxes[1, 2] -Property Alias).Alias | Sort-Object | Should -Be 'adele.vance', 'carlos.doyle'
    }

    It 'ConvertTo-Json' {
        $back = $mailbox | ConvertTo-Json -Depth 4 -WarningAction Ignore | ConvertFrom-Json

        @($back.PSObject.Properties).Count | Should -Be @($mailbox.PSObject.Properties).Count
        $back.Alias | Should -Be 'adele.vance'
        $back.Guid | Should -Be $mailbox.Guid.ToString()
        $back.EmailAddresses | Should -Be $mailbox.EmailAddresses
        $back.HiddenFromAddressListsEnabled | Should -BeFalse
        $back.ProhibitSendQuota | Should -Be '99 GB (106,300,440,576 bytes)'
    }

    It 'Export-Csv' {
        $file = Join-Path $TestDrive 'mailboxes.csv'
        $mailboxes | Export-Csv $file

        $back = Import-Csv $file
        $back | Should -HaveCount 50
        @($back[0].PSObject.Properties).Count | Should -Be @($mailbox.PSObject.Properties).Count
        $back[0].PrimarySmtpAddress | Should -Be 'adele.vance@contoso.onmicrosoft.com'
        $back[0].ProhibitSendQuota | Should -Be '99 GB (106,300,440,576 bytes)'
        $back[0].Guid | Should -Be $mailbox.Guid.ToString()
    }

    It 'Export-Clixml and back' {
        $file = Join-Path $TestDrive 'mailbox.xml'
        $mailbox | Export-Clixml $file

        $back = Import-Clixml $file
        $back.PSObject.TypeNames | Should -Contain 'Deserialized.ExoConnect.Mailbox'
        $back.Guid | Should -Be $mailbox.Guid
        $back.WhenCreated | Should -Be $mailbox.WhenCreated
        $back.EmailAddresses | Should -Be $mailbox.EmailAddresses
        "$($back.ProhibitSendQuota)" | Should -Be '99 GB (106,300,440,576 bytes)'
    }

    It 'Format-Table, Format-List and Out-String' {
        $mailboxes | Select-Object -First 2 | Format-Table Alias, Guid | Out-String | Should -Match 'adele\.vance\s+[0-9a-f-]{36}'
        $mailbox | Format-List Alias | Out-String | Should -Match 'Alias : adele\.vance'
        ($mailboxes | Out-String -Stream).Count | Should -BeGreaterThan 50
    }

    It 'a hashtable, a switch and a comparison' {
        $byGuid = @{}
        foreach ($one in $mailboxes) { $byGuid[$one.Guid] = $one }

        $byGuid[$mailbox.Guid].Alias | Should -Be 'adele.vance'
        $byGuid.Count | Should -Be 50
        switch ($mailbox.RecipientTypeDetails) { 'UserMailbox' { $found = $true } }
        $found | Should -BeTrue
        $mailbox.Equals($mailbox) | Should -BeTrue
    }

    It 'other threads, while they are changed' {
        $copies = 1..50 | ForEach-Object -Parallel { $box = $using:mailbox; $box.EmailAddresses.Count; $box.CustomAttribute9 = $_ } -ThrottleLimit 4

        ($copies | Sort-Object -Unique) | Should -HaveCount 1
        $mailbox.CustomAttribute9 | Should -BeIn (1..50)
    }
}

Describe 'Odd responses' {
    It 'with names that no type can have become property bags' {
        $odd = Get-SharingPolicy

        $odd.PSObject.TypeNames | Should -Contain 'ExoConnect.SharingPolicy'
        $odd.PSObject.Properties['GetType'].Value | Should -Be 'mine'
        $odd.Name | Should -Be 'even' -Because 'of two that differ in case the last one stays'
    }

    It 'with values instead of objects, and objects in objects, come as they are' {
        $text, $whole, $real, $truth, $rest = Get-RemoteDomain
        $deep = $rest | Select-Object -Last 1

        $text, $whole, $real, $truth | Should -Be 'text', 1, 2.5, $true
        $deep.Inner.A | Should -Be 1
        $deep.Inner.B | Should -Be 'x', 'y'
        $deep.Table.k | Should -Be 'v'
        $deep.Size.ToBytes() | Should -Be 1536
        $deep.Unlimited | Should -Be 'Unlimited'
    }
}
