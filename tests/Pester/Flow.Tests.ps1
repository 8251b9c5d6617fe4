# What a script trips over when something fails: whether it goes on, with which exit code, and what it finds in the error.

BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    Import-ExoConnect
    $tenant = Start-LocalTenant -Mailboxes 10
    $splat = $tenant.Splat

    # Runs a script in a PowerShell of its own; its last line says that it went on.
    function Invoke-Script([string] $Text) {
        $file = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
        Set-Content $file @"
Import-Module '$(Join-Path $ExoModulePath 'ExoConnect.psd1')'
$Text
"went on: status `$?, errors `$(`$Error.Count), id `$(`$Error[0].FullyQualifiedErrorId)"
"@
        $output = (Invoke-FreshPowerShell $file | Out-String) -replace '\e\[[0-9;]*m'
        [pscustomobject]@{ Output = $output; ExitCode = $LASTEXITCODE }
    }

    $connect = '-AppId 6f2a9c1e-0d3b-4a57-9d0e-5c1b2a3f4e5d -Organization contoso.onmicrosoft.com -CertificateFilePath /not/there.pfx'
}

AfterAll {
    Stop-All
}

Describe 'A failed Connect' {
    It 'ends the script with exit code 1: <Name>' -ForEach @(
        @{ Name = 'nothing said'; Text = 'Connect-ExchangeOnline {0}' }
        @{ Name = '-ErrorAction Stop'; Text = 'Connect-IPPSSession {0} -ErrorAction Stop' }
        @{ Name = '-ErrorAction Continue, in a function'; Text = 'function Open-It {{ Connect-ExchangeOnline {0} -ErrorAction Continue; "in the function" }}; Open-It' }
    ) {
        $run = Invoke-Script ($Text -f $connect)

        $run.ExitCode | Should -Be 1
        $run.Output | Should -Not -Match 'went on|in the function'
        $run.Output | Should -Match "'/not/there.pfx' does not exist"
    }

    It 'is silent with -ErrorAction <_>, and the script goes on' -ForEach 'SilentlyContinue', 'Ignore' {
        $run = Invoke-Script "Connect-ExchangeOnline $connect -ErrorAction $_"

        $run.ExitCode | Should -Be 0
        $run.Output.Trim() | Should -Be 'went on: status True, errors 1, id CertificateFileNotFound,ExoConnect.Cmdlets.ConnectExchangeOnlineCommand'
    }

    It 'is silent where $ErrorActionPreference is, and ends the script where -ErrorAction Stop says so' {
        $silent = Invoke-Script "`$ErrorActionPreference = 'SilentlyContinue'`nConnect-ExchangeOnline $connect"
        $stopped = Invoke-Script "`$ErrorActionPreference = 'SilentlyContinue'`nConnect-ExchangeOnline $connect -ErrorAction Stop"

        $silent.Output.Trim() | Should -BeLike 'went on: status True, errors 1, id CertificateFileNotFound,*'
        $stopped.ExitCode | Should -Be 1
        $stopped.Output | Should -Not -Match 'went on'
    }

    It 'ends a script of -Command too, from a function of a module' {
        Set-Content (Join-Path $TestDrive 'Nightly.psm1') "function Open-It { Connect-IPPSSession $connect; 'in the function' }"
        $output = Invoke-FreshPowerShell -Command "Import-Module '$(Join-Path $ExoModulePath 'ExoConnect.psd1')', '$(Join-Path $TestDrive 'Nightly.psm1')'; Open-It; 'went on'"

        $LASTEXITCODE | Should -Be 1
        "$output" | Should -Not -Match 'went on|in the function'
    }

    It 'is caught with -ErrorAction <_>, also from a function and a script block' -ForEach 'SilentlyContinue', 'Ignore', 'Stop', 'Continue' {
        $arguments = @{ AppId = $splat.AppId; Organization = $splat.Organization; CertificateFilePath = '/not/there.pfx'; ErrorAction = $_ }
        function Open-It { Connect-ExchangeOnline @arguments; 'went on' }
        $direct = try { Connect-ExchangeOnline @arguments; 'went on' } catch { "caught $($_.Exception.GetType().Name)" }
        $inside = try { 1 | ForEach-Object { Open-It } } catch { "caught $($_.FullyQualifiedErrorId)" }

        $direct | Should -Be 'caught ExoException'
        $inside | Should -Be 'caught CertificateFileNotFound,ExoConnect.Cmdlets.ConnectExchangeOnlineCommand'
    }

    It 'can be caught, with all that the error knows' {
        $arguments = @{ AppId = $splat.AppId; Organization = $splat.Organization; CertificateFilePath = '/not/there.pfx' }
        $caught = try { Connect-ExchangeOnline @arguments; 'went on' } catch { $_ }

        $caught.FullyQualifiedErrorId | Should -Be 'CertificateFileNotFound,ExoConnect.Cmdlets.ConnectExchangeOnlineCommand'
        $caught.CategoryInfo.Category | Should -Be 'InvalidArgument'
        $caught.CategoryInfo.Activity | Should -Be 'Connect-ExchangeOnline'
        $caught.TargetObject | Should -Be '/not/there.pfx'
        $caught.ErrorDetails.RecommendedAction | Should -Match 'Check the path'
        $caught.Exception.GetType().Name | Should -Be 'ExoException'
    }

    It 'ends a trap''s script as a throw does, and a trap that continues goes on' {
        $run = Invoke-Script "trap { 'trapped'; continue }`nConnect-ExchangeOnline $connect"

        $run.ExitCode | Should -Be 0
        $run.Output | Should -Match 'trapped\s+went on'
    }
}

