using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace ExoConnect.LocalTenant.Catalog;

/// <summary>Writes the module that a session starts with: a function for each cmdlet (protocol.md section 3).</summary>
internal static class ModuleFile
{
    private static readonly FrozenDictionary<string, string> ClientTypes = new Dictionary<string, string>
    {
        ["Boolean"] = "bool",
        ["Byte"] = "byte",
        ["CultureInfo"] = "cultureinfo",
        ["DateTime"] = "datetime",
        ["Guid"] = "guid",
        ["Hashtable"] = "hashtable",
        ["Int32"] = "int",
        ["Int64"] = "long",
        ["MultiValuedProperty[String]"] = "System.Collections.Generic.List[string]",
        ["PSCredential"] = "pscredential",
        ["PswsHashtable"] = "hashtable",
        ["SecureString"] = "securestring",
        ["String"] = "string",
        ["SwitchParameter"] = "switch",
        ["System.Guid"] = "guid",
        ["System.Int32"] = "int",
        ["System.Int64"] = "long",
        ["System.String"] = "string",
        ["TimeSpan"] = "timespan",
        ["Version"] = "version",
        ["UInt16"] = "ushort",
        ["UInt32"] = "uint",
        ["Uri"] = "uri",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<CmdletDefinition, string> Functions = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether the module declares a parameter as a date, so that the client sends it in one form.</summary>
    public static bool IsTypedDate(ParameterDefinition parameter) => parameter.Type == "DateTime" && !parameter.IsUntyped;

    /// <summary>The reference's name of a type that is in a module file; the same where it has none.</summary>
    public static string ReferenceType(string clientType) =>
        ClientTypes.FirstOrDefault(type => type.Value == clientType && !type.Key.Contains('.', StringComparison.Ordinal) && type.Key != "Hashtable")
            .Key
            ?? clientType;

    /// <summary>The text of the module.</summary>
    /// <param name="service">The service of the cmdlets.</param>
    /// <param name="cmdlets">The cmdlets to export, in order.</param>
    /// <param name="keyXml">The key for secrets.</param>
    public static string Script(TenantService service, IReadOnlyList<CmdletDefinition> cmdlets, string keyXml)
    {
        var text = new StringBuilder(3_000_000);
        text.Append("<#\r\n.SYNOPSIS\r\nCmdlets of ")
            .Append(service == TenantService.SecurityCompliance ? "Security & Compliance" : "Exchange Online")
            .Append(" for this session.\r\n#>\r\n\r\n$script:PublicKeyXml = '").Append(keyXml).Append("'\r\n\r\n");
        text.Append(Preamble.ReplaceLineEndings("\r\n"));
        foreach (var cmdlet in cmdlets)
        {
            text.Append(Functions.GetOrAdd(cmdlet, Function));
        }

        return text.Append("\r\nExport-ModuleMember -Function @(").AppendJoin(", ", cmdlets.Select(cmdlet => $"'{cmdlet.Name}'")).Append(")\r\n")
            .ToString();
    }

    /// <summary>The views of the module's objects.</summary>
    public static string Formats()
    {
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<Configuration>\r\n  <ViewDefinitions>\r\n");
        foreach ((var type, var columns) in (ReadOnlySpan<(string, string[])>)
            [
                ("Microsoft.Exchange.Data.Directory.Management.Mailbox",
                    ["Name", "Alias", "Database", "ProhibitSendQuota", "ExternalDirectoryObjectId"]),
                ("Microsoft.Exchange.Data.Directory.Management.CASMailbox",
                    ["Name", "ActiveSyncEnabled", "OWAEnabled", "PopEnabled", "ImapEnabled", "MapiEnabled", "SmtpClientAuthenticationDisabled"]),
                ("Microsoft.Exchange.Data.Directory.Management.ReducedRecipient", ["Name", "RecipientType"]),
                ("Microsoft.Exchange.Data.Directory.Management.User", ["Name", "RecipientType"]),
                ("Microsoft.Exchange.Management.MapiTasks.Presentation.MailboxStatistics",
                    ["DisplayName", "ItemCount", "StorageLimitStatus", "LastLogonTime"]),
                ("Microsoft.Exchange.Data.Directory.Management.DistributionGroup", ["Name", "DisplayName", "GroupType", "PrimarySmtpAddress"]),
            ])
        {
            text.Append("    <View>\r\n      <Name>").Append(type).Append("</Name>\r\n      <ViewSelectedBy><TypeName>Deserialized.").Append(type)
                .Append("</TypeName></ViewSelectedBy>\r\n      <TableControl>\r\n        <TableHeaders>")
                .AppendJoin("", columns.Select(_ => "<TableColumnHeader />"))
                .Append("</TableHeaders>\r\n        <TableRowEntries><TableRowEntry><TableColumnItems>")
                .AppendJoin("", columns.Select(column => $"<TableColumnItem><PropertyName>{column}</PropertyName></TableColumnItem>"))
                .Append("</TableColumnItems></TableRowEntry></TableRowEntries>\r\n      </TableControl>\r\n    </View>\r\n");
        }

        return text.Append("  </ViewDefinitions>\r\n</Configuration>\r\n").ToString();
    }

    private const string Preamble =
        """
        function script:Protect-Secret
        {
            param(
            [System.Security.SecureString]
            $Secret
            )

            $rsa = [System.Security.Cryptography.RSA]::Create()
            $rsa.FromXmlString($script:PublicKeyXml)
            $text = [System.Net.NetworkCredential]::new('', $Secret).Password
            $bytes = [System.Text.Encoding]::UTF8.GetBytes($text)
            [System.Convert]::ToBase64String($rsa.Encrypt($bytes, [System.Security.Cryptography.RSAEncryptionPadding]::Pkcs1))
        }


        """;

    // Clients read the parameters and run code of their own; the rest has the size and the shape of the service's.
    private const string Begin =
        """
            begin
            {
                $batching = Execute-CmdletBatchingBeginBody -EnableBatchingStatus:{batching} -ExpectingInput $PSCmdlet.MyInvocation.ExpectingInput
                $started = [System.DateTime]::UtcNow
                $requestId = [System.Guid]::NewGuid().ToString()
                Write-Verbose ('Request {0} begins at {1:O}' -f $requestId, $started)
            }

            process
            {
                # Only what was given goes to the service: a parameter that is left out and one that is $null differ.
                $arguments = @{}

        """;

    private const string End =
        """
                $target = Execute-Command -CmdletName '{cmdlet}' -Parameters $PSBoundParameters{routing}
                $url = $script:InvokeCommandUrl
                do
                {
                    $attempt = 0
                    do
                    {
                        $response = Send-Request -Url $url -CmdletName '{cmdlet}' -Parameters $arguments -RequestId $requestId
                        $attempt++
                        if ($response.StatusCode -in 429, 503)
                        {
                            Start-Sleep -Seconds ([System.Math]::Min(60, [System.Math]::Max(1, $response.RetryAfter)))
                        }
                    }
                    while ($response.StatusCode -in 429, 503 -and $attempt -lt 3)

                    if ($response.StatusCode -ge 400)
                    {
                        $text = "{cmdlet}: {0} ({1})" -f $response.ErrorMessage, $response.ErrorType
                        $failure = [System.Exception]::new($text)
                        $record = [System.Management.Automation.ErrorRecord]::new($failure, $response.ErrorHash, 'NotSpecified', $null)
                        $PSCmdlet.WriteError($record)
                        return
                    }

                    foreach ($warning in $response.Warnings) { Write-Warning $warning }
                    foreach ($item in $response.Value) { Write-Output (ConvertFrom-WireValue -Value $item) }
                    $url = $response.NextLink
                }
                while ($url)
            }

            end
            {
                Write-Verbose ('Request {0} took {1} ms' -f $requestId, ([System.DateTime]::UtcNow - $started).TotalMilliseconds)
            }
        }

        """;

    private static string Function(CmdletDefinition cmdlet)
    {
        var text = new StringBuilder();
        text.Append("\r\nfunction script:").Append(cmdlet.Name).Append("\r\n{\r\n    [CmdletBinding(");
        var options = new List<string>();
        if (cmdlet.SupportsShouldProcess)
        {
            options.Add("SupportsShouldProcess=$true");
            options.Add($"ConfirmImpact='{(cmdlet.IsOfHighImpact ? "High" : "Medium")}'");
        }

        if (cmdlet.DefaultParameterSet is string set)
        {
            options.Add($"DefaultParameterSetName='{Quote(set)}'");
        }

        text.AppendJoin(", ", options).Append(")]\r\n    param(\r\n");
        var separator = "";
        foreach (var parameter in cmdlet.Parameters)
        {
            // PowerShell adds these two itself.
            if (parameter.Name is "Confirm" or "WhatIf" && cmdlet.SupportsShouldProcess)
            {
                continue;
            }

            text.Append(separator);
            Append(text, parameter);
            separator = ",\r\n\r\n";
        }

        text.Append("\r\n    )\r\n\r\n").Append(
            Begin.ReplaceLineEndings("\r\n").Replace("{batching}", cmdlet.IsBatched ? "$true" : "$false", StringComparison.Ordinal));
        foreach (var parameter in cmdlet.Parameters)
        {
            text.Append("            if ($PSBoundParameters.ContainsKey('").Append(parameter.Name).Append("')) { $arguments['").Append(parameter.Name)
                .Append("'] = ConvertTo-WireValue -Value $PSBoundParameters['").Append(parameter.Name).Append("'] -Type '")
                .Append(Quote(parameter.Type)).Append("' }\r\n");
        }

        return text.Append(
            End.ReplaceLineEndings("\r\n").Replace("{cmdlet}", cmdlet.Name, StringComparison.Ordinal)
                .Replace("{routing}", Routing(cmdlet), StringComparison.Ordinal)).ToString();
    }

    // The service's own text, which clients read as data.
    private static string Routing(CmdletDefinition cmdlet)
    {
        return cmdlet.RoutedBy is null
            ? ""
            : $" -ParameterBasedRoutingHintDelegate Get-Mailbox{(cmdlet.IsRoutedByFolder ? "Folder" : "")}IDBasedRoutingHint"
                + $" -ParameterBasedRoutingHintParameterValue ${cmdlet.RoutedBy}"
                + " -UseParameterBasedRouting (Should-UseCustomRoutingHint $UseCustomRouting.IsPresent)";
    }

    private static void Append(StringBuilder text, ParameterDefinition parameter)
    {
        foreach (var set in parameter.Sets.DistinctBy(set => set.Name))
        {
            var options = new List<string>();
            if (set.Name != ParameterDefinition.AllSets)
            {
                options.Add($"ParameterSetName='{Quote(set.Name)}'");
            }

            if (set.Mandatory)
            {
                options.Add("Mandatory=$true");
            }

            if (set.Position is int position)
            {
                options.Add(string.Create(CultureInfo.InvariantCulture, $"Position={position}"));
            }

            if (set.Pipeline)
            {
                options.Add("ValueFromPipeline=$true");
            }

            if (set.PipelineByName)
            {
                options.Add("ValueFromPipelineByPropertyName=$true");
            }

            text.Append("    [Parameter(").AppendJoin(", ", options).Append(")]\r\n");
        }

        if (parameter.Aliases.Count > 0)
        {
            text.Append("    [Alias(").AppendJoin(", ", parameter.Aliases.Select(alias => $"'{Quote(alias)}'")).Append(")]\r\n");
        }

        if (parameter.NotEmpty || parameter.NotNull)
        {
            text.Append("    [ValidateNotNull").Append(parameter.NotEmpty ? "OrEmpty" : "").Append("()]\r\n");
        }

        if (parameter.Range is (long least, long most))
        {
            text.Append(CultureInfo.InvariantCulture, $"    [ValidateRange({least}, {most})]\r\n");
        }

        var values = EnumValues.Of(parameter.Type);
        if (values is not null)
        {
            text.Append("    [ValidateSet(").AppendJoin(", ", values.Select(value => $"'{value}'")).Append(")]\r\n");
        }

        text.Append("    [").Append(ClientType(parameter, values is not null)).Append("]\r\n    $").Append(parameter.Name);
    }

    private static string ClientType(ParameterDefinition parameter, bool isEnum)
    {
        if (parameter.IsUntyped)
        {
            return "System.Object";
        }

        var element = isEnum ? "string" : ClientTypes.GetValueOrDefault(parameter.ElementType, "System.Object");
        return parameter.IsArray && parameter.Type != "Byte[]" ? $"{element}[]" : parameter.Type == "Byte[]" ? "byte[]" : element;
    }

    private static string Quote(string text) => text.Replace("'", "''", StringComparison.Ordinal);
}
