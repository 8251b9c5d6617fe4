BeforeAll {
    . $PSScriptRoot/LocalTenant.ps1
    Import-ExoConnect
    $tenant = Start-LocalTenant -Mailboxes 300 -Latency 20
    $splat = $tenant.Splat
    Connect-ExchangeOnline @splat -ShowBanner:$false
    $aliases = @((Get-Mailbox -ResultSize 40).Alias)
    Watch-Wire
}

AfterAll {
    Stop-All
}

Describe 'What comes out of the pipeline' {
    BeforeEach {
        [ExoWire]::Clear()
    }

    It 'is streamed where it is one listing' {
        $seen = 0
        $requests = @{ ResultSize = 'Unlimited' } | Invoke-ExoCommand Get-Mailbox -PageSize 50 | ForEach-Object {
            if ($seen++ -eq 0) { @(Get-WireRequest).Count }
        }

        $seen | Should -Be 300
        $requests | Should -BeLessOrEqual 3 -Because 'most pages are still to come'
    }

    It 'is split into parts that have nothing in common and are all together, each in order' {
        $parts = foreach ($part in '1/3', '2/3', '3/3') { , @($aliases | Get-Mailbox -Shard $part | ForEach-Object Alias) }

        ($parts | ForEach-Object Count | Measure-Object -Minimum).Minimum | Should -BeGreaterThan 0
        @($parts | ForEach-Object { $_ }) | Sort-Object | Should -Be @($aliases | Sort-Object)
        foreach ($part in $parts) { $part | Should -Be @($aliases | Where-Object { $_ -in $part }) }
        @(Get-WireRequest Get-Mailbox).Count | Should -BeLessOrEqual 40 -Because 'each is asked for once'
    }

    It 'is split as the platform says, with -Shard auto' {
        $env:JOB_COMPLETION_INDEX = '1'
        try { $second = @($aliases | Get-Mailbox -Shard auto/3 | ForEach-Object Alias) }
        finally { Remove-Item env:JOB_COMPLETION_INDEX }

        $second | Should -Be @($aliases | Get-Mailbox -Shard 2/3 | ForEach-Object Alias)
    }

    It 'is not begun where -Shard is no part of a list' {
        { $aliases | Get-Mailbox -Shard 4/3 } | Should -Throw -ErrorId 'ShardInvalid*'
        Get-WireRequest Get-Mailbox | Should -BeNullOrEmpty
    }

    It 'keeps listings in the order of the input' {
        $found = @{ ResultSize = 'Unlimited' }, @{ Identity = $aliases[3] }, @{ ResultSize = 200 }, @{ Identity = $aliases[5] } | Invoke-ExoCommand Get-Mailbox -WarningAction SilentlyContinue

        $found | Should -HaveCount 502
        $found[300].Alias | Should -Be $aliases[3]
        $found[301].Alias | Should -Be $found[0].Alias
        $found[501].Alias | Should -Be $aliases[5]
    }

    It 'gets its response before the next is taken where input comes slowly: <_>' -ForEach 'Get-Mailbox', 'Get-EXOMailbox' {
        $events = [Collections.Generic.List[string]]::new()
        & {
            foreach ($alias in $aliases[0..2]) {
                Start-Sleep -Milliseconds 1100
                $events.Add("$alias given")
                $alias
            }
        } | & $_ | ForEach-Object { $events.Add("$($_.Alias) found") }

        $events | Should -Be @($aliases[0..2] | ForEach-Object { "$_ given"; "$_ found" })
    }

    It 'is gathered also under Stop if -ThrottleLimit says so' {
        $rows = $aliases | ForEach-Object { @{ Identity = $_; CustomAttribute7 = 'together' } }
        $rows | Invoke-ExoCommand Set-Mailbox -ErrorAction Stop
        $alone = @(Get-WireRequest).Count
        [ExoWire]::Clear()
        $rows | Invoke-ExoCommand Set-Mailbox -ErrorAction Stop -ThrottleLimit 4

        $alone | Should -Be 40
        @(Get-WireRequest).Count | Should -BeLessThan 20
    }
}

