# Runs every PowerShell example of every page, in a copy of what the reader has: one tenant, an application with its files, two sessions.
# Those of the command line are run by ShellExampleTests of ExoConnect.Cli.Tests. Examples.ps1 says how a page marks what cannot run.

BeforeDiscovery {
    . $PSScriptRoot/Examples.ps1
    $examples = @(Get-PageExample (Split-Path (Split-Path $PSScriptRoot)))
}

BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    Import-ExoConnect
    Set-StrictMode -Off
    $tenant = Start-LocalTenant -Arguments '--approve-device-codes', '--permission', 'User.Read.All', '--permission', 'Application.ReadWrite.All'
    $store = [Security.Cryptography.X509Certificates.X509Store]::new('My', 'CurrentUser', 'ReadWrite')
    $certificate = [Security.Cryptography.X509Certificates.X509Certificate2]::new($tenant.pfxPath, $tenant.pfxPassword, 'PersistKeySet')
    $store.Add($certificate)
    $kept = @($store.Certificates.Thumbprint)
    $variables = @{
        IDENTITY_ENDPOINT = $tenant.platform.identityEndpoint; IDENTITY_HEADER = $tenant.platform.identityHeader
        ACTIONS_ID_TOKEN_REQUEST_URL = $tenant.platform.federationEndpoint
        ACTIONS_ID_TOKEN_REQUEST_TOKEN = $tenant.platform.federationRequestToken
        EXO_APP_ID = $tenant.appId; EXO_THUMBPRINT = $tenant.thumbprint; APP_PFX_PASSWORD = $tenant.pfxPassword; EXOCONNECT_APPID = $tenant.appId
        GRAPH_TOKEN = ''
    }
    $variables.GetEnumerator() | ForEach-Object { Set-Item "Env:$($_.Key)" $_.Value }
    $before = Get-Location
    $env:PSModulePath += [IO.Path]::PathSeparator + (Split-Path $ExoModulePath)
    $token = ConvertTo-SecureString $tenant.administrator.graphToken -AsPlainText -Force

    # What an example leaves out because the reader's cloud is the usual one, and because somebody sits at the prompt.
    $defaults = @{ 'Connect-*:NonInteractive' = $false }
    foreach ($cmdlet in 'Connect-ExchangeOnline', 'Connect-IPPSSession', 'Register-ExoApplication', 'Test-ExoApplication',
        'Update-ExoApplicationCertificate', 'Unregister-ExoApplication') {
        $defaults["${cmdlet}:ExchangeEnvironmentName"] = $tenant.environmentFile
        if ($cmdlet -like '*-Exo*') { $defaults["${cmdlet}:AccessToken"] = $token }
    }

    # The application of an example: its own where the example changes it.
    function New-Folder([string] $Code) {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))
        Set-Location $folder
        $null = New-Item -ItemType Directory keys, scripts, logs
        'users.csv', 'changes.csv', 'phones.csv' | ForEach-Object {
            $anton = "anton.marino@$($tenant.organization)"
            [pscustomobject]@{ UserPrincipalName = $anton; User = $anton; Mail = $anton; Value = 'x'; Phone = '1' } |
                Select-Object (
                    $_ -eq 'users.csv' ? 'UserPrincipalName' : $_ -eq 'changes.csv' ? ('User', 'Value') : ('Mail', 'Phone')) | Export-Csv $_
        }

        Add-Content users.csv '"nobody.here@contoso.onmicrosoft.com"'
        'Get-Mailbox' | Set-Content nightly.ps1, scripts/one.ps1
        ConvertFrom-SecureString $tenant.Password | Set-Content app.secret
        $pfx = $tenant.pfxPath
        $id = $tenant.appId
        if ($Code -match '^(Update|Unregister)-') {
            $where = @{ Organization = $tenant.organization; ExchangeEnvironmentName = $tenant.environmentFile; AccessToken = $token }
            $spare = Register-ExoApplication "spare $([guid]::NewGuid())" @where -CertificatePassword $tenant.Password -InformationAction Ignore
            $id = $spare.AppId
            $pfx = (Get-Item spare*.pfx).FullName
        }
        foreach ($name in @('app', 'new', 'keys/nightly-20261103'; if ($Code -notmatch '(New|Register)-Exo\w+ nightly') { 'nightly' })) {
            Copy-Item $pfx "$name.pfx" -ErrorAction Ignore
            Copy-Item $tenant.pemPath "$name.pem"
        }
        $id
    }

    # Names of columns, or of a list's rows.
    function Get-Shape([string[]] $Lines) {
        $rule = 0..($Lines.Count) | Where-Object { $Lines[$_] -match '^[- ]*--[- ]*$' } | Select-Object -First 1
        if ($rule) { $Lines[$rule - 1] -split '\s{2,}|(?<=\S) (?=\S)' -ne '' }
        else { $Lines | Where-Object { $_ -match '^(\w+) +: ?' } | ForEach-Object { ($_ -split ' +: ?', 2)[0].Trim() } }
    }
}

