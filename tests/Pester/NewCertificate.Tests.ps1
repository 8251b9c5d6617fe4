BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    Import-ExoConnect
    $password = ConvertTo-SecureString 'secret' -AsPlainText -Force
    $openssl = Get-Command openssl -CommandType Application -ErrorAction Ignore | Select-Object -First 1

    function Get-Failure([scriptblock] $Script) {
        $ErrorActionPreference = 'Continue'
        try { & $Script }
        catch { return $_ }
        throw 'It did not fail.'
    }
}

AfterAll {
    Stop-All
}

Describe 'New-ExoCertificate' {
    BeforeEach {
        $folder = (New-Item (Join-Path $TestDrive ([guid]::NewGuid())) -ItemType Directory).FullName
        Push-Location $folder
    }

    AfterEach {
        Pop-Location
    }

    It 'writes a PFX and a CER file to the current location' {
        $made = New-ExoCertificate nightly -Password $password

        $made.PfxPath | Should -Be (Join-Path $folder 'nightly.pfx')
        $made.CerPath | Should -Be (Join-Path $folder 'nightly.cer')
        $made.PemPath | Should -BeNullOrEmpty
        (Get-ChildItem $folder -Force).Name | Sort-Object | Should -Be 'nightly.cer', 'nightly.pfx'
        $pfx = Get-PfxCertificate $made.PfxPath -Password $password
        $pfx.Thumbprint | Should -Be $made.Thumbprint
        $pfx.HasPrivateKey | Should -BeTrue
        $pfx.NotAfter | Should -Be $made.NotAfter
        ($made.NotAfter - (Get-Date)).TotalDays | Should -BeGreaterThan 364
    }

    It 'returns an object with a view that shows names whole, and no key' {
        $made = New-ExoCertificate nightly -Password $password

        $text = $made | Out-String -Width 200
        $text | Should -BeLike "*Sha256Thumbprint : $($made.Sha256Thumbprint)*"
        $text | Should -BeLike "*PfxPath*nightly.pfx*"
        $text | Should -Not -BeLike '*PemPath*'
        $made | ConvertTo-Json | Should -Not -BeLike '*secret*'
    }

    It 'writes what was asked for' {
        $end = (Get-Date).Date.AddDays(40)
        $made = New-ExoCertificate -CommonName 'Nightly run' -DnsName a.contoso.com, b.contoso.com -NotBefore (Get-Date).AddDays(-1) -NotAfter $end `
            -KeyLength 3072 -HashAlgorithm SHA384 -Path $folder -FileName app -Format Pem, Cer -NoPassword

        (Get-ChildItem $folder -Force).Name | Sort-Object | Should -Be 'app.cer', 'app.pem'
        $certificate = [Security.Cryptography.X509Certificates.X509Certificate2]::CreateFromPemFile($made.PemPath)
        $certificate.Subject | Should -Be 'CN=Nightly run'
        $certificate.NotAfter | Should -Be $end
        $names = $certificate.Extensions.Where{ $_ -is [Security.Cryptography.X509Certificates.X509SubjectAlternativeNameExtension] }
        @($names.EnumerateDnsNames()) | Should -Be 'a.contoso.com', 'b.contoso.com'
        $certificate.SignatureAlgorithm.FriendlyName | Should -Be 'sha384RSA'
        $certificate.PublicKey.GetRSAPublicKey().KeySize | Should -Be 3072
    }

    It 'leaves private files to their owner' -Skip:$IsWindows {
        $made = New-ExoCertificate nightly -Format Pfx, Pem -Password $password

        $made.PfxPath, $made.PemPath | ForEach-Object { (Get-Item $_).UnixMode | Should -Be '-rw-------' }
    }

    It 'writes nothing with -WhatIf' {
        New-ExoCertificate nightly -Password $password -WhatIf | Should -BeNullOrEmpty

        Get-ChildItem $folder -Force | Should -BeNullOrEmpty
    }

    It 'overwrites only with -Force' {
        Set-Content nightly.cer mine
        $failure = Get-Failure { New-ExoCertificate nightly -Password $password }

        $failure.FullyQualifiedErrorId | Should -BeLike 'NewCertificateFileExists,*'
        $failure.CategoryInfo.Category | Should -Be 'ResourceExists'
        $failure.ErrorDetails.RecommendedAction | Should -BeLike '*-Force*'
        (Get-ChildItem $folder -Force).Name | Should -Be 'nightly.cer'
        Get-Content nightly.cer | Should -Be 'mine'

        $made = New-ExoCertificate nightly -Password $password -Force
        (Get-PfxCertificate nightly.cer).Thumbprint | Should -Be $made.Thumbprint
    }

    It 'refuses <Id>' -ForEach @(
        @{ Id = 'NewCertificateHashRefused'; With = @{ HashAlgorithm = 'SHA1' } }
        @{ Id = 'NewCertificateDatesInvalid'; With = @{ ValidYears = 0 } }
        @{ Id = 'NewCertificateDatesInvalid'; With = @{ NotAfter = [datetime]'2020-01-01' } }
        @{ Id = 'NewCertificateFolderNotFound'; With = @{ Path = 'missing' } }
        @{ Id = 'NewCertificateDnsNameInvalid'; With = @{ DnsName = 'https://contoso.com' } }
        @{ Id = 'NewCertificateFileNameInvalid'; With = @{ FileName = '../app' } }
        @{ Id = 'NewCertificateOptionsExclude'; With = @{ NoPassword = $true } }
    ) {
        $failure = Get-Failure { New-ExoCertificate nightly -Password $password @With }

        $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        Get-ChildItem $folder -Force | Should -BeNullOrEmpty
    }

    It 'refuses a key without a password that nobody asked for' {
        (Get-Failure { New-ExoCertificate nightly }).FullyQualifiedErrorId | Should -BeLike 'NewCertificatePasswordMissing,*'
        (Get-Failure { New-ExoCertificate nightly -Format Pem }).FullyQualifiedErrorId | Should -BeLike 'NewCertificatePasswordMissing,*'
        Get-ChildItem $folder -Force | Should -BeNullOrEmpty
    }

    It 'puts it into the store' {
        $made = New-ExoCertificate nightly -InstallToStore
        $store = [Security.Cryptography.X509Certificates.X509Store]::new('My', 'CurrentUser')
        $store.Open('ReadWrite')
        try {
            $found = @($store.Certificates.Find('FindByThumbprint', $made.Thumbprint, $false))
            $found | Should -HaveCount 1
            $found[0].HasPrivateKey | Should -BeTrue
            (Get-ChildItem $folder -Force).Name | Should -Be 'nightly.cer'
        }
        finally {
            foreach ($one in $found) { $store.Remove($one) }
            $store.Dispose()
        }
    }

    It 'writes files that openssl reads' {
        if (-not $openssl) { Set-ItResult -Skipped -Because 'there is no openssl on the PATH'; return }
        $null = New-ExoCertificate nightly -Password $password -Format Pfx, Pem

        & $openssl pkcs12 -in nightly.pfx -passin pass:secret -noout 2>$null
        $LASTEXITCODE | Should -Be 0
        & $openssl rsa -in nightly.pem -passin pass:secret -check -noout 2>$null
        $LASTEXITCODE | Should -Be 0
    }
}

Describe 'A certificate just made' {
    BeforeAll {
        $made = New-ExoCertificate nightly -Path $TestDrive -Format Pfx, Pem, Cer -Password $password
        $tenant = Start-LocalTenant -Mailboxes 5
    }

    It 'opens, and fails only because the application does not have it yet (<_>)' -ForEach 'PfxPath', 'PemPath' {
        $failure = Get-Failure {
            Connect-ExchangeOnline -AppId $tenant.appId -Organization $tenant.organization -ExchangeEnvironmentName $tenant.environmentFile `
                -CertificateFilePath $made.$_ -CertificatePassword $password
        }

        # The assertion was signed and sent; Microsoft Entra ID looked for the key it was signed with.
        $failure.Exception.Message | Should -BeLike '*AADSTS700027*'
    }
}
