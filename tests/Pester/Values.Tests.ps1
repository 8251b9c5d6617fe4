# What a script sees of a value: sizes, lists, enumerations and users, whoever looks at them, in CLIXML (a session's commands) and in JSON (Invoke-ExoCommand).

BeforeDiscovery {
    $forms = @(
        @{ Form = 'clixml' }
        @{ Form = 'json' }
    )
}

BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    Import-ExoConnect
    $tenant = Start-LocalTenant -Mailboxes 10
    $splat = $tenant.Splat
    Connect-ExchangeOnline @splat -ShowBanner:$false
    $mailboxes = @{
        clixml = @(Get-Mailbox -ResultSize Unlimited)
        json   = @(Invoke-ExoCommand Get-Mailbox @{ ResultSize = 'Unlimited' })
    }
    $statistics = @{
        clixml = @($mailboxes.clixml | Get-MailboxStatistics)
        json   = @($mailboxes.json | ForEach-Object { Invoke-ExoCommand Get-MailboxStatistics @{ Identity = $_.UserPrincipalName } })
    }
}

AfterAll {
    Stop-All
}

Describe 'A size in <Form>' -ForEach $forms {
    BeforeAll {
        $quota = $mailboxes[$Form][0].ProhibitSendQuota
        $size = $statistics[$Form][0].TotalItemSize
        $text = "$size"
    }

    It 'is text to who treats it as text' {
        $text | Should -Match '^[\d.]+ [KMG]B \([\d,]+ bytes\)$'
        $size.Split('(')[1] | Should -Be ($text -split '\(')[1]
        $size.Replace(' bytes)', '') | Should -Be ($text -replace ' bytes\)')
        $size.Substring(0, 3) | Should -Be $text.Substring(0, 3)
        $size -replace ' \(.*' | Should -Be ($text -split ' \(')[0]
        $size -match '\(([\d,]+) bytes' | Should -BeTrue
        $size -eq $text | Should -BeTrue
        $text -eq $size | Should -BeTrue
        switch ($size) { $text { $found = $true } }
        $found | Should -BeTrue
        $(switch -Wildcard ($size) { '*bytes)' { 'wild' } }) | Should -Be 'wild'
    }

    It 'has the members of a size' {
        "$($size.Value)" | Should -Be $text
        $size.IsUnlimited | Should -BeFalse
        $size.Value.ToBytes() | Should -Be ([long] ($text -replace '.*\(|,| bytes\)'))
        $size.Value.ToMB() | Should -Be ([math]::Floor($size.ToBytes() / 1MB))
        $size.Value.ToString().Split('(')[1] | Should -Match 'bytes'
        $quota -gt 1GB | Should -BeTrue
    }

    It 'goes through what scripts write it with' {
        $object = [pscustomobject]@{ Size = $size }
        $object | ConvertTo-Json -Compress | Should -BeExactly "{`"Size`":`"$text`"}"
        ($object | ConvertTo-Csv)[1] | Should -BeExactly "`"$text`""
        "$($object | ConvertTo-Html -Fragment)" | Should -BeLike "*<td>$text</td>*"
        $object | Format-List | Out-String | Should -BeLike "*$text*"
        $object | Format-Table | Out-String -Width 200 | Should -BeLike "*$text*"
        $file = Join-Path $TestDrive "$Form.xml"
        $object | Export-Clixml $file
        "$((Import-Clixml $file).Size)" | Should -Be $text
        (Import-Clixml $file).Size.IsUnlimited | Should -BeFalse
        "$((Import-Clixml $file).Size.Value)" | Should -Be $text
    }

    It 'is text beside a text, in a list, a table''s key and a switch' {
        $quota + ' of it' | Should -Be "$quota of it"
        'Quota: ' + $quota | Should -Be "Quota: $quota"
        '{0}!' -f $quota | Should -Be "$quota!"
        "$quota" -in @($mailboxes[$Form].ProhibitSendQuota) | Should -BeTrue
        $mailboxes[$Form].ProhibitSendQuota -contains "$quota" | Should -BeTrue
        @($mailboxes[$Form] | Where-Object ProhibitSendQuota -EQ "$quota").Count | Should -Be $mailboxes[$Form].Count
        switch ($quota) { "$quota" { $hit = 'exact' } default { $hit = 'none' } }
        switch -Wildcard ($quota) { '99 GB*' { $hit += ' wild' } }
        $hit | Should -Be 'exact wild'
        @(Compare-Object $quota "$quota").Count | Should -Be 0
        ([pscustomobject]@{ Quota = $quota } | ConvertTo-Csv)[1] | Should -Be "`"$quota`""
        ($mailboxes[$Form] | Group-Object ProhibitSendQuota).Name | Should -Be "$quota"
    }

    It 'comes back from a file as the text it was' {
        $file = Join-Path $TestDrive "$Form.xml"
        $mailboxes[$Form][0] | Select-Object ProhibitSendQuota, EmailAddresses, InPlaceHolds, RecipientTypeDetails, Guid | Export-Clixml $file
        $back = Import-Clixml $file
        "$($back.ProhibitSendQuota)" | Should -Be "$quota"
        "$($back.EmailAddresses)" | Should -Be "$($mailboxes[$Form][0].EmailAddresses)"
        $back.InPlaceHolds.Count | Should -Be 0
        $back.RecipientTypeDetails -eq 'UserMailbox' | Should -BeTrue
        $back.Guid | Should -BeOfType guid
    }

    It 'sorts, groups and compares by size' {
        $sorted = @($statistics[$Form] | Sort-Object TotalItemSize | ForEach-Object { $_.TotalItemSize.ToBytes() })
        $sorted | Should -Be @($sorted | Sort-Object)
        @($statistics[$Form] | Group-Object TotalItemSize).Count | Should -Be @($sorted | Select-Object -Unique).Count
        Compare-Object $statistics[$Form] $statistics[$Form] -Property TotalItemSize | Should -BeNullOrEmpty
    }
}