AfterAll {
    Set-Location $before
    # Tests that run beside these have their tenants' certificates there.
    @($store.Certificates).Where{ $_.Thumbprint -eq $tenant.thumbprint -or ($_.Thumbprint -notin $kept -and $_.Subject -ne $certificate.Subject) } |
        ForEach-Object { $store.Remove($_) }
    $store.Dispose()
    $variables.Keys | ForEach-Object { Remove-Item "Env:$_" -ErrorAction Ignore }
    Stop-All
}

Describe 'The example at <_.Where>' -ForEach $examples {
    It 'runs' -Skip:($_.Notes.ContainsKey('not run')) {
        $example = $_
        $there = @(Get-ConnectionInformation)
        if ($there.Name -join ' ' -ne 'ExchangeOnline_1 ExchangeOnlineProtection_1' -or "$($there.ModulePrefix)".Trim()) {
            Disconnect-ExchangeOnline -Confirm:$false
            $whole = $tenant.Splat
            Connect-ExchangeOnline @whole -Name ExchangeOnline_1
            Connect-IPPSSession @whole -Name ExchangeOnlineProtection_1
        }

        $id = New-Folder $example.Code
        $code = $example.Code -replace '6f2a9c1e-0d3b-4a57-9d0e-5c1b2a3f4e5d|6f2a…', $id
        $code = $code -replace '\b(5BE1855098B7488E2E26D59A87627B551F263FE5|3FA1C0…|3FA1…)', $tenant.thumbprint
        if ($code -match '^(Register|Test|Update|Unregister)-') { $code = $code -replace ' -Device\b' }
        Set-Content example.ps1 "$($example.Notes['before'])`n$code"

        $PSDefaultParameterValues = $defaults.Clone()
        $ErrorActionPreference = 'Continue'
        $ConfirmPreference = 'None'
        $ProgressPreference = 'SilentlyContinue'
        $password = $tenant.Password
        $app = @{ AppId = $tenant.appId; Organization = $tenant.organization }
        $contoso = $fabrikam = $application = $app + @{ CertificateFilePath = $tenant.pemPath }
        function Read-Host { $tenant.Password }
        function exoconnect { & dotnet $ExoCommandLine @args }
        $Error.Clear()
        $output = @(try { & ./example.ps1 *>&1 } catch { $_ })

        $failed = @($output | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
        ($failed | ForEach-Object { ($_.FullyQualifiedErrorId -split ',')[0] }) -join ' ' | Should -Be "$($example.Notes['error'])" -Because "$failed"
        if ($shape = @(Get-Shape $example.Shown)) {
            $lines = ($output | Where-Object { $_ -notin $failed } | Out-String -Width 200) -split '\r?\n'
            (Get-Shape $lines) -join ', ' | Should -Be ($shape -join ', ') -Because 'the page shows these names'
        }
    }
}

Describe 'The pages' {
    It 'have <count> examples, of which few cannot run here' -ForEach @{
         count = $examples.Count; skipped = @($examples.Notes.'not run' -ne $null).Count } {
        $count | Should -BeGreaterThan 100
        $skipped | Should -BeLessOrEqual 10
    }
}
