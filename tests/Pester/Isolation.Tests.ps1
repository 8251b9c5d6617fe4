# What is loaded shows only in a process that has loaded nothing yet: each of these runs in a PowerShell of its own.

BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    $tenant = Start-LocalTenant -Mailboxes 3

    # A module as others are: it brings an MSAL of its own, here one of a version that nothing works with.
    $stranger = New-Item (Join-Path $TestDrive 'Stranger') -ItemType Directory
    Add-Type -TypeDefinition 'public class LoadsTheCompiler { }'
    $source = [Microsoft.CodeAnalysis.CSharp.CSharpSyntaxTree]::ParseText(@'
[assembly: System.Reflection.AssemblyVersion("1.2.3.4")]
namespace Microsoft.Identity.Client { public static class Stranger { public static string Hello() { return "1.2.3.4"; } } }
'@)
    $compilation = [Microsoft.CodeAnalysis.CSharp.CSharpCompilation]::Create(
        'Microsoft.Identity.Client',
        [Microsoft.CodeAnalysis.SyntaxTree[]] @($source),
        [Microsoft.CodeAnalysis.MetadataReference[]] @([Microsoft.CodeAnalysis.MetadataReference]::CreateFromFile([object].Assembly.Location)),
        [Microsoft.CodeAnalysis.CSharp.CSharpCompilationOptions]::new('DynamicallyLinkedLibrary'))
    $file = [IO.File]::Create((Join-Path $stranger 'Microsoft.Identity.Client.dll'))
    $compilation.Emit($file).Success | Should -BeTrue
    $file.Dispose()
    Set-Content (Join-Path $stranger 'Stranger.psm1') 'function Get-StrangerVersion { [Microsoft.Identity.Client.Stranger]::Hello() }'
    New-ModuleManifest (Join-Path $stranger 'Stranger.psd1') -RootModule Stranger.psm1 -RequiredAssemblies Microsoft.Identity.Client.dll -FunctionsToExport Get-StrangerVersion

    # Runs a script in a fresh process and returns what it wrote.
    function Invoke-Fresh([string] $Script) {
        $file = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
        Set-Content $file @"
`$ErrorActionPreference = 'Stop'
`$env:PSModulePath = '$env:PSModulePath'
`$module = '$(Join-Path $ExoModulePath 'ExoConnect.psd1')'
`$stranger = '$(Join-Path $stranger 'Stranger.psd1')'
`$splat = @{
    AppId = '$($tenant.appId)'; Organization = '$($tenant.organization)'; ExchangeEnvironmentName = '$($tenant.environmentFile)'
    CertificateFilePath = '$($tenant.pemPath)'
}
function Get-Mine { [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { `$_.GetName().Name -match '^(ExoConnect|Microsoft\.Identity)' } | ForEach-Object { `$_.GetName().Name } }
$Script
"@
        $output = Invoke-FreshPowerShell $file
        if ($LASTEXITCODE) { throw "It failed: $($output | Out-String)" }
        $output
    }
}

AfterAll {
    Stop-All
}

Describe 'The module' {
    It 'loads nothing but its cmdlets when it is imported' {
        # Threads of PowerShell's own look at what was imported, and may need the engine while Get-Mine counts: then another process is asked.
        for ($try = 1; $try -lt 3 -and "$($mine = Invoke-Fresh 'Import-Module $module; Get-Mine'; $mine)" -ne 'ExoConnect'; $try++) { }
        $mine | Should -Be 'ExoConnect'
    }

    It 'gives its own commands where it was imported last, and another module''s where that was' {
        # As Microsoft's is: Connect and Disconnect are functions, which PowerShell prefers to cmdlets, and the rest are cmdlets.
        $twin = New-Item (Join-Path $TestDrive 'Twin') -ItemType Directory
        $names = 'Connect-ExchangeOnline', 'Connect-IPPSSession', 'Disconnect-ExchangeOnline'
        $names | ForEach-Object { "function $_ { 'twin' }" } | Set-Content (Join-Path $twin 'Twin.psm1')
        Add-Type -OutputAssembly (Join-Path $twin 'Cmdlets.dll') -TypeDefinition @'
using System.Management.Automation;
[Cmdlet("Get", "EXOMailbox")] public class TwinCommand : PSCmdlet { protected override void ProcessRecord() { WriteObject("twin"); } }
'@
        New-ModuleManifest (Join-Path $twin 'Twin.psd1') -RootModule Twin.psm1 -NestedModules Cmdlets.dll -FunctionsToExport $names -CmdletsToExport Get-EXOMailbox
        $owners = Invoke-Fresh @"
`$twin = '$(Join-Path $twin 'Twin.psd1')'
function Get-Owner { (Get-Command Connect-ExchangeOnline, Connect-IPPSSession, Disconnect-ExchangeOnline, Get-EXOMailbox).Source -join ' ' }
Import-Module `$module
Import-Module `$twin; Get-Owner
Import-Module `$module -Force; Get-Owner
try { Get-EXOMailbox } catch { `$_.ErrorDetails.RecommendedAction -like 'Connect first*' }
Twin\Connect-ExchangeOnline
Import-Module `$twin -Force; Get-Owner
try { ExoConnect\Get-EXOMailbox } catch { `$_.ErrorDetails.RecommendedAction -like 'Connect-ExchangeOnline belongs to Twin,*' }
function Connect-ExchangeOnline { 'mine' }
Import-Module `$module -Force; Connect-ExchangeOnline
"@

        $theirs = 'Twin Twin Twin Twin'
        $owners | Should -Be $theirs, 'ExoConnect ExoConnect ExoConnect ExoConnect', 'True', 'twin', $theirs, 'True', 'mine'
    }

    It 'does not load MSAL before a sign-in' {
        $loaded = Invoke-Fresh 'Import-Module $module; Get-ConnectionInformation; Disconnect-ExchangeOnline; Get-Mine'

        $loaded | Should -Not -Contain 'Microsoft.Identity.Client'
    }

    It 'puts nothing but its cmdlets into the default load context, and gives its MSAL to nobody' {
        $said = Invoke-Fresh @'
Import-Module $module
Connect-ExchangeOnline @splat
$null = Get-Mailbox
$folder = Split-Path $module
[Runtime.Loader.AssemblyLoadContext]::Default.Assemblies |
    Where-Object { -not $_.IsDynamic -and $_.Location -and $_.Location.StartsWith($folder) } | ForEach-Object { "default: $($_.GetName().Name)" }
[Runtime.Loader.AssemblyLoadContext]::All | Where-Object Name -EQ 'ExoConnect' | ForEach-Object Assemblies |
    ForEach-Object { "own: $($_.GetName().Name)" }
try { "stranger: $([Reflection.Assembly]::Load('Microsoft.Identity.Client').Location)" } catch { "stranger: $($_.Exception.InnerException.GetType().Name)" }
try { "type: $([Microsoft.Identity.Client.ConfidentialClientApplicationBuilder])" } catch { "type: $($_.FullyQualifiedErrorId)" }
'@
        $said -match '^default' | Should -Be 'default: ExoConnect'
        $said | Should -Contain 'own: ExoConnect.Core'
        $said | Should -Contain 'own: Microsoft.Identity.Client'
        $said | Should -Contain 'stranger: FileNotFoundException'
        $said | Should -Contain 'type: TypeNotFound'
    }

    It 'compiles and loads no more than it did on the way to the first mailbox' {
        # Counted and not timed. The limits are a tenth above what was measured in a PowerShell that is all IL, where 700 more are its own;
        # whoever needs more says why in docs/internals/benchmarks.md.
        $script = @'
Import-Module $module
$methods = [Runtime.JitInfo]::GetCompiledMethodCount($false)
$assemblies = [AppDomain]::CurrentDomain.GetAssemblies().Count
Connect-ExchangeOnline @splat
$null = Get-Mailbox -ResultSize 1 -WarningAction Ignore
[Runtime.JitInfo]::GetCompiledMethodCount($false) - $methods
[AppDomain]::CurrentDomain.GetAssemblies().Count - $assemblies
[Runtime.Loader.AssemblyLoadContext]::All | Where-Object Name -EQ 'ExoConnect' | ForEach-Object Assemblies |
    ForEach-Object { $_.GetName().Name } | Where-Object { $_ -notlike 'ExoConnect.Objects*' } | Sort-Object
'@
        $null = Invoke-Fresh $script
        [int] $methods, [int] $assemblies, $own = Invoke-Fresh $script
        Write-Host "      $methods methods, $assemblies assemblies"

        $own | Should -Be 'ExoConnect.Core', 'Microsoft.Identity.Client', 'Microsoft.IdentityModel.Abstractions', 'Polly.Core'
        # 21 where all are ours. PowerShell loads up to eight of the framework's in the background, before the count or during it.
        $assemblies | Should -BeLessOrEqual 23
        $images = @(Get-ChildItem (Join-Path $ExoModulePath 'dependencies' '*' 'ExoConnect.Core.dll') -ErrorAction Ignore).Count
        $methods | Should -BeLessOrEqual ($images ? 2300 : 5200)
    }

    It 'works when another MSAL was there <Order>' -ForEach @(
        @{ Order = 'before'; Script = 'Import-Module $stranger; Import-Module $module; Connect-ExchangeOnline @splat -CommandName Get-Mailbox' }
        @{ Order = 'after the import'; Script = 'Import-Module $module; Import-Module $stranger; Connect-ExchangeOnline @splat -CommandName Get-Mailbox' }
        @{ Order = 'after the sign-in'; Script = 'Import-Module $module; Connect-ExchangeOnline @splat -CommandName Get-Mailbox; Import-Module $stranger' }
    ) {
        $said = Invoke-Fresh "$Script; Get-StrangerVersion; (Get-Mailbox -ResultSize 1 -WarningAction Ignore).Alias; @(Get-Mine) -eq 'Microsoft.Identity.Client'"

        $said | Should -Be '1.2.3.4', 'adele.vance', 'Microsoft.Identity.Client', 'Microsoft.Identity.Client' -Because 'each has its own'
    }
}

Describe 'Importing' {
    It 'again, with -Force, keeps the sessions and brings their commands back' {
        $said = Invoke-Fresh @'
Import-Module $module
Connect-ExchangeOnline @splat -CommandName Get-Mailbox
Import-Module $module -Force
(Get-ConnectionInformation).State
(Get-Mailbox -ResultSize 1 -WarningAction Ignore).Alias
Remove-Module ExoConnect
@(Get-Command Get-Mailbox, Get-ConnectionInformation -ErrorAction Ignore).Count
@(Get-Module ExoConnect*).Count
Import-Module $module
(Get-Mailbox -ResultSize 1 -WarningAction Ignore).Alias
(Get-Mailbox adele.vance | Out-String) -match 'DisplayName\s+PrimarySmtpAddress'
'@
        $said | Should -Be 'Connected', 'adele.vance', 0, 0, 'adele.vance', 'True'
    }

    It 'with -Prefix renames the module''s cmdlets, not the session''s commands' {
        $said = Invoke-Fresh @'
Import-Module $module -Prefix My
Connect-MyExchangeOnline @splat -CommandName Get-Mailbox -Prefix Lab
(Get-MyConnectionInformation).ModulePrefix
(Get-LabMailbox -ResultSize 1 -WarningAction Ignore).Alias
'@
        $said | Should -Be 'Lab', 'adele.vance'
    }

    It 'by name works from a folder of modules' {
        $said = Invoke-Fresh @"
Copy-Item -Recurse (Split-Path `$module) '$TestDrive/modules/ExoConnect'
`$env:PSModulePath = '$TestDrive/modules' + [IO.Path]::PathSeparator + `$env:PSModulePath
(Get-Command Connect-IPPSSession).Source
@(Get-Module ExoConnect* -ListAvailable).Name -join ','
"@
        $said | Should -Be 'ExoConnect', 'ExoConnect'
    }
}