Describe 'A list in <Form>' -ForEach $forms {
    BeforeAll {
        $mailbox = $mailboxes[$Form] | Where-Object { $_.EmailAddresses.Count -gt 1 } | Select-Object -First 1
        $list = $mailbox.EmailAddresses
        $text = $list -join ' '
    }

    It 'is its items with blanks between' {
        "$list" | Should -Be $text
        ($mailbox | Select-Object EmailAddresses, InPlaceHolds | ConvertTo-Csv)[1] | Should -BeExactly "`"$text`",`"`""
        "$($mailbox | Select-Object EmailAddresses | ConvertTo-Html -Fragment)" | Should -BeLike "*<td>$text</td>*"
        ([pscustomobject]@{ List = $list; Empty = $mailbox.InPlaceHolds } | ConvertTo-Csv)[1] | Should -BeExactly "`"$text`",`"`""
    }

    It 'grows into a list of its own, and filters and replaces its items' {
        $own = $mailbox.EmailAddresses
        $own += 'smtp:x@contoso.com'
        $own.Count | Should -Be ($mailbox.EmailAddresses.Count + 1)
        @($mailbox.EmailAddresses -like 'SIP*').Count | Should -Be 1
        @($mailbox.EmailAddresses -replace '^\w+:').Count | Should -Be $mailbox.EmailAddresses.Count
        @($mailbox.EmailAddresses.Where{ $_ -clike 'SMTP:*' }).Count | Should -Be 1
        ($mailbox.EmailAddresses.ForEach{ "$_".Split(':')[0] })[0] | Should -BeExactly 'SMTP'
        @(Compare-Object $mailbox.EmailAddresses $mailbox.EmailAddresses).Count | Should -Be 0
        switch -Wildcard ($mailbox.EmailAddresses) { 'SIP:*' { $sip = $true } }
        $sip | Should -BeTrue
        ([pscustomobject]@{ Holds = $mailbox.InPlaceHolds } | ConvertTo-Csv)[1] | Should -Be '""'
    }

    It 'is an ArrayList all the same' {
        $list -is [System.Collections.ArrayList] | Should -BeTrue
        $list -contains $list[0] | Should -BeTrue
        $list.Count | Should -Be @($list).Count
        (($list + 'x')[-1]) | Should -Be 'x'
        @($mailbox.InPlaceHolds).Count | Should -Be 0
        ($mailbox | Select-Object EmailAddresses | ConvertTo-Json -Compress | ConvertFrom-Json).EmailAddresses | Should -Be @($list | ForEach-Object { "$_" })
        $file = Join-Path $TestDrive "list-$Form.xml"
        $mailbox | Select-Object EmailAddresses | Export-Clixml $file
        "$((Import-Clixml $file).EmailAddresses)" | Should -Be $text
    }
}

