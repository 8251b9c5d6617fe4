# The command line for Windows, in Wine.

BeforeAll {
    . $PSScriptRoot/Wine.ps1
    $tenant = Start-LocalTenant -Mailboxes 20 -Latency 60 -Arguments '--approve-device-codes'
    $folder = (New-Item -ItemType Directory (Join-Path $TestDrive 'Prüfung für Zoë')).FullName
    $environment = ConvertTo-WindowsPath $tenant.environmentFile
    $app = '--app-id', $tenant.appId, '--organization', $tenant.organization, '--environment', $environment
    $variables = @{
        EXOCONNECT_CONFIG = ConvertTo-WindowsPath (Join-Path $folder config); EXOCONNECT_CACHE = ConvertTo-WindowsPath (Join-Path $folder cache)
        SECRET = $tenant.clientSecret; PASSWORD = $tenant.pfxPassword
    }

    function exoconnect { Invoke-Program cli/exoconnect.exe $args $variables $folder }
    function Assert-Code([int] $Code, $Ran) { $Ran.Code | Should -Be $Code -Because "it said: $($Ran.Output)$($Ran.Error)" }

    Assert-Code 0 (exoconnect connect @app --client-secret-env SECRET)
}

AfterAll { Stop-All }

Describe 'Signing in on Windows' {
    It 'saves a profile without the secret, in a folder whose name is not ASCII' {
        $profileFile = Join-Path $folder config profiles default.json
        $profileFile | Should -Exist
        Get-Content $profileFile -Raw | Should -Not -Match $tenant.clientSecret
        (exoconnect status --check).Output | Should -Match 'sign-in +ok \(Global Administrator\)'
    }

    It 'takes an access token from a file' {
        $token = exoconnect token --resource Exchange
        Assert-Code 0 $token
        Set-Content (Join-Path $folder token.txt) $token.Output.Trim() -NoNewline
        $where = '--organization', $tenant.organization, '--environment', $environment
        Assert-Code 0 (exoconnect connect @where --access-token-file .\token.txt --profile token)
        Assert-Code 0 (exoconnect run Get-AcceptedDomain --profile token)
    }

    It 'keeps a user''s sign-in with DPAPI, and later commands ask nobody' {
        Assert-Code 0 (exoconnect login @app --device --interactive --profile user)
        Assert-Code 0 (exoconnect run Get-Mailbox --ResultSize 1 --profile user)
        $kept = @(Get-ChildItem (Join-Path $folder cache sign-ins) -File | Where-Object Length -gt 100)
        $kept.Count | Should -BeGreaterThan 0
        $kept | ForEach-Object { [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($_)) | Should -Not -Match 'RefreshToken|eyJ0' }
        Assert-Code 0 (exoconnect logout --profile user)
    }

    It 'keeps profiles in the account''s own folder where no other is named' {
        $own = @{ SECRET = $tenant.clientSecret }
        Assert-Code 0 (Invoke-Program cli/exoconnect.exe (@('connect') + $app + '--client-secret-env', 'SECRET') $own $folder)
        Get-ChildItem (Join-Path $env:WINEPREFIX drive_c users) -Recurse -Filter default.json | Should -Match 'AppData.Roaming.exoconnect.profiles'
    }

    # Wine opens no PFX file and imports no RSA key. The system's reason is then "Success".
    It 'says of a certificate that cannot be opened that it cannot be, and never "Success": <_>' -ForEach 'pfxPath', 'pemPath' {
        $ran = exoconnect connect @app --certificate (ConvertTo-WindowsPath $tenant.$_) --password-env PASSWORD --profile certificate
        Assert-Code 3 $ran
        $ran.Error | Should -Match 'cannot be read'
        $ran.Error | Should -Not -Match 'success'
        $ran.Error | Should -Match 'CertificateInvalid'
    }
}

Describe 'Running cmdlets on Windows' {
    It 'writes CSV with the same ends of lines as elsewhere' {
        $ran = exoconnect run Get-Mailbox --ResultSize 3 --select 'DisplayName,Alias' -o csv
        Assert-Code 0 $ran
        $ran.Output | Should -Not -Match "`r"
        @($ran.Output.TrimEnd().Split("`n")).Count | Should -Be 4
    }

    It 'reads a list with a byte order mark and CRLF, named by drive letter and backslashes' {
        $list = Join-Path $folder 'Änderungen.csv'
        [IO.File]::WriteAllText($list, "Identity,DisplayName`r`nadele.vance,Zoë Müller-Łukasz`r`n", [Text.UTF8Encoding]::new($true))
        Assert-Code 0 (exoconnect run Set-Mailbox --from (ConvertTo-WindowsPath $list))
        (exoconnect run Get-Mailbox adele.vance --select DisplayName -o ndjson).Output | Should -Be "{`"DisplayName`":`"Zoë Müller-Łukasz`"}`n"
    }

    It 'goes on after a kill, and sends nothing twice but what got no response' {
        $calls = 60
        $list = Join-Path $folder new.csv
        [IO.File]::WriteAllText($list, "Name,Shared`r`n" + -join (1..$calls | ForEach-Object { "room-$_,true`r`n" }))
        $line = 'run', 'New-Mailbox', '--from', (ConvertTo-WindowsPath $list), '--checkpoint', '.\new.checkpoint', '--throttle-limit', '2',
            '--select', 'Name', '-o', 'csv'
        $killed = Start-Program cli/exoconnect.exe $line $variables $folder
        1..12 | ForEach-Object { $null = $killed.StandardOutput.ReadLine() }
        $killed.Kill()
        $killed.WaitForExit()
        $again = exoconnect @line
        $reported = [regex]::Matches($again.Error, 'New-Mailbox (room-\d+): an earlier run sent this').ForEach{ $_.Groups[1].Value }
        # The service refuses to make a mailbox twice.
        $refused = [regex]::Matches($again.Error, 'error: line \d+ \((room-\d+)\)').ForEach{ $_.Groups[1].Value }
        $refused | Where-Object { $_ -notin $reported } | Should -BeNullOrEmpty
        $reported.Count | Should -BeLessThan ($calls - 12)
        $made = (exoconnect run Get-Mailbox --ResultSize Unlimited --select Name -o csv).Output.Split("`n") -match '^room-'
        @($made | Sort-Object -Unique).Count | Should -Be $calls
    }

    It 'ends with <Code> where <Case>' -ForEach @(
        @{ Case = 'a cmdlet failed'; Code = 1; Line = 'run', 'Get-Mailbox', 'nobody.here' }
        @{ Case = 'a parameter does not exist'; Code = 2; Line = 'run', 'Get-Mailbox', '--Nix', '1' }
        @{ Case = 'a file is missing'; Code = 2; Line = 'run', 'Set-Mailbox', '--from', 'C:\nowhere\list.csv' }
        @{ Case = 'there is no such profile'; Code = 2; Line = 'run', 'Get-Mailbox', '--profile', 'nobody' }
    ) {
        Assert-Code $Code (exoconnect @Line)
    }

    It 'ends with 3 where the sign-in is refused' {
        $wrong = $variables + @{ WRONG = 'not-the-secret' }
        Assert-Code 3 (Invoke-Program cli/exoconnect.exe (@('connect') + $app + '--client-secret-env', 'WRONG', '--profile', 'wrong') $wrong $folder)
    }

    It 'starts no tenant in Wine, which makes no RSA keys, and says so' {
        $refused = exoconnect tenant start --duration 5s
        $refused.Code | Should -Not -Be 0
        $refused.Error | Should -Match "can't make the RSA keys"
        $refused.Error | Should -Not -Match 'folder|Success\.'
    }
}
