# What else a machine may be like: other cultures, strict scripts, no home, a proxy that wants a sign-in, only IPv6, no name service, full disks, few
# files. Each in a process of its own.
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    # A disk of 64 KB, where this account may have one.
    $disk = Join-Path ([IO.Path]::GetTempPath()) "exoconnect-disk-$PID"
    $hasDisk = $false
    if ($IsLinux) {
        $null = New-Item $disk -ItemType Directory -Force
        sh -c "mount -t tmpfs -o size=64k tmpfs '$disk' 2>/dev/null && umount '$disk'"
        $hasDisk = $LASTEXITCODE -eq 0
        Remove-Item $disk
    }
}

BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    $tenant = Start-LocalTenant -Mailboxes 20
    $module = Join-Path $ExoModulePath ExoConnect.psd1

    # Runs a script in a fresh process that can connect, and returns what it wrote.
    function Invoke-There([string] $Script) {
        $file = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
        Set-Content $file @"
`$env:PSModulePath = '$env:PSModulePath'
`$module = '$module'
`$tests = '$PSScriptRoot'
`$splat = @{
    AppId = '$($tenant.appId)'; Organization = '$($tenant.organization)'; ExchangeEnvironmentName = '$($tenant.environmentFile)'
    CertificateFilePath = '$($tenant.pemPath)'; CommandName = 'Get-Mailbox', 'Set-Mailbox'
}
$Script
"@
        Invoke-FreshPowerShell $file | Out-String
    }

    # The command line, connected by a profile of its own.
    $env:EXOCONNECT_CONFIG = Join-Path $TestDrive config
    $connect = '--app-id', $tenant.appId, '--organization', $tenant.organization, '--certificate', $tenant.pemPath,
        '--environment', $tenant.environmentFile
    $null = dotnet $ExoCommandLine connect @connect
    $LASTEXITCODE | Should -Be 0
}

AfterAll {
    Stop-All
    $env:EXOCONNECT_CONFIG = $null
}

