using System.Globalization;
using System.Text.RegularExpressions;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Objects;
using ExoConnect.Core.RestEntities;

namespace ExoConnect.Core.Sessions;

/// <summary>Finds mistakes in a cmdlet, before anything is sent.</summary>
internal static partial class RequestCheck
{
    /// <summary>The parameters that choose the object. The service ignores a blank one, so it would return everything.</summary>
    private static readonly string[] Choosing = [CmdletRequest.IdentityName, "Mailbox"];

    /// <summary>Finds the first mistake.</summary>
    /// <param name="request">The cmdlet.</param>
    /// <returns>The error; null for none.</returns>
    public static ExoException? Find(CmdletRequest request)
    {
        if (!CmdletName().IsMatch(request.Name))
        {
            return ArgumentErrors.Invalid(
                ErrorIds.InvalidCmdletName, "Name", request.Name,
                $"'{request.Name}' is not a valid cmdlet name.",
                "Give a verb and a noun, as in Get-Mailbox.");
        }

        if (request.Properties.FirstOrDefault(p => !PropertyName().IsMatch(p)) is { } wrong)
        {
            return ArgumentErrors.Invalid(
                ErrorIds.InvalidPropertyName, "Property", wrong,
                $"'{wrong}' is not a valid property name.",
                "Give names of letters, digits and underscores, as in DisplayName; the service accepts no wildcards.");
        }

        if (request.PageSize is < 1 or > 1000)
        {
            return ArgumentErrors.Invalid(
                ErrorIds.InvalidPageSize, "PageSize", request.PageSize,
                string.Create(CultureInfo.InvariantCulture, $"A page can't hold {request.PageSize} objects."),
                "Give 1 to 1000; the service sends no more at once.");
        }

        if (request.TryFind("ResultSize", out var size) && !CmdletRequest.IsBlank(size))
        {
            try
            {
                ResultSize.Parse(Convert.ToString(size, CultureInfo.InvariantCulture) ?? "");
            }
            catch (ExoException e)
            {
                return e;
            }
        }

        foreach (var parameter in Choosing)
        {
            if (request.TryFind(parameter, out var value) && FindInName(request, parameter, value) is { } nameless)
            {
                return nameless;
            }
        }

        return null;
    }

    private static ExoException? FindInName(CmdletRequest request, string parameter, object? value)
    {
        if (CmdletRequest.IsBlank(value))
        {
            const string Where = "is the variable or the column that it comes from empty?";
            return ArgumentErrors.Invalid(
                ErrorIds.BlankParameter, parameter, request.Input,
                $"{request.Command}: -{parameter} is blank.",
                request.IsRead ? $"Name an object, or leave -{parameter} out to get all; {Where}" : $"Name an object; {Where}");
        }

        try
        {
            ObjectNames.Identify(parameter, value!);
            return null;
        }
        catch (ExoException e)
        {
            return e;
        }
    }

    [GeneratedRegex(@"^[A-Za-z]{1,40}-[A-Za-z0-9_]{1,120}\z", RegexOptions.CultureInvariant)]
    private static partial Regex CmdletName();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,200}\z", RegexOptions.CultureInvariant)]
    private static partial Regex PropertyName();
}
