BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    Import-ExoConnect

    # The first request for the list of cmdlets gets a response that no service should give: one function is broken, one has a name that is none.
    $broken = @'
function script:Get-Good
{
    [CmdletBinding(DefaultParameterSetName='Identity')]
    param(
    [Parameter(ParameterSetName='Identity', Position=0)]
    [string]
    $Identity
    )
}
function script:Get-Bad
{
    [CmdletBinding(
    param(
function script:Get-`$(Remove-Item)
{
    [CmdletBinding()]
    param()
}
'@
    $odd = Start-LocalTenant -Mailboxes 3 -Fault @(
        @{ cmdlet = 'EXOModuleFile'; times = 1; status = 200
           content = ConvertTo-Json @{ value = @(@{ fileName = 'ExchangeOnline.psm1'; fileContent = $broken }); exportedCmdlets = 'Get-Good,Get-Bad' } -Depth 4 }
        @{ cmdlet = 'Get-SharingPolicy'; times = 1; status = 403; body = 'nulgzip' }
    )
    $tenant = Start-LocalTenant -Mailboxes 3
    $fabrikam = Start-LocalTenant -Mailboxes 3 -Role 'Exchange Recipient Administrator' -Arguments '--organization', 'fabrikam.onmicrosoft.com'
    $splat = $tenant.Splat
    $fabrikamSplat = $fabrikam.Splat
    $oddSplat = $odd.Splat
    $alwaysOdd = Start-LocalTenant -Mailboxes 120 -Fault @(
        @{ cmdlet = 'Get-SharingPolicy'; status = 403; body = 'nulgzip' }
        @{ cmdlet = 'Get-Place'; status = 400; body = 'empty' }
        @{ cmdlet = 'Get-User'; delay = 700 }
    )
    $alwaysOddSplat = $alwaysOdd.Splat
    Watch-Wire
}

AfterAll {
    Stop-All
}

Describe 'The whole catalog' {
    BeforeAll {
        Connect-ExchangeOnline @splat
        $exchange = @(Get-Command -Module (Get-ConnectionInformation).ModuleName)
        Connect-IPPSSession @splat -EnableSearchOnlySession
        $compliance = @(Get-Command -Module (Get-ConnectionInformation)[1].ModuleName)

        # What the tenant offers, straight from its file: a name, then E, S or both.
        $listed = Get-Content (Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'src/ExoConnect.LocalTenant/Catalog/cmdlets.txt') |
            Where-Object { $_ -match '^[A-Za-z]+-\S+ [ES]+ ' } | ForEach-Object { , ($_ -split ' ')[0, 1] }
    }

    AfterAll {
        Disconnect-ExchangeOnline
    }

    It 'becomes <Count> commands of <Service>' -ForEach @(
        @{ Service = 'Exchange Online'; Letter = 'E'; Count = 846 }
        @{ Service = 'Security & Compliance'; Letter = 'S'; Count = 271 }
    ) {
        $commands = $Letter -eq 'E' ? $exchange : $compliance

        $commands | Should -HaveCount $Count
        $expected = $listed.Where{ $_[1].Contains($Letter) }.ForEach{ $_[0] } | Sort-Object
        $commands.Name | Sort-Object | Should -Be $expected
    }

    It 'is read, parameter by parameter, without a mistake' {
        foreach ($command in $exchange + $compliance) {
            if (-not $command.Parameters) { throw "$command has no parameters." }
        }
    }

    It 'is found as commands are' {
        (Get-Command Get-CASMailbox).CommandType | Should -Be 'Function'
        (Get-Command -Verb Set -Noun CASMailbox).Name | Should -Be 'Set-CASMailbox'
        (Get-Command *-CASMailbox -Module ExoConnect.*).Name | Sort-Object | Should -Be 'Get-CASMailbox', 'Set-CASMailbox'
        (Get-Module ExoConnect.ExchangeOnline_*).ExportedCommands.Count | Should -Be 846
    }

    It 'lies in no file' {
        Test-Path (Get-Module ExoConnect.ExchangeOnline_*).Path | Should -BeFalse -Because 'an in-memory module has a made-up path'
        (Get-Command Get-Mailbox).ScriptBlock.File | Should -BeNullOrEmpty
    }

    It 'has each name in both services come from the latest session' {
        $both = ($listed.ForEach{ $_[0] } | Group-Object).Where{ $_.Count -eq 2 }.Name

        $both.Count | Should -BeGreaterThan 10
        (Get-Command $both).Source | Sort-Object -Unique | Should -Be (Get-ConnectionInformation)[1].ModuleName
        (Get-Command Get-Mailbox).Source | Should -Be (Get-ConnectionInformation)[0].ModuleName
    }

    It 'works in both services at once' {
        Get-Mailbox | Should -Not -BeNullOrEmpty
        Get-ComplianceSearch | Should -Not -BeNullOrEmpty
    }
}

Describe 'A prefix' {
    AfterEach {
        Disconnect-ExchangeOnline
    }

    It 'stands before every noun' {
        Connect-ExchangeOnline @splat -Prefix Lab

        $commands = Get-Command -Module (Get-ConnectionInformation).ModuleName
        $commands | Should -HaveCount 846
        $commands.Name -notmatch '^[A-Za-z]+-Lab' | Should -BeNullOrEmpty
        Get-Command Get-Mailbox -ErrorAction Ignore | Should -BeNullOrEmpty
        (Get-LabMailbox adele.vance).Alias | Should -Be 'adele.vance'
        (Get-WireRequest Get-Mailbox)[-1].Body | Should -Match '"CmdletName":"Get-Mailbox"'
    }

    It 'keeps two sessions side by side' {
        Connect-ExchangeOnline @splat -Prefix One -CommandName Get-AcceptedDomain
        Connect-ExchangeOnline @fabrikamSplat -Prefix Two -CommandName Get-Mailbox

        (Get-OneAcceptedDomain).DomainName | Should -Contain 'contoso.onmicrosoft.com'
        (Get-TwoMailbox adele.vance).PrimarySmtpAddress | Should -Be 'adele.vance@fabrikam.onmicrosoft.com'
    }

    It 'is in every text that names a command: <Call>' -ForEach @(
        @{ Call = 'Get-OddSharingPolicy'; Text = "'Get-OddSharingPolicy' isn't known to"; Remedy = "spelling of 'Get-OddSharingPolicy'" }
        @{ Call = '"a", "b" | Get-OddSharingPolicy'; Text = "'Get-OddSharingPolicy' isn't known to"; Remedy = "spelling of 'Get-OddSharingPolicy'" }
        @{ Call = 'Set-OddMailbox -Identity ""'; Text = '^Set-OddMailbox: -Identity is blank'; Remedy = '' }
        @{ Call = 'Get-OddMailbox adele.vance -Verbose'; Text = '^Get-OddMailbox: 200 from'; Remedy = '' }
        @{ Call = '"adele.vance", "nobody" | Get-OddMailbox -Verbose'; Text = '^Get-OddMailbox: (200|404) from'; Remedy = '' }
        @{ Call = 'Get-OddMailbox -ResultSize 100 -Verbose'; Text = '^Get-OddMailbox: page 2, \d+ objects'; Remedy = '' }
        @{ Call = '"adele.vance" | Set-OddMailbox -CustomAttribute1 x -WhatIf -Verbose'; Text = '^Set-OddMailbox: 200 from'; Remedy = '' }
        @{ Call = '1..2 | Get-OddPlace'; Text = "responded to 'Get-OddPlace' with|'Get-OddPlace' isn't known"; Remedy = '' }
    ) {
        Connect-ExchangeOnline @alwaysOddSplat -Prefix Odd -PageSize 50
        $ErrorActionPreference = 'SilentlyContinue'
        $Error.Clear()

        $said = @(& ([scriptblock]::Create($Call)) *>&1) + $Error
        [string[]] $texts = $said | ForEach-Object { $_ -is [Management.Automation.ErrorRecord] ? $_.Exception.Message : "$_" }

        $texts -match $Text | Should -Not -BeNullOrEmpty -Because ($texts -join ', ')
        $texts -match '\w+-(SharingPolicy|Mailbox|Place)\b' | Should -BeNullOrEmpty
        if ($Remedy) { $Error[0].ErrorDetails.RecommendedAction | Should -Match $Remedy }
    }

    It 'is what ShouldProcess says, whom warnings are about, and what progress is called' {
        Connect-ExchangeOnline @alwaysOddSplat -Prefix Odd
        $worker = [powershell]::Create([initialsessionstate]::CreateDefault2())
        try {
            $null = $worker.AddScript(@"
param(`$splat) Import-Module '$(Join-Path $ExoModulePath 'ExoConnect.psd1')'; Connect-ExchangeOnline @splat -Prefix Odd -ShowBanner:`$false
Get-OddUser -ResultSize Unlimited | Out-Null
'adele.vance' | Set-OddMailbox -Confirm:`$false -Verbose
"@).AddArgument($alwaysOddSplat)
            $null = $worker.Invoke()
            $worker.Streams.Progress.Activity | Where-Object { $_ -like '*User' } | Sort-Object -Unique | Should -Be 'Get-OddUser'
            $about = $worker.Streams.Verbose.Message -match '^The next warnings'
            $about | Should -Be "The next warnings are about Set-OddMailbox 'adele.vance'."
            $worker.Streams.Verbose.Message | Should -Contain 'Performing the operation "Set-OddMailbox" on target "adele.vance".'
        }
        finally {
            $worker.Dispose()
        }
    }
}

