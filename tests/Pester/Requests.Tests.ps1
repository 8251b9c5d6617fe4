# Get-ExoAccessToken and Invoke-ExoRequest against the local tenant's Graph.
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    Import-ExoConnect
    $tenant = Start-LocalTenant -Mailboxes 20 -Arguments '--permission', 'Directory.Read.All', '--permission', 'Application.ReadWrite.All'
    $splat = $tenant.Splat
    Connect-ExchangeOnline @splat -ShowBanner:$false
}

AfterAll { Stop-All }

Describe 'Get-ExoAccessToken' {
    It 'keeps the token out of sight unless asked' {
        $token = Get-ExoAccessToken
        $token | Should -BeOfType securestring
        "$token" | Should -Not -Match 'eyJ'
        ConvertFrom-SecureString $token -AsPlainText | Should -BeExactly (Get-ExoAccessToken -AsPlainText)
    }

    It 'gets one for <Resource>' -ForEach @(
        @{ Resource = 'Exchange'; Audience = 'https://outlook.office365.com' }
        @{ Resource = 'Compliance'; Audience = 'https://ps.compliance.protection.outlook.com' }
        @{ Resource = 'Graph'; Audience = 'https://graph.microsoft.com' }
        @{ Resource = 'SharePoint'; Audience = 'https://contoso.sharepoint.com' }
        @{ Resource = 'ManagementApi'; Audience = 'https://manage.office.com' }
        @{ Resource = 'AzureManagement'; Audience = 'https://management.azure.com' }
        @{ Resource = 'https://contoso-admin.sharepoint.com/'; Audience = 'https://contoso-admin.sharepoint.com' }
    ) {
        $token = Get-ExoAccessToken $Resource -Decode
        $token.Audience | Should -Be $Audience
        $token.AppId | Should -Be $tenant.appId
        $token.IsAppOnly | Should -BeTrue
        $token.ExpiryTimeUTC | Should -BeGreaterThan ([datetime]::UtcNow)
    }

    It 'decodes everything but the signature' {
        $plain = Get-ExoAccessToken Graph -AsPlainText
        $token = Get-ExoAccessToken Graph -Decode
        $token.Header.alg | Should -Be 'RS256'
        $token.Claims.tid | Should -Be $tenant.tenantId
        $token.Claims.wids | Should -Contain '62e90394-69f5-4237-9190-012177145e10'
        $token.Roles | Should -Contain 'Global Administrator'
        $token | ConvertTo-Json -Depth 5 | Should -Not -Match ([regex]::Escape($plain.Split('.')[2]))
        $token | Out-String | Should -Match 'Claims'
    }

    It 'refuses Yammer to an application before any request' {
        Watch-Wire
        { Get-ExoAccessToken Yammer } | Should -Throw -ErrorId 'AppOnlyNotSupported,*'
        [ExoWire]::Requests | Should -BeNullOrEmpty
    }

    It 'completes the names that the engine knows' {
        $found = (TabExpansion2 'Get-ExoAccessToken ').CompletionMatches.CompletionText
        $found | Should -Be @(dotnet $ExoCommandLine complete = token --resource | ForEach-Object { ($_ -split "`t")[0] })
        foreach ($name in $found | Where-Object { $_ -ne 'Yammer' }) { Get-ExoAccessToken $name -Decode | Should -Not -BeNullOrEmpty }
    }

    It 'lists the tokens in use, and no token' {
        $null = Get-ExoAccessToken Graph
        $known = Get-ConnectionInformation
        $known.Services | Should -Contain 'Exchange'
        $known.Services | Should -Contain 'Graph'
        ($known.Tokens | Where-Object Service -EQ Graph).Status | Should -Be Active
        $known | ConvertTo-Json -Depth 6 | Should -Not -Match 'eyJ'
    }
}

