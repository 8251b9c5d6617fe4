@{
    # Only the views: the module imports this with its first session, since reading them would be half of its own import.
    ModuleVersion        = '0.1.0'
    GUID                 = '0c1c2b55-7a76-4f2a-8f0e-3f7f0f3a6a10'
    Author               = 'ExoConnect maintainers'
    CompanyName          = 'ExoConnect'
    Copyright            = '(c) ExoConnect maintainers. MIT license.'
    Description          = 'How the objects of ExoConnect look.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('ExoConnect.Format.ps1xml', 'ExoConnect.Objects.Format.ps1xml')
    FunctionsToExport    = @()
    CmdletsToExport      = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
}
