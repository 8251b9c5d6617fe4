# Import-Module, over an empty binary module with a manifest: time and working set.
param(
    [Parameter(Mandatory)] [string] $TenantFile,
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Floor,
    [int] $Runs = 5,
    [string] $Folder = [IO.Path]::GetTempPath()
)

Import-Module "$PSScriptRoot/Measure.psm1"
$row = New-Row -TenantFile $TenantFile -Module $Module -Floor $Floor -Runs $Runs -Folder $Folder

$empty = Join-Path $Folder 'EmptyModule'
$null = New-Item -ItemType Directory -Force $empty
Add-Type -OutputAssembly "$empty/EmptyModule.dll" -TypeDefinition @'
using System.Management.Automation;
[Cmdlet("Get", "Nothing")] public sealed class GetNothingCommand : PSCmdlet { }
'@
Set-Content "$empty/EmptyModule.psd1" "@{ RootModule = 'EmptyModule.dll'; ModuleVersion = '1.0'; CmdletsToExport = 'Get-Nothing'; FunctionsToExport = @(); AliasesToExport = @() }"

$import = '
    $before = Get-WorkingSet
    Start-Watch
    Import-Module $path
    Report milliseconds ((Stop-Watch) * 1000)
    Report megabytes ((Get-WorkingSet) - $before)'
$medians = Measure-Variant $row -Runs ($Runs * 3) ([ordered]@{
    empty = [scriptblock]::Create("`$path = '$empty/EmptyModule.psd1'; $import")
    exoconnect = [scriptblock]::Create("`$path = `$Module; $import")
})
$time = $medians.exoconnect.milliseconds - $medians.empty.milliseconds
$memory = $medians.exoconnect.megabytes - $medians.empty.megabytes
Write-Row $row 'import' "$(Format-Figure $time '+0;-0') ms, $(Format-Figure $memory '+0.0;-0.0') MB" "$(Format-Figure $medians.empty.milliseconds '0') ms"
