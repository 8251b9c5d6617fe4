@{
    RootModule           = 'ExoConnect.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = 'b6ff6f0e-6ad5-4b52-9a0c-6a4f2b1f7c55'
    Author               = 'ExoConnect maintainers'
    CompanyName          = 'ExoConnect'
    Copyright            = '(c) ExoConnect maintainers. MIT license.'
    Description          = 'Unattended and interactive administration of Exchange Online and Security & Compliance: fast, cross-platform, nothing from the server is ever run.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    FunctionsToExport    = @()
    CmdletsToExport      = @(
        'Connect-ExchangeOnline'
        'Connect-IPPSSession'
        'Disconnect-ExchangeOnline'
        'Get-ConnectionInformation'
        'Get-EXOCasMailbox'
        'Get-EXOMailbox'
        'Get-EXOMailboxFolderPermission'
        'Get-EXOMailboxFolderStatistics'
        'Get-EXOMailboxPermission'
        'Get-EXOMailboxStatistics'
        'Get-EXOMobileDeviceStatistics'
        'Get-EXORecipient'
        'Get-EXORecipientPermission'
        'Get-ExoAccessToken'
        'Get-ExoLog'
        'Install-ExoCompatibility'
        'Invoke-ExoCommand'
        'Invoke-ExoRequest'
        'New-ExoCertificate'
        'Register-ExoApplication'
        'Test-ExoApplication'
        'Test-ExoScript'
        'Uninstall-ExoCompatibility'
        'Unregister-ExoApplication'
        'Update-ExoApplicationCertificate'
        'Use-ExoConnection'
    )
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{
        PSData = @{
            Prerelease   = 'preview1'
            Tags         = @(
                'Exchange', 'ExchangeOnline', 'EXO', 'Office365', 'Microsoft365', 'Compliance', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri   = 'https://opensource.org/licenses/MIT'
            ProjectUri   = 'https://github.com/exoconnect/exoconnect'
            IconUri      = 'https://raw.githubusercontent.com/exoconnect/exoconnect/main/src/ExoConnect.Package/icon.png'
            ReleaseNotes = 'https://github.com/exoconnect/exoconnect/blob/main/CHANGELOG.md'
        }
    }
}
