# Setting applications up, checking, rotating and removing them, in a tenant that begins with nothing.
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    Import-ExoConnect
    $tenant = Start-LocalTenant -Mailboxes 3 -Arguments '--empty', '--replication-delay', '500ms'
    $folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "exoconnect-applications-$PID")).FullName
    $password = ConvertTo-SecureString 'secret' -AsPlainText -Force
    $where = @{ Organization = $tenant.organization; ExchangeEnvironmentName = $tenant.environmentFile }
    $admin = $where + @{ AccessToken = ConvertTo-SecureString $tenant.administrator.graphToken -AsPlainText -Force }
    $made = @{ Path = $folder; CertificatePassword = $password }
    $file = @{ CertificateFilePath = (Join-Path $folder 'Nightly.pfx'); CertificatePassword = $password }

    # What an administrator does by hand, in the portal or with other tools.
    function Invoke-TenantGraph([string] $Method, [string] $Path, $Body) {
        $request = @{
            Method = $Method; Uri = "https://127.0.0.1:$($tenant.port)/v1.0/$Path"; SkipCertificateCheck = $true
            Headers = @{ Authorization = "Bearer $($tenant.administrator.graphToken)" }
        }
        if ($Body) { $request.Body = $Body | ConvertTo-Json -Depth 5; $request.ContentType = 'application/json' }
        Invoke-RestMethod @request
    }

    function Get-Registration { (Invoke-TenantGraph GET "applications?`$filter=displayName eq 'Nightly'").value }

    # The error that a script would see.
    function Get-ConnectError([string] $Cmdlet = 'Connect-ExchangeOnline') {
        try { & $Cmdlet -AppId $app.AppId @where @file -NoCache; throw 'It connected.' }
        catch { if ($_.FullyQualifiedErrorId -notlike '*,*') { throw }; $_ }
    }
}

AfterAll {
    Stop-All
    Remove-Item $folder -Recurse -ErrorAction Ignore
}

Describe 'Register-ExoApplication' {
    It 'lists the steps and does none with -WhatIf' {
        Register-ExoApplication Nightly @admin @made -WhatIf | Should -BeNullOrEmpty
        Get-Registration | Should -BeNullOrEmpty
        Get-ChildItem $folder | Should -BeNullOrEmpty
    }

    It 'makes of nothing an application that connects to both services' {
        $script:app = Register-ExoApplication Nightly @admin @made -InformationVariable said
        $app.Connects | Should -BeTrue
        $app.Service | Should -Be 'Exchange', 'Compliance'
        $app.Role | Should -Be 'Global Reader'
        $app.Step.Outcome | Sort-Object -Unique | Should -Be 'Done'
        "$said" | Should -BeLike '*Connect-ExchangeOnline -AppId*'
        foreach ($line in $app.Command) { Invoke-Expression ($line -replace '\(Read-Host -AsSecureString\)', '$password') }
        (Get-ConnectionInformation).Name | Should -HaveCount 2
        Get-AcceptedDomain | Should -Not -BeNullOrEmpty
        Disconnect-ExchangeOnline -Confirm:$false
    }

    It 'changes nothing when it is run again' {
        $again = Register-ExoApplication Nightly @admin @made -InformationAction Ignore
        $again.AppId | Should -Be $app.AppId
        $again.Step | Where-Object Action -NotLike 'Connect to*' | ForEach-Object Outcome | Sort-Object -Unique | Should -Be 'Present'
        @(Get-Registration) | Should -HaveCount 1
    }

    It 'names the parameter and the remedy where it cannot work' {
        { Register-ExoApplication @admin @made } | Should -Throw -ErrorId 'ApplicationNameMissing,*'
        { Register-ExoApplication Other @admin @made -Role 'Exchange Administrator' -Service Compliance } | Should -Throw -ErrorId 'RoleNotSupported,*'
        { Register-ExoApplication Other @admin @made -Role 'Emperor' } | Should -Throw -ErrorId 'RoleNotSupported,*'
        { Register-ExoApplication Other @admin -Path $folder } | Should -Throw -ErrorId 'NewCertificatePasswordMissing,*'
        { Register-ExoApplication Other @where @made -Device } | Should -Throw -ErrorId 'InteractionRequired,*'
    }

    It 'completes the roles' {
        $line = "Register-ExoApplication x -Role 'Exchange R"
        (TabExpansion2 $line $line.Length).CompletionMatches.ListItemText | Should -Be 'Exchange Recipient Administrator'
    }
}

