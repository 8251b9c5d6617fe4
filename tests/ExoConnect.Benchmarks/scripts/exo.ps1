# Microsoft's own module, EXO, beside ours: the same tenant, which sends both the same module text, fresh processes in turns. EXOCONNECT_EXO_MODULE
# names EXO's folder. EXO knows the service's hosts only; a proxy of the benchmark's leads them to the tenant, and its process trusts the tenant.
param(
    [Parameter(Mandatory)] [string] $TenantFile,
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Floor,
    [int] $Runs = 5,
    [string] $Folder = [IO.Path]::GetTempPath()
)

Import-Module "$PSScriptRoot/Measure.psm1"
$row = New-Row -TenantFile $TenantFile -Module $Module -Floor $Floor -Runs $Runs -Folder $Folder
$exo = Join-Path $env:EXOCONNECT_EXO_MODULE 'ExchangeOnlineManagement.psd1'
if (-not (Test-Path $exo)) { throw "There is no '$exo'." }
# Its manifest computes values, which no reader of data files takes.
$version = [regex]::Match((Get-Content $exo -Raw), "ModuleVersion\s*=\s*'([\d.]+)'").Groups[1].Value
$environment = @{ HTTPS_PROXY = $env:EXOCONNECT_BENCHMARK_PROXY; SSL_CERT_FILE = $row.Tenant.caPath }
$env:EXOCONNECT_CACHE = Join-Path $Folder 'cache-exo'

# What comes before a variant's script: how it connects.
$ofExo = "
`$Module = '$($exo.Replace("'", "''"))'
function Connect-Exo {
  `$password = [securestring]::new(); foreach (`$c in `$Tenant.PfxPassword.ToCharArray()) { `$password.AppendChar(`$c) }
  `$certificate = @{ CertificateFilePath = `$Tenant.PfxPath; CertificatePassword = `$password }
  Connect-ExchangeOnline -AppId `$Tenant.AppId -Organization `$Tenant.Organization @certificate -ShowBanner:`$false
}
`$NoCache = `$false
"
$ofOurs = "`$NoCache = `$false`n"
$ofOursWithoutCache = "`$NoCache = `$true`n"
$steps = {
    Start-Watch
    Import-Module $Module
    $imported = Stop-Watch
    if ($NoCache) { Connect-Exo -NoCache } else { Connect-Exo }
    $connected = Stop-Watch
    $null = Get-EXOMailbox -ResultSize 1 -WarningAction SilentlyContinue
    $done = Stop-Watch
    Report import $imported
    Report connect ($connected - $imported)
    Report cmdlet ($done - $connected)
    Report together $done
    $some = [Math]::Min($Mailboxes, 5000)
    Start-Watch
    $count = (Get-EXOMailbox -ResultSize $some -WarningAction SilentlyContinue | Measure-Object).Count
    Report getexo (Stop-Watch)
    if ($count -ne $some) { throw "Get-EXOMailbox gave $count of $some." }
    $null = Get-Mailbox -ResultSize 1 -WarningAction SilentlyContinue
    Start-Watch
    $count = (Get-Mailbox -ResultSize $some -WarningAction SilentlyContinue | Measure-Object).Count
    Report getmailbox (Stop-Watch)
    if ($count -ne $some) { throw "Get-Mailbox gave $count of $some." }
}
$session = {
    [Threading.Thread]::Sleep(600)
    $bare = Get-WorkingSet
    Import-Module $Module
    Connect-Exo
    [Threading.Thread]::Sleep(600)
    Report memory ((Get-WorkingSet) - $bare)
    1..2 | ForEach-Object { Disconnect-ExchangeOnline -Confirm:$false; Connect-Exo }
    $before = Get-Heap; $before = Get-WorkingSet
    Start-Watch
    1..10 | ForEach-Object { Disconnect-ExchangeOnline -Confirm:$false; Connect-Exo }
    Report reconnect ((Stop-Watch) / 10)
    $null = Get-Heap
    Report growth (((Get-WorkingSet) - $before) / 10)
}
$listing = {
    Import-Module $Module
    Connect-Exo
    $null = Get-Mailbox -ResultSize 1 -WarningAction SilentlyContinue
    Start-Watch
    $count = (Get-Mailbox -ResultSize Unlimited | Measure-Object).Count
    Report all (Stop-Watch)
    if ($count -ne $Mailboxes) { throw "Get-Mailbox gave $count of $Mailboxes." }
}
function Join-Script([string] $before, [scriptblock] $what) { [scriptblock]::Create($before + $what) }
function Get-Pair([scriptblock] $what) { [ordered]@{ exo = Join-Script $ofExo $what; exoconnect = Join-Script $ofOurs $what } }

