# The files of docs/samples: what of them can be run without their platforms is run, against a local tenant.

BeforeDiscovery {
    $samples = Join-Path $PSScriptRoot '..' '..' 'docs' 'samples'
    $scripts = (Get-ChildItem $samples -Recurse -Filter *.ps1).FullName | ForEach-Object { [IO.Path]::GetRelativePath($samples, $_) }
}

BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    Import-ExoConnect
    $samples = Join-Path $PSScriptRoot '..' '..' 'docs' 'samples'
    $tenant = Start-LocalTenant -Mailboxes 40
    $before = $env:PSModulePath, $env:PATH, $env:EXOCONNECT_CONFIG
    $env:PSModulePath = (Split-Path $ExoModulePath), $env:PSModulePath -join [IO.Path]::PathSeparator

    # The name that the samples call the program by.
    $bin = New-Item -ItemType Directory (Join-Path $TestDrive 'bin')
    Set-Content (Join-Path $bin 'exoconnect') "#!/bin/sh`nexec dotnet '$ExoCommandLine' `"`$@`""
    if (-not $IsWindows) { chmod +x (Join-Path $bin 'exoconnect') }
    $env:PATH = "$bin$([IO.Path]::PathSeparator)$env:PATH"
    $env:EXOCONNECT_CONFIG = Join-Path $TestDrive 'profiles'

    # Runs nightly.ps1 as a scheduler does, and returns its exit code and what it wrote.
    function Invoke-Nightly([string] $Certificate) {
        $signIn = "@{ AppId = '$($tenant.appId)'; Organization = '$($tenant.organization)'; CertificateFilePath = '$Certificate'; " +
            "ExchangeEnvironmentName = '$($tenant.environmentFile)' }"
        $command = "& '$samples/nightly.ps1' -SignIn $signIn -LogFolder '$TestDrive/logs'; exit `$LASTEXITCODE"
        $script:said = Invoke-FreshPowerShell -Command $command | Out-String
        $LASTEXITCODE
    }
}

AfterAll {
    $env:PSModulePath, $env:PATH, $env:EXOCONNECT_CONFIG = $before
    Stop-All
}

Describe 'The sample <_>' -ForEach $scripts {
    It 'asks nobody, and calls nothing that there is not' {
        $rows = Test-ExoScript (Join-Path $samples $_)
        $rows | Where-Object Severity -NE Information | ForEach-Object { "$_" } | Should -BeNullOrEmpty
    }
}

Describe 'The script for a scheduler' {
    It 'does its work, writes down what it did, and ends with 0' {
        $code = Invoke-Nightly $tenant.pemPath
        $code | Should -Be 0 -Because $said
        $said | Should -Match '\d+ mailboxes, 0 failed'
        @(Get-ChildItem "$TestDrive/logs").Count | Should -Be 1
    }

    It 'finds nothing left to do when it runs again' {
        $code = Invoke-Nightly $tenant.pemPath
        $code | Should -Be 0 -Because $said
        $said | Should -Match '(?m)^0 mailboxes, 0 failed'
    }

    It 'ends with 3 where sign-in fails, and says why' {
        Invoke-Nightly "$TestDrive/not-there.pem" | Should -Be 3
        $said | Should -Match 'CertificateFileNotFound'
    }
}

