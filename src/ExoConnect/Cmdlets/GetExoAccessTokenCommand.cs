using System.Management.Automation;
using System.Security;
using ExoConnect.Completion;
using ExoConnect.Core.Errors;
using ExoConnect.Output;
using ExoConnect.Pipeline;
using ExoConnect.Sessions;

namespace ExoConnect.Cmdlets;

/// <summary>Gets the token of a connection's identity for any service.</summary>
[Cmdlet(VerbsCommon.Get, "ExoAccessToken", DefaultParameterSetName = "Secure")]
[OutputType(typeof(SecureString), typeof(string), typeof(TokenInformation))]
public sealed class GetExoAccessTokenCommand : AsyncCmdlet
{
    /// <summary>The service, by name or by its address, or any resource's identifier; by default the connection's own.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(ResourceCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Resource { get; set; }

    /// <summary>The token as text; whoever sees it can use it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Plain")]
    public SwitchParameter AsPlainText { get; set; }

    /// <summary>The token's content, without its signature.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Decode")]
    public SwitchParameter Decode { get; set; }

    /// <summary>The connection, by name or id; by default the default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Connection { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            var session = SessionFinder.Find(Connection);
            var token = Bridge.Run(stop => session.GetTokenAsync(Resource, stop));
            WriteObject(Decode ? TokenInformation.Of(token) : AsPlainText ? token.Value : Secure(token.Value));
        }
        catch (ExoException e)
        {
            ThrowEngineError(e);
        }
    }

    private static SecureString Secure(string text)
    {
        var secure = new SecureString();
        foreach (var c in text)
        {
            secure.AppendChar(c);
        }

        secure.MakeReadOnly();
        return secure;
    }
}