Describe 'Every kind of value' {
    BeforeAll {
        # An object with one property V for each kind: its text, its JSON (the text's, where none is given), and the text of a list's group.
        function Get-Case([string] $Form) {
            $one = $mailboxes.clixml[0].UserPrincipalName
            switch ($Form) {
                'session' {
                    $mailbox = Get-Mailbox $one
                    $group = @(Get-DistributionGroup)[0]
                    $permission = @(Get-MailboxFolderPermission "${one}:\Calendar")[0]
                    $bytes = @(Export-TransportRuleCollection)[0]
                }
                'Get-EXO' {
                    $mailbox = Get-EXOMailbox $one -PropertySets All
                    $permission = @(Get-EXOMailboxFolderPermission "${one}:\Calendar")[0]
                    $group = $bytes = $null
                }
                default {
                    $as = @{ ResponseFormat = $Form }
                    $mailbox = Invoke-ExoCommand Get-Mailbox @{ Identity = $one } @as
                    $group = @(Invoke-ExoCommand Get-DistributionGroup @as)[0]
                    $permission = @(Invoke-ExoCommand Get-MailboxFolderPermission @{ Identity = "${one}:\Calendar" } @as)[0]
                    $bytes = @(Invoke-ExoCommand Export-TransportRuleCollection @as)[0]
                }
            }

            $addresses = @($mailboxes.clixml[0].EmailAddresses | ForEach-Object { "$_" })
            $guid = "$($mailboxes.clixml[0].ExchangeGuid)"
            @{ Kind = 'size'; V = $mailbox.ProhibitSendQuota; Text = '99 GB (106,300,440,576 bytes)' }
            @{ Kind = 'list'; V = $mailbox.EmailAddresses; Text = "$addresses"; Items = $addresses }
            @{ Kind = 'empty list'; V = $mailbox.InPlaceHolds; Text = ''; Items = @() }
            @{ Kind = 'enum'; V = $mailbox.RecipientTypeDetails; Text = 'UserMailbox' }
            @{ Kind = 'guid'; V = $mailbox.ExchangeGuid; Text = $guid }
            @{ Kind = 'user'; V = $permission.User; Text = 'Default'; AnyJson = $Form -in 'session', 'clixml' }
            if ($group) {
                @{ Kind = 'unlimited size'; V = $group.MaxSendSize; Text = 'Unlimited' }
            }

            if ($mailbox.WhenCreated -is [datetime]) {
                $when = $mailbox.WhenCreated
                @{ Kind = 'date'; V = $when; Text = "$when"; Shown = $when.ToString(); AnyJson = $true }
            }

            if ($bytes) {
                $bytes.FileData | Should -BeOfType byte
                @{ Kind = 'bytes'; V = $bytes.FileData; Text = "$([byte[]] $bytes.FileData)"; AnyJson = $true; AnyTable = $true }
            }
        }

        # What is wrong with a value, whoever looks at it; nothing when nothing is.
        function Get-Fault($Case, [string] $File) {
            $object = [pscustomobject]@{ V = $Case.V }
            $isList = $null -ne $Case['Items']
            $shown = $Case['Shown'] ?? $Case.Text
            $cell = [Net.WebUtility]::HtmlEncode($shown)
            $json = $isList ? ($Case['Items'].Count -eq 0 ? '[]' : (ConvertTo-Json $Case['Items'] -Compress)) : "`"$($Case.Text)`""
            $object | Export-Clixml $File
            $checks = [ordered]@{
                'string'         = { "$($Case.V)" -ceq $Case.Text }
                'Select-Object'  = { "$(($object | Select-Object V).V)" -ceq $Case.Text }
                'pscustomobject' = { "$(([pscustomobject]@{ A = 1; B = $Case.V }).B)" -ceq $Case.Text }
                'csv'            = { $Case['AnyTable'] -or ($object | ConvertTo-Csv)[1] -ceq "`"$shown`"" }
                'html'           = { $Case['AnyTable'] -or "$($object | ConvertTo-Html -Fragment)".Contains("<td>$cell</td>") }
                'json'           = { $Case['AnyJson'] -or ($object | ConvertTo-Json -Compress) -ceq "{`"V`":$json}" }
                'clixml'         = { "$((Import-Clixml $File).V)" -ceq $Case.Text }
                'Format-List'    = { $isList -or $Case['AnyTable'] -or ($object | Format-List | Out-String -Width 500).Contains($shown) }
                'Format-Table'   = { $isList -or $Case['AnyTable'] -or ($object | Format-Table -AutoSize | Out-String -Width 500).Contains($shown) }
                'Format-Wide'    = { $isList -or $Case['AnyTable'] -or ($object | Format-Wide V -Column 1 | Out-String -Width 500).Contains($shown) }
                'no type name'   = { ($object | Format-List | Out-String -Width 500) -notmatch 'System\.Collections|ExoConnect\.|PackedText' }
                'Group-Object'   = { $isList -or @($object, $object | Group-Object V).Count -eq 1 }
                'Sort-Object'    = { @($object, $object | Sort-Object V).Count -eq 2 }
                'Compare-Object' = { @(Compare-Object $object $object -Property V).Count -eq 0 }
                'switch'         = { $isList -or $Case['AnyTable'] -or $(switch ("$($Case.V)") { $Case.Text { $true } default { $false } }) }
                'switch itself'  = { $isList -or $Case['AnyTable'] -or $(switch ($Case.V) { { "$_" -eq $Case.Text } { $true } default { $false } }) }
                '-eq'            = { $isList -or $Case.Kind -eq 'bytes' -or $Case.V -eq $Case.Text }
                'join'           = { -not $isList -or ($Case.V -join ' ') -ceq $Case.Text }
                'count'          = { -not $isList -or $Case.V.Count -eq $Case['Items'].Count }
            }
            foreach ($check in $checks.GetEnumerator()) {
                if ((& $check.Value) -ne $true) {
                    "$($Case.Kind): $($check.Key)"
                }
            }
        }
    }

    It 'is the same to every way of looking at it, in <_>' -ForEach 'session', 'Get-EXO', 'clixml', 'json' {
        $cases = @(Get-Case $_)
        $cases.Count | Should -BeGreaterThan 5
        $cases | ForEach-Object { Get-Fault $_ (Join-Path $TestDrive 'value.xml') } | Should -BeNullOrEmpty
    }

    It 'arrives in a job as its text' {
        $cases = @('session', 'Get-EXO', 'clixml', 'json' | ForEach-Object { Get-Case $_ })
        $values = @($cases | ForEach-Object { [pscustomobject]@{ V = $_.V } })
        $got = @(Start-Job { param($all) foreach ($one in $all) { "$($one.V)" } } -ArgumentList (, $values) | Receive-Job -Wait -AutoRemoveJob)
        $got | Should -Be @($cases | ForEach-Object { $_.Text })
    }
}

Describe 'Objects of a session''s commands' {
    It 'have the service''s type names first, and ours for the views' {
        $mailboxes.clixml[0].PSTypeNames[0] | Should -Be 'Deserialized.Microsoft.Exchange.Data.Directory.Management.Mailbox'
        $mailboxes.clixml[0].PSTypeNames | Should -Contain 'ExoConnect.Mailbox'
    }

    It 'have enumerations with a value' {
        $kind = $mailboxes.clixml[0].RecipientTypeDetails
        $kind -eq 'UserMailbox' | Should -BeTrue
        $kind.Value | Should -Be 'UserMailbox'
        $kind.ToString() | Should -Be 'UserMailbox'
        $(switch ($kind) { 'UserMailbox' { 'yes' } }) | Should -Be 'yes'
        ($mailboxes.clixml | Group-Object RecipientTypeDetails).Name | Should -Contain 'UserMailbox'
        ([pscustomobject]@{ Kind = $kind } | ConvertTo-Csv)[1] | Should -Be '"UserMailbox"'
    }

    It 'have addresses with members' {
        $mailboxes.clixml[0].EmailAddresses[0].SmtpAddress | Should -Be $mailboxes.clixml[0].PrimarySmtpAddress
    }

    It 'have dates of the kind that EXO gives' {
        $mailboxes.clixml[0].WhenCreated.Kind | Should -Be 'Local'
        $mailboxes.clixml[0].WhenCreatedUTC.Kind | Should -Be 'Utc'
        $mailboxes.clixml[0].WhenCreated.ToUniversalTime() | Should -Be $mailboxes.clixml[0].WhenCreatedUTC
    }

    It 'have users of permissions that are text and have members' {
        $name = $mailboxes.clixml[0].UserPrincipalName
        $other = $mailboxes.clixml[1]
        $null = Add-MailboxFolderPermission "${name}:\Calendar" -User $other.UserPrincipalName -AccessRights Editor
        $permissions = @(Get-MailboxFolderPermission "${name}:\Calendar")
        $default = $permissions | Where-Object User -EQ 'Default'
        $default.User -like 'Def*' | Should -BeTrue
        $default.User -match '^Default$' | Should -BeTrue
        $default.User.DisplayName | Should -Be 'Default'
        $default.User.UserType.Value | Should -Be 'Default'
        $default.User.UserType.ToString() | Should -Be 'Default'
        $internal = $permissions | Where-Object { $_.User.UserType.Value -eq 'Internal' }
        "$($internal.User)" | Should -Be $other.DisplayName
        $internal.User.RecipientPrincipal.PrimarySmtpAddress | Should -Be $other.PrimarySmtpAddress
        ($permissions | Select-Object AccessRights | ConvertTo-Csv)[1] | Should -Not -Match 'System.Collections'
    }

    It 'say the same as the JSON form' {
        $byGuid = $mailboxes.json | Group-Object Guid -AsHashTable -AsString
        foreach ($mailbox in $mailboxes.clixml) {
            $same = $byGuid["$($mailbox.Guid)"][0]
            foreach ($property in $same.PSObject.Properties.Name) {
                $value = $mailbox.$property -is [datetime] ? $mailbox.$property.ToUniversalTime().ToString('s') : "$($mailbox.$property)"
                $expected = $same.$property -is [datetime] ? $same.$property.ToUniversalTime().ToString('s') : "$($same.$property)"
                $value | Should -Be $expected -Because $property
            }
        }
    }

    It 'keep type names and texts in a job' {
        $out = Start-Job { param($mailbox) $mailbox.PSTypeNames[0]; "$($mailbox.ProhibitSendQuota)"; "$($mailbox.EmailAddresses)" } -ArgumentList $mailboxes.clixml[0] |
            Receive-Job -Wait -AutoRemoveJob
        $out[0] | Should -Be 'Deserialized.Microsoft.Exchange.Data.Directory.Management.Mailbox'
        $out[1] | Should -Be "$($mailboxes.clixml[0].ProhibitSendQuota)"
        $out[2] | Should -Be "$($mailboxes.clixml[0].EmailAddresses)"
    }

    It 'can be asked for by Invoke-ExoCommand' {
        (Invoke-ExoCommand Get-Mailbox @{ ResultSize = 1 } -ResponseFormat clixml -WarningAction Ignore).PSTypeNames[0] | Should -BeLike 'Deserialized.*Mailbox'
    }
}