Describe 'A step that is missing' {
    It 'is named by Test-ExoApplication and by Connect, and repaired: <Name>' -ForEach @(
        @{
            Name = 'consent'; Check = 'Consent granted', 'Token for Exchange Online'; Id = 'TokenRefused'; Says = '*does not have the application permission Exchange.ManageAsApp*'
            Break = {
                $grant = (Invoke-TenantGraph GET "servicePrincipals/$($app.ServicePrincipalId)/appRoleAssignments").value
                Invoke-TenantGraph DELETE "servicePrincipals/$($app.ServicePrincipalId)/appRoleAssignments/$($grant.id)"
            }
        }
        @{
            Name = 'the role'; Check = 'Role for Exchange Online', 'Exchange Online connects'; Id = 'AccessDenied'; Says = '*has no directory role that Exchange Online accepts*'
            Break = {
                $assignment = (Invoke-TenantGraph GET "roleManagement/directory/roleAssignments?`$filter=principalId eq '$($app.ServicePrincipalId)'").value
                Invoke-TenantGraph DELETE "roleManagement/directory/roleAssignments/$($assignment.id)"
            }
        }
        @{
            Name = 'the certificate on the application'; Check = 'Certificate attached'; Id = 'CertificateNotRegistered'; Says = '*upload the public part*'
            Break = { Invoke-TenantGraph PATCH "applications/$($app.ObjectId)" @{ keyCredentials = @() } }
        }
        @{
            Name = 'the service principal'; Check = 'Service principal'; Id = 'ServicePrincipalMissing'; Says = '*service principal*'
            Break = { Invoke-TenantGraph DELETE "servicePrincipals/$($app.ServicePrincipalId)" }
        }
    ) {
        & $Break

        $rows = Test-ExoApplication $app.AppId @where @file
        $Check | Should -BeIn ($rows | Where-Object Result -EQ Failed).Check
        $looked = Test-ExoApplication $app.AppId @admin @file
        $first = $looked | Where-Object Result -EQ Failed | Select-Object -First 1
        $first.Check | Should -Be @($Check)[0]
        $first.Remedy | Should -BeLike "*-ExoApplication* -AppId $($app.AppId) -Organization $($tenant.organization)*"

        $failure = Get-ConnectError
        $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $failure.ErrorDetails.RecommendedAction | Should -BeLike $Says
        $failure.ErrorDetails.RecommendedAction | Should -BeLike "*Test-ExoApplication -AppId $($app.AppId) -Organization $($tenant.organization) -CertificateFilePath*"

        $repaired = Register-ExoApplication -AppId $app.AppId -Role 'Global Reader' @admin @file -InformationAction Ignore
        $repaired.Connects | Should -BeTrue
        $script:app = $repaired
    }

    It 'is named where it is the certificate itself' {
        Rename-Item $file.CertificateFilePath 'away.pfx'
        try {
            $rows = Test-ExoApplication $app.AppId @where @file
            ($rows | Where-Object Result -EQ Failed).Check | Should -Be 'Certificate usable'
            (Get-ConnectError).ErrorDetails.RecommendedAction | Should -BeLike '*Test-ExoApplication*'
        }
        finally { Rename-Item (Join-Path $folder 'away.pfx') 'Nightly.pfx' }
    }

    It 'is shown by Security & Compliance too' {
        $only = Register-ExoApplication Exchange @admin @made -Role 'Exchange Administrator' -InformationAction Ignore
        $only.Service | Should -Be 'Exchange'
        $rows = Test-ExoApplication $only.AppId @where -CertificateFilePath (Join-Path $folder 'Exchange.pfx') -CertificatePassword $password -Service Compliance
        ($rows | Where-Object Result -EQ Failed).Check | Should -Be 'Role for Security & Compliance', 'Security & Compliance connects'
    }
}

Describe 'Test-ExoApplication' {
    It 'passes everything where all is well' {
        $rows = Test-ExoApplication $app.AppId @admin @file
        $rows | Where-Object Result -NE Passed | Should -BeNullOrEmpty
        $rows | Should -HaveCount 14
        ($rows | Out-String) | Should -BeLike '*Detail, and what to do*'
    }

    It 'takes the application from the pipeline' {
        $rows = $app | Test-ExoApplication -ExchangeEnvironmentName $tenant.environmentFile -AccessToken $admin.AccessToken
        ($rows | Where-Object Check -EQ 'Sign-in').Result | Should -Be NotChecked
        ($rows | Where-Object Check -EQ 'Consent granted').Result | Should -Be Passed
    }
}

Describe 'Update-ExoApplicationCertificate' {
    It 'adds a certificate that signs in, then removes the old one' {
        Update-ExoApplicationCertificate $app.AppId @admin @made -RemoveOld -WhatIf | Should -BeNullOrEmpty
        (Get-Registration).keyCredentials | Should -HaveCount 1
        $added = Update-ExoApplicationCertificate $app.AppId @admin @made
        $added.Kept | Should -Be $app.CertificateThumbprint
        (Get-Registration).keyCredentials | Should -HaveCount 2

        $new = @{ CertificateFilePath = $added.CertificatePath[0]; CertificatePassword = $password }
        $done = Update-ExoApplicationCertificate $app.AppId @admin @new -RemoveOld
        $done.Removed | Should -Be $app.CertificateThumbprint
        (Get-Registration).keyCredentials | Should -HaveCount 1
        (Test-ExoApplication $app.AppId @where @new | Where-Object Result -EQ Failed) | Should -BeNullOrEmpty
    }
}

Describe 'Unregister-ExoApplication' {
    It 'removes it' {
        Unregister-ExoApplication $app.AppId @admin -WhatIf
        Get-Registration | Should -Not -BeNullOrEmpty
        Unregister-ExoApplication $app.AppId @admin -Confirm:$false
        Get-Registration | Should -BeNullOrEmpty
        (Test-ExoApplication $app.AppId @where @file | Where-Object Result -EQ Failed).Check | Should -Be 'Application registered', 'Sign-in'
        (Get-ConnectError).FullyQualifiedErrorId | Should -BeLike 'ApplicationNotFound,*'
        { Unregister-ExoApplication $app.AppId @admin -Confirm:$false } | Should -Throw -ErrorId 'ApplicationNotRegistered,*'
    }
}
