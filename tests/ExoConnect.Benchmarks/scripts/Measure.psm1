# What the rows have in common: variants in fresh processes, in turns, medians and ratios of one run.

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

# The start of every measured process. No cmdlet that loads more than the variant needs.
$Preamble = @'
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
function Report($name, [double] $value) { [Console]::Out.WriteLine("@$name " + $value.ToString([cultureinfo]::InvariantCulture)) }
function Get-WorkingSet { [Environment]::WorkingSet / 1MB }
function Get-PeakWorkingSet { $process = [Diagnostics.Process]::GetCurrentProcess(); try { $process.PeakWorkingSet64 / 1MB } finally { $process.Dispose() } }
function Get-Heap {
    # Aggressive: what is free goes back to the system, so that the working set too says what is in use.
    [GC]::Collect(); [GC]::WaitForPendingFinalizers()
    [GC]::Collect(2, [GCCollectionMode]::Aggressive, $true, $true)
    [GC]::GetTotalMemory($true) / 1MB
}
function Get-ProcessorTime { $process = [Diagnostics.Process]::GetCurrentProcess(); try { $process.TotalProcessorTime.TotalSeconds } finally { $process.Dispose() } }
function Start-Watch { $script:processor = Get-ProcessorTime; $script:watch = [Diagnostics.Stopwatch]::StartNew() }
function Stop-Watch { $script:watch.Elapsed.TotalSeconds }
function Report-Watch { Report seconds (Stop-Watch); Report processor ((Get-ProcessorTime) - $script:processor) }
'@

