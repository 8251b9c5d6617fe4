# Signing in by Azure.Identity's default credential, as a user of the module and of the command line does it.
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    Import-ExoConnect
    $tenant = Start-LocalTenant -Mailboxes 5
    $there = @{ ExchangeEnvironmentName = $tenant.environmentFile; DefaultCredential = $true }
    $few = $there + @{ CommandName = 'Get-Mailbox' }
    $variables = 'AZURE_CLIENT_ID', 'AZURE_TENANT_ID', 'AZURE_CLIENT_SECRET', 'AZURE_TOKEN_CREDENTIALS', 'IDENTITY_ENDPOINT', 'IDENTITY_HEADER'
    $before = @{ PATH = $env:PATH }
    foreach ($name in $variables) { $before[$name] = [Environment]::GetEnvironmentVariable($name) }

    function Clear-Variable { foreach ($name in $variables) { [Environment]::SetEnvironmentVariable($name, $null) } }

    function Set-Application([string] $Secret = $tenant.clientSecret) {
        $env:AZURE_CLIENT_ID = $tenant.appId
        $env:AZURE_TENANT_ID = $tenant.tenantId
        $env:AZURE_CLIENT_SECRET = $Secret
    }

    function Get-Failure([scriptblock] $Script) {
        $ErrorActionPreference = 'Continue'
        try { & $Script }
        catch { return $_ }
        throw 'It did not fail.'
    }
}

AfterAll {
    foreach ($name in $before.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) }
    Stop-All
}

Describe 'The default credential' {
    BeforeEach { Clear-Variable }

    AfterEach {
        Disconnect-ExchangeOnline
        Clear-Variable
        $env:PATH = $before.PATH
    }

    It 'signs in to both services with what the variables say, and says which way it was' {
        Set-Application
        Connect-ExchangeOnline @few
        Connect-IPPSSession @there
        (Get-ConnectionInformation).SignInMethod | Should -Be 'DefaultCredential (Environment)', 'DefaultCredential (Environment)'
        (Get-ConnectionInformation).AppId | Should -Be $tenant.appId, $tenant.appId
        (Get-Mailbox -ResultSize 1 -WarningAction Ignore).Name | Should -Be 'adele.vance'
        (Get-ExoAccessToken -Resource Graph -Decode).Audience | Should -Match 'graph|00000003'
    }

    It 'takes the managed identity of what it runs on' {
        $env:IDENTITY_ENDPOINT = $tenant.platform.identityEndpoint
        $env:IDENTITY_HEADER = $tenant.platform.identityHeader
        Connect-ExchangeOnline @few
        (Get-ConnectionInformation).SignInMethod | Should -Be 'DefaultCredential (ManagedIdentity)'
    }

    It 'leaves out what it is told to, and says what each way said' {
        Set-Application
        $env:PATH = "$TestDrive"
        $failure = Get-Failure { Connect-ExchangeOnline @few -ExcludeCredential Environment, ManagedIdentity, visualstudio -NonInteractive }
        $failure.FullyQualifiedErrorId | Should -BeLike 'DefaultCredentialUnavailable,*'
        $lines = @("$failure" -split '\r?\n' | Select-Object -Skip 1)
        $lines -replace '^\s*(\w+):.*', '$1' |
            Should -Be 'WorkloadIdentity', 'VisualStudioCode', 'AzureCli', 'AzurePowerShell', 'AzureDeveloperCli', 'InteractiveBrowser'
        $lines[-1] | Should -Match 'This session is non-interactive'
    }

    It 'tells a wrong secret as every other way does, and never shows it' {
        Set-Application 'hush-hush'
        $failure = Get-Failure { Connect-ExchangeOnline @few }
        $failure.FullyQualifiedErrorId | Should -BeLike 'ClientSecretInvalid,*'
        $failure.ErrorDetails.RecommendedAction | Should -Match '-ExcludeCredential Environment'
        "$failure$($failure.Exception)" | Should -Not -Match 'hush-hush'
    }

    It 'refuses names that are no ways' {
        (Get-Failure { Connect-ExchangeOnline @few -ExcludeCredential Kerberos }).FullyQualifiedErrorId | Should -BeLike 'ExcludeCredentialInvalid,*'
        (Get-Failure { Connect-ExchangeOnline @few -ManagedIdentity }).FullyQualifiedErrorId | Should -BeLike 'AmbiguousParameterSet,*'
    }

    It 'completes the names that the engine knows' {
        $text = 'Connect-IPPSSession -DefaultCredential -ExcludeCredential '
        $completed = [System.Management.Automation.CommandCompletion]::CompleteInput($text, $text.Length, $null).CompletionMatches.CompletionText
        $failure = Get-Failure { Connect-ExchangeOnline @few -ExcludeCredential Kerberos }
        $failure.ErrorDetails.RecommendedAction | Should -BeLike "The ways are $($completed -join ', ');*"
    }

    It 'loads Azure.Identity into the engine''s context alone, and for nobody else' {
        $script = Join-Path $TestDrive loads.ps1
        Set-Content $script @"
`$ErrorActionPreference = 'Stop'
Import-Module '$(Join-Path $ExoModulePath 'ExoConnect.psd1')'
function Get-Azure { [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { `$_.GetName().Name -match '^(Azure\.|ExoConnect\.Azure)' } }
`$there = @{ ExchangeEnvironmentName = '$($tenant.environmentFile)'; CommandName = 'Get-Mailbox' }
Connect-ExchangeOnline @there -AppId $($tenant.appId) -Organization $($tenant.organization) -CertificateFilePath '$($tenant.pemPath)'
"certificate: `$(@(Get-Azure).Count)"
Connect-ExchangeOnline @there -DefaultCredential
Get-Azure | ForEach-Object { "`$(`$_.GetName().Name): `$([Runtime.Loader.AssemblyLoadContext]::GetLoadContext(`$_).Name)" } | Sort-Object
Disconnect-ExchangeOnline
"@
        Set-Application

        # Azure.Identity 1.21 forwards its types to Azure.Core, so it is not loaded itself.
        Invoke-FreshPowerShell $script | Should -Be 'certificate: 0', 'Azure.Core: ExoConnect', 'ExoConnect.AzureIdentity: ExoConnect'
    }

    It 'signs the command line in, and its profile holds no secret' {
        Set-Application
        $env:EXOCONNECT_CONFIG, $config = (Join-Path $TestDrive profiles), $env:EXOCONNECT_CONFIG
        try {
            $said = dotnet $ExoCommandLine connect --default-credential --exclude-credential AzureCli --environment $tenant.environmentFile 2>&1
            "$said" | Should -Match 'Connected to Exchange Online'
            (dotnet $ExoCommandLine run Get-Mailbox --ResultSize 1 --output json | ConvertFrom-Json).Name | Should -Be 'adele.vance'
            Get-ChildItem $env:EXOCONNECT_CONFIG -Recurse -File | Get-Content -Raw | Should -Not -Match ([regex]::Escape($tenant.clientSecret))
            dotnet $ExoCommandLine connect --default-credential --exclude-credential Kerberos --environment $tenant.environmentFile 2>&1 |
                Out-String | Should -Match 'Kerberos'
        }
        finally {
            $env:EXOCONNECT_CONFIG = $config
        }
    }
}