Describe 'The scripts for Azure, with a managed identity' {
    BeforeAll {
        $env:IDENTITY_ENDPOINT = $tenant.platform.identityEndpoint
        $env:IDENTITY_HEADER = $tenant.platform.identityHeader
        $env:EXO_ORGANIZATION = $tenant.organization
        # What the platform has, and the cloud that is on this machine.
        function Get-AutomationVariable { param($Name) $tenant.organization }
        $PSDefaultParameterValues['Connect-ExchangeOnline:ExchangeEnvironmentName'] = $tenant.environmentFile
        $signIn = $tenant.Splat
        Connect-ExchangeOnline @signIn
        Set-Mailbox (Get-Mailbox -ResultSize 1 -WarningAction Ignore) -ForwardingSmtpAddress smtp:somebody@elsewhere.example
        Disconnect-ExchangeOnline
    }

    AfterAll {
        $PSDefaultParameterValues.Clear()
        Remove-Item Env:IDENTITY_ENDPOINT, Env:IDENTITY_HEADER, Env:EXO_ORGANIZATION
    }

    It 'make a job of Automation fail by what they find, and leave no session' {
        { & "$samples/azure-automation/runbook.ps1" } | Should -Throw '1 mailboxes forward*'
        Get-ConnectionInformation | Should -BeNullOrEmpty
    }

    It 'connect once for all calls of a function' {
        . "$samples/azure-functions/profile.ps1"
        $said = & "$samples/azure-functions/nightly/run.ps1" 6>&1
        "$said" | Should -Be '1 mailboxes forward their mail to the outside.'
        @(Get-ConnectionInformation).SignInMethod | Should -Be 'ManagedIdentity'
        Disconnect-ExchangeOnline
    }
}

Describe 'The command line for cron, systemd and Kubernetes' -Skip:$IsWindows {
    BeforeAll {
        $connect = '--app-id', $tenant.appId, '--organization', $tenant.organization, '--certificate', $tenant.pemPath
        exoconnect connect @connect --environment $tenant.environmentFile --profile nightly 2>&1 | Out-Null
        $LASTEXITCODE | Should -Be 0
        $names = exoconnect run Get-Mailbox --ResultSize 12 --select Alias -o csv 2>$null | Select-Object -Skip 1
        $list = Join-Path $TestDrive 'changes.csv'
        @('Identity,CustomAttribute3') + ($names | ForEach-Object { "$_,cron" }) | Set-Content $list
    }

    It 'ends with 0 and keeps no checkpoint where all is done' {
        & "$samples/nightly.sh" $list 2>&1 | Out-Null
        $LASTEXITCODE | Should -Be 0
        "$list.checkpoint" | Should -Not -Exist
    }

    It 'ends with 1 where a line failed, keeps the checkpoint, and does only that line again' {
        Add-Content $list 'nobody.here,cron'
        $said = & "$samples/nightly.sh" $list 2>&1 | Out-String
        $LASTEXITCODE | Should -Be 1
        $said | Should -Match 'nobody\.here'
        "$list.checkpoint" | Should -Exist
    }

    It 'takes its part of the list from the variables of an Indexed Job' {
        $yaml = Get-Content "$samples/kubernetes/indexed-job.yaml" -Raw
        $line = [regex]::Match($yaml, 'exoconnect (run Set-Mailbox .*)').Groups[1].Value
        $count = [regex]::Match($yaml, 'completions: (\d+)').Groups[1].Value
        $yaml | Should -Match "JOB_COMPLETIONS, value: `"$count`""
        $arguments = $line.Replace('/list/', "$TestDrive/").Replace('/state/', "$TestDrive/").Replace('changes.csv', 'part.csv') -split ' '
        @('Identity,CustomAttribute4') + ($names | ForEach-Object { "$_,part" }) | Set-Content (Join-Path $TestDrive 'part.csv')
        try {
            $env:JOB_COMPLETIONS = $count
            foreach ($index in 0..($count - 1)) {
                $env:JOB_COMPLETION_INDEX = $index
                exoconnect @arguments 2>&1 | Out-Null
                $LASTEXITCODE | Should -Be 0
            }
        }
        finally { $env:JOB_COMPLETIONS = $env:JOB_COMPLETION_INDEX = $null }

        @(Get-ChildItem "$TestDrive/changes.checkpoint.*-of-$count").Count | Should -Be $count
        $set = exoconnect run Get-Mailbox --ResultSize Unlimited --Filter "CustomAttribute4 -eq 'part'" --select Alias -o csv 2>$null
        @($set | Select-Object -Skip 1).Count | Should -Be 12
    }
}
