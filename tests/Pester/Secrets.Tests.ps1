# Nothing that PowerShell or the module says or leaves behind at the highest level holds a secret: streams, transcript, $Error, log, spans, files,
# and the command lines of the programs that are started.
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    $tenant = Start-LocalTenant -Mailboxes 5
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
        foreach ($name in $before.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) }
    }
    Set-Content (Join-Path $out said.txt) $said

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
