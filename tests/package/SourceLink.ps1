# Reads out of an assembly with an embedded PDB where a debugger finds its source, and fails where that is nowhere or not at the commit.
param([string] $Assembly, [string] $Commit)

$ErrorActionPreference = 'Stop'
$sourceLink = [guid]'CC110556-A091-4D38-9FEC-25AB9A351A6A'
$file = [Reflection.PortableExecutable.PEReader]::new([IO.File]::OpenRead($Assembly))
$entry = $file.ReadDebugDirectory() | Where-Object Type -EQ EmbeddedPortablePdb
if (-not $entry) { throw "$Assembly has no embedded PDB." }
$pdb = $file.ReadEmbeddedPortablePdbDebugDirectoryData($entry).GetMetadataReader()
$text = foreach ($handle in $pdb.CustomDebugInformation) {
    $info = $pdb.GetCustomDebugInformation($handle)
    if ($pdb.GetGuid($info.Kind) -eq $sourceLink) { [Text.Encoding]::UTF8.GetString($pdb.GetBlobBytes($info.Value)) }
}

if ("$text" -notmatch "https://raw\.githubusercontent\.com/[\w-]+/[\w-]+/$Commit/\*") { throw "$Assembly has no SourceLink to ${Commit}: $text" }
"SourceLink: $text"
