#Requires -Version 7.4
#Requires -Modules ExoConnect

# Sent items of shared mailboxes stay in the shared mailbox. Ends with 0; 1 where a mailbox could not be changed; 3 where sign-in failed;
# 4 where the service could not be reached. Run again, it changes what is left.
param(
    # What Connect-ExchangeOnline takes. On Azure: @{ ManagedIdentity = $true }
    [hashtable] $SignIn = @{
        AppId                 = $env:EXO_APP_ID
        Organization          = $env:EXO_ORGANIZATION
        CertificateThumbprint = $env:EXO_THUMBPRINT
    },

    [string] $LogFolder = (Join-Path $PSScriptRoot 'logs')
)

$ErrorActionPreference = 'Stop'
$null = New-Item -ItemType Directory -Force $LogFolder
$null = Start-Transcript -Path (Join-Path $LogFolder "nightly-$(Get-Date -Format yyyyMMdd-HHmmss)-$PID.txt")
$code = 3
try {
    Connect-ExchangeOnline @SignIn
    $code = 1
    $failed = [Collections.ArrayList]::new()
    $changed = @(Get-Mailbox -ResultSize Unlimited -RecipientTypeDetails SharedMailbox |
        Where-Object { -not $_.MessageCopyForSentAsEnabled } |
        ForEach-Object {
            $_ | Set-Mailbox -MessageCopyForSentAsEnabled $true -ErrorAction Continue -ErrorVariable +failed
            $_
        })
    "$($changed.Count) mailboxes, $($failed.Count) failed."
    $code = $failed.Count -gt 0 ? 1 : 0
}
catch {
    Write-Warning "$($_.FullyQualifiedErrorId): $_"
    Write-Warning "$($_.ErrorDetails.RecommendedAction)"
    if ($_.CategoryInfo.Category -in 'ResourceUnavailable', 'OperationTimeout') { $code = 4 }
}
finally {
    Disconnect-ExchangeOnline
    $null = Stop-Transcript
}

exit $code
