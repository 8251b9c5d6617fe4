# What a service may call its cmdlets: never as PowerShell's own commands or the module's, whose callers would then hand it what they hold.

BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    Import-ExoConnect

    $hostile = 'ConvertTo-SecureString', 'Import-Module', 'Get-Module', 'New-Module', 'Export-ModuleMember', 'Write-Warning',
        'Connect-ExchangeOnline', 'Get-EXOMailbox'
    $module = Join-Path $TestDrive 'service.psm1'
    $hostile + 'Get-Mailbox', 'Get-Item' |
        ForEach-Object { "function script:$_`n{`n    [CmdletBinding()]`n    param([string] `$Identity)`n}`n" } | Set-Content $module
    $tenant = Start-LocalTenant -Mailboxes 5 -Arguments '--module', $module
    $splat = $tenant.Splat
}

AfterAll {
    Stop-All
}

Describe 'Names that are taken' {
    AfterEach {
        ExoConnect\Disconnect-ExchangeOnline
    }

    It 'stay with whom they belong to, with one warning that counts' {
        Connect-ExchangeOnline @splat -NoCache -WarningVariable warnings 3>$null

        (Get-Command -Module (Get-ConnectionInformation).ModuleName).Name | Should -Be 'Get-Mailbox'
        $owners = 'Microsoft.PowerShell.Core', 'Microsoft.PowerShell.Security', 'Microsoft.PowerShell.Utility', 'ExoConnect'
        foreach ($name in $hostile) { (Get-Command $name).Source | Should -BeIn $owners }
        @($warnings -like 'The service lists 9 cmdlets with names of PowerShell''s or of this module''s own commands*').Count | Should -Be 1
        @(Get-Mailbox).Count | Should -Be 5
    }

    It 'are not made by a prefix either' {
        Connect-ExchangeOnline @splat -NoCache -Prefix Child -WarningVariable warnings 3>$null

        (Get-Command Get-ChildItem).Source | Should -Be 'Microsoft.PowerShell.Management'
        (Get-Command -Module (Get-ConnectionInformation).ModuleName).Name | Should -Contain 'ConvertTo-ChildSecureString'
        "$warnings" | Should -BeLike '*lists 1 cmdlets with names*(Get-ChildItem)*'
    }
}

Describe 'The list of names' {
    It 'has every command of this PowerShell and of the module' {
        $shipped = Get-Module -ListAvailable | Where-Object { $_.Path.StartsWith($PSHOME) }
        $names = @($shipped.ForEach{ $_.ExportedCommands.Keys }) + (Get-Command -Module Microsoft.PowerShell.Core -CommandType Cmdlet).Name +
            (Get-Command -Module ExoConnect).Name
        $list = Get-Content (Join-Path $PSScriptRoot .. .. src ExoConnect SessionModules TakenNames.txt)

        $names.Count | Should -BeGreaterThan 200
        $names | Where-Object { $_ -match '^[A-Z]+-[A-Z0-9]+$' -and $_ -notin $list } | Should -BeNullOrEmpty
    }
}

Describe 'Scripts of a session''s module' {
    It 'call commands by their module, whatever a runspace has made of their names' {
        foreach ($name in 'New-Module', 'Import-Module', 'Get-Module', 'Remove-Module', 'Export-ModuleMember', 'ConvertTo-Json') {
            Set-Item "function:global:$name" { throw 'A function of the runspace was called.' }
        }

        try {
            Connect-ExchangeOnline @splat -WarningAction Ignore
            @(Get-Mailbox).Count | Should -Be 5
            ExoConnect\Disconnect-ExchangeOnline
        }
        finally {
            foreach ($name in 'New-Module', 'Import-Module', 'Get-Module', 'Remove-Module', 'Export-ModuleMember', 'ConvertTo-Json') {
                Remove-Item "function:$name"
            }
        }
    }
}
