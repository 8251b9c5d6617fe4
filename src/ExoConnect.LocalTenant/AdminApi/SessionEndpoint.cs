using System.Text.RegularExpressions;
using ExoConnect.LocalTenant.Catalog;
using ExoConnect.LocalTenant.Data;
using ExoConnect.LocalTenant.Responses;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.AdminApi;

/// <summary>The start of a session: the module file and the banner (protocol.md section 3).</summary>
internal sealed class SessionEndpoint(TenantData data)
{
    /// <summary>The module file, limited to the cmdlets that the caller may run and requests.</summary>
    public Response ModuleFiles(AdminRequest request)
    {
        var granted = RoleAccess.Of(request.Caller, request.Service, data);
        var wanted = Pattern(request.Header("CommandName"));
        CmdletDefinition[] cmdlets =
        [
            .. data.Catalog.Of(request.Service)
                .Where(cmdlet => RoleAccess.Allows(granted, cmdlet) && (wanted is null || wanted.IsMatch(cmdlet.Name))),
        ];
        var name = request.Service == TenantService.SecurityCompliance ? "SecurityCompliance" : "ExchangeOnline";
        var other = request.Service == TenantService.ExchangeOnline ? data.Module : null;
        var script = other?.Script ?? ModuleFile.Script(request.Service, cmdlets, data.Key.PublicKeyXml);
        return Response.Of(StatusCodes.Status200OK, sink =>
        {
            sink.Write("{\"@odata.context\":"u8);
            sink.WriteString($"{request.Origin}/adminapi/v1.0/{data.TenantId:D}/$metadata#EXOModuleFile");
            sink.Write(",\"value\":[{\"fileName\":"u8);
            sink.WriteString($"{name}.psm1");
            sink.Write(",\"fileContent\":"u8);
            sink.WriteString(script);
            sink.Write("},{\"fileName\":"u8);
            sink.WriteString($"{name}.Format.ps1xml");
            sink.Write(",\"fileContent\":"u8);
            sink.WriteString(ModuleFile.Formats());
            sink.Write("}],\"exportedCmdlets\":"u8);
            sink.WriteString(string.Join(',', other?.Cmdlets ?? cmdlets.Select(cmdlet => cmdlet.Name)));
            sink.Write("}"u8);
        });
    }

    /// <summary>The text that a client may show after it connected.</summary>
    public Response Banner(AdminRequest request)
    {
        var service = request.Service == TenantService.SecurityCompliance ? "Security & Compliance" : "Exchange Online";
        return Response.Of(StatusCodes.Status200OK, sink =>
        {
            sink.Write("{\"@odata.context\":"u8);
            sink.WriteString($"{request.Origin}/adminapi/beta/{data.TenantId:D}/$metadata#Collection(Exchange.Banner)");
            sink.Write(",\"value\":[{\"moduleBannerContent\":"u8);
            sink.WriteString($"You are connected to {service} of {data.Organization}, a local tenant for tests: nothing here leaves this machine.");
            sink.Write("}]}"u8);
        });
    }

    /// <summary>
    /// Whether the API runs, <c>basicinfo('AdminApiState')</c>. Microsoft's Get-ConnectionInformation requests it before it calls a
    /// connection connected.
    /// </summary>
    /// <exception cref="ServiceError">The request names another item.</exception>
    public Response BasicInfo(AdminRequest request)
    {
        const string State = "AdminApiState";
        var name = ResourcePath.Parse(request.RawPath)[0].Key(encoded: false) ?? "";
        return !name.Equals(State, StringComparison.OrdinalIgnoreCase) ? throw ServiceError.ObjectNotFound(name)
            : Response.Of(StatusCodes.Status200OK, sink =>
            {
                sink.Write("{\"@odata.context\":"u8);
                sink.WriteString($"{request.Origin}/adminapi/beta/{data.TenantId:D}/$metadata#BasicInfo/$entity");
                sink.Write(",\"PropertyName\":"u8);
                sink.WriteString(State);
                sink.Write(",\"PropertyValue\":\"Running\"}"u8);
            });
    }

    private static Regex? Pattern(string? names)
    {
        var patterns = (names ?? "*").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (patterns.Length == 0 || patterns.Contains("*"))
        {
            return null;
        }

        var alternatives = patterns.Select(pattern =>
            Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal));
        return new Regex(
            $"^({string.Join('|', alternatives)})$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }
}