Describe 'The module' {
    It 'sends and reads the same in each culture' {
        $said = Invoke-There @'
. $tests/LocalTenant.ps1
Watch-Wire
Import-Module $module
Connect-ExchangeOnline @splat
foreach ($name in 'en-US', 'tr-TR', 'ar-SA', 'ja-JP', 'th-TH', 'fa-IR') {
    $culture = [cultureinfo]::new($name)
    if ($name -eq 'ja-JP') { $culture.DateTimeFormat.Calendar = [Globalization.JapaneseCalendar]::new() }
    [cultureinfo]::CurrentCulture = $culture
    $date = [datetime]::new(2026, 2, 28, 13, 0, 0, [DateTimeKind]::Utc)
    SET-MAILBOX -IDENTITY adele.vance -LitigationHoldDate $date -CUSTOMATTRIBUTE1 'ISTANBUL ıİ' -WarningAction Ignore
    $m = get-mailbox -identity ADELE.VANCE
    $list = get-mailbox -filter "Alias -like 'A*'" -resultsize unlimited
    $held = (Get-WireParameter Set-Mailbox).LitigationHoldDate
    $values = $m.WhenCreatedUTC.Ticks, $held, $m.CustomAttribute1, "$($m.ProhibitSendQuota)", @($list).Count
    [Console]::WriteLine('row ' + [string]::Join('|', $values))
}
'@
        $rows = @($said -split '\r?\n' -match '^row ')
        $rows | Should -HaveCount 6 -Because $said
        $rows | Select-Object -Unique | Should -HaveCount 1 -Because $said
        $rows[0] | Should -Match '^row \d+\|2026-02-28T13:00:00\|ISTANBUL ıİ\|.+\|[1-9]'
    }

    It 'works for a strict script, in a job, in a thread and in a runspace without a host' {
        $said = Invoke-There @'
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module $module
Connect-ExchangeOnline @splat
"here $((Get-Mailbox -ResultSize 2 -WarningAction Ignore).Count)"
"EXO $(@(Get-EXOMailbox -ResultSize 2 -WarningAction Ignore).Count)"
try { Get-Mailbox nobody; 'went on' } catch { "caught $($_.FullyQualifiedErrorId)" }
"connections $(@(Get-ConnectionInformation).Count)"
$work = {
    param($module, $splat)
    Set-StrictMode -Version Latest
    $ErrorActionPreference = 'Stop'
    Import-Module $module
    Connect-ExchangeOnline @splat
    (Get-Mailbox -ResultSize 2 -WarningAction Ignore).Count
    Disconnect-ExchangeOnline -Confirm:$false
}
"job $(Start-Job $work -ArgumentList $module, $splat | Receive-Job -Wait)"
"thread $(Start-ThreadJob $work -ArgumentList $module, $splat | Receive-Job -Wait)"
$bare = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
$bare.Open()
$shell = [powershell]::Create($bare).AddScript($work).AddArgument($module).AddArgument($splat)
"bare $($shell.Invoke())"
Disconnect-ExchangeOnline -Confirm:$false
'@
        foreach ($line in 'here 2', 'EXO 2', 'job 2', 'thread 2', 'bare 2') { $said | Should -Match "(?m)^$line\s*$" }
        $said | Should -Match '(?m)^caught ManagementObjectNotFoundException'
    }

    It 'ends with PowerShell, in the middle of a listing too' {
        $said = Invoke-There @'
Import-Module $module
Connect-ExchangeOnline @splat
Get-Mailbox -ResultSize Unlimited | ForEach-Object { "one"; [Environment]::Exit(7) }
'@
        $LASTEXITCODE | Should -Be 7 -Because $said
        ($said -split '\r?\n' -match '^one').Count | Should -Be 1
    }

    It 'says so where its script may not be run: constrained language' {
        $said = Invoke-There @'
Import-Module $module
Connect-ExchangeOnline @splat
$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'
"bound $((Get-Mailbox -ResultSize 2 -WarningAction Ignore).Count)"
"EXO $(@(Get-EXOMailbox -ResultSize 2 -WarningAction Ignore).Count)"
"invoked $(@(Invoke-ExoCommand Get-Mailbox @{ ResultSize = 2 } -WarningAction Ignore).Count)"
'@
        foreach ($line in 'bound 2', 'EXO 2', 'invoked 2') { $said | Should -Match "(?m)^$line\s*$" }
    }

    It 'tells what a proxy wants, and never its password: <Response>' -ForEach @(
        @{ Response = '407 Proxy Authentication Required'; Says = '407' }
        @{ Response = '403 Forbidden'; Says = '403' }
    ) {
        $said = Invoke-There @"
`$listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
`$listener.Start()
`$port = `$listener.LocalEndpoint.Port
`$proxy = Start-ThreadJob -ArgumentList `$listener {
    param(`$listener)
    while (`$true) {
        `$client = `$listener.AcceptTcpClient()
        `$stream = `$client.GetStream()
        `$null = `$stream.Read([byte[]]::new(4096), 0, 4096)
        `$stream.Write([Text.Encoding]::ASCII.GetBytes("HTTP/1.1 $Response``r``nContent-Length: 0``r``nConnection: close``r``n``r``n"))
        `$client.Dispose()
    }
}
Import-Module `$module
# Late: the module is there already.
[Net.Http.HttpClient]::DefaultProxy = [Net.WebProxy]::new("http://127.0.0.1:`$port")
[Net.Http.HttpClient]::DefaultProxy.Credentials = [Net.NetworkCredential]::new('user', 'Canary.proxy')
`$splat.Remove('ExchangeEnvironmentName')
try { Connect-ExchangeOnline @splat }
catch { `$_ | Format-List * -Force | Out-String -Width 500; "`$(`$_.Exception)"; "remedy `$(`$_.ErrorDetails.RecommendedAction)" }
[Environment]::Exit(0)
"@
        $said | Should -Match $Says
        $said | Should -Match 'The proxy'
        $said | Should -Match '(?m)^remedy .*proxy'
        $said | Should -Not -Match 'Canary'
    }

    It 'connects where there is only IPv6' {
        $said = Invoke-There @"
`$listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::IPv6Loopback, 0)
try { `$listener.Start() } catch { 'no IPv6 here'; exit }
`$port = `$listener.LocalEndpoint.Port
`$null = Start-ThreadJob -ThrottleLimit 99 -ArgumentList `$listener, $($tenant.port) {
    param(`$listener, `$to)
    while (`$true) {
        `$from = `$listener.AcceptTcpClient().GetStream()
        `$there = [Net.Sockets.TcpClient]::new('127.0.0.1', `$to).GetStream()
        `$null = `$from.CopyToAsync(`$there), `$there.CopyToAsync(`$from)
    }
}
`$environment = Get-Content '$($tenant.environmentFile)' -Raw | ConvertFrom-Json
`$environment.address = "[::1]:`$port"
`$environment.certificateAuthority = Join-Path (Split-Path '$($tenant.environmentFile)') (Split-Path `$environment.certificateAuthority -Leaf)
`$splat.ExchangeEnvironmentName = Join-Path '$TestDrive' six.json
`$environment | ConvertTo-Json -Depth 5 | Set-Content `$splat.ExchangeEnvironmentName
Import-Module `$module
Connect-ExchangeOnline @splat
"six `$((Get-Mailbox -ResultSize 2 -WarningAction Ignore).Count)"
[Environment]::Exit(0)
"@
        $said | Should -Match '(?m)^(six 2|no IPv6 here)'
    }

    It 'names the host that no name service knows' {
        $said = Invoke-There @'
$splat.ExchangeEnvironmentName = Join-Path ([IO.Path]::GetTempPath()) "$([guid]::NewGuid()).json"
@{ name = 'Nowhere'; signIn = 'https://login.exo.invalid'; exchange = 'https://outlook.exo.invalid'; compliance = 'https://ps.exo.invalid'
    graph = 'https://graph.exo.invalid' } | ConvertTo-Json | Set-Content $splat.ExchangeEnvironmentName
Import-Module $module
try { Connect-ExchangeOnline @splat } catch { "$($_.FullyQualifiedErrorId) $_" }
Remove-Item $splat.ExchangeEnvironmentName
'@
        $said | Should -Match 'SignInHost(Unknown|Unreachable).*login\.exo\.invalid'
    }
}

