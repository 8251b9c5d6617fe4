using System.Net;
using System.Text.RegularExpressions;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.LocalTenant.Hosting;
using ExoConnect.Tests;

namespace ExoConnect.Core.Tests.Authentication;

/// <summary>Somebody who signs in at the local tenant's pages as a browser would, field by field.</summary>
internal sealed partial class Person(Tenant tenant, string? user = null, string? password = null) : ISignInInteraction, IDisposable
{
    private readonly TenantClient _client = new(tenant);
    private readonly HttpClient _loopback = new();

    /// <summary>What the person does with a device's code; null for signing in at the page.</summary>
    public Action<DeviceCodePrompt>? OnCode { get; init; }

    /// <summary>Which button the person presses first.</summary>
    public string Action { get; init; } = "signin";

    public List<DeviceCodePrompt> Codes { get; } = [];

    public List<Uri> Pages { get; } = [];

    /// <summary>What the last page said.</summary>
    public Task<string> Visit { get; private set; } = Task.FromResult("");

    public void ShowDeviceCode(DeviceCodePrompt prompt)
    {
        Codes.Add(prompt);
        if (OnCode is not null)
        {
            OnCode(prompt);
            return;
        }

        Visit = Task.Run(() => SignInAsync(prompt.Address, [("code", prompt.UserCode)]));
    }

    public Task OpenBrowserAsync(Uri address, CancellationToken cancellationToken)
    {
        Pages.Add(address);
        Visit = Task.Run(() => SignInAsync(address, []), cancellationToken);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _client.Dispose();
        _loopback.Dispose();
    }

    private async Task<string> SignInAsync(Uri address, (string, string)[] more)
    {
        var page = await _client.Http.GetStringAsync(address);
        if (!Target().IsMatch(page))
        {
            page = await SubmitAsync(
                address, page, [.. more, ("username", user ?? tenant.AdministratorName), ("password", password ?? tenant.AdministratorPassword),
                    ("action", Action)]);
        }

        if (page.Contains("value=\"approve\"", StringComparison.Ordinal))
        {
            page = await SubmitAsync(address, page, [("action", "approve")]);
        }

        return Target().Match(page) is { Success: true } target ? await RespondAsync(new Uri(WebUtility.HtmlDecode(target.Groups[1].Value)), page)
            : page;
    }

    private async Task<string> SubmitAsync(Uri address, string page, (string Name, string Value)[] fields)
    {
        var names = fields.Select(f => f.Name).ToHashSet();
        var values = Hidden(page).Where(f => !names.Contains(f.Key)).Concat(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var content = new FormUrlEncodedContent(values);
        using var response = await _client.Http.PostAsync(address, content);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Brings the response to the program, which begins to listen only when the browser is open.</summary>
    private async Task<string> RespondAsync(Uri program, string page)
    {
        Assert.True(program.IsLoopback);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var content = new FormUrlEncodedContent(Hidden(page));
                using var response = await _loopback.PostAsync(program, content);
                return await response.Content.ReadAsStringAsync();
            }
            catch (HttpRequestException) when (attempt < 200)
            {
                await Task.Delay(20);
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Hidden(string page) =>
        Field().Matches(page).Select(m => KeyValuePair.Create(m.Groups[1].Value, WebUtility.HtmlDecode(m.Groups[2].Value)));

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\">")]
    private static partial Regex Field();

    [GeneratedRegex("<form method=\"post\" action=\"([^\"]+)\">")]
    private static partial Regex Target();
}