Describe 'In a session' {
    BeforeAll {
        Connect-ExchangeOnline @splat
        $user = (Get-Mailbox -ResultSize 1 -WarningAction Ignore).UserPrincipalName
        $ErrorActionPreference = 'Continue'
    }

    It 'gives errors the service''s exception where scripts written for EXO look for it' {
        $Error.Clear()
        $caught = try { Get-Mailbox nobody.here -ErrorAction Stop } catch { $_ }

        $caught.Exception.Message | Should -Match '^(Ex[0-9A-F]{6})?\|Microsoft\.Exchange\.Configuration\.Tasks\.ManagementObjectNotFoundException\|The operation'
        "$caught" | Should -Match 'ManagementObjectNotFoundException'
        $caught.CategoryInfo.Reason | Should -Be 'ManagementObjectNotFoundException'
        $caught.CategoryInfo.Activity | Should -Be 'Get-Mailbox'
        $caught.CategoryInfo.TargetName | Should -Be 'nobody.here'
        $caught.FullyQualifiedErrorId | Should -Be 'ManagementObjectNotFoundException,Write-ErrorMessage,Get-Mailbox'
        $caught.Exception.Data['RemoteException'].ClassName | Should -Be 'Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException'
        $caught.Exception.Data['RemoteException'].Message | Should -BeLike 'The operation*'
        $Error | Should -HaveCount 1
    }

    It 'takes "already there" for what a script can branch on' {
        $folder = "${user}:\Calendar"
        $other = (Get-Mailbox -ResultSize 2 -WarningAction Ignore)[1].UserPrincipalName
        Add-MailboxFolderPermission $folder -User $other -AccessRights Editor | Out-Null
        $caught = try { Add-MailboxFolderPermission $folder -User $other -AccessRights Editor -ErrorAction Stop } catch { $_ }

        $caught.Exception.Message | Should -Match 'UserAlreadyExistsInPermissionEntryException'
    }

    It 'goes on after a blank -Identity in a loop: <_>' -ForEach 'Get-Mailbox', 'Get-EXOMailbox' {
        $failed = $null
        $names = foreach ($identity in '', $user) { & $_ -Identity $identity -ErrorAction SilentlyContinue -ErrorVariable +failed | ForEach-Object UserPrincipalName }

        $names | Should -Be $user
        @($failed)[0].FullyQualifiedErrorId | Should -Match 'Blank'
    }

    It 'hands on a warning of a pipeline as the service wrote it' {
        Get-Mailbox -ResultSize 3 -WarningAction Ignore |
            Remove-MailboxPermission -User $user -AccessRights FullAccess -Confirm:$false -WarningVariable told -WarningAction SilentlyContinue

        $told | Should -HaveCount 3
        $told[0].Message | Should -BeLike "Can't remove the access control entry*"
    }

    It 'runs the loop over message traces that everybody has, whatever the time zone: <_>' -ForEach 'Etc/UTC', 'America/New_York' {
        $zone = $env:TZ
        try {
            $env:TZ = $_
            [TimeZoneInfo]::ClearCachedData()
            $window = @{ StartDate = (Get-Date).AddDays(-5); EndDate = Get-Date }
            $whole = Get-MessageTraceV2 @window
            $found = @(Get-MessageTraceV2 @window -ResultSize 100 -WarningVariable more -WarningAction SilentlyContinue)
            $rounds = 1
            while ($more -and $rounds -lt 20) {
                $command = [scriptblock]::Create("$more" -replace '^There are more results, use the following command to get more\.\s*')
                $found += Invoke-Command -ScriptBlock $command -WarningVariable more 3>$null
                $rounds++
            }
        }
        finally {
            $env:TZ = $zone
            [TimeZoneInfo]::ClearCachedData()
        }

        $whole.Count | Should -BeGreaterThan 150
        $rounds | Should -BeGreaterThan 1
        $names = { "$($_.MessageTraceId) $($_.RecipientAddress)" }
        ($found | ForEach-Object $names | Sort-Object -Unique) | Should -Be ($whole | ForEach-Object $names | Sort-Object -Unique)
    }

    It 'shows warnings behind the objects, and none to whoever takes the first only' {
        $all = @(Get-Mailbox -ResultSize 3 3>&1)
        $all[3] | Should -BeOfType [Management.Automation.WarningRecord]
        $all | Should -HaveCount 4
        Get-Mailbox -ResultSize 3 -WarningVariable cut 3>$null | Select-Object -First 1 | Out-Null
        $cut | Should -BeNullOrEmpty
    }

    It 'says of a value that cannot be read what the service says, without a type in front' {
        Set-Mailbox adele.vance -RecipientLimits many -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed[0].Exception.Message | Should -BeLike 'Cannot process argument transformation on parameter ''RecipientLimits''.*'
        $failed[0].CategoryInfo.Reason | Should -Be 'ParameterTransformationException'
    }

    It 'keeps $EXO_LastExecutionStatus' {
        Get-EXOMailbox nobody.here -ErrorAction SilentlyContinue
        $global:EXO_LastExecutionStatus | Should -BeFalse
        Get-EXOMailbox $user | Out-Null
        $global:EXO_LastExecutionStatus | Should -BeTrue
        Get-Mailbox nobody.here -ErrorAction SilentlyContinue
        $global:EXO_LastExecutionStatus | Should -BeFalse
        Connect-ExchangeOnline @splat -Ensure
        $global:EXO_LastExecutionStatus | Should -BeTrue
    }

    It 'tells at once, with a cached list of cmdlets too, that the token is good' {
        Disconnect-ExchangeOnline -Confirm:$false
        Connect-ExchangeOnline @splat
        $connection = Get-ConnectionInformation

        $connection.TokenStatus | Should -Be 'Active'
        $connection.TokenExpiryTimeUTC | Should -BeOfType [DateTimeOffset]
        $connection.TokenExpiryTimeUTC | Should -BeGreaterThan ([DateTimeOffset]::UtcNow)
        $connection.UserPrincipalName | Should -Be "OAuthUser@$($tenant.organization)"
    }
}