# What an admin would write without a module: a signed assertion, a token, a loop over pages.
$ByHand = @'
function Connect-ByHand {
    $url = { param($bytes) [Convert]::ToBase64String($bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_') }
    $certificate = [Security.Cryptography.X509Certificates.X509Certificate2]::new($Tenant.PfxPath, $Tenant.PfxPassword)
    $endpoint = "$($Tenant.Base)/$($Tenant.TenantId)/oauth2/v2.0/token"
    $now = [DateTimeOffset]::UtcNow.ToUnixTimeSeconds()
    $header = @{ alg = 'RS256'; typ = 'JWT'; x5t = & $url $certificate.GetCertHash() } | ConvertTo-Json -Compress
    $claims = @{ aud = $Tenant.Audience; iss = $Tenant.AppId; sub = $Tenant.AppId; jti = [guid]::NewGuid(); nbf = $now; exp = $now + 300 } | ConvertTo-Json -Compress
    $signed = (& $url ([Text.Encoding]::UTF8.GetBytes($header))) + '.' + (& $url ([Text.Encoding]::UTF8.GetBytes($claims)))
    $key = [Security.Cryptography.X509Certificates.RSACertificateExtensions]::GetRSAPrivateKey($certificate)
    $signature = $key.SignData([Text.Encoding]::ASCII.GetBytes($signed), 'SHA256', [Security.Cryptography.RSASignaturePadding]::Pkcs1)
    $response = Invoke-RestMethod -Method Post -Uri $endpoint -SkipCertificateCheck -Body @{
        client_id = $Tenant.AppId
        scope = 'https://outlook.office365.com/.default'
        grant_type = 'client_credentials'
        client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
        client_assertion = "$signed.$(& $url $signature)"
    }
    $script:headers = @{
        Authorization = "Bearer $($response.access_token)"
        Prefer = 'odata.maxpagesize=1000'
        'X-AnchorMailbox' = "APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@$($Tenant.TenantId)"
        'X-ResponseFormat' = 'json'
    }
}

function Invoke-ByHand($cmdlet, $parameters, $select) {
    $body = @{ CmdletInput = @{ CmdletName = $cmdlet; Parameters = $parameters } } | ConvertTo-Json -Depth 5 -Compress
    $page = "$($Tenant.Base)/adminapi/beta/$($Tenant.TenantId)/InvokeCommand"
    if ($select) { $page += "?`$select=$select" }
    while ($page) {
        $response = Invoke-RestMethod -Method Post -Uri $page -Headers $script:headers -Body $body -ContentType 'application/json' -SkipCertificateCheck
        $response.value
        $page = if ($response.PSObject.Properties['@odata.nextLink']) { $response.'@odata.nextLink' }
    }
}
'@

function Get-Quoted([string] $text) { "'" + $text.Replace("'", "''") + "'" }

function New-Row {
    <# What a row works with: its tenant, the module, the compiled floor, how often. #>
    param([string] $TenantFile, [string] $Module, [string] $Floor, [int] $Runs, [string] $Folder)

    $tenant = Get-Content $TenantFile -Raw | ConvertFrom-Json
    $exchange = [uri] $tenant.exchange
    # Invoke-RestMethod knows no private authority and no made-up host; the tenant takes any name on its port.
    $literal = @(
        '$Tenant = @{'
        "  Base = 'https://127.0.0.1:$($tenant.port)'; TenantId = '$($tenant.tenantId)'; AppId = '$($tenant.appId)'; Organization = '$($tenant.organization)'"
        "  Audience = '$($tenant.signIn.TrimEnd('/'))/$($tenant.tenantId)/oauth2/v2.0/token'"
        "  PfxPath = $(Get-Quoted $tenant.pfxPath); PfxPassword = $(Get-Quoted $tenant.pfxPassword); EnvironmentFile = $(Get-Quoted $tenant.environmentFile)"
        '}'
        "`$Mailboxes = $($tenant.mailboxes)"
        "`$Module = $(Get-Quoted $Module)"
        'function Connect-Exo {'
        '  $password = [securestring]::new(); foreach ($c in $Tenant.PfxPassword.ToCharArray()) { $password.AppendChar($c) }'
        '  Connect-ExchangeOnline -AppId $Tenant.AppId -Organization $Tenant.Organization -CertificateFilePath $Tenant.PfxPath -CertificatePassword $password -ExchangeEnvironmentName $Tenant.EnvironmentFile -ShowBanner:$false @args'
        '}'
    ) -join "`n"
    [pscustomobject]@{ TenantFile = $TenantFile; Tenant = $tenant; Module = $Module; Floor = $Floor; Runs = $Runs; Folder = $Folder; Literal = $literal }
}

function Start-Measured([string] $File, [string[]] $Arguments, [string] $Name, [Collections.IDictionary] $Environment) {
    $info = [Diagnostics.ProcessStartInfo]::new($File)
    if ($Environment) { foreach ($variable in $Environment.Keys) { $info.Environment[$variable] = $Environment[$variable] } }
    foreach ($argument in $Arguments) { $info.ArgumentList.Add($argument) }
    $info.RedirectStandardOutput = $true
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $process = [Diagnostics.Process]::Start($info)
    $text = $process.StandardOutput.ReadToEnd()
    $process.WaitForExit()
    $figures = [ordered]@{ process = $watch.Elapsed.TotalSeconds }
    if ($process.ExitCode -ne 0) { throw "$Name failed with exit code $($process.ExitCode): $text" }
    foreach ($line in $text.Split("`n")) {
        if ($line -match '^@(\S+) (\S+)') { $figures[$Matches[1]] = [double]::Parse($Matches[2], [cultureinfo]::InvariantCulture) }
    }

    $figures
}

function Measure-Variant {
    <#
    .SYNOPSIS
        Runs each variant in a fresh process, in turns, and gives the median of every figure it reports.
    .PARAMETER Variant
        By name: a script block for a PowerShell process, or the arguments of the compiled floor as strings.
    .PARAMETER Environment
        By name: variables that the environment of a variant's process has besides.
    #>
    param($Row, [Collections.IDictionary] $Variant, [int] $Runs = $Row.Runs, [Collections.IDictionary] $Environment = @{})

    $all = [ordered]@{}
    $files = @{}
    foreach ($name in $Variant.Keys) {
        $all[$name] = [Collections.Generic.List[object]]::new()
        if ($Variant[$name] -is [scriptblock]) {
            $files[$name] = Join-Path $Row.Folder "variant-$([guid]::NewGuid().ToString('n')).ps1"
            Set-Content -LiteralPath $files[$name] -Value ($Preamble + "`n" + $Row.Literal + "`n" + $ByHand + "`n" + $Variant[$name].ToString())
        }
    }

    # Where PowerShell is a .NET tool, the program of this process is dotnet.
    $assembly = @(if ((Split-Path ([Environment]::ProcessPath) -LeafBase) -eq 'dotnet') { Join-Path $PSHOME 'pwsh.dll' })
    $names = @($Variant.Keys)
    for ($run = 0; $run -lt $Runs; $run++) {
        for ($i = 0; $i -lt $names.Count; $i++) {
            # Who comes first changes, so that nobody always gets the warm or the busy machine.
            $name = $names[($i + $run) % $names.Count]
            $all[$name].Add($(if ($files.ContainsKey($name)) {
                $file = @('-NoProfile', '-NonInteractive', '-File', $files[$name])
                Start-Measured ([Environment]::ProcessPath) ($assembly + $file) $name $Environment[$name]
            }
            else {
                Start-Measured dotnet (@($Row.Floor, 'floor') + $Variant[$name] + @('--tenant', $Row.TenantFile)) $name
            }))
        }
    }

    $medians = [ordered]@{}
    foreach ($name in $names) {
        $medians[$name] = [ordered]@{}
        foreach ($figure in $all[$name][0].Keys) {
            $medians[$name][$figure] = Get-Median ($all[$name] | ForEach-Object { $_[$figure] })
        }

        Write-Host ("    {0,-22} {1}" -f $name, (($medians[$name].GetEnumerator() | ForEach-Object { '{0} {1:0.###}' -f $_.Key, $_.Value }) -join ', '))
    }

    $medians
}

function Get-Median([double[]] $value) {
    $sorted = [double[]] ($value | Sort-Object)
    $middle = [int] [Math]::Floor($sorted.Length / 2)
    if ($sorted.Length % 2) { $sorted[$middle] } else { ($sorted[$middle - 1] + $sorted[$middle]) / 2 }
}

function Write-Row {
    <# The row of the table, for people and for the program that gathers the rows. #>
    param($Row, [string] $What, [string] $Measured, [string] $Floor = '', [string] $ByHandFigure = '')
    Write-Host "  $What`: $Measured"
    [Console]::Out.WriteLine("#row`t$What`t$Measured`t$Floor`t$ByHandFigure")
}

function Format-Figure([double] $value, [string] $format = '0.00') { $value.ToString($format, [cultureinfo]::InvariantCulture) }

Export-ModuleMember -Function New-Row, Measure-Variant, Write-Row, Format-Figure, Get-Median
