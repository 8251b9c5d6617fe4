# Every way of signing in, as its parameters are bound, against a local tenant.
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    Import-ExoConnect
    $tenant = Start-LocalTenant -Mailboxes 5
    $there = @{ ExchangeEnvironmentName = $tenant.environmentFile; CommandName = 'Get-Mailbox' }
    $app = $there + @{ AppId = $tenant.appId; Organization = $tenant.organization }
    $user = $tenant.administrator.userPrincipalName
    $password = ConvertTo-SecureString $tenant.administrator.password -AsPlainText

    function Get-Failure([scriptblock] $Script) {
        $ErrorActionPreference = 'Continue'
        try { & $Script }
        catch { return $_ }
        throw 'It did not fail.'
    }

    # What a person does at the page that a device code is entered at.
    function Start-Person {
        Start-ThreadJob -ArgumentList $tenant.port, $user, $tenant.administrator.password -ScriptBlock {
            param($port, $name, $secret)
            while (-not ($code = $env:EXOCONNECT_TEST_CODE)) { Start-Sleep -Milliseconds 50 }
            $form = @{ code = $code; username = $name; password = $secret; action = 'signin' }
            (Invoke-WebRequest "https://127.0.0.1:$port/device" -Method Post -Body $form -SkipCertificateCheck).Content
        }
    }
}

AfterAll {
    Stop-All
    Remove-Item Env:EXOCONNECT_APPID, Env:EXOCONNECT_TEST_CODE -ErrorAction Ignore
}