Describe '-CommandName' {
    AfterEach {
        Disconnect-ExchangeOnline
    }

    It 'cuts the commands to <Names>' -ForEach @(
        @{ Names = @('Get-Mailbox'); Expected = @('Get-Mailbox') }
        @{ Names = @('*-CASMailbox', 'Get-Mailbox'); Expected = @('Get-CASMailbox', 'Get-Mailbox', 'Set-CASMailbox') }
        @{ Names = @('get-c?smailbox'); Expected = @('Get-CASMailbox') }
        @{ Names = @('Get-NoSuchThing'); Expected = @() }
    ) {
        [ExoWire]::Clear()

        Connect-ExchangeOnline @splat -CommandName $Names

        $commands = @(Get-Command -Module (Get-ConnectionInformation).ModuleName | ForEach-Object Name | Sort-Object)
        $commands -join ' ' | Should -Be ($Expected -join ' ')
        (Get-WireRequest EXOModuleFile).Headers['CommandName'] | Should -Be ($Names -join ',')
    }
}

Describe 'What the roles allow' {
    It 'is what there is' {
        Connect-ExchangeOnline @fabrikamSplat
        try {
            Get-Command Set-Mailbox, New-MailContact | Should -HaveCount 2
            Get-Command New-TransportRule, Set-OrganizationConfig -ErrorAction Ignore | Should -BeNullOrEmpty

            Invoke-ExoCommand New-TransportRule @{ Name = 'x' } -ErrorVariable failed -ErrorAction SilentlyContinue
            $failed[0].CategoryInfo.Category | Should -Be 'PermissionDenied'
        }
        finally {
            Disconnect-ExchangeOnline
        }
    }
}

