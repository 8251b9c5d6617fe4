#Requires -Version 7.4

<#
.SYNOPSIS
    Builds, tests, packages and publishes ExoConnect.

.DESCRIPTION
    A thin wrapper over the dotnet commands of the repository, for those who live in PowerShell. Each task can be run without it:

      Build    dotnet build                      the module goes to out/ExoConnect
      Test     dotnet test
      Package  dotnet pack src/ExoConnect.Package  the module's package goes to out/package
      Tool     dotnet pack src/ExoConnect.Cli      the command line's package, a .NET tool, goes to out/tool
      Program  dotnet publish src/ExoConnect.Cli -r linux-x64    the command line as one file that needs no .NET goes to out/exoconnect
      Publish  Package, then Publish-PSResource

.PARAMETER Task
    What to do; several are done in the order given. Default: Build.

.PARAMETER Configuration
    Debug or Release. Default: Debug for Build and Test, Release for Package and Publish.

.PARAMETER OutputPath
    Where Build puts the module's folder, Package the package and the folder it is made of, Tool the package, and Program the program. Default: out,
    out/package, out/tool and out/exoconnect/linux-x64, or what the platform is called.

.PARAMETER Runtime
    The platform that Program is for. Default: this one.

.PARAMETER Repository
    The registered repository that Publish sends the package to. Default: PSGallery.

.PARAMETER ApiKey
    The key for that repository. Left out, it is read from the environment variable EXOCONNECT_PUBLISH_KEY.

.EXAMPLE
    ./build.ps1

.EXAMPLE
    ./build.ps1 -Task Test, Package -OutputPath ./artifacts

.EXAMPLE
    ./build.ps1 -Task Program -Runtime linux-arm64

.EXAMPLE
    ./build.ps1 -Task Publish -ApiKey (Read-Host -AsSecureString) -WhatIf
#>
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Package', 'Tool', 'Program', 'Publish')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration,

    [ValidateNotNullOrEmpty()]
    [string] $OutputPath,

    [ValidateSet('linux-x64', 'linux-arm64', 'win-x64', 'osx-arm64')]
    [string] $Runtime,

    [ValidateNotNullOrEmpty()]
    [string] $Repository = 'PSGallery',

    [securestring] $ApiKey
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

function Invoke-DotNet {
    param([string[]] $Argument)

    Write-Verbose "dotnet $Argument"
    & dotnet @Argument
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $($Argument[0]) failed with exit code $LASTEXITCODE."
    }
}

function Get-Configuration([string] $Default) {
    if ($Configuration) { $Configuration } else { $Default }
}

function Get-Output([string] $Default) {
    $path = if ($OutputPath) { $PSCmdlet.GetUnresolvedProviderPathFromPSPath($OutputPath) } else { Join-Path $PSScriptRoot $Default }
    $path.TrimEnd('/', '\') + '/'
}

function Invoke-Build {
    $module = (Get-Output 'out') + 'ExoConnect/'
    if ($PSCmdlet.ShouldProcess($module, 'Build the module')) {
        if ($OutputPath) {
            $project = Join-Path $PSScriptRoot 'src/ExoConnect'
            Invoke-DotNet 'build', $project, '--configuration', (Get-Configuration 'Debug'), "-p:ModuleLayout=$module"
        }
        else {
            Invoke-DotNet 'build', (Join-Path $PSScriptRoot 'ExoConnect.sln'), '--configuration', (Get-Configuration 'Debug')
        }
    }
}

function Invoke-Test {
    if ($PSCmdlet.ShouldProcess('ExoConnect.sln', 'Run the tests')) {
        Invoke-DotNet 'test', (Join-Path $PSScriptRoot 'ExoConnect.sln'), '--configuration', (Get-Configuration 'Debug')
    }
}

function Invoke-Package {
    $folder = Get-Output 'out/package'
    if ($PSCmdlet.ShouldProcess($folder, 'Make the package')) {
        $project = Join-Path $PSScriptRoot 'src/ExoConnect.Package/ExoConnect.Package.proj'
        Invoke-DotNet 'pack', $project, '--configuration', (Get-Configuration 'Release'), "-p:PackageRoot=$folder"
    }
}

function Invoke-Tool {
    $folder = Get-Output 'out/tool'
    if ($PSCmdlet.ShouldProcess($folder, 'Make the .NET tool')) {
        Invoke-DotNet 'pack', (Join-Path $PSScriptRoot 'src/ExoConnect.Cli'), '--configuration', (Get-Configuration 'Release'), '--output', $folder
    }
}

function Invoke-Program {
    $platform = if ($Runtime) { $Runtime } else { [Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier }
    $folder = Get-Output "out/exoconnect/$platform"
    if ($PSCmdlet.ShouldProcess($folder, 'Make the program')) {
        $how = '--configuration', (Get-Configuration 'Release'), '-r', $platform, '--output', $folder
        Invoke-DotNet (@('publish', (Join-Path $PSScriptRoot 'src/ExoConnect.Cli')) + $how)
    }
}

function Invoke-Publish {
    # All that can be wrong is found before the package is made, and long before it is sent.
    $publish = Get-Command Publish-PSResource -ErrorAction Ignore
    if (-not $publish) {
        throw ('Publish-PSResource is not here. It belongs to Microsoft.PowerShell.PSResourceGet, which comes with PowerShell 7.4 and later; ' +
            'elsewhere: Install-Module Microsoft.PowerShell.PSResourceGet.')
    }

    $key = if ($ApiKey) { ConvertFrom-SecureString $ApiKey -AsPlainText } else { $env:EXOCONNECT_PUBLISH_KEY }
    if (-not $key -and -not $WhatIfPreference) {
        throw ('There is no key to publish with. ' +
            'Give it with -ApiKey (Read-Host -AsSecureString), or in the environment variable EXOCONNECT_PUBLISH_KEY.')
    }

    Invoke-Package
    $manifest = Import-PowerShellDataFile (Join-Path $PSScriptRoot 'ExoConnect.psd1')
    $version = "$($manifest.ModuleVersion)-$($manifest.PrivateData.PSData.Prerelease)"
    $package = (Get-Output 'out/package') + "ExoConnect.$version.nupkg"
    if ($PSCmdlet.ShouldProcess("ExoConnect $version", "Publish to $Repository")) {
        # Older versions take only the folder, and make a package like ours of it.
        $takesPackage = $publish.Parameters.ContainsKey('NupkgPath')
        $what = if ($takesPackage) { @{ NupkgPath = $package } } else { @{ Path = (Get-Output 'out/package') + 'ExoConnect' } }
        Publish-PSResource @what -Repository $Repository -ApiKey $key
    }
}

Push-Location $PSScriptRoot
try {
    foreach ($one in $Task) {
        & "Invoke-$one"
    }
}
finally {
    Pop-Location
}
