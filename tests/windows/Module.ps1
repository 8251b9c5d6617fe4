# A user's session in a PowerShell for Windows, as JSON: what each step gave, or how it failed. Module.Tests.ps1 runs this in Wine.
$env:PSModulePath = Join-Path $PSHOME Modules
$tenant = Get-Content $env:EXOCONNECT_TEST_TENANT -Raw | ConvertFrom-Json
$where = @{ Organization = $tenant.organization; ExchangeEnvironmentName = $tenant.environmentFile }
$steps = [ordered]@{
    import      = { Import-Module (Join-Path $env:EXOCONNECT_TEST_MODULE ExoConnect.psd1) -Global; (Get-Command -Module ExoConnect).Count }
    connect     = {
        Connect-ExchangeOnline -AppId $tenant.appId @where -ClientSecret (ConvertTo-SecureString $tenant.clientSecret -AsPlainText -Force)
        (Get-ConnectionInformation).State
    }
    engine      = { ([AppDomain]::CurrentDomain.GetAssemblies() | Where-Object Location -Like '*ExoConnect.Core.dll').Location }
    service     = { @(Get-Mailbox -ResultSize 3 -WarningAction Ignore).Count }
    write       = { Set-Mailbox adele.vance -DisplayName 'Zoë Müller-Łukasz'; (Get-Mailbox adele.vance).DisplayName }
    rest        = { @(Get-EXOMailbox -ResultSize 5 -WarningAction Ignore).Count }
    pipeline    = { @(Get-EXOMailbox -ResultSize 5 -WarningAction Ignore | Get-EXOMailboxStatistics).Count }
    many        = {
        $rows = Get-Mailbox -ResultSize 12 -WarningAction Ignore | ForEach-Object { @{ Identity = $_.Alias } }
        @($rows | Invoke-ExoCommand Get-MailboxStatistics).Count
    }
    error       = { try { Get-Mailbox nobody.here -ErrorAction Stop } catch { $_.FullyQualifiedErrorId } }
    certificate = {
        try { Connect-ExchangeOnline -AppId $tenant.appId @where -CertificateFilePath $tenant.pemPath } catch { $_.Exception.Message }
    }
    token       = {
        $token = Get-ExoAccessToken Exchange
        Disconnect-ExchangeOnline -Confirm:$false
        Connect-ExchangeOnline -AccessToken $token @where
        @(Get-AcceptedDomain).Count
    }
    compliance  = {
        Connect-IPPSSession -AppId $tenant.appId @where -ClientSecret (ConvertTo-SecureString $tenant.clientSecret -AsPlainText -Force)
        @(Get-Label).Count
    }
    disconnect  = { Disconnect-ExchangeOnline -Confirm:$false; @(Get-ConnectionInformation).Count }
}
$results = [ordered]@{}
foreach ($name in $steps.Keys) {
    $results[$name] = try { & $steps[$name] } catch { "failed: $_ ($($_.FullyQualifiedErrorId))" }
}

$results | ConvertTo-Json | Set-Content $env:EXOCONNECT_TEST_RESULTS -Encoding utf8NoBOM
