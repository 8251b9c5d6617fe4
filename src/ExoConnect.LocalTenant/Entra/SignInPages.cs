using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.Entra;

/// <summary>
/// The pages of a user: sign in, approve a second factor, enter a device's code. Plain forms without script, so that a user, a test
/// with a browser and a test without one can all use them. Fields: <c>username</c>, <c>password</c>, <c>code</c>; buttons: <c>action</c> =
/// <c>signin</c>, <c>approve</c>, <c>cancel</c>.
/// </summary>
internal sealed class SignInPages(TenantRegistry registry, UserEndpoint users, UserGrants grants)
{
    private static readonly string[] Kept =
    [
        "client_id", "response_type", "redirect_uri", "response_mode", "scope", "state", "nonce", "code_challenge", "code_challenge_method", "claims",
    ];

    /// <summary>The authorization endpoint (RFC 6749 section 4.1.1, with PKCE).</summary>
    public async Task AuthorizeAsync(HttpContext context, string? tenant, IFormCollection? form)
    {
        var values = Kept.ToDictionary(
            name => name, name => (form is null ? context.Request.Query[name] : form[name]).ToString(), StringComparer.Ordinal);
        TenantApplication app;
        try
        {
            // An app without a trusted redirect URI gets no response; the page shows the error.
            app = users.App(tenant, values["client_id"]);
            CheckRedirect(values["redirect_uri"]);
        }
        catch (EntraException e)
        {
            await WriteAsync(context, "Sorry, but we're having trouble signing you in", Error(e), StatusCodes.Status400BadRequest).ConfigureAwait(
                false);
            return;
        }

        try
        {
            if (values["response_type"] != "code")
            {
                throw EntraException.UnsupportedGrant(values["response_type"]);
            }

            if (values["code_challenge"].Length == 0 || values["code_challenge_method"] != "S256")
            {
                throw EntraException.MissingParameter("code_challenge");
            }

            _ = users.Scope(app, values["scope"]);
            if (form is null)
            {
                await WriteSignInAsync(context, app, values, context.Request.Query["login_hint"].ToString(), null).ConfigureAwait(false);
                return;
            }

            if (await PersonAsync(context, app, form, values).ConfigureAwait(false) is { } grant)
            {
                await RespondAsync(context, values,
                    [("code", grants.AddCode(grant, values["redirect_uri"], values["code_challenge"]))]).ConfigureAwait(false);
            }
        }
        catch (EntraException e)
        {
            await RespondAsync(context, values, [("error", e.Error), ("error_description", $"AADSTS{e.Code}: {e.Message}")]).ConfigureAwait(false);
        }
    }

    /// <summary>The page for a device's code.</summary>
    public async Task DeviceAsync(HttpContext context, IFormCollection? form)
    {
        var code = (form is null ? context.Request.Query["code"] : form["code"]).ToString();
        var values = new Dictionary<string, string> { ["code"] = code };
        if (form is null)
        {
            var body = $"""<form method="post"><p><label>Code <input name="code" value="{Html(code)}" autofocus></label></p>{Person("")}</form>""";
            await WriteAsync(context, "Enter the code of your device", body).ConfigureAwait(false);
            return;
        }

        if (grants.FindDeviceOfUser(code) is not { } device)
        {
            var again = $"""{Error(EntraException.WrongUserCode())}<form method="post"><p><label>Code <input name="code"></label></p>{Person(form["username"].ToString())}</form>""";
            await WriteAsync(context, "Enter the code of your device", again, StatusCodes.Status400BadRequest).ConfigureAwait(false);
            return;
        }

        try
        {
            if (await PersonAsync(context, device.App, form, values).ConfigureAwait(false) is not { } grant)
            {
                return;
            }

            device.Grant = grant;
            await WriteAsync(context, "You have signed in",
                $"<p>{Html(device.App.Name)} goes on on your device. You can close this window.</p>").ConfigureAwait(false);
        }
        catch (EntraException e)
        {
            device.IsDeclined = true;
            await WriteAsync(context, "You have declined", Error(e)).ConfigureAwait(false);
        }
    }

