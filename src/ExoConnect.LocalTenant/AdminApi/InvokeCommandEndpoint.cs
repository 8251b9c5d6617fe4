using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using ExoConnect.LocalTenant.Catalog;
using ExoConnect.LocalTenant.Cmdlets;
using ExoConnect.LocalTenant.Data;
using ExoConnect.LocalTenant.Objects;
using ExoConnect.LocalTenant.Responses;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.AdminApi;

/// <summary>Runs cmdlets: <c>POST .../InvokeCommand</c> (protocol.md section 4).</summary>
/// <param name="data">Their data.</param>
internal sealed class InvokeCommandEndpoint(TenantData data)
{
    private const int DefaultResultSize = 1000;

    // The cmdlets whose reference requires -EnableSearchOnlySession, and the others of their nouns; a message of Microsoft's names thirteen.
    private static readonly FrozenSet<string> SearchOnlyCmdlets = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "New-ComplianceCase", "Set-ComplianceCase", "Remove-ComplianceCase",
        "Get-ComplianceSearch", "New-ComplianceSearch", "Set-ComplianceSearch", "Start-ComplianceSearch", "Stop-ComplianceSearch",
        "Remove-ComplianceSearch",
        "Get-ComplianceSearchAction", "New-ComplianceSearchAction", "Set-ComplianceSearchAction", "Remove-ComplianceSearchAction");

    private const string DefaultSizeWarning =
        "By default, only the first 1000 items are returned. Use the ResultSize parameter to specify the number of items returned. "
        + "To return all items, specify \"-ResultSize Unlimited\". Be aware that, depending on the actual number of items, returning all items can "
        + "take a long time and consume a large amount of memory. Also, we don't recommend storing the results in a variable. Instead, pipe the "
        + "results to another task or script to perform batch changes.";

    private const string MoreResultsWarning =
        "There are more results available than are currently displayed. To view them, increase the value for the ResultSize parameter.";

    private readonly ParameterBinder _binder = new(data.Key);

    /// <summary>Runs the cmdlet that a request's body names.</summary>
    /// <exception cref="ServiceError">It fails.</exception>
    public Response Execute(AdminRequest request)
    {
        using var body = ParseBody(request.Body);
        if (body.RootElement.ValueKind != JsonValueKind.Object
            || !body.RootElement.TryGetProperty("CmdletInput", out var input) || input.ValueKind != JsonValueKind.Object
            || !input.TryGetProperty("CmdletName", out var nameElement) || nameElement.GetString() is not string name)
        {
            throw ServiceError.Request(
                StatusCodes.Status400BadRequest, "BadRequest",
                "The parameter 'CmdletInput' in the request payload is missing or has no 'CmdletName'.");
        }

        if (data.Catalog.Find(request.Service, name) is not CmdletDefinition cmdlet
            || !RoleAccess.Allows(request.Caller, request.Service, cmdlet, data))
        {
            return request.Service == TenantService.ExchangeOnline
                ? Response.ForbiddenCmdlet()
                : ServiceError.Request(
                    StatusCodes.Status403Forbidden, "Forbidden",
                    $"The cmdlet '{name}' isn't available to the caller: it doesn't exist or the roles of the caller don't include it.").ToResponse(
                        request.WantsClixml);
        }

        // Since 30 April 2026; the text is the service's.
        if (request.Service == TenantService.SecurityCompliance && !request.Caller.IsSearchOnly && SearchOnlyCmdlets.Contains(cmdlet.Name))
        {
            throw ServiceError.Invalid(
                "Please close the current PowerShell session and open a new session using Connect-IPPSSession with the -EnableSearchOnlySession "
                + "flag. This requires using ExchangeOnlineManagement v3.9.0 or higher.");
        }

        var parameters = _binder.Bind(cmdlet, input.TryGetProperty("Parameters", out var given) ? given : default);
        var token = SkipToken.Parse(request.Query("$skiptoken"));
        var call = new CmdletCall(cmdlet, parameters, request.Service, request.Caller, data, token.Start);
        var source = CmdletTable.For(cmdlet)(call);
        (var limit, var byDefault) = ResultSize(cmdlet, parameters);
        var page = ResultPage.Read(source, token, request.PageSize, limit);
        if (page.LimitReached)
        {
            call.Warnings.Add(byDefault ? DefaultSizeWarning : MoreResultsWarning);
        }

        var clixml = request.WantsClixml;
        var selection = Selection.Parse(request.Query("$select"));
        return new Response(StatusCodes.Status200OK,
            (sink, cancellationToken) => WriteAsync(sink, request, call, page, selection, clixml, cancellationToken));
    }

    private static JsonDocument ParseBody(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException failure)
        {
            throw ServiceError.Request(
                StatusCodes.Status400BadRequest, "BadRequest", $"The request payload is not valid JSON: {failure.Message}");
        }
    }

    private static (long? Limit, bool ByDefault) ResultSize(CmdletDefinition cmdlet, BoundParameters parameters)
    {
        if (cmdlet.Find("ResultSize") is not { } parameter)
        {
            return (null, false);
        }

        // If the size is a number, the cmdlet has a default and texts of its own.
        var text = parameters.Text("ResultSize");
        return text is null
            ? parameter.Type == "Int32" ? (null, false) : (DefaultResultSize, true)
            : (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null, false);
    }

    private async ValueTask WriteAsync(
        Utf8Sink sink, AdminRequest request, CmdletCall call, ResultPage page, Selection? selection, bool clixml, CancellationToken cancellationToken)
    {
        sink.Write("{\"@odata.context\":"u8);
        sink.WriteString($"{request.Origin}/adminapi/beta/{data.TenantId:D}/$metadata#Collection(Exchange.GenericHashTable)");
        sink.Write(",\"adminapi.warnings@odata.type\":\"#Collection(String)\",\"@adminapi.warnings\":"u8);
        WireName.WriteValue(sink, call.Warnings);
        if (call.Errors.Count > 0)
        {
            sink.Write(",\"adminapi.errors@odata.type\":\"#Collection(String)\",\"@adminapi.errors\":"u8);
            WireName.WriteValue(sink, call.Errors);
        }

        if (call.Confirmation is not null)
        {
            sink.Write(",\"@adminapi.confirmationmessage\":"u8);
            sink.WriteString(call.Confirmation);
        }

        if (page.Next is SkipToken next)
        {
            sink.Write(",\"@odata.nextLink\":"u8);
            sink.WriteString(request.NextLink(next));
        }

        // In clixml one element holds one document for all objects of the page, even for none.
        var document = clixml ? new ClixmlWriter(sink) : null;
        sink.Write(clixml ? ",\"value\":[{\"_cliXml\":"u8 : ",\"value\":["u8);
        document?.Begin();
        for (var i = 0; i < page.Records.Count; i++)
        {
            if (document is not null)
            {
                document.Write(page.Records[i], selection);
            }
            else
            {
                sink.Write(i > 0 ? ","u8 : default);
                page.Records[i].WriteJson(sink, selection);
            }

            if (sink.WantsFlush)
            {
                await sink.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        document?.End();
        sink.Write(clixml ? "}]}"u8 : "]}"u8);
    }
}