Describe 'Parameters of EXO' {
    It 'are taken by <_>' -ForEach 'Connect-ExchangeOnline', 'Connect-IPPSSession' {
        $parameters = (Get-Command $_).Parameters.Keys
        foreach ($name in 'ShowBanner', 'UseRPSSession', 'EXOModuleBasePath', 'EnableErrorReporting', 'LogDirectoryPath', 'LogLevel', 'Prefix', 'CommandName', 'FormatTypeName',
            'PSSessionOption', 'DelegatedOrganization', 'ConnectionUri', 'AzureADAuthorizationEndpointUri', 'BypassMailboxAnchoring', 'UserPrincipalName', 'Credential', 'AccessToken') {
            $parameters | Should -Contain $name
        }
    }

    It 'choose the language of the service''s texts' {
        Connect-ExchangeOnline @splat -Name culture -Culture de-DE -ShowBanner:$false
        Watch-Wire
        Get-Mailbox -ResultSize 1 -WarningAction Ignore -Connection culture | Out-Null
        (Get-WireRequest Get-Mailbox)[-1].Headers['Accept-Language'] | Should -Be 'de-DE'
        { Connect-ExchangeOnline @splat -Culture 'de DE' } | Should -Throw -ErrorId 'InvalidCulture,*'
        Disconnect-ExchangeOnline -ConnectionId (Get-ConnectionInformation | Where-Object Name -EQ culture).ConnectionId -Confirm:$false
    }

    It 'may be blank where a script hands on what it was not given' {
        foreach ($blank in "-UserPrincipalName '' -ConnectionUri ''", '-Credential $null', '-UserPrincipalName $null') {
            $call = "Connect-ExchangeOnline $blank -AppId 6f2a9c1e-0d3b-4a57-9d0e-5c1b2a3f4e5d -NonInteractive"
            (Invoke-Script "try { $call } catch { `$_.FullyQualifiedErrorId }").Output |
                Should -Match 'InteractionRequired' -Because 'somebody has to sign in, as without the parameter'
        }
    }

    It 'do not warn where a switch is off' {
        Connect-ExchangeOnline @splat -CommandName Get-Mailbox -UseRPSSession:$false -UseMultithreading $false -EXOModuleBasePath $TestDrive -WarningVariable told

        $told | Should -BeNullOrEmpty
        Disconnect-ExchangeOnline -Confirm:$false
    }
}
