# Installs the packages of a folder as a stranger would, and says of each step whether it worked. Everything lies in a folder of its own, which is
# removed at the end; the account's own home, repositories and tools are not touched.
param(
    [Parameter(Mandatory)] [string] $PackageFolder,
    [Parameter(Mandatory)] [string] $PowerShell
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3
$PSStyle.OutputRendering = 'PlainText'

$root = Split-Path (Split-Path $PSScriptRoot)
$work = Join-Path ([IO.Path]::GetTempPath()) "exoconnect-install-$PID"
$user = Join-Path $work 'home'
$manifest = Import-PowerShellDataFile (Join-Path $root 'ExoConnect.psd1')
$version = "$($manifest.ModuleVersion)-$($manifest.PrivateData.PSData.Prerelease)"
# Of the released module twelve are the native images of two platforms.
$passed = $failed = 0

function Test-That([string] $What, [bool] $Holds, $Found = '') {
    if ($Holds) { $script:passed++ }
    else {
        $script:failed++
        Write-Output "FAILED: $What $Found".TrimEnd()
    }
}

# Runs a script in a fresh PowerShell whose home is empty, and returns what it writes.
function Invoke-Stranger([string] $Script, [hashtable] $Environment = @{}) {
    $start = [Diagnostics.ProcessStartInfo]::new('dotnet')
    foreach ($argument in $PowerShell, '-NoProfile', '-NonInteractive', '-Command', "`$PSStyle.OutputRendering = 'PlainText'`n$Script") {
        $start.ArgumentList.Add($argument)
    }

    foreach ($name in 'PSModulePath', 'XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME') { $null = $start.Environment.Remove($name) }
    $start.Environment['HOME'] = $start.Environment['USERPROFILE'] = $user
    $start.Environment['DOTNET_CLI_HOME'] = $user
    $start.Environment['EXOCONNECT_CACHE'] = Join-Path $work 'cache'
    foreach ($name in $Environment.Keys) { $start.Environment[$name] = $Environment[$name] }
    $start.WorkingDirectory = $work
    $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $process = [Diagnostics.Process]::Start($start)
    $errors = $process.StandardError.ReadToEndAsync()
    $output = $process.StandardOutput.ReadToEnd()
    $process.WaitForExit()
    ($output + $errors.Result).Trim()
}

# The first script of the page for beginners, with what the tenant gave in the places of the example's names.
function Get-FirstScript($Tenant) {
    $page = Get-Content (Join-Path $root 'docs' 'guide' 'getting-started.md') -Raw
    $script = [regex]::Match($page, '(?s)## The first session\s+```powershell\n(.*?)\n```').Groups[1].Value
    if (-not $script) { throw 'getting-started.md has no first script.' }
    $script = $script -replace '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}', $Tenant.appId
    $script = $script.Replace('contoso.onmicrosoft.com', $Tenant.organization).Replace('./nightly.pfx', "'$($Tenant.pfxPath)'")
    $script = $script.Replace('(Read-Host -AsSecureString)', "(ConvertTo-SecureString '$($Tenant.pfxPassword)' -AsPlainText)")
    # The tenant of this machine is a cloud of its own.
    @"
`$WarningPreference = 'SilentlyContinue'
`$PSDefaultParameterValues['Connect-ExchangeOnline:ExchangeEnvironmentName'] = '$($Tenant.environmentFile)'
$script | ForEach-Object Name
"@
}

New-Item -ItemType Directory $user | Out-Null
$tenantProcess = $null
try {
    # The command line first: it brings the tenant that the module is tried against.
    $tools = Join-Path $work 'tools'
    $source = '--version', $version, '--tool-path', $tools, '--add-source', (Join-Path $PackageFolder 'tool'), '--ignore-failed-sources'
    $installed = dotnet tool install exoconnect @source 2>&1 | Out-String
    Test-That 'dotnet tool install exoconnect' ($LASTEXITCODE -eq 0) $installed
    $exoconnect = Join-Path $tools ($IsWindows ? 'exoconnect.exe' : 'exoconnect')
    Test-That 'exoconnect --version' ((& $exoconnect --version) -eq "exoconnect $version")

    $start = [Diagnostics.ProcessStartInfo]::new($exoconnect)
    foreach ($argument in 'tenant', 'start', '--json', '--until-stdin-closes', '--mailboxes', '20') { $start.ArgumentList.Add($argument) }
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
    $tenantProcess = [Diagnostics.Process]::Start($start)
    $tenant = $tenantProcess.StandardOutput.ReadLine() | ConvertFrom-Json
    Test-That 'exoconnect tenant start' ($null -ne $tenant.appId)
    $first = Get-FirstScript $tenant

    $register = Invoke-Stranger @"
Register-PSResourceRepository -Name Ours -Uri '$PackageFolder' -Trusted
Find-PSResource ExoConnect -Repository Ours -Prerelease |
    Select-Object Name, Version, Prerelease, ProjectUri, IconUri, LicenseUri, ReleaseNotes, Tags, Author, Description | ConvertTo-Json -Depth 3
"@
    $found = $null
    try { $found = $register | ConvertFrom-Json } catch { }
    Test-That 'Find-PSResource finds the package' ($found.Name -eq 'ExoConnect') $register
    foreach ($name in 'ProjectUri', 'IconUri', 'LicenseUri', 'ReleaseNotes', 'Tags', 'Author', 'Description', 'Prerelease') {
        Test-That "the package has $name" ([bool]$found.$name)
    }

    $zip = [IO.Compression.ZipFile]::OpenRead((Join-Path $PackageFolder "ExoConnect.$version.nupkg"))
    $entries = $zip.Entries.FullName
    $zip.Dispose()
    foreach ($name in 'README.md', 'icon.png', 'LICENSE', 'ExoConnect.psd1') { Test-That "the package holds $name" ($name -in $entries) }

    $where = Invoke-Stranger @'
Install-PSResource ExoConnect -Repository Ours -Prerelease
Get-Module ExoConnect -ListAvailable | ForEach-Object { "$($_.ModuleBase)|$($_.Version)-$($_.PrivateData.PSData.Prerelease)" }
'@
    $folder, $said = @($where -split '\|') + ''
    Test-That 'Install-PSResource installs it for the user alone' ($said -eq $version -and $folder.StartsWith($user)) $where
    if (-not (Test-Path "$folder/ExoConnect.psd1")) { throw "The module isn't installed, so nothing more can be tried: $where" }
    $size = (Get-ChildItem $folder -Recurse -File | Measure-Object Length -Sum).Sum
    # Without native images, as continuous integration makes it, there has to be room for two of them.
    $largest = (Test-Path "$folder/dependencies/*/ExoConnect.Core.dll") ? 12MB : 7MB
    Test-That "the module's folder has less than $($largest / 1MB) MB" ($size -lt $largest) ('{0:n1} MB' -f ($size / 1MB))
    Write-Output ('the module''s folder: {0:n1} MB' -f ($size / 1MB))

    $names = Invoke-Stranger $first
    Test-That 'the first script runs by the module''s name' (@($names -split '\r?\n').Count -eq 10) $names

    if (-not $IsWindows) { chmod -R a-w $folder }
    Test-That 'it runs from a folder that is read-only' ((Invoke-Stranger $first) -eq $names)
    if (-not $IsWindows) { chmod -R u+w $folder }

    $odd = Join-Path $work 'it costs $5 & more'
    Copy-Item (Split-Path $folder) (Join-Path $odd 'ExoConnect') -Recurse
    $away = Invoke-Stranger 'Uninstall-PSResource ExoConnect -Prerelease; "left: $(@(Get-Module ExoConnect -ListAvailable).Count)"'
    Test-That 'Uninstall-PSResource leaves nothing' ($away -eq 'left: 0') $away
    Test-That 'it runs from a path with spaces and $' ((Invoke-Stranger $first @{ PSModulePath = $odd }) -eq $names)

    $env:EXOCONNECT_CONFIG = Join-Path $work 'profiles'
    $env:EXOCONNECT_CACHE = Join-Path $work 'cache'
    $application = '--app-id', $tenant.appId, '--organization', $tenant.organization, '--certificate', $tenant.pemPath
    $connect = & $exoconnect connect @application --environment $tenant.environmentFile 2>&1 | Out-String
    Test-That 'exoconnect connect' ($LASTEXITCODE -eq 0) $connect
    $listed = & $exoconnect run Get-Mailbox --ResultSize 10 --output json --select Name 2>$null | Out-String
    Test-That 'exoconnect run' (($listed | ConvertFrom-Json).Name -join "`n" -eq ($names -replace '\r')) $listed
    $gone = dotnet tool uninstall exoconnect --tool-path $tools 2>&1 | Out-String
    Test-That 'dotnet tool uninstall exoconnect' ($LASTEXITCODE -eq 0 -and -not (Test-Path $exoconnect)) $gone
}
finally {
    if ($tenantProcess) {
        $tenantProcess.StandardInput.Close()
        if (-not $tenantProcess.WaitForExit(10000)) { $tenantProcess.Kill() }
    }

    if (-not $IsWindows -and (Test-Path $work)) { chmod -R u+w $work }
    Remove-Item $work -Recurse -Force -ErrorAction Ignore
}

Write-Output "$passed passed, $failed failed"
exit [int]($failed -gt 0)