Describe 'Invoke-ExoRequest' {
    It 'returns objects with properties' {
        $organization = Invoke-ExoRequest /v1.0/organization
        $organization.id | Should -Be $tenant.tenantId
        $organization.PSObject.TypeNames | Should -Contain 'ExoConnect.Graph'
        $organization.verifiedDomains.name | Should -Contain $tenant.organization
    }

    It 'reads all pages, or the first with a warning' {
        $first = @(Invoke-ExoRequest '/v1.0/servicePrincipals?$top=2' -WarningVariable warned -WarningAction SilentlyContinue)
        $first | Should -HaveCount 2
        $warned | Should -Match '-All'
        @(Invoke-ExoRequest '/v1.0/servicePrincipals?$top=2' -All).Count | Should -BeGreaterThan 4
        @(Invoke-ExoRequest '/v1.0/servicePrincipals?$top=2' -All | Select-Object -First 3) | Should -HaveCount 3
    }

    It 'sends hashtables as JSON, and honours -WhatIf' {
        Invoke-ExoRequest /v1.0/applications -Method POST -Body @{ displayName = 'nothing' } -WhatIf
        $made = Invoke-ExoRequest /v1.0/applications -Method POST -Body @{ displayName = 'Berichte'; signInAudience = 'AzureADMyOrg' } -StatusCodeVariable status
        $status | Should -Be 201
        $made.displayName | Should -Be 'Berichte'
        (Invoke-ExoRequest "/v1.0/applications/$($made.id)").appId | Should -Be $made.appId
        Invoke-ExoRequest "/v1.0/applications/$($made.id)" -Method PATCH -Body '{"displayName":"Reports"}'
        (Invoke-ExoRequest "/v1.0/applications/$($made.id)").displayName | Should -Be 'Reports'
        @(Invoke-ExoRequest /v1.0/applications -All).displayName | Should -Not -Contain 'nothing'
        Invoke-ExoRequest "/v1.0/applications/$($made.id)" -Method DELETE
    }

    It 'says what the service says' {
        $gone = "/v1.0/applications/$([guid]::NewGuid())"
        Invoke-ExoRequest $gone -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'Request_ResourceNotFound,*'
        $failed[0].CategoryInfo.Category | Should -Be ObjectNotFound
        $failed[0].ErrorDetails.Message | Should -Match 'client-request-id'
        $failed[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        # Non-terminating: the next of the pipeline is asked.
        @($gone, '/v1.0/organization' | Invoke-ExoRequest -ErrorAction SilentlyContinue).id | Should -Be $tenant.tenantId
    }

    It 'gives the response as it came' {
        $text = Invoke-ExoRequest /v1.0/organization -Raw -ResponseHeadersVariable headers
        ($text | ConvertFrom-Json).'@odata.context' | Should -Match 'organization'
        $headers['content-type'] | Should -Match 'json'
        Invoke-ExoRequest /v1.0/organization -OutFile TestDrive:/organization.json
        (Get-Content TestDrive:/organization.json -Raw | ConvertFrom-Json).value[0].id | Should -Be $tenant.tenantId
    }

    It 'sends no token to <Uri>' -ForEach @(
        @{ Uri = 'https://example.com/'; Id = 'ResourceRequired' }
        @{ Uri = 'https://graph.microsoft.com/v1.0/organization'; Id = 'ResourceOfAnotherCloud' }
        @{ Uri = 'http://graph.exoconnect.localhost/'; Id = 'RequestUriInvalid' }
    ) {
        Watch-Wire
        { Invoke-ExoRequest $Uri } | Should -Throw -ErrorId "$Id,*"
        [ExoWire]::Requests | Should -BeNullOrEmpty
    }

    It 'does not take Authorization from the caller' {
        { Invoke-ExoRequest /v1.0/organization -Headers @{ Authorization = 'Bearer x' } } | Should -Throw -ErrorId 'HeaderNotAllowed,*'
    }

    It 'fails at once after the disconnect' {
        Disconnect-ExchangeOnline -Confirm:$false
        { Invoke-ExoRequest /v1.0/organization } | Should -Throw -ErrorId 'NotConnected,*'
        { Get-ExoAccessToken } | Should -Throw -ErrorId 'NotConnected,*'
    }
}
