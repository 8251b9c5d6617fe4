# Scripts that ask for Microsoft's module by name, with what Install-ExoCompatibility lays down.

BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    Import-ExoConnect
    $modules = Join-Path $TestDrive 'it''s home' 'powershell' 'Modules'
    $before = $env:XDG_DATA_HOME, $env:PSModulePath
    $env:XDG_DATA_HOME = Join-Path $TestDrive 'it''s home'
    $env:PSModulePath = $modules, $env:PSModulePath -join [IO.Path]::PathSeparator
    $own = Join-Path $modules 'ExchangeOnlineManagement' '3.10.1'
}

AfterAll {
    $env:XDG_DATA_HOME, $env:PSModulePath = $before
    Stop-All
}

Describe 'The module of Microsoft''s name' -Skip:$IsWindows {
    BeforeAll {
        $installed = Install-ExoCompatibility
        # Idioms of public scripts, in one script: the first line decides whether it starts at all.
        $file = Join-Path $TestDrive 'idioms.ps1'
        Set-Content $file @'
#Requires -Modules @{ ModuleName = 'ExchangeOnlineManagement'; ModuleVersion = '3.7.2' }
"listed: $([bool](Get-Module ExchangeOnlineManagement -ListAvailable))"
"version: $((Get-Module -ListAvailable -Name ExchangeOnlineManagement | Sort-Object Version -Descending | Select-Object -First 1).Version -ge [version]'3.0.0')"
Import-Module ExchangeOnlineManagement -MinimumVersion 3.0.0 -ErrorAction Stop
"loaded: $('ExchangeOnlineManagement' -in (Get-Module).Name)"
$connect = @{ AppId = '6f2a9c1e-0d3b-4a57-9d0e-5c1b2a3f4e5d'; Organization = 'contoso.onmicrosoft.com'; CertificateFilePath = '/not/there.pfx' }
try { ExchangeOnlineManagement\Connect-ExchangeOnline @connect } catch { "qualified: $($_.FullyQualifiedErrorId)" }
"commands: $((Get-Command -Module ExchangeOnlineManagement).Name -join ' ')"
"source: $((Get-Command Get-EXOMailbox).Source)"
"ours: $((Get-Command Invoke-ExoCommand).Source)"
try { Import-Module ExchangeOnlineManagement -MinimumVersion 3.11 -ErrorAction Stop; 'higher: imported' } catch { 'higher: refused' }
'@
        # Only the folder of modules: the module finds ExoConnect by the path that it was given.
        $said = Invoke-FreshPowerShell $file | Out-String
    }

    It 'is told of' {
        $installed.Path | Should -Be $own
        $installed.Version | Should -Be '3.10.1'
        (Import-PowerShellDataFile (Join-Path $own 'ExchangeOnlineManagement.psd1')).Description | Should -Match '^ExoConnect under the name'
    }

    It 'says <_>' -ForEach 'listed: True', 'version: True', 'loaded: True', 'source: ExchangeOnlineManagement', 'ours: ExoConnect', 'higher: refused',
        'qualified: CertificateFileNotFound,ExoConnect.Cmdlets.ConnectExchangeOnlineCommand' {
        $said | Should -Match ([regex]::Escape($_))
    }

    It 'exports every cmdlet of ours that EXO has, and no other' {
        $ours = (Get-Command -Module ExoConnect).Name | Where-Object { $_ -cnotmatch '-Exo' } | Sort-Object
        ([regex]::Match($said, 'commands: (.*)').Groups[1].Value.Trim() -split ' ' | Sort-Object) | Should -Be $ours
    }

    It 'is replaced when it is installed again, and removed without a trace' {
        Install-ExoCompatibility | Should -HaveCount 1
        Uninstall-ExoCompatibility
        Get-ChildItem $modules | Should -BeNullOrEmpty
        Uninstall-ExoCompatibility -WarningVariable told -WarningAction SilentlyContinue
        $told | Should -HaveCount 1
    }

    It 'is not laid down with -WhatIf' {
        Install-ExoCompatibility -WhatIf
        Get-ChildItem $modules | Should -BeNullOrEmpty
    }

    It 'leaves Microsoft''s module alone, whatever its version' {
        $theirs = New-Item -ItemType Directory (Join-Path $modules 'ExchangeOnlineManagement' '3.7.0')
        Set-Content (Join-Path $theirs 'ExchangeOnlineManagement.psd1') "@{ ModuleVersion = '3.7.0' }"

        { Install-ExoCompatibility } | Should -Throw -ErrorId 'MicrosoftModuleInstalled,*'
        Uninstall-ExoCompatibility -WarningAction SilentlyContinue

        Get-ChildItem $modules -Recurse -File | Should -HaveCount 1
        Remove-Item (Join-Path $modules 'ExchangeOnlineManagement') -Recurse
    }

    It 'is loaded after a connect by ExoConnect itself, and goes with its process' {
        $tenant = Start-LocalTenant -Mailboxes 10
        $file = Join-Path $TestDrive 'nightly.ps1'
        Set-Content $file @"
Import-Module '$(Join-Path $ExoModulePath 'ExoConnect.psd1')'
`$path = (Install-ExoCompatibility -Scope Process).Path
`$password = ConvertTo-SecureString '$($tenant.pfxPassword)' -AsPlainText -Force
Connect-ExchangeOnline -AppId $($tenant.appId) -Organization $($tenant.organization) -CertificateFilePath '$($tenant.pfxPath)' -CertificatePassword `$password -ExchangeEnvironmentName '$($tenant.environmentFile)' -ShowBanner:`$false
"loaded: `$('ExchangeOnlineManagement' -in (Get-Module).Name)"
"mailboxes: `$(@(Get-Mailbox -ResultSize 3 -WarningAction Ignore).Count), `$(@(ExchangeOnlineManagement\Get-EXOMailbox -ResultSize 2 -WarningAction Ignore).Count)"
ExchangeOnlineManagement\Disconnect-ExchangeOnline -Confirm:`$false
"sessions: `$(@(Get-ConnectionInformation).Count), there: `$(Test-Path `$path)"
`$path
"@
        $said = @(Invoke-FreshPowerShell $file)
        Stop-LocalTenant $tenant

        $said[0..2] | Should -Be 'loaded: True', 'mailboxes: 3, 2', 'sessions: 0, there: True' -Because "$said"
        Test-Path $said[3] | Should -BeFalse
    }

    It 'lets a higher version win that a script asks for and that lies elsewhere' {
        Install-ExoCompatibility
        $theirs = New-Item (Join-Path $TestDrive 'other/ExchangeOnlineManagement/3.12.0') -ItemType Directory -Force
        New-ModuleManifest (Join-Path $theirs 'ExchangeOnlineManagement.psd1') -ModuleVersion 3.12.0
        $path = $env:PSModulePath
        $env:PSModulePath += [IO.Path]::PathSeparator + (Join-Path $TestDrive 'other')
        Import-Module ExchangeOnlineManagement -MinimumVersion 3.11.0
        $version = (Get-Module ExchangeOnlineManagement).Version
        Remove-Module ExchangeOnlineManagement
        $env:PSModulePath = $path
        Uninstall-ExoCompatibility

        $version | Should -Be '3.12.0'
    }

    It 'can be of this process alone' {
        $process = Install-ExoCompatibility -Scope Process
        (Get-Module ExchangeOnlineManagement -ListAvailable).ModuleBase | Should -Be $process.Path
        Uninstall-ExoCompatibility -Scope Process

        Get-Module ExchangeOnlineManagement -ListAvailable | Should -BeNullOrEmpty
        Test-Path $process.Path | Should -BeFalse
    }
}
