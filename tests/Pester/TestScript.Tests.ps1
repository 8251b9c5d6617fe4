# Scripts that are parsed and not run, with what Test-ExoScript says of them.

BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    Import-ExoConnect

    # Writes a script and checks it: its rows as "line rule", and the rows themselves in $found.
    function Test-Text([string] $Text, [hashtable] $With = @{}) {
        $file = Join-Path $TestDrive 'script.ps1'
        Set-Content $file $Text
        $script:found = @(Test-ExoScript $file @With)
        $found | ForEach-Object { $_.Line ? "$($_.Line) $($_.Rule)" : $_.Rule }
    }

    $signIn = 'Connect-ExchangeOnline -AppId 1 -Organization contoso.onmicrosoft.com -CertificateThumbprint 2'
}

AfterAll { Stop-All }

Describe 'Test-ExoScript' {
    It 'says that <_> runs unchanged' -ForEach @(
        'Get-Mailbox -ResultSize 1 -Filter "Name -like ''a*''" -ErrorAction Stop -ov all'
        'Get-Mailbox -Ident a -Resu 1'
        'Get-MailboxStatistics a -Verb'
        'Set-Mailbox a -cf:$false -wi'
        'function Get-MailboxDatabase { param($Server) }; Get-MailboxDatabase -Server a'
        '$p = @{ Identity = "a" }; $p.ResultSize = 1; $p["Filter"] = "x"; $p.Add("SoftDeletedMailbox", $true); Get-Mailbox @p'
        'Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com'
        'Connect-IPPSSession -AppId 1 -Organization a -CertificateFile a.pfx; Get-Label'
        '$app = @{ AppId = 1; Organization = 2; CertificateThumbprint = 3 }; Connect-ExchangeOnline @app'
        'Connect-ExchangeOnline -ManagedIdentity -Prefix Contoso; Get-ContosoMailbox -ResultSize 1'
        'Get-EXOMailbox -PropertyS All -Properties x; Get-ConnectionInformation; Get-MgUser -NotOurs 1'
        '"a text that speaks of C:\temp"; Get-Mailbox a'
    ) {
        Test-Text $_ | Should -Be 'RunsUnchanged'
        $found.Severity | Should -Be 'Information'
    }

    It 'finds <Rules> in <Text>' -ForEach @(
        @{ Text = 'Get-MailboxDatabase -Status'; Rules = '1 UnknownCmdlet'; Severity = 'Error' }
        @{ Text = 'Get-VivaModuleFeature -ModuleId x'; Rules = '1 UnknownCmdlet'; Severity = 'Error' }
        @{ Text = 'Connect-EXOPSSession'; Rules = '1 UnknownCmdlet'; Severity = 'Error' }
        @{ Text = 'Get-Mailboxs'; Rules = '1 UnknownCmdlet'; Severity = 'Warning' }
        @{ Text = 'Get-Mialbox'; Rules = '1 UnknownCmdlet'; Severity = 'Warning' }
        @{ Text = 'Get-Mailbox -Database d'; Rules = '1 UnknownParameter'; Severity = 'Error' }
        @{ Text = '$p = @{ Databas = 1 }; Get-Mailbox @p'; Rules = '1 UnknownParameter'; Severity = 'Error' }
        @{ Text = '$p = @{}; $p.Database = 1; Get-Mailbox @p'; Rules = '1 UnknownParameter'; Severity = 'Error' }
        @{ Text = '$p = @{}; $p += @{ Database = 1 }; Get-Mailbox @p'; Rules = '1 UnknownParameter'; Severity = 'Error' }
        @{ Text = 'Get-EXOMailbox -Foo'; Rules = '1 UnknownParameter'; Severity = 'Error' }
        @{ Text = 'Set-Mailbox a -Accept b'; Rules = '1 AmbiguousParameter'; Severity = 'Error' }
        @{ Text = 'Get-Mailbox a -Warn Stop'; Rules = '1 AmbiguousParameter'; Severity = 'Error' }
        @{ Text = 'Get-EXOMailbox -Proper x'; Rules = '1 AmbiguousParameter'; Severity = 'Error' }
        @{ Text = 'Connect-ExchangeOnline'; Rules = '1 ApplicationNeeded'; Severity = 'Error' }
        @{ Text = 'Connect-ExchangeOnline -UserPrincipalName a@b.c -ShowBanner:$false'; Rules = '1 ApplicationNeeded'; Severity = 'Error' }
        @{ Text = 'Connect-ExchangeOnline -AppId 1 -Device'; Rules = '1 InteractiveSignIn'; Severity = 'Warning' }
        @{ Text = '$env:EXOCONNECT_APPID = 1; Connect-IPPSSession'; Rules = '1 InteractiveSignIn'; Severity = 'Warning' }
        @{ Text = 'Connect-ExchangeOnline -AppId 1 -Credential $c'; Rules = '1 PasswordSignIn'; Severity = 'Warning' }
        @{ Text = 'Get-MessageTrace -PageSize 5'; Rules = '1 DeprecatedCmdlet'; Severity = 'Warning' }
        @{ Text = 'Search-AdminAuditLog'; Rules = '1 RetiredCmdlet'; Severity = 'Warning' }
        @{ Text = 'New-UnifiedGroup -DisplayName a'; Rules = '1 UserOnlyCmdlet'; Severity = 'Warning' }
        @{ Text = 'Import-Module ExchangeOnlineManagement'; Rules = '1 ModuleByName'; Severity = 'Warning' }
        @{ Text = 'Import-Module -Name "ExchangeOnlineManagement" -MinimumVersion 3.11'; Rules = '1 ModuleByName'; Severity = 'Error' }
        @{ Text = 'Get-Module -ListAvailable -Name Az, ExchangeOnlineManagement'; Rules = '1 ModuleByName'; Severity = 'Warning' }
        @{ Text = 'Install-Module ExchangeOnlineManagement -Force'; Rules = '1 ModuleByName'; Severity = 'Warning' }
        @{ Text = 'using module ExchangeOnlineManagement'; Rules = '1 ModuleByName'; Severity = 'Warning' }
        @{ Text = 'ExchangeOnlineManagement\Get-EXOMailbox a'; Rules = '1 ModuleByName'; Severity = 'Warning' }
        @{ Text = "# why`n#Requires -Modules ExchangeOnlineManagement`nGet-Mailbox a"; Rules = '2 ModuleByName'; Severity = 'Warning' }
        @{ Text = '#Requires -Modules @{ModuleName="ExchangeOnlineManagement";ModuleVersion="4.0"}'; Rules = '1 ModuleByName'; Severity = 'Error' }
        @{ Text = '#Requires -PSEdition Desktop'; Rules = '1 WindowsPowerShell'; Severity = 'Error' }
        @{ Text = 'Add-PSSnapin Microsoft.Exchange.Management.PowerShell.SnapIn'; Rules = '1 RemotePowerShell'; Severity = 'Error' }
        @{ Text = 'Get-Mailbox a | ForEach-Object { $_.RunspaceId }'; Rules = '1 RemotePowerShell'; Severity = 'Warning' }
        @{ Text = 'Get-Module tmpEXO*'; Rules = '1 TemporaryModule'; Severity = 'Warning' }
        @{ Text = "Get-Mailbox a`nif (`$true) {"; Rules = '2 ParseError'; Severity = 'Error' }
    ) {
        Test-Text $Text | Should -Be $Rules
        $found.Severity | Should -Be $Severity
        $found.Message | Should -Not -BeNullOrEmpty
    }

    It 'tells of each remote session and each import of one' {
        Test-Text @'
$s = New-PSSession -ConfigurationName Microsoft.Exchange -ConnectionUri https://outlook.office365.com/powershell-liveid/
Import-PSSession $s
'@ | Should -Be '1 RemotePowerShell', '2 RemotePowerShell'
        Test-Text 'Import-PSSession (New-PSSession server1)' | Should -Be 'RunsUnchanged'
    }

    It 'tells of what is only accepted, and still that the script runs unchanged' {
        Test-Text "$signIn -UseMultithreading `$true -ShowBanner:`$false" | Should -Be '1 NoEffect', 'RunsUnchanged'
    }

    It 'says where a sign-in cannot be seen' {
        Test-Text 'param($app) Connect-ExchangeOnline @app' | Should -Be '1 SignInNotSeen', 'RunsUnchanged'
    }

    It 'reads the table that was last put into the variable, of the function it stands in' {
        Test-Text @'
$p = @{ Database = 1 }
function Get-Ours { $p = @{ Identity = 1 }; Get-Mailbox @p }
$p = @{ Identity = 2 }
Get-Mailbox @p
$p = @{ Database = 3 }
'@ | Should -Be 'RunsUnchanged'
    }

    It 'names the place, the text and a remedy' {
        $null = Test-Text "`n  Get-Mailbox a -ResultSiz 5 -ResultSizes 5"
        $found.Line | Should -Be 2
        $found.Column | Should -Be 30
        $found.Text | Should -Be '-ResultSizes'
        $found.Remedy | Should -BeLike '*-ResultSize*'
        "$found" | Should -BeLike '*script.ps1:2:30: Error: *'
    }

    It 'names the successor of what ends' {
        $null = Test-Text 'Get-MessageTrace'
        $found.Remedy | Should -Be 'Use Get-MessageTraceV2.'
    }

    It 'tells of Windows'' drives on other systems, in scripts that are ours' -Skip:$IsWindows {
        Test-Text 'Get-Mailbox a | Export-Csv C:\temp\a.csv' | Should -Be '1 WindowsPath'
        Test-Text 'Get-Mailbox a; Get-ChildItem "Cert:\CurrentUser\My"' | Should -Be '1 WindowsPath'
        Test-Text 'Get-ChildItem C:\temp' | Should -Be 'RunsUnchanged'
    }

    It 'runs nothing' {
        $flag = Join-Path $TestDrive 'flag'
        $null = Test-Text "Set-Content '$flag' x; Import-Module ./nothing.psm1; class A { }; `$(New-Item '$flag')"
        Test-Path $flag | Should -BeFalse
    }
}

