using System.Buffers;
using System.Text.Json;
using ExoConnect.Core.AdminApi;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Sessions;

/// <summary>Makes the request that runs a cmdlet (protocol.md section 4).</summary>
/// <param name="session">The session.</param>
/// <param name="catalog">The session's list of cmdlets.</param>
internal sealed class CmdletRequestBuilder(SessionDescription session, SessionCatalog catalog)
{
    /// <summary>Makes the request.</summary>
    /// <param name="request">The cmdlet.</param>
    /// <returns>The request.</returns>
    /// <exception cref="ExoException">The cmdlet or a parameter is invalid.</exception>
    public AdminRequest Build(CmdletRequest request)
    {
        if (RequestCheck.Find(request) is { } wrong)
        {
            throw wrong;
        }

        catalog.Current.TryGet(request.Name, out var cmdlet);
        var body = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteStartObject("CmdletInput");
            json.WriteString("CmdletName", request.Name);
            json.WritePropertyName("Parameters");
            catalog.Serializer.Write(
                json,
                request.Parameters.Where(static p => !p.Key.Equals(CmdletDefinition.RoutingSwitch, StringComparison.OrdinalIgnoreCase)).Concat(
                    request.CommonParameters),
                cmdlet);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return new AdminRequest
        {
            Path = request.Properties.Count == 0 ? "InvokeCommand" : "InvokeCommand?$select=" + string.Join(',', request.Properties),
            Body = body.WrittenMemory,
            CmdletName = request.Name,
            Command = request.Command,
            Parameters = request.Parameters,
            IsSelection = request.Properties.Count > 0,
            ResponseFormat = request.Properties.Count == 0 ? request.ResponseFormat : ResponseFormat.Json,
            Target = request.Target,
            IsRead = request.IsRead,
            IsListing = request.IsListing,
            IsSingle = cmdlet is { IsBatched: false },
            Anchor = session.Service == ExoService.ExchangeOnline ? RoutingAnchor.FromParameters(cmdlet, request.Parameters, session.TenantId) : null,
            PageSize = request.PageSize,
            Limit = request.MostObjects is > 0 and var most ? most : null,
            Headers = request.WarningAction is { } action ? new Dictionary<string, string> { ["WarningAction"] = action } : AdminRequest.NoHeaders,
        };
    }
}