    /// <summary>Identifies the user; null if another page was shown.</summary>
    private async Task<UserGrant?> PersonAsync(HttpContext context, TenantApplication app, IFormCollection form, Dictionary<string, string> values)
    {
        var action = form["action"].ToString();
        if (action == "cancel")
        {
            throw EntraException.Declined();
        }

        if (action == "approve")
        {
            return grants.TakeTicket(form["ticket"].ToString()) is { } waiting && waiting.App == app ? waiting with { PassedMfa = true }
                : throw EntraException.Declined();
        }

        TenantUser user;
        try
        {
            user = users.SignIn(form["username"].ToString(), form["password"].ToString());
            if (user.IsBlocked)
            {
                throw EntraException.BlockedByPolicy();
            }
        }
        catch (EntraException e)
        {
            await WriteSignInAsync(context, app, values, form["username"].ToString(), e).ConfigureAwait(false);
            return null;
        }

        var grant = new UserGrant(app, user, PassedMfa: false, user.Sessions);
        if (!user.RequiresMfa)
        {
            return grant;
        }

        var body = $"""
            <p>Approve the sign-in of {Html(user.UserPrincipalName)} with your second factor.</p>
            <form method="post">{Hidden(values)}<input type="hidden" name="ticket" value="{grants.AddTicket(grant)}">{Buttons("approve", "Approve")}</form>
            """;
        await WriteAsync(context, "Approve sign-in request", body).ConfigureAwait(false);
        return null;
    }

    // RFC 8252 section 7.3: the app chooses the port of a loopback address.
    private static void CheckRedirect(string redirectUri)
    {
        if (!Uri.TryCreate(redirectUri, UriKind.Absolute, out var address) || address.Scheme != "http" || !address.IsLoopback
            || address.Fragment.Length > 0)
        {
            throw EntraException.WrongRedirect(redirectUri);
        }
    }

    private static async Task RespondAsync(HttpContext context, Dictionary<string, string> values, (string Name, string Value)[] response)
    {
        (string Name, string Value)[] all = [.. response, ("state", values["state"])];
        if (values["response_mode"] == "form_post")
        {
            var fields = string.Concat(all.Select(a => $"""<input type="hidden" name="{a.Name}" value="{Html(a.Value)}">"""));
            var body = $"""
                <form method="post" action="{Html(values["redirect_uri"])}">{fields}<noscript><button>Continue</button></noscript></form>
                <script>document.forms[0].submit()</script>
                """;
            await WriteAsync(context, "Working…", body).ConfigureAwait(false);
            return;
        }

        var query = string.Join('&', all.Select(a => $"{a.Name}={Uri.EscapeDataString(a.Value)}"));
        context.Response.Redirect($"{values["redirect_uri"]}{(values["redirect_uri"].Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}");
    }

    private Task WriteSignInAsync(
        HttpContext context, TenantApplication app, Dictionary<string, string> values, string hint, EntraException? problem) =>
        WriteAsync(
            context,
            "Sign in",
            $"""
            <p>to let {Html(app.Name)} act for you in {Html(registry.Organization)}</p>
            {(problem is null ? "" : Error(problem))}
            <form method="post">{Hidden(values)}{Person(hint)}</form>
            """);

    private static string Person(string name) => $"""
        <p><label>User name <input name="username" value="{Html(name)}" autocomplete="off"></label></p>
        <p><label>Password <input name="password" type="password" autocomplete="off"></label></p>
        {Buttons("signin", "Sign in")}
        """;

    private static string Buttons(string action, string text) =>
        $"""<p><button name="action" value="{action}">{text}</button> <button name="action" value="cancel">Cancel</button></p>""";

    private static string Hidden(Dictionary<string, string> values) =>
        string.Concat(values.Where(v => v.Value.Length > 0).Select(v => $"""<input type="hidden" name="{v.Key}" value="{Html(v.Value)}">"""));

    private static string Error(EntraException e) => $"""<p id="error">AADSTS{e.Code}: {Html(e.Message)}</p>""";

    private static string Html(string text) => WebUtility.HtmlEncode(text);

    private static async Task WriteAsync(HttpContext context, string title, string body, int status = StatusCodes.Status200OK)
    {
        var page = Encoding.UTF8.GetBytes($"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>{Html(title)}</title><meta name="viewport" content="width=device-width"></head>
            <body><h1>{Html(title)}</h1>{body}<p><small>A local tenant on this machine.</small></p></body></html>
            """);
        var response = context.Response;
        response.StatusCode = status;
        response.Headers.CacheControl = "no-store, no-cache";
        response.Headers.XFrameOptions = "DENY";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = page.Length;
        await response.Body.WriteAsync(page, context.RequestAborted).ConfigureAwait(false);
    }
}
