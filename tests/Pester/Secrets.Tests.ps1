# Nothing that PowerShell or the module says or leaves behind at the highest level holds a secret: streams, transcript, $Error, log, spans, files,
# and the command lines of the programs that are started.
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    $tenant = Start-LocalTenant -Mailboxes 5 -Arguments '--approve-device-codes'
    $out = New-Item (Join-Path $TestDrive out) -ItemType Directory
    $apart = New-Item (Join-Path $TestDrive apart) -ItemType Directory
    $canaries = [ordered]@{}
    foreach ($name in 'parameter', 'credential', 'header', 'address', 'wrong', 'proxy') {
        $canaries[$name] = "Canary.$name.$([guid]::NewGuid().ToString('n'))"
    }
    $given = Join-Path $apart given.json
    $tokens = Join-Path $apart tokens.txt
    @{ tenant = $tenant | Select-Object * -ExcludeProperty Process, Password, Splat; canaries = $canaries; tokens = $tokens
        module = Join-Path $ExoModulePath ExoConnect.psd1 } | ConvertTo-Json -Depth 9 | Set-Content $given

    # A home, a place for temporary files, and programs that tell how they were called.
    $before = @{}
    $programs = New-Item (Join-Path $TestDrive programs) -ItemType Directory
    $calls = Join-Path $out calls.txt
    foreach ($program in 'az', 'azd', 'xdg-open', 'secret-tool', 'security') {
        Set-Content (Join-Path $programs $program) "#!/bin/sh`necho `"$program `$*`" >> '$calls'`nexit 1"
        if (-not $IsWindows) { chmod +x (Join-Path $programs $program) }
    }
    $set = @{ HOME = $out; TMPDIR = $out; XDG_CACHE_HOME = "$out/xdg"; XDG_CONFIG_HOME = "$out/xdg"; EXOCONNECT_CACHE = "$out/cache"
        PATH = "$programs$([IO.Path]::PathSeparator)$env:PATH"; NO_COLOR = '1' }
    foreach ($name in $set.Keys) {
        $before[$name] = [Environment]::GetEnvironmentVariable($name)
        [Environment]::SetEnvironmentVariable($name, $set[$name])
    }
    try {
        $command = "& '$PSScriptRoot/Secrets/Everything.ps1' '$given' '$out'"
        $said = Invoke-FreshPowerShell -Command $command | Out-String -Width 4000
    }
    finally {
        # The command line, at its highest level too: a secret, a code for another device, a browser that doesn't open, what is wrong.
        $env:EXOCONNECT_CONFIG = "$out/config"
        $env:CANARY_SECRET = $tenant.clientSecret
        $env:CANARY_WRONG = $canaries.wrong
        $env:BROWSER = 'xdg-open'
        $all = '--verbose', '--log', "$out/cli-log", '--log-level', 'all'
        $there = '--environment', $tenant.environmentFile
        $app = '--app-id', $tenant.appId, '--organization', $tenant.organization
        $saidByCli = & {
            $run = { "=== $args"; & dotnet $ExoCommandLine @args @all 2>&1; "exit $LASTEXITCODE" }
            & $run connect @there @app --client-secret-env CANARY_SECRET --profile secret
            & $run run Get-Mailbox --ResultSize 1 --profile secret
            & $run run New-Mailbox --Name clicanary --Password env:CANARY_WRONG --profile secret
            & $run run Set-Mailbox --Identity nobody --Password env:CANARY_WRONG --profile secret
            & $run connect @there @app --client-secret-env CANARY_WRONG --profile wrong

            # Where a sign-in is kept in the clear, as asked for here, its tokens stand in it.
            $env:EXOCONNECT_CACHE = "$apart/cache"
            if (-not $IsWindows) {
                "=== browser"
                timeout 5 dotnet $ExoCommandLine connect @there @app --allow-plaintext-cache --browser --interactive --profile browser @all 2>&1
            }
            & $run connect @there @app --allow-plaintext-cache --device --interactive --profile device
            & $run run Get-Mailbox --ResultSize 1 --profile device
        } | Out-String -Width 4000
        foreach ($name in $before.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) }
        $env:EXOCONNECT_CONFIG = $env:CANARY_SECRET = $env:CANARY_WRONG = $env:BROWSER = $null
    }
    Set-Content (Join-Path $out said.txt) $said
    Set-Content (Join-Path $out cli.txt) $saidByCli

    # Each secret as it is, and as it may be written.
    $secrets = [Collections.Generic.Dictionary[string, string]]::new()
    function Add-Secret([string] $Name, [string] $Text) {
        $utf8 = [Text.Encoding]::UTF8.GetBytes($Text)
        $secrets["$Name"] = $Text
        $secrets["$Name, escaped"] = [uri]::EscapeDataString($Text)
        $secrets["$Name, in base64"] = [Convert]::ToBase64String($utf8, 0, $utf8.Length - $utf8.Length % 3)
        $secrets["$Name, in UTF-16"] = [Text.Encoding]::Latin1.GetString([Text.Encoding]::Unicode.GetBytes($Text))
        $secrets["$Name, as text in JSON"] = ($Text | ConvertTo-Json).Trim('"')
    }
    foreach ($name in $canaries.Keys) { Add-Secret $name $canaries[$name] }
    Add-Secret 'PFX password' $tenant.pfxPassword
    Add-Secret 'client secret' $tenant.clientSecret
    Add-Secret 'user password' $tenant.administrator.password
    Add-Secret 'identity header' $tenant.platform.identityHeader
    Add-Secret 'federation token' $tenant.platform.federationRequestToken
    $issued = @(Get-Content $tokens) + $tenant.administrator.graphToken
    function Find-Secret([string] $Folder) {
        foreach ($file in Get-ChildItem $Folder -File -Recurse -Force) {
            $text = [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($file.FullName))
            foreach ($name in $secrets.Keys) {
                if ($text.Contains($secrets[$name])) { "$name in $($file.Name)" }
            }

            # Whatever is signed: three parts, the first two of them JSON objects in base64url.
            if ($text -match 'eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{20,}') { "a signed token in $($file.Name)" }
        }
    }

    for ($i = 0; $i -lt $issued.Count; $i++) { Add-Secret "token $i" ($issued[$i] -split '\.')[-1] }
}

