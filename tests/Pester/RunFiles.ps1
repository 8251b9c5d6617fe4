# Runs Pester files one after another in this PowerShell, for `dotnet test`. Each request comes as a line through a named pipe: the file, where
# its results go, and the line to print when it has ended.
param([string] $PipeName, [string] $PesterManifest)

$PSStyle.OutputRendering = 'PlainText'
Import-Module $PesterManifest -ErrorAction Stop
$requestPipe = [IO.Pipes.NamedPipeClientStream]::new('.', $PipeName, [IO.Pipes.PipeDirection]::In)
$requestPipe.Connect(60000)
$requestReader = [IO.StreamReader]::new($requestPipe)
while ($requestLine = $requestReader.ReadLine()) {
    $request = $requestLine | ConvertFrom-Json
    $configuration = New-PesterConfiguration
    $configuration.Run.Path = $request.File
    $configuration.Run.PassThru = $true
    $configuration.Output.Verbosity = 'Detailed'
    $configuration.Output.RenderMode = 'Plaintext'
    $configuration.TestResult.Enabled = $true
    $configuration.TestResult.OutputFormat = 'JUnitXml'
    $configuration.TestResult.OutputPath = $request.Results
    Write-Host "$($request.End) $((Invoke-Pester -Configuration $configuration).Result)"
}