Describe 'A part of the calls' {
    It 'is told by the identity: the parts have none in common, and together are all' {
        $rows = $aliases[0..39] | ForEach-Object { @{ Identity = $_ } }
        $parts = foreach ($i in 1..3) { , @($rows | Invoke-ExoCommand Get-Mailbox -Shard "$i/3" | ForEach-Object Alias) }

        $parts | ForEach-Object { $_.Count | Should -BeGreaterThan 0 }
        @($parts | ForEach-Object { $_ }) | Sort-Object | Should -Be ($aliases[0..39] | Sort-Object)
        @(Invoke-ExoCommand Get-Mailbox $rows -Shard 2/3 | ForEach-Object Alias) | Should -Be $parts[1]
    }

    It 'has a checkpoint of its own' {
        $file = Join-Path $TestDrive 'parts.checkpoint'
        $rows = $aliases[0..9] | ForEach-Object { @{ Identity = $_ } }
        1..2 | ForEach-Object { $rows | Invoke-ExoCommand Get-Mailbox -Shard "$_/2" -CheckpointPath $file } | Should -HaveCount 10
        (Get-Item "$file*").Name | Should -Be 'parts.checkpoint.1-of-2', 'parts.checkpoint.2-of-2'
        $rows | Invoke-ExoCommand Get-Mailbox -Shard 1/2 -CheckpointPath $file | Should -BeNullOrEmpty
    }

    It 'is an error where it is none' {
        { @{ Identity = 'a' } | Invoke-ExoCommand Get-Mailbox -Shard 3/2 } | Should -Throw -ErrorId 'ShardInvalid,*'
    }
}

Describe 'A checkpoint' {
    BeforeEach {
        $file = Join-Path $TestDrive "$([guid]::NewGuid()).checkpoint"
    }

    It 'changes nothing after a failure, with -ErrorAction Stop' {
        {
            @{ Identity = $aliases[0]; CustomAttribute8 = 'before' }, @{ Identity = 'nobody'; CustomAttribute8 = 'x' }, @{ Identity = $aliases[1]; CustomAttribute8 = 'behind' } |
                Invoke-ExoCommand Set-Mailbox -CheckpointPath $file -ErrorAction Stop
        } | Should -Throw -ExpectedMessage '*nobody*'

        (Get-Mailbox $aliases[0]).CustomAttribute8 | Should -Be 'before'
        (Get-Mailbox $aliases[1]).CustomAttribute8 | Should -BeNullOrEmpty
    }

    It 'keeps a -PipelineVariable with its result' {
        $pairs = Get-Mailbox -ResultSize 20 -WarningAction SilentlyContinue -PipelineVariable before | ForEach-Object { @{ Identity = $_.Alias } } |
            Invoke-ExoCommand Get-Mailbox -CheckpointPath $file | ForEach-Object { "$($before.Alias) $($_.Alias)" }

        $pairs | Should -HaveCount 20
        $pairs | ForEach-Object { $first, $second = $_ -split ' '; $second | Should -Be $first }
    }

    It 'loses nothing that was read when a run is cut short' {
        $rows = $aliases | ForEach-Object { @{ Identity = $_ } }
        $read = [Collections.Generic.List[string]]::new()
        $rows | Invoke-ExoCommand Get-Mailbox -CheckpointPath $file | Select-Object -First 12 | ForEach-Object { $read.Add($_.Alias) }
        try { $rows | Invoke-ExoCommand Get-Mailbox -CheckpointPath $file | ForEach-Object { if ($read.Count -eq 25) { throw 'enough' }; $read.Add($_.Alias) } } catch { }
        $rows | Invoke-ExoCommand Get-Mailbox -CheckpointPath $file | ForEach-Object { $read.Add($_.Alias) }

        $read | Sort-Object -Unique | Should -Be ($aliases | Sort-Object)
        $read.Count | Should -BeLessOrEqual 42 -Because 'only what was on its way comes again'
    }

    It 'is a file' {
        { @{ Identity = $aliases[0] } | Invoke-ExoCommand Get-Mailbox -CheckpointPath Env:/nothing } | Should -Throw -ErrorId 'NotAFile*' -ExpectedMessage '*Environment*'
        { Invoke-ExoRequest "https://graph.microsoft.com/v1.0/organization" -OutFile Env:/nothing } | Should -Throw -ErrorId 'NotAFile*'
        if (-not $IsWindows) {
            { @{ Identity = $aliases[0] } | Invoke-ExoCommand Get-Mailbox -CheckpointPath /dev/null } | Should -Throw -ErrorId 'CheckpointUnreadable*'
        }
    }
}