AfterAll { Stop-All }

Describe 'A secret' {
    It 'is given in each way of signing in, and each one worked' {
        foreach ($way in 'certificate', 'secret', 'token', 'credential', 'identity', 'workload', 'default') {
            $said | Should -Match "(?s)=== $way, reads.*?adele\.vance.*?=== $way, changes" -Because $way
        }
        $said | Should -Match '(?s)=== telemetry.*Get-Mailbox.*=== processes'
        $issued.Count | Should -BeGreaterThan 8
        (Get-ChildItem (Join-Path $out log) -File).Count | Should -BeGreaterThan 5
    }

    It 'is given to the command line, which told everything' {
        $saidByCli | Should -Match '(?s)=== connect .*--client-secret-env CANARY_SECRET.*?exit 0'
        $saidByCli | Should -Match '(?s)=== run Get-Mailbox .*--profile secret.*?adele\.vance.*?exit 0'
        $saidByCli | Should -Match '(?s)--client-secret-env CANARY_WRONG.*?exit 3'
        $saidByCli | Should -Match '(?s)--device .*?microsoft\.com/device|--device .*?/device'
        if (-not $IsWindows) { Get-Content $calls -Raw | Should -Match 'xdg-open https://login' }
        (Get-ChildItem (Join-Path $out cli-log) -File).Count | Should -BeGreaterThan 3
    }

    It 'is neither said nor left in any file, nor is any token or assertion' {
        Find-Secret $out | Should -BeNullOrEmpty
    }

    It 'would be found: <Name>' -ForEach @(
        @{ Name = 'proxy'; Spelling = { $args[0] } }
        @{ Name = 'parameter, in base64'; Spelling = { [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($args[0])) } }
        @{ Name = 'wrong, in UTF-16'; Spelling = { [Text.Encoding]::Latin1.GetString([Text.Encoding]::Unicode.GetBytes($args[0])) } }
    ) {
        $planted = New-Item (Join-Path $TestDrive ([guid]::NewGuid())) -ItemType Directory
        $text = "before$(& $Spelling $canaries[($Name -split ',')[0]])after"
        [IO.File]::WriteAllBytes((Join-Path $planted x.bin), [Text.Encoding]::Latin1.GetBytes($text))
        Find-Secret $planted | Should -Contain "$Name in x.bin"
    }

    It 'is looked for where it would be seen' {
        $said | Should -Not -Match 'ParserError|is not recognized as a name of a cmdlet'
        foreach ($name in $canaries.Keys) { $secrets[$name] | Should -Not -BeNullOrEmpty }
        "$(Get-Content (Join-Path $out transcript.txt) -Raw)".Length | Should -BeGreaterThan 10000
    }
}