Describe 'The functions of a session' {
    It 'are parsed when they are first used, and not at connect' {
        # PowerShell makes script blocks that are parsed late for itself only. Where a version does it otherwise, this says so.
        function Test-Parsed([string] $name) {
            $block = (Get-Module ExoConnect.Exchange*).ExportedFunctions[$name].ScriptBlock
            $data = [scriptblock].GetField('_scriptBlockData', 'NonPublic,Instance').GetValue($block)
            $null -ne $data.GetType().GetField('_ast', 'NonPublic,Instance').GetValue($data)
        }

        Connect-ExchangeOnline @splat
        try {
            Test-Parsed Get-Mailbox | Should -BeFalse
            $null = Get-Mailbox adele.vance
            Test-Parsed Get-Mailbox | Should -BeTrue
            Test-Parsed Set-Mailbox | Should -BeFalse
        }
        finally {
            Disconnect-ExchangeOnline
        }
    }
}

Describe 'One name in two sessions' {
    It 'is the latest''s; when that one ends, the older''s is back' {
        Connect-ExchangeOnline @splat -CommandName Get-Mailbox, Get-AcceptedDomain
        Connect-ExchangeOnline @fabrikamSplat -CommandName Get-Mailbox
        $older, $latest = Get-ConnectionInformation

        (Get-Mailbox adele.vance).PrimarySmtpAddress | Should -Be 'adele.vance@fabrikam.onmicrosoft.com'
        (Get-Command Get-Mailbox).Source | Should -Be $latest.ModuleName
        $latest.ConnectionUsedForInbuiltCmdlets | Should -BeTrue
        Get-AcceptedDomain | Should -Not -BeNullOrEmpty

        Disconnect-ExchangeOnline -ConnectionId $latest.ConnectionId
        (Get-Mailbox adele.vance).PrimarySmtpAddress | Should -Be 'adele.vance@contoso.onmicrosoft.com'
        (Get-Command Get-Mailbox).Source | Should -Be $older.ModuleName

        Disconnect-ExchangeOnline
        Get-Command Get-Mailbox, Get-AcceptedDomain -ErrorAction Ignore | Should -BeNullOrEmpty
        Get-Module ExoConnect.Exchange* | Should -BeNullOrEmpty
    }

    It 'stays the latest''s when the older session ends' {
        Connect-ExchangeOnline @splat -CommandName Get-Mailbox
        Connect-ExchangeOnline @fabrikamSplat -CommandName Get-Mailbox

        Disconnect-ExchangeOnline -ConnectionId (Get-ConnectionInformation)[0].ConnectionId

        (Get-Mailbox adele.vance).PrimarySmtpAddress | Should -Be 'adele.vance@fabrikam.onmicrosoft.com'
        Disconnect-ExchangeOnline
    }

    It 'leaves a function of the user''s alone, except while a session hides it' {
        function global:Get-Mailbox { 'mine' }
        try {
            Connect-ExchangeOnline @splat -CommandName Get-Mailbox
            (Get-Mailbox adele.vance).Alias | Should -Be 'adele.vance'
        }
        finally {
            Disconnect-ExchangeOnline
            Remove-Item function:Get-Mailbox -ErrorAction Ignore
        }
    }
}

