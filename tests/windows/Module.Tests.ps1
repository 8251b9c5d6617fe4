# The packaged module, with its native images for Windows, in a PowerShell for Windows, in Wine.

BeforeAll {
    . $PSScriptRoot/Wine.ps1
    $tenant = Start-LocalTenant -Mailboxes 20
    $described = Join-Path $TestDrive tenant.json
    $tenant | Select-Object appId, organization, clientSecret, @{ n = 'environmentFile'; e = { ConvertTo-WindowsPath $_.environmentFile } },
        @{ n = 'pemPath'; e = { ConvertTo-WindowsPath $_.pemPath } } | ConvertTo-Json | Set-Content $described
    $results = Join-Path $TestDrive results.json
    $ran = Invoke-Program powershell/pwsh.exe (ConvertTo-WindowsPath (Join-Path $PSScriptRoot Module.ps1)) @{
        EXOCONNECT_TEST_TENANT = ConvertTo-WindowsPath $described
        EXOCONNECT_TEST_MODULE = ConvertTo-WindowsPath $ExoModulePath
        EXOCONNECT_TEST_RESULTS = ConvertTo-WindowsPath $results
        EXOCONNECT_CACHE = ConvertTo-WindowsPath (Join-Path $TestDrive cache)
    }
    $found = (Test-Path $results) ? (Get-Content $results -Raw | ConvertFrom-Json -AsHashtable) : @{}
}

AfterAll { Stop-All }

Describe 'The module on Windows' {
    It '<Step> gives <Expected>' -ForEach @(
        @{ Step = 'import'; Expected = '^\d\d$' }
        @{ Step = 'connect'; Expected = '^Connected$' }
        @{ Step = 'engine'; Expected = '\\dependencies\\win-x64\\ExoConnect\.Core\.dll$' }
        @{ Step = 'service'; Expected = '^3$' }
        @{ Step = 'write'; Expected = '^Zoë Müller-Łukasz$' }
        @{ Step = 'rest'; Expected = '^5$' }
        @{ Step = 'pipeline'; Expected = '^5$' }
        @{ Step = 'many'; Expected = '^12$' }
        @{ Step = 'error'; Expected = 'ManagementObjectNotFoundException' }
        @{ Step = 'certificate'; Expected = '^(?!.*[Ss]uccess).*cannot be read' }
        @{ Step = 'token'; Expected = '^[1-9]' }
        @{ Step = 'compliance'; Expected = '^[1-9]' }
        @{ Step = 'disconnect'; Expected = '^0$' }
    ) {
        "$($found[$Step])" | Should -Match $Expected -Because "PowerShell said: $($ran.Output)$($ran.Error)"
    }
}
