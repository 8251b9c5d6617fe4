# What Microsoft's client (ExchangeOnlineManagement 3.7.0) sent for these scripts, and what we send: the same, or what docs/internals/protocol.md says why.
#
# Wire/cases.json has a case in each line: the script, the time zone it ran in, and the requests. `ours` is there where we send something else, with
# `because`, the row of the table "Differences from Microsoft's client" that says why. Wire/cmdlets.json is what the service says of the cmdlets.
# In braces stand values of the tenant and of $m1, since the recording was made against another.

BeforeDiscovery {
    $cases = Get-Content (Join-Path $PSScriptRoot 'Wire' 'cases.json') -Raw | ConvertFrom-Json -AsHashtable -DateKind String
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'LocalTenant.ps1')
    Set-StrictMode -Off
    Import-ExoConnect
    $tenant = Start-LocalTenant -Mailboxes 2500 -Arguments '--catalog', (Join-Path $PSScriptRoot 'Wire' 'cmdlets.json')
    $splat = $tenant.Splat
    Connect-ExchangeOnline @splat -ShowBanner:$false -WarningAction Ignore
    $protocol = Get-Content (Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'docs' 'internals' 'protocol.md') -Raw
    $table = ($protocol -split '### Differences from Microsoft''s client')[1] -split '(?m)^### ' | Select-Object -First 1
    $differences = [regex]::Matches($table, '(?m)^\| ([^|]+) \|').ForEach{ $_.Groups[1].Value }
    $zone = $env:TZ
    $names = @{}

    # The scripts' own.
    $bytes = [byte[]](0, 1, 127, 128, 255, 10, 13)
    $secret = ConvertTo-SecureString "Geheim-1!é" -AsPlainText -Force
    $file = Join-Path $TestDrive 'wire.txt'
    Set-Content $file "first`nsecond`nthird"
    New-ManagementRole -Name r -Parent 'Mail Recipients' -Confirm:$false -ErrorAction Ignore | Out-Null
    $m12 = @(Get-Mailbox -ResultSize 12)
    $m3 = $m12[0..2]
    $m1 = $m3[1]
    $role = Get-ManagementRole r

    # A value in one text whatever the order of its members, with what stands in braces filled in.
    function Get-Canonical($value) {
        if ($value -is [Collections.IDictionary]) {
            $members = foreach ($name in [string[]] $value.Keys | Sort-Object { $_.ToUpperInvariant() }) { "$(ConvertTo-Json $name):$(Get-Canonical $value[$name])" }
            '{' + ($members -join ',') + '}'
        }
        elseif ($value -is [Collections.IList]) { '[' + (@(foreach ($item in $value) { Get-Canonical $item }) -join ',') + ']' }
        elseif ($value -is [string]) {
            $whole = $value -match '^\{(m1|m3|role)\.(\w+)\}$' ? (Get-Placeholder $Matches[1] $Matches[2]) : (Get-Filled $value)
            $whole -is [string] ? (ConvertTo-Json $whole -Compress) : (Get-Canonical @($whole))
        }
        else { ConvertTo-Json $value -Compress }
    }

    function Get-Placeholder($of, $property) {
        $found = foreach ($mailbox in (Get-Variable $of -ValueOnly)) { $mailbox.$property }
        if ($found -is [datetime]) { return $found.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ss') }
        if ($found -is [guid]) { return "$found" }
        if ($found -is [array] -or $found -is [Collections.IList]) { return , [string[]] $found }
        "$found"
    }

    function Get-Filled($text) {
        $text = $text.Replace('{tenant}', $tenant.tenantId).Replace('{organization}', $tenant.organization).
            Replace('{system}', 'SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}')
        $text = [regex]::Replace($text, '\{base64 m1\.(\w+)\}', { param($m) [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes((Get-Placeholder m1 $m.Groups[1].Value))) })
        $text = [regex]::Replace($text, '\{m12\[(\d+)\]\.Guid\}', { param($m) "$($m12[[int] $m.Groups[1].Value].Guid)" })
        [regex]::Replace($text, '\{(m1)\.(\w+)\}', { param($m) Get-Placeholder $m.Groups[1].Value $m.Groups[2].Value })
    }

    # What went out, in the form of the cases. Encrypted values are shown as such: the tenant has decrypted them, or it would have refused.
    function Get-Sent {
        $app = "APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@$($tenant.tenantId)"
        $user = "UPN:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@$($tenant.organization)"
        foreach ($request in [ExoWire]::Requests) {
            $path = $request.Uri -replace '^.*?/adminapi/[^/]+/[^/]+/', ''
            if ($path -like '$batch*' -or $path -like '%24batch*') {
                foreach ($part in ($request.Body | ConvertFrom-Json -AsHashtable -DateKind String).requests) {
                    Get-Invocation $part.body $part.headers @($app) | ForEach-Object { $_.batch = $true; $_ }
                }
            }
            elseif ($path -like 'InvokeCommand*') {
                Get-Invocation ($request.Body | ConvertFrom-Json -AsHashtable -DateKind String) $request.Headers @($app)
            }
            elseif ($request.Uri -like '*/adminapi/*') {
                $seen = @{ get = [uri]::UnescapeDataString($path) }
                Add-Header $seen $request.Headers @($app, $user)
                $seen
            }
        }
    }

    function Get-Invocation($body, $headers, $usual) {
        $parameters = $body.CmdletInput.Parameters
        foreach ($name in @($parameters.Keys)) {
            if ($name -like 'Credential*' -and $parameters[$name] -is [string]) {
                $parameters[$name] = [Convert]::FromBase64String($parameters[$name]).Length -eq 256 ? 'encrypted' : 'not encrypted'
            }
        }

        $seen = @{ cmdlet = $body.CmdletInput.CmdletName; parameters = $parameters }
        Add-Header $seen $headers $usual
        $seen
    }

    function Add-Header($seen, $headers, $usual) {
        $anchor = $headers['X-AnchorMailbox']
        if ($anchor -and $anchor -notin $usual) { $seen.anchor = $anchor }
        if ($headers['parameter-based-routing']) { $seen.routed = $true }
        if ($headers['WarningAction']) { $seen.warningAction = $headers['WarningAction'] }
        if ($headers['Prefer'] -match 'maxpagesize=(\d+)' -and $Matches[1] -ne '1000') { $seen.pageSize = [int] $Matches[1] }
    }

    # One line for each request; those side by side come in any order. A batch of one is a request to us, so how they were put together is told apart.
    function Get-Lines($requests) {
        $lines = foreach ($request in $requests) {
            $copy = @{} + $request
            $copy.Remove('batch')
            if ($copy.cmdlet) { $copy.cmdlet = $copy.cmdlet.ToUpperInvariant() }
            if ($copy.get) {
                # The order of a query's options says nothing, and where a page begins is the tenant's own to name.
                $path, $query = [uri]::UnescapeDataString($copy.get) -split '\?', 2
                $options = @($query -split '&' -replace '^(\$skiptoken=).*', '$1*' | Sort-Object)
                $copy.get = @($path) + $options -join '&'
            }
            Get-Canonical $copy
        }
        @($lines | Sort-Object) -join "`n"
    }
}