Describe 'Signing in' {
    AfterEach {
        Disconnect-ExchangeOnline
        Remove-Item Env:EXOCONNECT_APPID, Env:EXOCONNECT_TEST_CODE -ErrorAction Ignore
    }

    It 'takes a client secret as <Kind>' -ForEach @(@{ Kind = 'SecureString' }, @{ Kind = 'text' }) {
        $secret = $Kind -eq 'text' ? $tenant.clientSecret : (ConvertTo-SecureString $tenant.clientSecret -AsPlainText)
        Connect-ExchangeOnline @app -ClientSecret $secret
        Connect-IPPSSession -AppId $tenant.appId -Organization $tenant.organization -ClientSecret $secret -ExchangeEnvironmentName $tenant.environmentFile

        (Get-ConnectionInformation).CertificateAuthentication | Should -Be $false, $false
        (Get-Mailbox -ResultSize 1 -WarningAction Ignore).Name | Should -Be 'adele.vance'
    }

    It 'takes an access token, and only for the service itself' {
        $failure = Get-Failure { Connect-ExchangeOnline @there -AccessToken $tenant.administrator.graphToken }
        $failure.FullyQualifiedErrorId | Should -BeLike 'AccessTokenForAnotherService,*'
        "$failure" | Should -BeLike 'The access token is for Microsoft Graph*not for Exchange Online*'
        "$failure$($failure.Exception)" | Should -Not -Match 'eyJ'
    }

    It 'takes a name and a password, with a warning, through the application of the variable' {
        $env:EXOCONNECT_APPID = $tenant.appId
        Connect-ExchangeOnline @there -Credential ([pscredential]::new($user, $password)) -WarningVariable warnings -WarningAction SilentlyContinue

        (Get-ConnectionInformation).UserPrincipalName | Should -Be $user
        (Get-ConnectionInformation).Organization | Should -Be $tenant.organization
        "$warnings" | Should -BeLike "Signing in with a user's password*"
    }

    It 'shows a device code at the prompt and goes on when somebody has entered it' {
        $person = Start-Person
        $said = Connect-ExchangeOnline @app -Device -NonInteractive:$false 6>&1 | ForEach-Object {
            if ("$_" -match 'code (\w{9})') { $env:EXOCONNECT_TEST_CODE = $Matches[1] }
            "$_"
        }

        $said | Should -HaveCount 1
        $said | Should -BeLike "*/device and enter the code $($env:EXOCONNECT_TEST_CODE)*"
        Receive-Job $person -Wait | Should -Match 'You have signed in'
        (Get-ConnectionInformation).UserPrincipalName | Should -Be $user
    }

    It 'keeps a sign-in for the next process if it may, until it is disconnected' -Skip:(-not $IsLinux -or $env:DBUS_SESSION_BUS_ADDRESS) {
        $failure = Get-Failure { Connect-ExchangeOnline @app -Device -PersistSignIn -NonInteractive:$false }
        $failure.FullyQualifiedErrorId | Should -BeLike 'SignInStoreMissing,*'

        $keep = @{ Device = $true; PersistSignIn = $true; AllowPlaintextCache = $true; WarningAction = 'SilentlyContinue' }
        $person = Start-Person
        Connect-ExchangeOnline @app @keep -NonInteractive:$false 6>&1 | ForEach-Object {
            if ("$_" -match 'code (\w{9})') { $env:EXOCONNECT_TEST_CODE = $Matches[1] }
        }
        $null = Receive-Job $person -Wait
        $next = {
            param($module, $call)
            Import-Module $module
            Connect-ExchangeOnline @call
            (Get-ConnectionInformation).UserPrincipalName
        }
        Start-Job $next -ArgumentList (Join-Path $ExoModulePath 'ExoConnect.psd1'), ($app + $keep) | Receive-Job -Wait | Should -Be $user
        Disconnect-ExchangeOnline
        (Get-Failure { Connect-ExchangeOnline @app @keep }).FullyQualifiedErrorId | Should -BeLike 'InteractionRequired,*'
    }

    It 'asks nobody where nobody is: <Parameter>' -ForEach @(
        @{ Parameter = 'Device'; With = @{ Device = $true } }
        @{ Parameter = 'UserPrincipalName'; With = @{ UserPrincipalName = 'admin@contoso.onmicrosoft.com' } }
        @{ Parameter = 'UserPrincipalName'; With = @{} }
        @{ Parameter = 'InlineCredential'; With = @{ InlineCredential = $true } }
        @{ Parameter = 'Device'; With = @{ Device = $true; NonInteractive = $true } }
    ) {
        $failure = Get-Failure { Connect-ExchangeOnline @app @With }
        $failure.FullyQualifiedErrorId | Should -BeLike 'InteractionRequired,*'
        $failure.Exception.ParameterName | Should -Be $Parameter
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'wants to know the application of users: <Way>' -ForEach @(@{ Way = 'Device' }, @{ Way = 'NonInteractive' }) {
        $with = @{ $Way = $true }
        $failure = Get-Failure { Connect-ExchangeOnline @there @with }
        $failure.FullyQualifiedErrorId | Should -BeLike 'AppIdMissing,*'
        $failure.ErrorDetails.RecommendedAction | Should -Match 'EXOCONNECT_APPID'
    }

    It 'takes the managed identity of what it runs on' {
        $env:IDENTITY_ENDPOINT = $tenant.platform.identityEndpoint
        $env:IDENTITY_HEADER = $tenant.platform.identityHeader
        try {
            Connect-ExchangeOnline @there -ManagedIdentity
            (Get-ConnectionInformation).SignInMethod | Should -Be 'ManagedIdentity'
            (Get-ConnectionInformation).AppId | Should -Be $tenant.appId
        }
        finally {
            Remove-Item Env:IDENTITY_ENDPOINT, Env:IDENTITY_HEADER
        }
    }

    It 'takes what GitHub Actions says of a job' {
        $env:ACTIONS_ID_TOKEN_REQUEST_URL = $tenant.platform.federationEndpoint
        $env:ACTIONS_ID_TOKEN_REQUEST_TOKEN = $tenant.platform.federationRequestToken
        try {
            Connect-ExchangeOnline @app -WorkloadIdentity
            (Get-ConnectionInformation).SignInMethod | Should -Be 'WorkloadIdentity'
        }
        finally {
            Remove-Item Env:ACTIONS_ID_TOKEN_REQUEST_URL, Env:ACTIONS_ID_TOKEN_REQUEST_TOKEN
        }
    }

    It 'says that there is no managed identity, or that it knows no such one' {
        $env:IDENTITY_ENDPOINT = "https://127.0.0.1:$($tenant.port)/msi/token"
        $env:IDENTITY_HEADER = 'wrong'
        try {
            (Get-Failure { Connect-ExchangeOnline @there -ManagedIdentity }).FullyQualifiedErrorId | Should -BeLike 'ManagedIdentityRefused,*'
            (Get-Failure { Connect-ExchangeOnline @there -ManagedIdentity -ManagedIdentityAccountId mine }).FullyQualifiedErrorId |
                Should -BeLike 'ManagedIdentityAccountIdInvalid,*'
        }
        finally {
            Remove-Item Env:IDENTITY_ENDPOINT, Env:IDENTITY_HEADER
        }
    }

    It 'reads a workload''s token from its file, and says what the application does not trust' {
        $failure = Get-Failure { Connect-ExchangeOnline @app -WorkloadIdentity -FederatedTokenFile (Join-Path $TestDrive none) }
        $failure.FullyQualifiedErrorId | Should -BeLike 'FederatedTokenUnavailable,*'

        $part = { [Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes($args[0])).TrimEnd('=') }
        $file = Join-Path $TestDrive token
        "$(& $part '{"alg":"RS256"}').$(& $part '{"iss":"https://else.example","sub":"x","aud":"y"}').x" | Set-Content $file
        $failure = Get-Failure { Connect-ExchangeOnline @app -WorkloadIdentity -FederatedTokenFile $file }
        $failure.FullyQualifiedErrorId | Should -BeLike 'FederationNotConfigured,*'
        "$failure" | Should -Match 'AADSTS700211'
    }

    It 'keeps the ways apart: <First> and <Second>' -ForEach @(
        @{ First = 'Device'; Second = 'ManagedIdentity' }
        @{ First = 'WorkloadIdentity'; Second = 'ManagedIdentity' }
        @{ First = 'Device'; Second = 'InlineCredential' }
    ) {
        $with = @{ $First = $true; $Second = $true }
        (Get-Failure { Connect-ExchangeOnline @there @with }).FullyQualifiedErrorId | Should -BeLike 'AmbiguousParameterSet,*'
    }

    It 'still wants the application and the organization with a certificate' {
        foreach ($name in 'AppId', 'Organization') {
            $sets = (Get-Command Connect-ExchangeOnline).Parameters[$name].ParameterSets
            foreach ($set in 'Thumbprint', 'File', 'Certificate', 'ClientSecret') { $sets[$set].IsMandatory | Should -BeTrue }
            foreach ($set in 'Browser', 'Device', 'AccessToken', 'WorkloadIdentity') { $sets[$set].IsMandatory | Should -BeFalse }
        }
    }
}
