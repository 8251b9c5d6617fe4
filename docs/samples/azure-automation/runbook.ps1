# A runbook for Azure Automation, PowerShell 7.4 or later, with the module ExoConnect in its runtime environment. The account's managed identity has
# Exchange.ManageAsApp and a role. A terminating error makes the job "Failed", on which an alert can be set; Write-Error alone doesn't.
$ErrorActionPreference = 'Stop'

Connect-ExchangeOnline -ManagedIdentity -Organization (Get-AutomationVariable -Name 'ExchangeOrganization')
try {
    $found = @(Get-Mailbox -ResultSize Unlimited | Where-Object ForwardingSmtpAddress | Select-Object DisplayName, ForwardingSmtpAddress)
    $found
    if ($found.Count -gt 0) { throw "$($found.Count) mailboxes forward their mail to the outside." }
}
finally {
    Disconnect-ExchangeOnline
}