Describe 'The command line' -Skip:$IsWindows {
    It 'runs with <Name>' -ForEach @(
        @{ Name = 'no home'; Before = 'unset HOME XDG_CACHE_HOME EXOCONNECT_CACHE' }
        @{ Name = 'a home that nothing can be written to'; Before = 'export HOME=/proc XDG_CACHE_HOME=/proc; unset EXOCONNECT_CACHE' }
        @{ Name = 'a cache that nothing can be written to'; Before = 'export EXOCONNECT_CACHE=/proc/none' }
        @{ Name = 'a log that nothing can be written to'; Before = 'log="--log /proc/none"' }
        @{ Name = '160 open files'; Before = 'ulimit -n 160' }
    ) {
        $run = "exec dotnet '$ExoCommandLine' run Get-Mailbox --ResultSize 3 --output csv"
        $said = sh -c "$Before; export DOTNET_CLI_HOME=/tmp; $run `$log 2>&1" | Out-String
        $LASTEXITCODE | Should -Be 0 -Because $said
        $said | Should -Match 'adele\.vance'
    }

    It 'says that it may not open enough files: <_>' -ForEach 64, 96, 159 -Skip:(-not $IsLinux) {
        $said = sh -c "ulimit -n $_; exec dotnet '$ExoCommandLine' run Get-Mailbox --ResultSize 3 2>&1" | Out-String
        $LASTEXITCODE | Should -Be 1 -Because $said
        $said | Should -Match "^error: This process may open $_ files\. exoconnect needs 160\.\s+Allow more before the command: ulimit -n 256\s+$"
    }

    Context 'with a full disk (skipped where this account may mount none)' -Skip:(-not $hasDisk) {
        BeforeAll {
            $disk = Join-Path ([IO.Path]::GetTempPath()) "exoconnect-disk-$PID"
            $null = New-Item $disk -ItemType Directory
            mount -t tmpfs -o size=64k tmpfs $disk
            sh -c "dd if=/dev/zero of='$disk/fill' bs=1k count=64 2>/dev/null"
        }

        AfterAll {
            umount $disk
            Remove-Item $disk
        }

        It 'runs with its <Name> there' -ForEach @(
            @{ Name = 'cache'; Before = 'export EXOCONNECT_CACHE="$disk/cache"' }
            @{ Name = 'log'; Before = 'log="--log $disk/log"' }
        ) {
            $run = "exec dotnet '$ExoCommandLine' run Get-Mailbox --ResultSize 3 --output csv"
            $said = sh -c "disk='$disk'; $Before; $run `$log 2>&1" | Out-String
            $LASTEXITCODE | Should -Be 0 -Because $said
            $said | Should -Match 'adele\.vance'
        }

        It 'ends with an error where its <Name> is there' -ForEach @(
            @{ Name = 'CSV'; With = '> "$disk/out.csv"'; Code = 1 }
            @{ Name = 'checkpoint'; With = '--from "$rows" --checkpoint "$disk/checkpoint"'; Code = 2 }
        ) {
            $rows = Join-Path $TestDrive rows.csv
            Set-Content $rows 'Identity', 'adele.vance'
            $said = sh -c "disk='$disk'; rows='$rows'; exec dotnet '$ExoCommandLine' run Get-Mailbox --output csv 2>&1 $With" | Out-String
            $LASTEXITCODE | Should -Be $Code -Because $said
            if ($Name -ne 'CSV') { $said | Should -Match 'No space left' }
        }
    }

    It 'says that the disk is full, and ends with an error' -Skip:(-not (Test-Path /dev/full)) {
        $said = sh -c "exec dotnet '$ExoCommandLine' run Get-Mailbox --ResultSize 3 --output csv 2>&1 >/dev/full" | Out-String
        $LASTEXITCODE | Should -Not -Be 0
        $said | Should -Match 'space'
        $said | Should -Not -Match '   at |Unhandled'
    }
}
