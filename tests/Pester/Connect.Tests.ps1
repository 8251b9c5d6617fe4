BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    Import-ExoConnect
    $tenant = Start-LocalTenant -Mailboxes 20
    $splat = $tenant.Splat

    # The ways to name the app without its certificate.
    $app = @{ AppId = $tenant.appId; Organization = $tenant.organization; ExchangeEnvironmentName = $tenant.environmentFile; CommandName = 'Get-Mailbox' }
    $certificate = [Security.Cryptography.X509Certificates.X509Certificate2]::CreateFromPemFile($tenant.pemPath)

    # What a failing call wrote, as a script sees it that says nothing of ErrorAction.
    function Get-Failure([scriptblock] $Script) {
        $ErrorActionPreference = 'Continue'
        try { & $Script }
        catch { return $_ }
        throw 'It did not fail.'
    }

    # A certificate that is wrong in some way, or right.
    function New-TestCertificate {
        param($Key = [Security.Cryptography.RSA]::Create(2048), $From = [DateTimeOffset]::UtcNow.AddDays(-1), $To = [DateTimeOffset]::UtcNow.AddYears(1))

        $hash = [Security.Cryptography.HashAlgorithmName]::SHA256
        $request = $Key -is [Security.Cryptography.RSA] ?
            [Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=Pester', $Key, $hash, [Security.Cryptography.RSASignaturePadding]::Pkcs1) :
            [Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=Pester', $Key, $hash)
        $request.CreateSelfSigned($From, $To)
    }

    function Save-Pfx($Certificate, [string] $Name, [string] $Password) {
        $path = Join-Path $TestDrive $Name
        [IO.File]::WriteAllBytes($path, $Certificate.Export('Pfx', $Password))
        $path
    }
}

AfterAll {
    Stop-All
}

Describe 'Signing in' {
    AfterEach {
        Disconnect-ExchangeOnline
    }

    It 'takes a PFX file and its password' {
        Connect-ExchangeOnline @splat -CommandName Get-Mailbox

        $session = Get-ConnectionInformation
        $session.State | Should -Be 'Connected'
        $session.CertificateAuthentication | Should -BeTrue
        (Get-Mailbox -ResultSize 1 -WarningAction Ignore).Name | Should -Be 'adele.vance'
    }

    It 'takes a PFX file that has no password' {
        $path = Save-Pfx $certificate 'open.pfx' ''

        Connect-ExchangeOnline @app -CertificateFilePath $path

        Get-ConnectionInformation | Should -HaveCount 1
    }

    It 'takes a PEM file with the certificate and its key' {
        Connect-ExchangeOnline @app -CertificateFilePath $tenant.pemPath

        Get-ConnectionInformation | Should -HaveCount 1
    }

    It 'takes PEM files for the certificate and its encrypted key' {
        $parameters = [Security.Cryptography.PbeParameters]::new('Aes256Cbc', [Security.Cryptography.HashAlgorithmName]::SHA256, 1000)
        $key = [Security.Cryptography.X509Certificates.RSACertificateExtensions]::GetRSAPrivateKey($certificate)
        Set-Content (Join-Path $TestDrive 'app.crt') $certificate.ExportCertificatePem()
        Set-Content (Join-Path $TestDrive 'app.key') $key.ExportEncryptedPkcs8PrivateKeyPem('right', $parameters)

        Connect-ExchangeOnline @app -CertificateFilePath (Join-Path $TestDrive 'app.crt') -CertificateKeyPath (Join-Path $TestDrive 'app.key') `
            -CertificatePassword (ConvertTo-SecureString 'right' -AsPlainText -Force)

        Get-ConnectionInformation | Should -HaveCount 1
    }

    It 'takes a path relative to the current location, and one of a PowerShell drive' {
        $null = New-PSDrive ExoTest FileSystem (Split-Path $tenant.pemPath)
        Push-Location (Split-Path $tenant.pemPath)
        try {
            Connect-ExchangeOnline @app -CertificateFilePath ./app.pem
            Connect-ExchangeOnline @app -CertificateFilePath ExoTest:/app.pem
        }
        finally {
            Pop-Location
            Remove-PSDrive ExoTest
        }

        Get-ConnectionInformation | Should -HaveCount 2
    }

    It 'takes a certificate object, and leaves it alone afterwards' {
        Connect-ExchangeOnline @app -Certificate $certificate
        Disconnect-ExchangeOnline

        $key = [Security.Cryptography.X509Certificates.RSACertificateExtensions]::GetRSAPrivateKey($certificate)
        $key.SignData([byte[]](1, 2, 3), [Security.Cryptography.HashAlgorithmName]::SHA256, [Security.Cryptography.RSASignaturePadding]::Pkcs1) |
            Should -Not -BeNullOrEmpty
    }

    Context 'a thumbprint' {
        BeforeAll {
            $flags = [Security.Cryptography.X509Certificates.X509KeyStorageFlags]'PersistKeySet'
            $stored = [Security.Cryptography.X509Certificates.X509Certificate2]::new($tenant.pfxPath, $tenant.pfxPassword, $flags)
            $store = [Security.Cryptography.X509Certificates.X509Store]::new('My', 'CurrentUser')
            $store.Open('ReadWrite')
            $store.Add($stored)
        }

        AfterAll {
            $store.Remove($stored)
            $store.Close()
        }

        It 'is taken <How>' -ForEach @(
            @{ How = 'as it is'; Shape = { $args[0] } }
            @{ How = 'in lower case with spaces'; Shape = { ($args[0].ToLower() -replace '(..)', '$1 ').Trim() } }
            @{ How = 'with colons'; Shape = { $args[0] -replace '(..)(?=.)', '$1:' } }
            @{ How = 'as the Windows dialog copies it'; Shape = { [char]0x200E + $args[0] } }
        ) {
            Connect-ExchangeOnline @app -CertificateThumbprint (& $Shape $tenant.thumbprint)

            Get-ConnectionInformation | Should -HaveCount 1
        }
    }

    It 'opens Security & Compliance with the same certificate' {
        Connect-IPPSSession @splat -EnableSearchOnlySession -CommandName Get-ComplianceSearch

        $session = Get-ConnectionInformation
        $session.Name | Should -Match '^ExchangeOnlineProtection_\d+$'
        $session.IsEopSession | Should -BeTrue
        Get-ComplianceSearch | Should -Not -BeNullOrEmpty
    }

    It 'writes nothing to the pipeline' {
        Connect-ExchangeOnline @splat -CommandName Get-Mailbox | Should -BeNullOrEmpty
        Connect-IPPSSession @splat -CommandName Get-Label | Should -BeNullOrEmpty
    }

    It 'lets no secret out, not even with -Verbose and -Debug' {
        $said = Connect-ExchangeOnline @splat -CommandName Get-Mailbox -RefreshCache -Verbose -Debug *>&1 | Out-String -Width 500

        $said | Should -Match 'EXOModuleFile'
        $said | Should -Not -Match 'eyJ'
        $said | Should -Not -Match ([regex]::Escape($tenant.pfxPassword))
    }
}

Describe 'A certificate that cannot work' {
    BeforeAll {
        Watch-Wire
        $good = New-TestCertificate
        $right = ConvertTo-SecureString 'right' -AsPlainText -Force
        $other = [Security.Cryptography.RSA]::Create(2048)

        Set-Content (Join-Path $TestDrive 'text.pfx') 'This is a letter.'
        [IO.File]::WriteAllBytes((Join-Path $TestDrive 'public.cer'), $good.RawData)
        Set-Content (Join-Path $TestDrive 'strange.pem') ($good.ExportCertificatePem(), $other.ExportPkcs8PrivateKeyPem())
        $null = Save-Pfx $good 'good.pfx' 'right'
        $null = Save-Pfx (New-TestCertificate -Key ([Security.Cryptography.ECDsa]::Create())) 'ec.pfx' 'right'
        $null = Save-Pfx (New-TestCertificate -Key ([Security.Cryptography.RSA]::Create(1024))) 'short.pfx' 'right'
        $null = Save-Pfx (New-TestCertificate -From ([DateTimeOffset]'2020-01-01Z') -To ([DateTimeOffset]'2021-02-03Z')) 'old.pfx' 'right'
        $null = Save-Pfx (New-TestCertificate -From ([DateTimeOffset]'2090-01-01Z') -To ([DateTimeOffset]'2091-01-01Z')) 'early.pfx' 'right'
    }

    It '<Id>: <File>' -ForEach @(
        @{ Id = 'CertificateFileNotFound'; File = 'nowhere.pfx'; Password = 'right'; Says = 'nowhere.pfx' }
        @{ Id = 'CertificateFileIsDirectory'; File = '.'; Password = 'right'; Says = 'folder' }
        @{ Id = 'CertificatePasswordIncorrect'; File = 'good.pfx'; Password = 'Geheimnis'; Says = 'password' }
        @{ Id = 'CertificatePasswordRequired'; File = 'good.pfx'; Password = $null; Says = 'password' }
        @{ Id = 'CertificateInvalid'; File = 'text.pfx'; Password = 'right'; Says = 'text.pfx' }
        @{ Id = 'CertificateNoPrivateKey'; File = 'public.cer'; Password = $null; Says = 'private key' }
        @{ Id = 'CertificateKeyMismatch'; File = 'strange.pem'; Password = $null; Says = 'another certificate' }
        @{ Id = 'CertificateKeyNotRsa'; File = 'ec.pfx'; Password = 'right'; Says = 'RSA' }
        @{ Id = 'CertificateKeyTooShort'; File = 'short.pfx'; Password = 'right'; Says = '1024' }
        @{ Id = 'CertificateExpired'; File = 'old.pfx'; Password = 'right'; Says = '2021-02-03' }
        @{ Id = 'CertificateNotYetValid'; File = 'early.pfx'; Password = 'right'; Says = '2090-01-01' }
    ) {
        [ExoWire]::Clear()
        $call = @{ CertificateFilePath = Join-Path $TestDrive $File }
        if ($Password) { $call.CertificatePassword = ConvertTo-SecureString $Password -AsPlainText -Force }

        $failure = Get-Failure { Connect-ExchangeOnline @app @call }

        $failure.FullyQualifiedErrorId | Should -Be "$Id,ExoConnect.Cmdlets.ConnectExchangeOnlineCommand"
        $failure.CategoryInfo.Category | Should -Be 'InvalidArgument'
        $failure.ErrorDetails.Message | Should -Match ([regex]::Escape($Says))
        $failure.ErrorDetails.RecommendedAction | Should -Match '\.($| To see the missing step of its set-up: Test-ExoApplication )'
        ($failure | Format-List * -Force | Out-String) | Should -Not -Match 'Geheimnis'
        [ExoWire]::Requests | Should -BeNullOrEmpty -Because 'it is found out before anything is sent'
        Get-ConnectionInformation | Should -BeNullOrEmpty
    }

    It '<Id>: thumbprint <Thumbprint>' -ForEach @(
        @{ Id = 'CertificateThumbprintInvalid'; Thumbprint = 'not hexadecimal' }
        @{ Id = 'CertificateNotFound'; Thumbprint = '0123456789ABCDEF0123456789ABCDEF01234567' }
    ) {
        $failure = Get-Failure { Connect-IPPSSession @app -CertificateThumbprint $Thumbprint }

        $failure.FullyQualifiedErrorId | Should -Be "$Id,ExoConnect.Cmdlets.ConnectIPPSSessionCommand"
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'CertificateNoPrivateKey: an object' {
        $public = [Security.Cryptography.X509Certificates.X509Certificate2]::new($good.RawData)

        (Get-Failure { Connect-ExchangeOnline @app -Certificate $public }).FullyQualifiedErrorId | Should -BeLike 'CertificateNoPrivateKey,*'
    }

    It 'may be given in one way only' {
        $failure = Get-Failure { Connect-ExchangeOnline @app -Certificate $good -CertificateThumbprint $tenant.thumbprint }

        $failure.FullyQualifiedErrorId | Should -BeLike 'AmbiguousParameterSet,*'
    }
}

Describe 'A sign-in that is refused' {
    It 'says <Says> and what to do' -ForEach @(
        @{ Says = 'AADSTS700016'; Change = @{ AppId = '11111111-2222-3333-4444-555555555555' } }
        @{ Says = 'AADSTS90002'; Change = @{ Organization = 'fabrikam.onmicrosoft.com' } }
    ) {
        $call = $splat.Clone()
        foreach ($name in $Change.Keys) { $call[$name] = $Change[$name] }

        $failure = Get-Failure { Connect-ExchangeOnline @call }

        $failure.CategoryInfo.Category | Should -BeIn 'AuthenticationError', 'InvalidArgument', 'ObjectNotFound'
        $failure.Exception.Message | Should -Match $Says
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        Get-ConnectionInformation | Should -BeNullOrEmpty
    }

    It 'says AADSTS700027 for a certificate that the app does not have' {
        $failure = Get-Failure { Connect-ExchangeOnline @app -Certificate (New-TestCertificate) }

        $failure.CategoryInfo.Category | Should -Be 'AuthenticationError'
        $failure.Exception.Message | Should -Match 'AADSTS700027'
        $failure.ErrorDetails.RecommendedAction | Should -Match 'upload|certificate'
    }

    It 'is caught in a try in spite of -ErrorAction SilentlyContinue, as a throw is, and stands in $Error once' {
        $Error.Clear()
        $caught = try { Connect-ExchangeOnline @app -Certificate (New-TestCertificate) -ErrorAction SilentlyContinue } catch { $_ }

        $caught.Exception.GetType().Name | Should -Be 'SignInException'
        @($Error | Where-Object FullyQualifiedErrorId -EQ $caught.FullyQualifiedErrorId) | Should -HaveCount 1
        Get-ConnectionInformation | Should -BeNullOrEmpty
    }
}

Describe 'Warnings' {
    AfterEach {
        Disconnect-ExchangeOnline
    }

    It 'tell of an organization that is neither a tenant id nor an .onmicrosoft.com domain' {
        $call = $splat.Clone()
        $call.Organization = 'contoso.com'

        try { Connect-ExchangeOnline @call -CommandName Get-Mailbox -WarningVariable warned -WarningAction SilentlyContinue } catch { $null = $_ }

        $warned | Should -Match 'onmicrosoft'
    }

    It 'are absent for a tenant id' {
        $call = $splat.Clone()
        $call.Organization = $tenant.tenantId

        Connect-ExchangeOnline @call -CommandName Get-Mailbox -WarningVariable warned

        $warned | Should -BeNullOrEmpty
    }

    It 'tell that -<Name> of EXO has no effect' -ForEach @(
        @{ Name = 'UseRPSSession'; Value = $true }
        @{ Name = 'PSSessionOption'; Value = 'x' }
        @{ Name = 'SigningCertificate'; Value = 'x' }
    ) {
        $more = @{ $Name = $Value }

        Connect-ExchangeOnline @splat @more -CommandName Get-Mailbox -WarningVariable warned -WarningAction SilentlyContinue

        $warned | Should -HaveCount 1
        $warned[0] | Should -Match "^-$Name has no effect"
    }

    It 'are not given for parameters of EXO that change nothing here anyway' {
        Connect-ExchangeOnline @splat -CommandName Get-Mailbox -ShowProgress $true -SkipLoadingFormatData -SkipLoadingCmdletHelp -DisableWAM -WarningVariable warned

        $warned | Should -BeNullOrEmpty
    }

    # The parameters of version 3.9.0, by its module's metadata, and what 3.10 has added.
    It 'accept every parameter that <Name> has in EXO' -ForEach @(
        @{ Name = 'Connect-ExchangeOnline'; Has = @(
            'ConnectionUri', 'AzureADAuthorizationEndpointUri', 'ExchangeEnvironmentName', 'PSSessionOption', 'BypassMailboxAnchoring'
            'DelegatedOrganization', 'Prefix', 'ShowBanner', 'CommandName', 'FormatTypeName', 'UseRPSSession', 'SkipLoadingFormatData'
            'SkipLoadingCmdletHelp', 'LoadCmdletHelp', 'AccessToken', 'SigningCertificate', 'DisableWAM', 'UserPrincipalName', 'Credential'
            'Certificate', 'CertificateFilePath', 'CertificatePassword', 'CertificateThumbprint', 'AppId', 'Organization'
            'EnableErrorReporting', 'LogDirectoryPath', 'LogLevel', 'ManagedIdentity', 'ManagedIdentityAccountId', 'TrackPerformance'
            'ShowProgress', 'UseMultithreading', 'PageSize', 'Device', 'InlineCredential', 'EXOModuleBasePath'
        ) }
        @{ Name = 'Connect-IPPSSession'; Has = @(
            'ConnectionUri', 'AzureADAuthorizationEndpointUri', 'DelegatedOrganization', 'PSSessionOption', 'BypassMailboxAnchoring', 'Prefix'
            'CommandName', 'FormatTypeName', 'UseRPSSession', 'ShowBanner', 'DisableWAM', 'AccessToken', 'EnableSearchOnlySession'
            'UserPrincipalName', 'Credential', 'Certificate', 'CertificateFilePath', 'CertificatePassword', 'CertificateThumbprint', 'AppId'
            'Organization', 'EnableErrorReporting', 'LogDirectoryPath', 'LogLevel', 'EXOModuleBasePath'
        ) }
        @{ Name = 'Disconnect-ExchangeOnline'; Has = 'ConnectionId', 'ModulePrefix', 'Confirm', 'WhatIf' }
        @{ Name = 'Get-ConnectionInformation'; Has = 'ConnectionId', 'ModulePrefix' }
    ) {
        $known = (Get-Command $Name).Parameters.Keys
        $Has | Where-Object { $_ -notin $known } | Should -BeNullOrEmpty
    }

    It 'tell that the certificate ends soon' {
        # A tenant takes the certificate that lies in its state folder.
        $state = New-Item (Join-Path $TestDrive 'state') -ItemType Directory
        $ending = New-TestCertificate -To ([DateTimeOffset]::UtcNow.AddDays(10))
        $null = Save-Pfx $ending 'state/app.pfx' 'right'
        $key = [Security.Cryptography.X509Certificates.RSACertificateExtensions]::GetRSAPrivateKey($ending)
        Set-Content (Join-Path $state 'app.pem') ($ending.ExportCertificatePem(), $key.ExportPkcs8PrivateKeyPem())
        [IO.File]::WriteAllBytes((Join-Path $state 'app.cer'), $ending.RawData)
        @{ tenantId = [guid]::NewGuid(); appId = [guid]::NewGuid(); objectId = [guid]::NewGuid(); servicePrincipalId = [guid]::NewGuid(); pfxPassword = 'right' } |
            ConvertTo-Json | Set-Content (Join-Path $state 'tenant.json')
        $second = Start-LocalTenant -Mailboxes 1 -Arguments '--state', $state.FullName -Role 'Exchange Recipient Administrator'
        $call = $second.Splat

        Connect-ExchangeOnline @call -CommandName Get-Mailbox -WarningVariable warned -WarningAction SilentlyContinue
        try { Connect-IPPSSession @call -WarningAction SilentlyContinue } catch { $refused = $_ }

        $warned | Should -HaveCount 1
        $warned[0] | Should -Match $ending.NotAfter.ToUniversalTime().ToString('yyyy-MM-dd')
        $refused.ErrorDetails.RecommendedAction | Should -Match 'Exchange Recipient Administrator, which Security & Compliance does not accept' -Because 'the role is for Exchange only'
        $refused.CategoryInfo.Category | Should -Be 'PermissionDenied'
        Stop-LocalTenant $second
    }
}

Describe 'Where the tenant is' {
    AfterEach {
        Disconnect-ExchangeOnline
    }

    It 'says <Id> for <Name>' -ForEach @(
        @{ Id = 'EnvironmentUnknown'; Name = 'O365Moon' }
        @{ Id = 'EnvironmentFileNotFound'; Name = './nowhere.json' }
        @{ Id = 'EnvironmentFileInvalid'; Name = './broken.json' }
    ) {
        Push-Location $TestDrive
        try {
            Set-Content broken.json '{ "name": '
            $call = $splat.Clone()
            $call.ExchangeEnvironmentName = $Name

            $failure = Get-Failure { Connect-ExchangeOnline @call }

            $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*"
            $failure.CategoryInfo.Category | Should -Be 'InvalidArgument'
        }
        finally {
            Pop-Location
        }
    }

    It 'does not trust a certificate authority for hosts that the environment file does not name' {
        $file = Get-Content $tenant.environmentFile -Raw | ConvertFrom-Json -AsHashtable
        $file.Remove('certificateAuthority')
        $file | ConvertTo-Json | Set-Content (Join-Path $TestDrive 'untrusting.json')
        $call = $splat.Clone()
        $call.ExchangeEnvironmentName = Join-Path $TestDrive 'untrusting.json'

        $failure = Get-Failure { Connect-ExchangeOnline @call }

        $failure.FullyQualifiedErrorId | Should -BeLike 'SignInHostUntrusted,*'
        $failure.ErrorDetails.RecommendedAction | Should -Match 'Nothing was sent'
    }

    It 'takes the addresses of both hosts, by position as EXO does; only their hosts count' {
        $exchange = ([uri] $tenant.exchange).AbsoluteUri + 'powershell-liveid/'
        $signIn = ([uri] $tenant.signIn).AbsoluteUri + 'organizations'

        Connect-ExchangeOnline $exchange $signIn @splat -CommandName Get-Mailbox -WarningVariable warned

        $warned | Should -BeNullOrEmpty
        (Get-ConnectionInformation).ConnectionUri | Should -Be $tenant.exchange
        (Get-ConnectionInformation).AzureAdAuthorizationEndpointUri | Should -Match ([regex]::Escape(([uri] $tenant.signIn).Authority))
    }

    It 'says <Id> for -ConnectionUri <Uri>' -ForEach @(
        @{ Id = 'ConnectionUriInvalid'; Uri = 'http://outlook.office365.com' }
        @{ Id = 'ConnectionUriInvalid'; Uri = 'nonsense' }
        @{ Id = 'ConnectionUriMismatch'; Uri = 'https://partner.outlook.cn/powershell-liveid' }
        @{ Id = 'ConnectionUriUnknown'; Uri = 'https://outlook.office365.com.example.org/powershell-liveid' }
    ) {
        (Get-Failure { Connect-ExchangeOnline @splat -ConnectionUri $Uri }).FullyQualifiedErrorId | Should -BeLike "$Id,*"
    }

    It 'signs in with the customer that is administered for another' {
        Watch-Wire

        Connect-ExchangeOnline @splat -DelegatedOrganization $tenant.organization -CommandName Get-Mailbox -NoCache

        $session = Get-ConnectionInformation
        $session.DelegatedOrganization, $session.Organization | Should -Be $tenant.organization, $tenant.organization
        $session.TenantID | Should -Be $tenant.tenantId
        (Get-WireRequest EXOModuleFile)[0].Uri | Should -Match "/$($tenant.tenantId)/"
        $failure = Get-Failure { Connect-ExchangeOnline @splat -DelegatedOrganization 'fabrikam.onmicrosoft.com' }
        $failure.FullyQualifiedErrorId | Should -BeLike 'TenantNotFound,*' -Because 'it is where the sign-in goes'
    }

    It 'sends no token of another tenant than was asked for: <How>' -ForEach @(
        @{ How = 'a tenant id'; Asked = @{ DelegatedOrganization = '11111111-2222-4333-8444-555555555555' }; Id = 'AccessTokenOfAnotherTenant' }
        @{ How = 'the own one'; Asked = @{ Organization = '11111111-2222-4333-8444-555555555555' }; Id = 'AccessTokenOfAnotherTenant' }
        @{ How = 'a domain that is nobody''s'; Asked = @{ DelegatedOrganization = 'fabrikam.onmicrosoft.com' }; Id = 'TenantNotFound' }
    ) {
        Connect-ExchangeOnline @splat -CommandName Get-Mailbox
        $token = Get-ExoAccessToken
        Watch-Wire

        $failure = Get-Failure { Connect-ExchangeOnline -AccessToken $token -ExchangeEnvironmentName $tenant.environmentFile @Asked }

        $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        Get-WireRequest EXOModuleFile | Should -BeNullOrEmpty
        Connect-ExchangeOnline -AccessToken $token -ExchangeEnvironmentName $tenant.environmentFile -DelegatedOrganization $tenant.organization -CommandName Get-Mailbox
        Disconnect-ExchangeOnline
    }

    It 'runs compliance searches in a session of their own, and in no other' {
        Connect-IPPSSession @splat -CommandName Get-ComplianceSearch
        $failure = Get-Failure { Get-ComplianceSearch -ErrorAction Stop }
        $failure.Exception.Message | Should -Match 'open a new session using Connect-IPPSSession with the -EnableSearchOnlySession flag'
        Disconnect-ExchangeOnline

        Connect-IPPSSession @splat -EnableSearchOnlySession -CommandName Get-ComplianceSearch

        Get-ComplianceSearch | Should -Not -BeNullOrEmpty
        (Get-ConnectionInformation).TokenStatus | Should -Be 'Active'
    }
}

Describe 'What a session is to be' {
    AfterEach {
        Disconnect-ExchangeOnline
    }

    It 'shows the banner only where it is asked for or somebody reads: <Switch>' -ForEach @(
        @{ Switch = ''; Asked = 0; Call = @{} }
        @{ Switch = '-ShowBanner'; Asked = 1; Call = @{ ShowBanner = $true } }
        @{ Switch = '-ShowBanner:$false'; Asked = 0; Call = @{ ShowBanner = $false } }
    ) {
        Watch-Wire

        $shown = Connect-ExchangeOnline @splat @Call -CommandName Get-Mailbox 6>&1

        @(Get-WireRequest EXOBanner) | Should -HaveCount $Asked
        @($shown) | Should -HaveCount $Asked
        if ($Asked) { "$shown" | Should -Match 'You are connected to Exchange Online of contoso' }
    }

    It 'asks for pages of -PageSize objects' {
        Watch-Wire

        Connect-ExchangeOnline @splat -PageSize 7 -CommandName Get-Mailbox
        $mailboxes = Get-Mailbox -ResultSize Unlimited

        $mailboxes | Should -HaveCount 20
        (Get-WireRequest Get-Mailbox)[0].Headers['Prefer'] | Should -Match 'odata\.maxpagesize=7'
        @(Get-WireRequest Get-Mailbox) | Should -HaveCount 3
        (Get-ConnectionInformation).PageSize | Should -Be 7
    }

    It 'refuses <Call.Keys> <Call.Values> with <Id>' -ForEach @(
        @{ Id = 'ParameterArgumentValidationError'; Call = @{ PageSize = 0 } }
        @{ Id = 'ParameterArgumentValidationError'; Call = @{ PageSize = 1001 } }
        @{ Id = 'InvalidPrefix'; Call = @{ Prefix = 'EXO' } }
        @{ Id = 'InvalidPrefix'; Call = @{ Prefix = 'a-b' } }
        @{ Id = 'InvalidCommandName'; Call = @{ CommandName = 'Get-Mailbox; Remove-Item' } }
    ) {
        (Get-Failure { Connect-ExchangeOnline @splat @Call }).FullyQualifiedErrorId | Should -BeLike "$Id,*"
    }

    It 'sends requests about a mailbox straight to it only where a call asks for it, and not where it is told not to' {
        Watch-Wire
        Connect-ExchangeOnline @splat -CommandName Get-MailboxStatistics
        $null = Get-MailboxStatistics adele.vance@contoso.onmicrosoft.com -UseCustomRouting
        $null = Get-MailboxStatistics adele.vance@contoso.onmicrosoft.com
        Connect-ExchangeOnline @splat -CommandName Get-MailboxStatistics -BypassMailboxAnchoring
        $null = Get-MailboxStatistics adele.vance@contoso.onmicrosoft.com -UseCustomRouting

        $anchors = (Get-WireRequest Get-MailboxStatistics).Headers.'X-AnchorMailbox'
        $anchors[0] | Should -Be 'SMTP:adele.vance@contoso.onmicrosoft.com'
        $anchors[1..2] | Should -Match '^APP:SystemMailbox'
    }
}