Describe 'The list of cmdlets' {
    BeforeEach {
        [ExoWire]::Clear()
        Remove-Item $env:EXOCONNECT_CACHE -Recurse -ErrorAction Ignore
    }

    AfterEach {
        Disconnect-ExchangeOnline
    }

    It 'is fetched once, then taken from the disk' {
        Connect-ExchangeOnline @splat -Verbose 4>&1 | Out-String | Should -Match "The session's roles allow 846 cmdlets"
        Connect-ExchangeOnline @splat -Verbose 4>&1 | Out-String | Should -Match '846 cmdlets, as the service listed them at'

        @(Get-WireRequest EXOModuleFile) | Should -HaveCount 1
        (Get-Mailbox adele.vance).Alias | Should -Be 'adele.vance'
    }

    It 'is kept with the region of Security & Compliance' {
        Connect-IPPSSession @splat -EnableSearchOnlySession
        $sent = @(Get-WireRequest EXOModuleFile).Count
        Connect-IPPSSession @splat -EnableSearchOnlySession
        $null = Get-ComplianceSearch

        @(Get-WireRequest EXOModuleFile) | Should -HaveCount $sent
        (Get-WireRequest Get-ComplianceSearch)[0].Uri | Should -Match 'nam12b\.ps\.compliance'
    }

    It 'is fetched anew with -RefreshCache, and always with -NoCache, which keeps nothing' {
        Connect-ExchangeOnline @splat -NoCache
        Test-Path (Join-Path $env:EXOCONNECT_CACHE 'catalog' '*') | Should -BeFalse
        Connect-ExchangeOnline @splat
        Connect-ExchangeOnline @splat -RefreshCache
        Connect-ExchangeOnline @splat -NoCache

        @(Get-WireRequest EXOModuleFile) | Should -HaveCount 4
    }

    It 'is one for each cut, app and service' {
        Connect-ExchangeOnline @splat -CommandName Get-Mailbox
        Connect-ExchangeOnline @splat -CommandName Get-User
        Connect-ExchangeOnline @fabrikamSplat -CommandName Get-Mailbox

        @(Get-WireRequest EXOModuleFile) | Should -HaveCount 3
        Get-Command Get-User | Should -Not -BeNullOrEmpty
    }

    It 'can be read by its owner only, and holds no secret' -Skip:$IsWindows {
        Connect-ExchangeOnline @splat

        $files = @(Get-ChildItem (Join-Path $env:EXOCONNECT_CACHE 'catalog') -File)
        $files | Should -Not -BeNullOrEmpty
        $files.ForEach{ [IO.File]::GetUnixFileMode($_.FullName) } | Sort-Object -Unique | Should -Be ([IO.UnixFileMode]'UserRead, UserWrite')
        $files.ForEach{ [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($_.FullName)) } -match 'eyJ|PRIVATE' | Should -BeNullOrEmpty
    }

    It 'is fetched anew where the file was tampered with' {
        Connect-ExchangeOnline @splat -CommandName Get-Mailbox
        foreach ($file in Get-ChildItem (Join-Path $env:EXOCONNECT_CACHE 'catalog') -File) {
            $bytes = [IO.File]::ReadAllBytes($file.FullName)
            $bytes[[int]($bytes.Length / 2)] = $bytes[[int]($bytes.Length / 2)] -bxor 0xFF
            [IO.File]::WriteAllBytes($file.FullName, $bytes)
        }

        Connect-ExchangeOnline @splat -CommandName Get-Mailbox -WarningVariable warned

        @(Get-WireRequest EXOModuleFile) | Should -HaveCount 2
        $warned | Should -BeNullOrEmpty
        (Get-Mailbox adele.vance).Alias | Should -Be 'adele.vance'
    }

    It 'is done without where it cannot be kept' {
        Set-Content $env:EXOCONNECT_CACHE 'This is a file and no folder.'
        try {
            Connect-ExchangeOnline @splat -CommandName Get-Mailbox -WarningVariable warned -ErrorVariable failed

            $warned + $failed | Should -BeNullOrEmpty
            (Get-Mailbox adele.vance).Alias | Should -Be 'adele.vance'
        }
        finally {
            Remove-Item $env:EXOCONNECT_CACHE
        }
    }

    It 'may have entries that cannot be read: one warning counts them, the rest works' {
        Connect-ExchangeOnline @oddSplat -WarningVariable warned -WarningAction SilentlyContinue

        $warned | Should -HaveCount 1
        $warned[0] | Should -Match "of the service's cmdlets can't be read"
        (Get-Command -Module (Get-ConnectionInformation).ModuleName).Name | Should -Be 'Get-Good'
    }

    It 'is fetched anew after a cmdlet in it was refused' {
        Connect-ExchangeOnline @oddSplat -RefreshCache
        Get-SharingPolicy -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed[0].CategoryInfo.Category | Should -Be 'PermissionDenied'

        Connect-ExchangeOnline @oddSplat

        @(Get-WireRequest EXOModuleFile) | Should -HaveCount 2
    }
}