Describe 'The scripts of Test-ExoScript' {
    BeforeAll {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive 'a [b] $c')
        $below = New-Item -ItemType Directory (Join-Path $folder 'below')
        Set-Content -LiteralPath (Join-Path $folder 'one.ps1') 'Get-Mailbox a'
        Set-Content -LiteralPath (Join-Path $folder 'two.psm1') 'Get-MailboxDatabase'
        Set-Content -LiteralPath (Join-Path $folder 'three.txt') 'Get-MailboxDatabase'
        Set-Content -LiteralPath (Join-Path $below 'four.ps1') 'Get-Mailbox -Foo'
    }

    It 'are those of a folder, and with -Recurse those below' {
        Split-Path -Leaf (Test-ExoScript -LiteralPath $folder -Summary).File | Should -Be 'one.ps1', 'two.psm1'
        Split-Path -Leaf (Test-ExoScript -LiteralPath $folder -Summary -Recurse).File | Sort-Object | Should -Be 'four.ps1', 'one.ps1', 'two.psm1'
    }

    It 'come from Get-ChildItem, whatever their names hold' {
        $summary = Get-ChildItem -LiteralPath $folder -Recurse -Filter *.ps1 | Test-ExoScript -Summary
        $summary.RunsUnchanged | Should -Be $true, $false
        $summary[0].Cmdlets | Should -Be 'Get-Mailbox'
        $summary[1].Errors | Should -Be 1
    }

    It 'are found by a pattern, in the folders below with -Recurse' {
        Push-Location -LiteralPath $folder
        try {
            Split-Path -Leaf (Test-ExoScript *.ps1 -Summary).File | Should -Be 'one.ps1'
            Split-Path -Leaf (Test-ExoScript *.ps1 -Summary -Recurse).File | Sort-Object | Should -Be 'four.ps1', 'one.ps1'
        }
        finally { Pop-Location }
    }

    It 'are an error where there is none, and the others are checked' {
        $one = Join-Path ([WildcardPattern]::Escape($folder)) 'one.ps1'
        $rows = Test-ExoScript ./not-there.ps1, $one -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed.FullyQualifiedErrorId | Should -Be 'ScriptNotFound,ExoConnect.Cmdlets.TestExoScriptCommand'
        $rows.Rule | Should -Be 'RunsUnchanged'
    }

    It 'are shown in 80 columns, in lines that break between words' {
        $names = -split 'Get-CASMailbox Get-DistributionGroup Get-InboundConnector Get-MailboxPermission Get-RemoteDomain Set-MailboxPlan'
        $many = New-Item (Join-Path $folder 'many.ps1') -Value ($names -join "`n")
        $shown = Test-ExoScript -LiteralPath $folder -Recurse | Out-String -Width 80
        Remove-Item -LiteralPath $many
        $shown | Should -BeLike '*Line 1, Error (UnknownCmdlet)*Get-MailboxDatabase is a cmdlet of Exchange Server.*Leave it out*'
        $words = -split ($shown -replace ',')
        foreach ($name in $names) { $words.TrimEnd('.') | Should -Contain $name }
        ($shown -split '\r?\n' | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
    }
}

Describe 'Test-ExoScript with a connection' {
    BeforeAll {
        $tenant = Start-LocalTenant -Mailboxes 1 -Role 'Global Reader'
        $splat = $tenant.Splat
        Connect-ExchangeOnline @splat -Name reader -WarningAction SilentlyContinue
    }

    It 'knows the cmdlets that it has, and no others' {
        Test-Text 'Get-Mailbox a -Foo; New-Mailbox -Name a; Get-Label' @{ Connection = 'reader' } |
            Should -Be '1 UnknownParameter', '1 NotInConnection', '1 NotInConnection'
    }

    It 'says that there is no such connection' {
        { Test-ExoScript $TestDrive -Connection nobody } | Should -Throw -ErrorId 'SessionNotFound,*'
    }
}
