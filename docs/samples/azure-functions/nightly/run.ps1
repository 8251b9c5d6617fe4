param($Timer)

# A terminating error makes the call fail: it is tried again as function.json says, and Application Insights has the exception.
$ErrorActionPreference = 'Stop'
$found = @(Get-Mailbox -ResultSize Unlimited | Where-Object ForwardingSmtpAddress)
Write-Information "$($found.Count) mailboxes forward their mail to the outside." -InformationAction Continue