Describe 'Roles that change while a session runs' {
    It 'renew its commands, once' {
        $list = 'function Get-Good { [CmdletBinding()] param() }'
        $changing = Start-LocalTenant -Mailboxes 3 -Fault @(
            @{ cmdlet = 'EXOModuleFile'; skip = 1; times = 1; status = 200
               content = ConvertTo-Json @{ value = @(@{ fileName = 'ExchangeOnline.psm1'; fileContent = $list }); exportedCmdlets = 'Get-Good' } -Depth 4 }
            @{ cmdlet = 'Get-SharingPolicy'; status = 403; body = 'nulgzip' }
        )
        $changingSplat = $changing.Splat
        Connect-ExchangeOnline @changingSplat -NoCache
        $session = (Get-ConnectionInformation)[-1]
        try {
            [ExoWire]::Clear()
            Get-SharingPolicy -ErrorAction SilentlyContinue -ErrorVariable failed -WarningAction SilentlyContinue -WarningVariable warned

            $failed[0].CategoryInfo.Category | Should -Be 'PermissionDenied'
            $warned | Should -Match 'roles of .* have changed. It has 1 cmdlets'
            (Get-Command -Module $session.ModuleName).Name | Should -Be 'Get-Good'
            Get-Command Get-SharingPolicy -ErrorAction Ignore | Should -BeNullOrEmpty
            @(Get-WireRequest EXOModuleFile) | Should -HaveCount 1

            Invoke-ExoCommand Get-SharingPolicy -ErrorAction SilentlyContinue
            @(Get-WireRequest EXOModuleFile) | Should -HaveCount 1 -Because 'the list does not have it any more'
        }
        finally {
            Disconnect-ExchangeOnline -ConnectionId $session.ConnectionId -Confirm:$false
        }
    }
}

Describe '$EXO_LastExecutionStatus' {
    It 'tells whether the last command succeeded' {
        Connect-ExchangeOnline @splat -CommandName Get-Mailbox
        try {
            Get-Mailbox nobody -ErrorAction SilentlyContinue
            $global:EXO_LastExecutionStatus | Should -BeFalse
            $null = Get-Mailbox adele.vance
            $global:EXO_LastExecutionStatus | Should -BeTrue
        }
        finally {
            Disconnect-ExchangeOnline
        }
    }

    It 'tells it of what <_> has ended, and is true again after the next' -ForEach @(
        'Get-EXOMailbox nobody -ErrorAction Stop', 'Get-EXOMailbox -Filter xx', 'Get-Mailbox nobody -ErrorAction Stop'
        'Invoke-ExoCommand Get-Mailbox @{ Identity = "nobody" } -ErrorAction SilentlyContinue', 'Connect-ExchangeOnline @splat -Prefix EXO'
    ) {
        Connect-ExchangeOnline @splat -CommandName Get-Mailbox
        try {
            $global:EXO_LastExecutionStatus | Should -BeTrue
            try { & ([scriptblock]::Create($_)) } catch { $_.Exception.Message | Should -Not -BeNullOrEmpty }
            $global:EXO_LastExecutionStatus | Should -BeFalse
            $null = Invoke-ExoCommand Get-Mailbox @{ Identity = 'adele.vance' }
            $global:EXO_LastExecutionStatus | Should -BeTrue
        }
        finally {
            Disconnect-ExchangeOnline
        }
    }
}