# One to fill the cache.
$null = Measure-Variant $row -Runs 1 @{ fill = { Import-Module $Module; Connect-Exo } }
$for = @{ exo = $environment }
$variants = Get-Pair $steps
$variants['no cache'] = Join-Script $ofOursWithoutCache $steps
$m = Measure-Variant $row $variants -Environment $for
$s = Measure-Variant $row (Get-Pair $session) -Environment $for -Runs ([Math]::Max(1, [Math]::Floor($Runs / 2)))
$l = Measure-Variant $row (Get-Pair $listing) -Environment $for -Runs ([Math]::Max(1, [Math]::Floor($Runs / 3)))

function Write-Pair([string] $What, [double] $Theirs, [double] $Ours, [string] $Unit, [string] $Must = '', [string] $Dream = '') {
    $show = { param($value) if ($Unit -eq 'ms') { (Format-Figure ($value * 1000) '#,0') + ' ms' } else { (Format-Figure $value '0.0') + " $Unit" } }
    # What grows by nothing has no ratio.
    $ratio = if ($Ours -gt 0) { (Format-Figure ($Theirs / $Ours) '0.0') + ' x' } else { '' }
    [Console]::Out.WriteLine("#exo`t| $What | $(& $show $Theirs) | $(& $show $Ours) | $ratio | $Must | $Dream |")
}

[Console]::Out.WriteLine("#exo`t| what | EXO $version | ExoConnect | ratio | must | dream |")
[Console]::Out.WriteLine("#exo`t|---|--:|--:|--:|---|---|")
Write-Pair 'import' $m.exo.import $m.exoconnect.import 'ms' 'stays at 84 x'
Write-Pair 'connect by PFX, first of the process, cached catalog' $m.exo.connect $m.exoconnect.connect 'ms' '5 x' '6 x'
Write-Pair 'the same without a cached catalog' $m.exo.connect $m['no cache'].connect 'ms'
Write-Pair 'first mailbox (Get-EXOMailbox)' $m.exo.cmdlet $m.exoconnect.cmdlet 'ms' '8 x' '10 x'
Write-Pair 'the three together, cached catalog' $m.exo.together $m.exoconnect.together 'ms' '8 x' '10 x'
Write-Pair 'the three together, without' $m.exo.together $m['no cache'].together 'ms'
Write-Pair 'working set after connect, over the bare shell' $s.exo.memory $s.exoconnect.memory 'MB' '7 x' '9 x'
$number = { param($value) $value.ToString('#,0', [cultureinfo]::InvariantCulture) }
$some = & $number ([Math]::Min($row.Tenant.mailboxes, 5000))
Write-Pair "$some mailboxes by Get-EXOMailbox" $m.exo.getexo $m.exoconnect.getexo 'ms' 'stays at 15 x'
Write-Pair "$some by Get-Mailbox (CLIXML)" $m.exo.getmailbox $m.exoconnect.getmailbox 'ms' '10 x'
Write-Pair "$(& $number $row.Tenant.mailboxes) by Get-Mailbox (CLIXML)" $l.exo.all $l.exoconnect.all 'ms' '10 x'
Write-Pair 'connect and disconnect again, each' $s.exo.reconnect $s.exoconnect.reconnect 'ms' 'stays at 18 x'
Write-Pair 'what that adds to the working set, each, after GC' $s.exo.growth $s.exoconnect.growth 'MB' 'stays at 90 x'
$ratio = { param($step) (Format-Figure ($m.exo.$step / $m.exoconnect.$step) '0.0') + ' x' }
Write-Row $row 'exo' "connect $(& $ratio 'connect'), the three together $(& $ratio 'together'): see the table below"