AfterAll {
    $env:TZ = $zone
    [TimeZoneInfo]::ClearCachedData()
    Stop-All
}

Describe 'The wire' -Skip:$IsWindows {
    It '<name> (<zone>): <script>' -ForEach $cases {
        $case = $_
        $env:TZ = $zone
        [TimeZoneInfo]::ClearCachedData()
        Watch-Wire
        $ErrorActionPreference = 'Continue'
        try { $null = . ([scriptblock]::Create($script)) *>&1 } catch { $null = $_ }
        $ErrorActionPreference = 'Stop'
        $seen = @(Get-Sent)
        $actual = Get-Lines $seen
        $theirs = Get-Lines $sent
        if ($case.Contains('ours')) {
            $actual | Should -Be (Get-Lines $ours)
            $actual | Should -Not -Be $theirs -Because 'a difference that is none has no place in the list'
            $because | Should -BeIn $differences -Because 'docs/internals/protocol.md says why'
        }
        else {
            $actual | Should -Be $theirs
        }

        foreach ($request in $sent.Where{ $_.cmdlet -and -not $_.batch -and $case.script -match '\|' }) {
            $seen.Where{ $_.batch -and $_.cmdlet -eq $request.cmdlet } | Should -BeNullOrEmpty -Because "$($request.cmdlet) goes singly"
        }
    }
}
