# Runs once in each process, which then serves many calls: the connection is made here, renews its token by itself, and is shared by all runspaces.
# The module lies in the folder Modules of the application: Save-PSResource ExoConnect -Prerelease -Path ./Modules
Import-Module ExoConnect
if ($env:IDENTITY_ENDPOINT) {
    Connect-ExchangeOnline -ManagedIdentity -Organization $env:EXO_ORGANIZATION -CommandName Get-Mailbox
}
