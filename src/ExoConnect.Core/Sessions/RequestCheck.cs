using System.Globalization;
using System.Text.RegularExpressions;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Objects;
using ExoConnect.Core.RestEntities;

namespace ExoConnect.Core.Sessions;

/// <summary>Finds what can't be right in a cmdlet, before anything is sent.</summary>
internal static partial class RequestCheck
{
    /// <summary>The parameters that choose the object. To the service a blank one is as good as none, so it would answer for everything.</summary>
    private static readonly string[] Choosing = [CmdletRequest.IdentityName, "Mailbox"];

    /// <summary>Finds what is wrong.</summary>
    /// <param name="request">The cmdlet.</param>
    /// <returns>The error; null where nothing is wrong.</returns>
    public static ExoException? Find(CmdletRequest request)
    {
        if (!CmdletName().IsMatch(request.Name))
        {
            return Invalid("Name", "InvalidCmdletName", $"'{request.Name}' is no cmdlet's name.", "Give a verb and a noun, as in Get-Mailbox.",
                request.Name);
        }

        if (request.Properties.FirstOrDefault(p => !PropertyName().IsMatch(p)) is { } wrong)
        {
            return Invalid("Property", "InvalidPropertyName", $"'{wrong}' is no property's name.",
                "Give names of letters, digits and underscores, as in DisplayName; wildcards are not known to the service.", wrong);
        }

        if (request.PageSize is < 1 or > 1000)
        {
            return Invalid("PageSize", "InvalidPageSize",
                string.Create(CultureInfo.InvariantCulture, $"A page can't hold {request.PageSize} objects."),
                "Give 1 to 1000; the service sends no more at once.", request.PageSize);
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
            return Invalid(parameter, "BlankParameter", $"{request.Name}: -{parameter} is blank.",
                request.IsRead ? $"Name an object, or leave -{parameter} out to get all; {Where}" : $"Name an object; {Where}", request.Input);
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

    private static ExoException Invalid(string parameter, string id, string message, string remedy, object? target) => new(message)
    {
        ErrorId = id,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = parameter,
        Remedy = remedy,
        Target = target,
    };

    [GeneratedRegex(@"^[A-Za-z]{1,40}-[A-Za-z0-9_]{1,120}\z", RegexOptions.CultureInvariant)]
    private static partial Regex CmdletName();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,200}\z", RegexOptions.CultureInvariant)]
    private static partial Regex PropertyName();
}
